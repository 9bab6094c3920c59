"""What every driver of a kind promises, as checks that its maker runs too: ours and another package's alike.

In that package's tests, with a simulator of the device (`devices.simulation.Simulator`) that it brings:

    @pytest.mark.parametrize("check", card_reader.CHECKS, ids=card_reader.name_of)
    def test_acr122_keeps_the_contract(check):
        simulator = Acr122Simulator()
        check("acr122", card_reader.Bench(simulator, simulator.lay_on, simulator.take_off))
"""

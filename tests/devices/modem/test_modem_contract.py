"""What every modem promises, over a pseudo-terminal, whatever its commands."""

from collections.abc import Callable

import pytest

from devices.contract.modem import CHECKS, Bench, name_of
from devices.modem.opening import MODEMS
from devices.modem.simulator import Fault, ModemSimulator
from devices.simulation import PtyPort


def gsm() -> Bench:
    simulator = ModemSimulator()

    def lose_answer(port: PtyPort) -> None:
        simulator.fault, simulator.pull = Fault.LOSES_CABLE, port.unplug

    return Bench(simulator, lambda: simulator.taken, simulator.deliver, lose_answer)


BENCHES = {"gsm": gsm}


def test_every_driver_is_held_to_the_contract() -> None:
    assert set(BENCHES) == set(MODEMS)


@pytest.mark.parametrize("name", BENCHES)
@pytest.mark.parametrize("check", CHECKS, ids=name_of)
def test_the_contract_is_kept(check: Callable[[str, Bench], None], name: str) -> None:
    check(name, BENCHES[name]())

"""What every card reader of the registry promises, over a pseudo-terminal, whatever its protocol."""

from collections.abc import Callable

import pytest

from devices.card_reader.crt591.simulator import Crt591Simulator
from devices.card_reader.magstripe.driver import MagstripeReader
from devices.card_reader.magstripe.simulator import MagstripeSimulator
from devices.card_reader.pn532.frames import Target
from devices.card_reader.pn532.simulator import Pn532Simulator
from devices.card_reader.rdm6300.driver import Rdm6300Reader
from devices.card_reader.rdm6300.simulator import Rdm6300Simulator
from devices.contract.card_reader import CHECKS, Bench, name_of
from devices.protocols import DeviceState
from devices.registry import CARD_READERS, open_device
from devices.settings import DeviceSettings
from tests.devices.fake_transport import FakeTransport


def magstripe() -> Bench:
    simulator = MagstripeSimulator()
    return Bench(simulator, lambda: simulator.swipe(b";4761739001010010=2712201?"))


def rdm6300() -> Bench:
    simulator = Rdm6300Simulator()
    return Bench(
        simulator,
        lambda: setattr(simulator, "near", bytes.fromhex("2E00AF0EC9")),
        lambda: setattr(simulator, "near", None),
    )


def pn532() -> Bench:
    simulator = Pn532Simulator()
    return Bench(
        simulator,
        lambda: setattr(simulator, "near", Target(b"\x04abcdef", 4, 8)),
        lambda: setattr(simulator, "near", None),
        is_asked=True,
    )


def crt591() -> Bench:
    simulator = Crt591Simulator()
    return Bench(simulator, simulator.insert, simulator.take, is_asked=True)


BENCHES = {"magstripe": magstripe, "rdm6300": rdm6300, "pn532": pn532, "crt591": crt591}


def test_every_driver_of_the_registry_is_held_to_the_contract() -> None:
    assert set(BENCHES) == set(CARD_READERS)


@pytest.mark.parametrize("name", BENCHES)
@pytest.mark.parametrize("check", CHECKS, ids=name_of)
def test_the_contract_is_kept(check: Callable[[str, Bench], None], name: str) -> None:
    check(name, BENCHES[name]())


@pytest.mark.parametrize(("name", "check"), [("magstripe", "xor"), ("rdm6300", "lrc")])
def test_a_check_that_the_protocol_does_not_have_is_named(name: str, check: str) -> None:
    with pytest.raises(ValueError, match=f'check "{check}" is not one of'):
        open_device("card_reader", DeviceSettings(name, "/dev/null", options=(("check", check),)))


@pytest.mark.parametrize(
    ("opened", "frame"),
    [(MagstripeReader, b";4761739001010010=2712201?\r"), (Rdm6300Reader, b"\x022E00AF0EC946\x03")],
)
def test_a_flood_is_rested_from_and_named_and_the_next_card_is_read(
    opened: type[MagstripeReader | Rdm6300Reader], frame: bytes
) -> None:
    """It would take all of a core otherwise, and be called online."""
    transport = FakeTransport()
    reader = opened(transport, clock=transport.clock, sleep=transport.sleep)
    transport.endless = b"\xff\x00noise"
    for _ in range(4):
        assert reader.read(0.5) is None
        reader.discard()
    assert transport.slept > 1.5, "most of the time was spent resting"
    assert transport.reads < 100
    assert (reader.status().device, reader.status().detail) == (DeviceState.HARDWARE_ERROR, "flood")
    transport.endless = b""
    transport.now += 5.1
    transport.incoming.append(frame)
    assert reader.read(0.5) is not None
    assert reader.status().device is DeviceState.ONLINE


def test_a_tag_that_lies_on_its_reader_for_minutes_is_no_flood() -> None:
    transport = FakeTransport()
    reader = Rdm6300Reader(transport, clock=transport.clock, sleep=transport.sleep)
    for _ in range(3000):  # 65 ms apart
        transport.incoming.append(b"\x022E00AF0EC946\x03")
        reader.read(0.0)
        transport.now += 0.065
    assert reader.status().device is DeviceState.ONLINE

"""What every card reader of the registry promises, over a pseudo-terminal, whatever its protocol."""

import contextlib
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from devices.card_reader.crt591.simulator import Crt591Simulator
from devices.card_reader.magstripe.driver import MagstripeReader
from devices.card_reader.magstripe.simulator import MagstripeSimulator
from devices.card_reader.pn532.frames import Target
from devices.card_reader.pn532.simulator import Pn532Simulator
from devices.card_reader.rdm6300.driver import Rdm6300Reader
from devices.card_reader.rdm6300.simulator import Rdm6300Simulator
from devices.errors import DeviceUnavailable
from devices.protocols import Card, CardReader, DeviceState
from devices.registry import CARD_READERS, open_device
from devices.settings import DeviceSettings
from devices.simulation import PtyPort, Simulator
from tests.devices.fake_transport import FakeTransport


@dataclass
class Bench:
    """A simulator, how a card is presented to it and taken away, and whether the reader is asked or sends unasked."""

    simulator: Simulator
    present: Callable[[], object]
    remove: Callable[[], object] = lambda: None
    is_asked: bool = False


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


def settings_for(name: str, port: PtyPort) -> DeviceSettings:
    return DeviceSettings(name, port.port)


def read_presented(reader: CardReader, bench: Bench) -> Card:
    """Present a card while the reader is asked, and push it until it goes in where it has to."""
    is_read = threading.Event()

    def push() -> None:
        while bench.present() is False and not is_read.wait(0.005):
            pass

    pushing = threading.Thread(target=push)
    pushing.start()
    card = reader.read(5.0)
    is_read.set()
    pushing.join()
    assert card is not None
    return card


@pytest.mark.parametrize("name", BENCHES)
def test_a_card_is_read_masked_and_given_back(name: str) -> None:
    bench = BENCHES[name]()
    with PtyPort(bench.simulator) as port:
        reader = open_device("card_reader", settings_for(name, port))
        assert reader.read(0.0) is None
        card = read_presented(reader, bench)
        assert card.identifier
        assert card.masked
        assert card.identifier.hex() not in repr(card).lower()
        reader.eject()
        reader.discard()
        assert reader.status().device is DeviceState.ONLINE
        reader.close()
        reader.close()


@pytest.mark.parametrize("name", BENCHES)
def test_every_call_ends_by_its_deadline_while_the_reader_is_silent(name: str) -> None:
    bench = BENCHES[name]()
    with PtyPort(bench.simulator) as port:
        reader = open_device("card_reader", settings_for(name, port))
        port.silent = True
        began = time.monotonic()
        # A reader that pushes has nothing to answer; one that is asked must not pass for well.
        with contextlib.suppress(DeviceUnavailable):
            assert reader.read(0.2) is None
        with contextlib.suppress(DeviceUnavailable):
            reader.discard()
        assert time.monotonic() - began < 6
        expected = DeviceState.OFFLINE if bench.is_asked else DeviceState.ONLINE
        assert reader.status().device is expected
        reader.close()


@pytest.mark.parametrize("name", BENCHES)
def test_a_pulled_cable_raises_and_a_new_opening_reads_again(name: str) -> None:
    bench = BENCHES[name]()
    with PtyPort(bench.simulator) as port:
        reader = open_device("card_reader", settings_for(name, port))
        port.unplug()
        with pytest.raises(DeviceUnavailable):
            reader.read(2.0)
        assert reader.status().device is DeviceState.NO_DEVICE
        reader.close()
        with pytest.raises(DeviceUnavailable):
            open_device("card_reader", settings_for(name, port))
        port.replug()
        again = open_device("card_reader", settings_for(name, port))
        assert read_presented(again, bench)
        again.close()


@pytest.mark.parametrize("name", BENCHES)
def test_two_programs_cannot_hold_one_port(name: str) -> None:
    bench = BENCHES[name]()
    with PtyPort(bench.simulator) as port:
        reader = open_device("card_reader", settings_for(name, port))
        with pytest.raises(DeviceUnavailable):
            open_device("card_reader", settings_for(name, port))
        reader.close()


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

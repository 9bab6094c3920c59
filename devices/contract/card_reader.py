"""What every card reader promises, over a pseudo-terminal, whatever its protocol."""

import contextlib
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from devices.contract.expectation import PromiseBroken, expect, expect_unavailable, name_of
from devices.errors import DeviceUnavailable
from devices.protocols import Card, CardReader, DeviceState
from devices.registry import open_device
from devices.settings import DeviceSettings
from devices.simulation import PtyPort, Simulator

__all__ = ["CHECKS", "Bench", "name_of"]

_LONGEST_S: Final = 6.0


@dataclass
class Bench:
    """A simulator, how a card is presented to it and taken away, and whether the reader is asked or sends unasked."""

    simulator: Simulator
    present: Callable[[], object]
    remove: Callable[[], object] = lambda: None
    is_asked: bool = False


def a_card_is_read_masked_and_given_back(driver: str, bench: Bench) -> None:
    """Without a card there is none; one that is presented is read, and neither log nor repr bears its number."""
    with PtyPort(bench.simulator) as port:
        reader = _open(driver, port)
        expect(reader.read(0.0) is None, "nothing is read while no card is there")
        card = _read_presented(reader, bench)
        expect(card.identifier and card.masked, "a card has an identifier and a masked form of it")
        expect(card.identifier.hex() not in repr(card).lower(), "repr of a card does not show its number")
        reader.eject()
        reader.discard()
        expect(reader.status().device is DeviceState.ONLINE, "after a card the reader is online")
        reader.close()
        reader.close()


def every_call_ends_by_its_deadline_while_the_reader_is_silent(driver: str, bench: Bench) -> None:
    """A reader that pushes has nothing to answer; one that is asked must not pass for well."""
    with PtyPort(bench.simulator) as port:
        reader = _open(driver, port)
        port.silent = True
        began = time.monotonic()
        with contextlib.suppress(DeviceUnavailable):
            expect(reader.read(0.2) is None, "a silent reader reads nothing")
        with contextlib.suppress(DeviceUnavailable):
            reader.discard()
        expect(time.monotonic() - began < _LONGEST_S, "calls end by their deadline while the reader is silent")
        expected = DeviceState.OFFLINE if bench.is_asked else DeviceState.ONLINE
        expect(reader.status().device is expected, f"a silent reader is {expected.value}")
        reader.close()


def a_pulled_cable_raises_and_a_new_opening_reads_again(driver: str, bench: Bench) -> None:
    """While the port is gone every call says so; once it is back a new opening reads."""
    with PtyPort(bench.simulator) as port:
        reader = _open(driver, port)
        port.unplug()
        expect_unavailable(lambda: reader.read(2.0), "reading raises DeviceUnavailable once the cable is pulled")
        expect(reader.status().device is DeviceState.NO_DEVICE, "a pulled cable is NoDevice")
        reader.close()
        expect_unavailable(lambda: _open(driver, port), "opening raises DeviceUnavailable while there is no port")
        port.replug()
        again = _open(driver, port)
        _read_presented(again, bench)
        again.close()


def two_programs_cannot_hold_one_port(driver: str, bench: Bench) -> None:
    """The second opening of a port is refused."""
    with PtyPort(bench.simulator) as port:
        reader = _open(driver, port)
        expect_unavailable(lambda: _open(driver, port), "a port that is held is not opened a second time")
        reader.close()


CHECKS: Final[tuple[Callable[[str, Bench], None], ...]] = (
    a_card_is_read_masked_and_given_back,
    every_call_ends_by_its_deadline_while_the_reader_is_silent,
    a_pulled_cable_raises_and_a_new_opening_reads_again,
    two_programs_cannot_hold_one_port,
)


def _open(driver: str, port: PtyPort) -> CardReader:
    reader: CardReader = open_device("card_reader", DeviceSettings(driver, port.port))
    return reader


def _read_presented(reader: CardReader, bench: Bench) -> Card:
    """Present a card while the reader is asked, and push it until it goes in where it has to."""
    is_read = threading.Event()

    def push() -> None:
        while bench.present() is False and not is_read.wait(0.005):
            pass

    pushing = threading.Thread(target=push)
    pushing.start()
    try:
        card = reader.read(5.0)
    finally:
        is_read.set()
        pushing.join()
    if card is None:
        raise PromiseBroken("a card that is presented is read within five seconds")
    return card

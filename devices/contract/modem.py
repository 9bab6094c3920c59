"""What every modem promises, over a pseudo-terminal, whatever its commands."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from devices.contract.expectation import PromiseBroken, expect, expect_unavailable, name_of
from devices.modem.messages import Fate, Handed, Modem, NotHanded, PerhapsHanded, Report, SimState
from devices.modem.opening import open_modem
from devices.protocols import DeviceState
from devices.settings import DeviceSettings
from devices.simulation import PtyPort, Simulator

__all__ = ["CHECKS", "Bench", "Message", "name_of"]

NUMBER: Final = "+963944123456"
TEXT: Final = "الكشك 2: لا ورق منذ 9:40"
LIFE_S: Final = 3600.0
_LONGEST_S: Final = 30.0


class Message(Protocol):
    """What the network took."""

    @property
    def number(self) -> str:
        """Return to whom."""

    @property
    def text(self) -> str:
        """Return what."""


@dataclass
class Bench:
    """A simulator, what its network took, how a message is brought in, and how it falls silent after the prompt."""

    simulator: Simulator
    taken: Callable[[], Sequence[Message]]
    deliver: Callable[[str, str], object]
    lose_answer: Callable[[PtyPort], object]


def a_message_is_handed_once_and_its_fate_reported(driver: str, bench: Bench) -> None:
    """What went in comes out at the network, letter by letter, and its report bears the same reference."""
    with PtyPort(bench.simulator) as port:
        modem = _open(driver, port)
        sent = modem.send(NUMBER, TEXT, LIFE_S)
        if not isinstance(sent, Handed):
            raise PromiseBroken(f"a message is handed over, not {sent}")
        taken = bench.taken()
        expect([(one.number, one.text) for one in taken] == [(NUMBER, TEXT)], "the network has the message, once")
        reports = _wait_for(lambda: _reports(modem))
        expect([(one.reference, one.fate) for one in reports] == [(sent.reference, Fate.DELIVERED)], "it is reported")
        expect(NUMBER not in repr(reports), "repr of a report does not show the number")
        modem.close()
        modem.close()


def a_message_that_comes_in_is_read_and_then_deleted(driver: str, bench: Bench) -> None:
    """It stays until its reader asks again: who is killed in between reads it a second time."""
    with PtyPort(bench.simulator) as port:
        modem = _open(driver, port)
        bench.deliver(NUMBER, "47")
        (one,) = modem.received()
        expect((one.number, one.text) == (NUMBER, "47"), "a message is read as it is")
        expect("47" not in repr(one), "repr of a message does not show its text")
        modem.close()
        again = _open(driver, port)
        expect(len(again.received()) == 1, "what nobody asked beyond is still there after a restart")
        expect(not again.received(), "what was read is deleted by the next call")
        again.close()


def a_lost_answer_is_neither_sent_nor_not_sent(driver: str, bench: Bench) -> None:
    """Where nobody can know, it says so, and the next message is not disturbed by it."""
    with PtyPort(bench.simulator) as port:
        modem = _open(driver, port)
        expect(modem.status().sim is SimState.READY, "the card is ready")
        bench.lose_answer(port)
        expect(isinstance(modem.send(NUMBER, TEXT, LIFE_S), PerhapsHanded), "a lost answer is PerhapsHanded")
        modem.close()


def every_call_ends_while_the_modem_is_silent(driver: str, bench: Bench) -> None:
    """Nothing is handed over, nothing raised by `send` and `status`."""
    with PtyPort(bench.simulator) as port:
        modem = _open(driver, port)
        port.silent = True
        began = time.monotonic()
        expect(isinstance(modem.send(NUMBER, TEXT, LIFE_S), NotHanded), "a silent modem has been handed nothing")
        expect(modem.status().device is DeviceState.OFFLINE, "a silent modem is Offline")
        expect(not modem.credit(), "a silent modem knows no credit")
        expect(time.monotonic() - began < _LONGEST_S, "calls end by their deadline while the modem is silent")
        modem.close()


def a_pulled_cable_is_said_and_a_new_opening_sends_again(driver: str, bench: Bench) -> None:
    """While the port is gone every call says so; once it is back a new opening sends."""
    with PtyPort(bench.simulator) as port:
        modem = _open(driver, port)
        port.unplug()
        expect(isinstance(modem.send(NUMBER, TEXT, LIFE_S), NotHanded), "nothing is handed to a pulled cable")
        expect(modem.status().device is DeviceState.NO_DEVICE, "a pulled cable is NoDevice")
        expect_unavailable(modem.received, "reading raises DeviceUnavailable once the cable is pulled")
        modem.close()
        expect_unavailable(lambda: _open(driver, port), "opening raises DeviceUnavailable while there is no port")
        port.replug()
        again = _open(driver, port)
        expect(isinstance(again.send(NUMBER, TEXT, LIFE_S), Handed), "a new opening sends again")
        again.close()


def what_cannot_be_sent_is_named(driver: str, bench: Bench) -> None:
    """A text that is no one message and an invalid number are the caller's mistake: nothing is sent."""
    with PtyPort(bench.simulator) as port:
        modem = _open(driver, port)
        for number, text in ((NUMBER, "ا" * 71), ("*100#", TEXT), ("", TEXT), (NUMBER + "\r", TEXT)):
            try:
                modem.send(number, text, LIFE_S)
            except ValueError:
                continue
            raise PromiseBroken("a wrong number or a text that is too long raises ValueError")
        expect(not bench.taken(), "nothing was sent")
        modem.close()


def two_programs_cannot_hold_one_port(driver: str, bench: Bench) -> None:
    """The second opening of a port is refused."""
    with PtyPort(bench.simulator) as port:
        modem = _open(driver, port)
        expect_unavailable(lambda: _open(driver, port), "a port that is held is not opened a second time")
        modem.close()


CHECKS: Final[tuple[Callable[[str, Bench], None], ...]] = (
    a_message_is_handed_once_and_its_fate_reported,
    a_message_that_comes_in_is_read_and_then_deleted,
    a_lost_answer_is_neither_sent_nor_not_sent,
    every_call_ends_while_the_modem_is_silent,
    a_pulled_cable_is_said_and_a_new_opening_sends_again,
    what_cannot_be_sent_is_named,
    two_programs_cannot_hold_one_port,
)


def _open(driver: str, port: PtyPort) -> Modem:
    return open_modem(DeviceSettings(driver, port.port))


def _reports(modem: Modem) -> list[Report]:
    modem.received()  # some modems keep reports in their memory
    return modem.reports()


def _wait_for[Found](look: Callable[[], Found]) -> Found:
    """Look again until there is something, at most for ten seconds."""
    deadline = time.monotonic() + 10.0
    while not (found := look()):
        if time.monotonic() > deadline:
            raise PromiseBroken("what was sent is reported within ten seconds")
        time.sleep(0.01)
    return found

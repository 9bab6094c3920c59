"""Each promise of a contract is asked for, in its order, and a driver that breaks it is named; played step by step."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType, SimpleNamespace
from typing import Any, NamedTuple

import pytest

from devices.contract import card_reader, code_scanner, modem
from devices.contract.expectation import PromiseBroken
from devices.errors import DeviceUnavailable
from devices.modem.messages import Fate, Handed, NotHanded, PerhapsHanded, Received, Report, SimState
from devices.protocols import Card, DeviceState, Scan
from devices.settings import DeviceSettings

GONE = DeviceUnavailable("device", "is gone")
AS_ASKED = object()


class Step(NamedTuple):
    """One call that a check makes: what comes of it, and what of a driver that breaks the promise named."""

    call: tuple[Any, ...]
    answer: Any = None
    broken: Any = AS_ASKED
    promise: str = ""


class Telling:
    """A code, a card or a report that shows in its repr what no log may bear."""

    def __init__(self, of: Any, shows: str) -> None:
        self._of, self._shows = of, shows

    def __getattr__(self, name: str) -> Any:
        return getattr(self._of, name)

    def __eq__(self, other: object) -> bool:
        return bool(self._of == other)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return self._shows


class Played:
    """Bench, port, driver and clock in one: it is called step by step and answers as the steps say."""

    port = "/dev/played"

    def __init__(self, steps: list[Step]) -> None:
        self.left = list(steps)

    def call(self, *call: Any) -> Any:
        expected, answer = self.left.pop(0)[:2]
        assert call == expected
        if isinstance(answer, Exception):
            raise answer
        return answer

    def __getattr__(self, name: str) -> Callable[..., Any]:
        return lambda *given: self.call(name, *given)

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "silent":
            self.call(name, value)
        else:
            object.__setattr__(self, name, value)


def play(monkeypatch: pytest.MonkeyPatch, module: ModuleType, check: Any, steps: list[Step], **bench: Any) -> Played:
    played = Played(steps)

    @contextmanager
    def opened(_: Any) -> Iterator[Played]:
        yield played

    def open_device(*given: Any) -> Played:
        played.call("open", *given)
        return played

    monkeypatch.setattr(module, "PtyPort", opened)
    monkeypatch.setattr(module, "open_modem" if module is modem else "open_device", open_device)
    monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=played.monotonic, sleep=played.sleep), raising=False)
    acts = {"show": played.show} if module is code_scanner else {}
    if module is modem:
        acts = {"taken": played.taken, "deliver": played.deliver, "lose_answer": lambda _: played.call("lose")}
    check("d", module.Bench(played, **(acts | bench)))
    return played


SETTINGS = DeviceSettings("d", "/dev/played")
CLOSE, UNPLUG, REPLUG, SILENT = (Step(("close",)), Step(("unplug",)), Step(("replug",)), Step(("silent", True)))


def status(good: DeviceState, bad: DeviceState, promise: str) -> Step:
    return Step(("status",), SimpleNamespace(device=good), SimpleNamespace(device=bad), promise)


NO_DEVICE = status(DeviceState.NO_DEVICE, DeviceState.ONLINE, "a pulled cable is NoDevice")


def opening(*kind: str) -> tuple[Step, Step, Step]:
    """Return an opening that succeeds, one that has no port, and one of a port that is held."""
    call = ("open", *kind, SETTINGS)
    return (
        Step(call),
        Step(call, GONE, None, "opening raises DeviceUnavailable while there is no port"),
        Step(call, GONE, None, "a port that is held is not opened a second time"),
    )


OPEN, NO_PORT, HELD = opening("scanner")
CODE, AGAIN = Scan(b"SY1:SECRET"), Scan(b"SY1:AGAIN")
SCANNER = {
    code_scanner.a_code_is_read_once_and_not_shown_by_repr: [
        OPEN,
        Step(("scan", 0.0), None, CODE, "nothing is read while no code is there"),
        Step(("show", b"SY1:SECRET")),
        Step(("scan", 5.0), CODE, AGAIN, "a code is read as it is"),
        Step(("scan", 0.1), None, CODE, "a code is read once"),
        status(DeviceState.ONLINE, DeviceState.OFFLINE, "after a code the scanner is online"),
        CLOSE,
    ],
    code_scanner.silence_ends_by_the_deadline: [
        OPEN, SILENT, Step(("show", b"SY1:LOST")), Step(("scan", 0.2), None, CODE, "a silent scanner reads nothing"),
        CLOSE,
    ],
    code_scanner.a_pulled_cable_raises_and_a_new_opening_reads_again: [
        OPEN, UNPLUG, Step(("scan", 2.0), GONE, None, "scanning raises DeviceUnavailable once the cable is pulled"),
        NO_DEVICE, CLOSE, NO_PORT, REPLUG, OPEN, Step(("show", b"SY1:AGAIN")),
        Step(("scan", 5.0), AGAIN, None, "a new opening reads again"), CLOSE, CLOSE,
    ],
    code_scanner.two_programs_cannot_hold_one_port: [OPEN, HELD, CLOSE],
}  # fmt: skip

OPEN, NO_PORT, HELD = opening("card_reader")
CARD = Card("x", b"\x12\xab", "•••B")
READ = Step(("read", 5.0), CARD, None, "a card that is presented is read within five seconds")
READER = {
    card_reader.a_card_is_read_masked_and_given_back: [
        OPEN,
        Step(("read", 0.0), None, CARD, "nothing is read while no card is there"),
        READ, Step(("eject",)), Step(("discard",)),
        status(DeviceState.ONLINE, DeviceState.OFFLINE, "after a card the reader is online"), CLOSE, CLOSE,
    ],
    card_reader.every_call_ends_by_its_deadline_while_the_reader_is_silent: [
        OPEN, SILENT, Step(("monotonic",), 7.0), Step(("read", 0.2), None, CARD, "a silent reader reads nothing"),
        Step(("discard",), GONE),
        Step(("monotonic",), 12.99, 13.0, "calls end by their deadline while the reader is silent"),
        status(DeviceState.ONLINE, DeviceState.OFFLINE, "a silent reader is Online"), CLOSE,
    ],
    card_reader.a_pulled_cable_raises_and_a_new_opening_reads_again: [
        OPEN, UNPLUG, Step(("read", 2.0), GONE, None, "reading raises DeviceUnavailable once the cable is pulled"),
        NO_DEVICE, CLOSE, NO_PORT, REPLUG, OPEN, READ, CLOSE,
    ],
    card_reader.two_programs_cannot_hold_one_port: [OPEN, HELD, CLOSE],
}  # fmt: skip

OPEN, NO_PORT, HELD = opening()
NUMBER, TEXT = modem.NUMBER, modem.TEXT
SENDS = ("send", NUMBER, TEXT, 3600.0)
REPORT, COMES = Report(7, NUMBER, Fate.DELIVERED), Received(NUMBER, "47")
WRONG = "a wrong number or a text that is too long raises ValueError"
IN_TIME = "calls end by their deadline while the modem is silent"
MODEM = {
    modem.a_message_is_handed_once_and_its_fate_reported: [
        OPEN, Step(SENDS, Handed(7), NotHanded("no"), f"a message is handed over, not {NotHanded('no')}"),
        Step(("taken",), [SimpleNamespace(number=NUMBER, text=TEXT)], [], "the network has the message, once"),
        Step(("monotonic",), 5.0), Step(("received",), []), Step(("reports",), []),
        Step(("monotonic",), 15.0, 15.1, "what was sent is reported within ten seconds"), Step(("sleep", 0.01)),
        Step(("received",), []), Step(("reports",), [REPORT], [Report(8, NUMBER, Fate.DELIVERED)], "it is reported"),
        CLOSE, CLOSE,
    ],
    modem.a_message_that_comes_in_is_read_and_then_deleted: [
        OPEN, Step(("deliver", NUMBER, "47")),
        Step(("received",), [COMES], [Received(NUMBER, "48")], "a message is read as it is"), CLOSE, OPEN,
        Step(("received",), [COMES], [], "what nobody asked beyond is still there after a restart"),
        Step(("received",), [], [COMES], "what was read is deleted by the next call"), CLOSE,
    ],
    modem.a_lost_answer_is_neither_sent_nor_not_sent: [
        OPEN, Step(("status",), SimpleNamespace(sim=SimState.READY), SimpleNamespace(sim=None), "the card is ready"),
        Step(("lose",)), Step(SENDS, PerhapsHanded("x"), NotHanded("x"), "a lost answer is PerhapsHanded"), CLOSE,
    ],
    modem.every_call_ends_while_the_modem_is_silent: [
        OPEN, SILENT, Step(("monotonic",), 5.0),
        Step(SENDS, NotHanded("x"), PerhapsHanded("x"), "a silent modem has been handed nothing"),
        status(DeviceState.OFFLINE, DeviceState.ONLINE, "a silent modem is Offline"),
        Step(("credit",), None, "5", "a silent modem knows no credit"),
        Step(("monotonic",), 34.99, 35.0, IN_TIME), CLOSE,
    ],
    modem.a_pulled_cable_is_said_and_a_new_opening_sends_again: [
        OPEN, UNPLUG, Step(SENDS, NotHanded("x"), PerhapsHanded("x"), "nothing is handed to a pulled cable"), NO_DEVICE,
        Step(("received",), GONE, [], "reading raises DeviceUnavailable once the cable is pulled"), CLOSE, NO_PORT,
        REPLUG, OPEN, Step(SENDS, Handed(1), NotHanded("x"), "a new opening sends again"), CLOSE,
    ],
    modem.what_cannot_be_sent_is_named: [
        OPEN,
        *(
            Step(("send", number, text, 3600.0), ValueError("no"), Handed(1), WRONG)
            for number, text in ((NUMBER, "ا" * 71), ("*100#", TEXT), ("", TEXT), (NUMBER + "\r", TEXT))
        ),
        Step(("taken",), [], [1], "nothing was sent"), CLOSE,
    ],
    modem.two_programs_cannot_hold_one_port: [OPEN, HELD, CLOSE],
}  # fmt: skip
ALL: dict[Any, tuple[Any, list[Step], dict[str, Any]]] = {
    **{check: (code_scanner, steps, {}) for check, steps in SCANNER.items()},
    **{check: (card_reader, steps, {"present": lambda: False}) for check, steps in READER.items()},
    **{check: (modem, steps, {}) for check, steps in MODEM.items()},
}
BROKEN = [
    pytest.param(check, at, id=f"{check.__module__.rpartition('.')[2]}: {step.promise}")
    for check, (_, steps, _) in ALL.items()
    for at, step in enumerate(steps)
    if step.promise
]


def test_every_check_is_played() -> None:
    assert list(ALL) == [*code_scanner.CHECKS, *card_reader.CHECKS, *modem.CHECKS]


@pytest.mark.parametrize("check", ALL, ids=lambda check: check.__name__)
def test_a_driver_that_keeps_its_promises_is_asked_for_each_and_closed(
    monkeypatch: pytest.MonkeyPatch, check: Any
) -> None:
    module, steps, bench = ALL[check]
    threads = threading.active_count()
    assert play(monkeypatch, module, check, steps, **bench).left == []
    assert threading.active_count() == threads


@pytest.mark.parametrize(("check", "at"), BROKEN)
def test_a_broken_promise_is_named(monkeypatch: pytest.MonkeyPatch, check: Any, at: int) -> None:
    module, steps, bench = ALL[check]
    step = steps[at]
    with pytest.raises(PromiseBroken) as broken:
        play(monkeypatch, module, check, [*steps[:at], step._replace(answer=step.broken), *steps[at + 1 :]], **bench)
    assert str(broken.value) == step.promise


@pytest.mark.parametrize(
    ("check", "at", "answer", "promise"),
    [
        (code_scanner.CHECKS[0], 3, Telling(CODE, "SECRET"), "repr of a scan does not show the code"),
        (card_reader.CHECKS[0], 2, Telling(CARD, "12AB"), "repr of a card does not show its number"),
        (card_reader.CHECKS[0], 2, Card("x", b"", "•"), "a card has an identifier and a masked form of it"),
        (card_reader.CHECKS[0], 2, Card("x", b"1", ""), "a card has an identifier and a masked form of it"),
        (modem.CHECKS[0], 9, [Telling(REPORT, NUMBER)], "repr of a report does not show the number"),
        (modem.CHECKS[0], 9, [Report(7, NUMBER, Fate.FAILED)], "it is reported"),
        (modem.CHECKS[1], 2, [Telling(COMES, "47")], "repr of a message does not show its text"),
    ],
)
def test_what_shows_a_secret_or_says_too_little_breaks_its_promise(
    monkeypatch: pytest.MonkeyPatch, check: Any, at: int, answer: Any, promise: str
) -> None:
    module, steps, bench = ALL[check]
    with pytest.raises(PromiseBroken) as broken:
        play(monkeypatch, module, check, [*steps[:at], steps[at]._replace(answer=answer), *steps[at + 1 :]], **bench)
    assert str(broken.value) == promise


def test_a_reader_that_is_asked_must_not_pass_for_well_while_it_is_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    check = card_reader.every_call_ends_by_its_deadline_while_the_reader_is_silent
    module, steps, bench = ALL[check]
    with pytest.raises(PromiseBroken, match=r"^a silent reader is Offline$"):
        play(monkeypatch, module, check, steps, is_asked=True, **bench)
    offline = steps[-2]._replace(answer=SimpleNamespace(device=DeviceState.OFFLINE))
    assert play(monkeypatch, module, check, [*steps[:-2], offline, CLOSE], is_asked=True, **bench).left == []

"""What undo leaves behind, whole: ticket and counter as they were, its five minutes, and the words of each refusal."""

from typing import Any

import pytest
from msgspec.structs import replace

from common.queue.standing import Counter
from hub.engine.presses.undo import CANNOT_BE_UNDONE
from hub.log.event import read_events
from tests.hub.hall import Hall


def last(hall: Hall) -> tuple[str, str | None, Any]:
    with hall.hub.store.read() as connection:
        events = list(read_events(connection))
    body = events[-1].read_body()
    of_seq = body.detail["of"] if isinstance(body.detail, dict) else None
    return events[-1].kind, body.reason, next((one.kind for one in events if one.seq == of_seq), None)


def work_us(hall: Hall) -> int:
    with hall.hub.read() as look:
        return look.work_us


def refused(hall: Hall, ticket: str) -> tuple[str, str]:
    answer = hall.press(1, "undo", ticket=ticket, expect=409)
    return answer["type"], answer["detail"]


def stood(counter: Counter) -> Counter:
    """What is left of a counter without when and by which press it was acted at last."""
    return replace(counter, version=0, last_press=None, last_seq=None, acted_line=None, acted_work=None)


@pytest.mark.parametrize(
    ("presses", "kind"),
    [
        ([], "next"),
        (["next"], "came"),
        (["next"], "not-here"),
        (["next", "came"], "done"),
        (["next", "came"], "park"),
        (["next", "came"], "left"),
    ],
)
def test_ticket_and_counter_are_what_they_were(hall: Hall, presses: list[str], kind: str) -> None:
    hall.press(1, "open")
    given = hall.kiosks[0].give()
    for one in presses:
        hall.press(1, one)
    ticket, counter = hall.ticket(given.id), hall.counter(1)
    hall.passes(60)
    hall.press(1, kind)
    acted = hall.counter(1)
    hall.passes(10)
    hall.press(1, "undo", ticket=given.id)
    after = hall.counter(1)
    assert hall.ticket(given.id) == ticket
    assert stood(after) == stood(counter)
    assert (after.version, after.last_press, after.last_seq) == (acted.version + 1, None, None)
    assert None not in (acted.acted_line, acted.acted_work, after.acted_line, after.acted_work)
    assert ((after.acted_line or 0) - (acted.acted_line or 0), after.acted_work) == (10_000_000, work_us(hall))
    event, reason, taken_back = last(hall)
    assert (event, reason) == ("undone", taken_back), "the act by its name, and by its place in the log"


@pytest.mark.parametrize(("after_s", "is_late"), [(299.999, False), (300, False), (300.000001, True)])
def test_five_minutes_are_five_minutes(hall: Hall, after_s: float, is_late: bool) -> None:
    hall.passes(1000)
    hall.press(1, "open")
    given = hall.kiosks[0].give()
    hall.press(1, "next")
    hall.passes(after_s)
    if is_late:
        assert refused(hall, given.id) == ("/problems/too-late", "an act can be taken back within five minutes only")
    else:
        hall.press(1, "undo", ticket=given.id)
    assert hall.ticket(given.id).state == ("called" if is_late else "waiting")


def test_each_refusal_says_why(hall: Hall) -> None:
    nothing = ("/problems/nothing-to-undo", "there is no act of this counter that could be taken back")
    given, other = hall.kiosks[0].give(), hall.kiosks[0].give()
    hall.press(1, "open")
    assert refused(hall, given.id) == nothing
    hall.press(1, "next")
    assert refused(hall, other.id) == ("/problems/another-ticket", "the last act of this counter was on another ticket")
    hall.press(2, "open")
    hall.press(1, "transfer", to="A")
    hall.press(2, "next")
    assert hall.counter(2).ticket == given.id
    assert refused(hall, given.id) == (
        "/problems/went-on",
        f"{given.number} has gone on since: it cannot be taken back",
    )


@pytest.mark.parametrize(
    ("kind", "fields"),
    [("pause", {}), ("give", {"service": "clearance"}), ("by-hand", {"ranges": [{"to": "B1001"}]})],
)
def test_what_is_no_act_on_somebody_is_not_taken_back(hall: Hall, kind: str, fields: dict[str, Any]) -> None:
    hall.press(1, "open")
    given = hall.kiosks[0].give("B")
    hall.press(1, kind, **fields)
    assert last(hall)[0] in CANNOT_BE_UNDONE
    assert refused(hall, given.id)[0] == "/problems/nothing-to-undo"

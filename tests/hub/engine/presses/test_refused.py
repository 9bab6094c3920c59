"""What a press that cannot be done is answered: its status, its word, its sentence, and how the counter stands."""

import uuid
from typing import Any

import pytest
from sqlalchemy import delete, update

from hub.engine.presses.pressing import NotYet
from hub.log import tables
from tests.hub.hall import Hall

NOBODY = str(uuid.UUID(int=0))


def refused(hall: Hall, kind: str, counter: int = 1, **fields: Any) -> tuple[int, str, str]:
    before = hall.counter(counter)
    answer = hall.press(counter, kind, expect=fields.pop("status", 409), **fields)
    assert hall.counter(counter) == before
    assert answer["title"]
    assert answer["counter"]["version"] == before.version
    return answer["status"], answer["type"].removeprefix("/problems/"), answer["detail"]


@pytest.mark.parametrize(
    ("kind", "fields", "status", "code", "detail"),
    [
        ("next", {"counter": 9}, 404, "no-such-counter", "there is no counter 9 in this centre"),
        ("next", {"counter": 2}, 409, "counter-closed", "this counter is closed: press open first"),
        ("next", {"counter": 3}, 409, "counter-paused", "this counter is paused: press open first"),
        (
            "out-of-turn", {"counter": 3, "number": "A1001", "reason": "x"}, 409, "counter-paused",
            "this counter is paused: press open first",
        ),
        (
            "came", {"ticket": NOBODY}, 409, "another-ticket",
            "this ticket is not open at this counter: look at it and press again",
        ),
        (
            "came", {"ticket": NOBODY, "version": 7}, 409, "version-passed",
            "the counter has gone on: version 1 now, not 7; look at it and press again",
        ),
        (
            "undo", {"ticket": NOBODY}, 409, "nothing-to-undo",
            "there is no act of this counter that could be taken back",
        ),
        (
            "resume", {"number": "A1001"}, 409, "unknown-ticket",
            "no such number was given today, or no kiosk has told of it yet",
        ),
        ("resume", {}, 422, "unnamed", "ticket or number: one of the two must say who is back"),
        ("give", {"service": "moon"}, 422, "unknown-service", "service: moon is no service of this centre"),
        ("give", {"service": "clearance"}, 409, "no-day", "no business day is open: a manager opens it"),
    ],
)  # fmt: skip
def test_each_press_that_cannot_be_done_says_why(
    hall: Hall, kind: str, fields: dict[str, Any], status: int, code: str, detail: str
) -> None:
    hall.clock.trust = "unknown"
    hall.press(1, "open")
    hall.press(3, "open")
    hall.press(3, "pause")
    if fields.get("counter") == 9:
        answer = hall.raw(9, {"press": kind})
        assert (answer.status, code in answer.body.decode(), detail in answer.body.decode()) == (status, True, True)
    else:
        assert refused(hall, kind, status=status, **fields) == (status, code, detail)


def test_a_counter_whose_ticket_is_gone_has_none_open(hall: Hall) -> None:
    hall.press(1, "open")
    given = hall.kiosks[0].give()
    hall.press(1, "next")
    with hall.hub.store.write() as connection:
        connection.execute(delete(tables.tickets))
    assert refused(hall, "came", ticket=given.id) == (
        409, "no-ticket", "no ticket is open at this counter: press next"
    )  # fmt: skip


def test_no_number_is_given_where_it_is_unknown_which_were_given_before(hall: Hall) -> None:
    hall.press(1, "open")
    hall.kiosks[0].give()
    with hall.hub.store.write() as connection:
        connection.execute(update(tables.state).values(recall_due=1))
    assert refused(hall, "give", service="clearance") == (
        409, "numbers-unknown",
        "this hub may lack which numbers were given, and central has not said it yet: take one at a kiosk",
    )  # fmt: skip
    hall.hub.asks_first = True
    with pytest.raises(NotYet) as begun:
        hall.raw(1, {"press": "next"})
    assert begun.value.retry_after_s == 1


@pytest.mark.edits_the_log
def test_what_a_ticket_was_before_the_log_was_forgotten_is_not_brought_back(hall: Hall) -> None:
    hall.press(1, "open")
    given = hall.kiosks[0].give()
    hall.press(1, "next")
    with hall.hub.store.write() as connection:
        events = tables.events.c
        connection.execute(delete(tables.events).where(events.ticket == given.id, events.kind != "called"))
    assert refused(hall, "undo", ticket=given.id) == (
        409, "nothing-to-undo", "what A1001 was before is no longer known here"
    )  # fmt: skip

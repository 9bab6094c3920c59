"""The day at a glance for its manager: how it goes, how the same weekday went, and who was called out of turn."""

import statistics
from datetime import date, datetime, timedelta
from typing import Any, Final

from msgspec import Struct

from hub.engine.act import Look
from hub.engine.glance.expected import Expected, expected
from hub.engine.glance.usual import UsualSlot, slot_of, time_of, usual_day
from hub.engine.status import business_day
from hub.log.moments import moment_of
from hub.log.reading import day_of_label

KEPT_US: Final = 10 * 1_000_000  # so long one look serves every manager's page
LAST_EVENTS: Final = 20_000
MAX_OUT_OF_TURN: Final = 30
_LEARNED: Final = "today"
_WEEK: Final = timedelta(days=7)


class Counts(Struct, frozen=True):
    """Who came, was called and missed; `wait_s` is the median wait of those called."""

    came: int
    called: int
    missed: int
    wait_s: int | None


class Slot(Struct, frozen=True):
    """Arrivals and calls of half an hour."""

    at: str
    came: int
    called: int


class OutOfTurn(Struct, frozen=True):
    """A call out of turn, or a look at the list."""

    number: str | None
    counter: int | None
    clerk: str | None
    reason: str
    at: str


class Today(Struct, frozen=True):
    """How the day goes, how the same weekday went a week ago until this time, and how many come on a usual day.

    `expected`: who comes by appointment.
    """

    now: Counts
    week_ago: Counts | None
    curve: list[Slot]
    usual: list[UsualSlot]
    out_of_turn: list[OutOfTurn]
    expected: list[Expected]


def today(look: Look) -> Today:
    """Return counts of today and of the same weekday a week ago until this time, the curve, and the out-of-turn log."""
    known = look.learned.get(_LEARNED)
    if known is None or look.line_us - known[0] > KEPT_US or known[1] != look.day:
        known = look.learned[_LEARNED] = (look.line_us, look.day, _read(look))
    said: Today = known[2]
    return said


def _read(look: Look) -> Today:
    label = business_day(look)
    tickets = _tickets(look, look.day)
    week_ago = None
    if label is not None and look.stamp.tells_time:
        before = (date.fromisoformat(label) - _WEEK).isoformat()
        day = day_of_label(look.connection, before)
        if day is not None:
            week_ago = _counts(_tickets(look, day), look.stamp.wall_time - _WEEK)
    return Today(_counts(tickets, None), week_ago, _curve(tickets), usual_day(look), _out_of_turn(look), expected(look))


def _tickets(look: Look, day: int) -> list[Any]:
    query = (
        'SELECT id, issued_at, called_at, called_line, arrived_line, "end" FROM hub_tickets '
        "WHERE day = ? AND is_voided = 0"
    )
    return list(look.connection.exec_driver_sql(query, (day,)))


def _counts(tickets: list[Any], until: datetime | None) -> Counts:
    """Count who came, was called and missed until a moment; the median wait of those called, in seconds."""

    def is_past(one: Any, text: str | None) -> bool:
        if until is None:
            return text is not None
        moment = moment_of(one.id, text)
        return moment is not None and moment <= until

    called = [one for one in tickets if is_past(one, one.called_at) and one.called_line is not None]
    waits = [max(0, one.called_line - one.arrived_line) / 1e6 for one in called]
    return Counts(
        came=sum(is_past(one, one.issued_at) for one in tickets),
        called=len(called),
        missed=sum(one.end == "missed" for one in called),
        wait_s=round(statistics.median(waits)) if waits else None,
    )


def _curve(tickets: list[Any]) -> list[Slot]:
    """Count arrivals and calls by half hours of the centre's clock, from the first to the last with any."""
    came: dict[int, int] = {}
    called: dict[int, int] = {}
    for found, column in ((came, "issued_at"), (called, "called_at")):
        for one in tickets:
            if (moment := moment_of(one.id, getattr(one, column))) is not None:
                slot = slot_of(moment)
                found[slot] = found.get(slot, 0) + 1
    slots = came.keys() | called.keys()
    if not slots:
        return []
    return [Slot(time_of(slot), came.get(slot, 0), called.get(slot, 0)) for slot in range(min(slots), max(slots) + 1)]


def _out_of_turn(look: Look) -> list[OutOfTurn]:
    """Return today's calls out of turn and looks at the list, each with who and why, the latest first."""
    query = (
        "SELECT kind, number, counter, clerk, wall_time, json_extract(body, '$.reason') AS reason, "
        "json_extract(body, '$.detail.counter') AS asked_at FROM hub_events WHERE seq > ? AND day = ? AND "
        "kind IN ('called', 'list-seen') AND json_extract(body, '$.reason') IS NOT NULL ORDER BY seq DESC LIMIT ?"
    )
    rows = look.connection.exec_driver_sql(query, (look.seq - LAST_EVENTS, look.day, MAX_OUT_OF_TURN))
    clerks = look.centre.clerks
    return [
        OutOfTurn(
            number=row.number,
            counter=row.counter if row.counter is not None else row.asked_at,
            clerk=clerks[row.clerk].name if row.clerk in clerks else row.clerk,
            reason=row.reason,
            at=row.wall_time,
        )
        for row in rows
    ]

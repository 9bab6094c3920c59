"""Entering afterwards what was called by voice while there was no hub: ended, and kept out of statistics of time.

An entry speaks of the past: who takes a number later is none of those, whatever was typed.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec
from msgspec import Struct
from sqlalchemy import select

from common.protocol.queue.call import FRESH_S
from common.queue.standing import Counter, Ticket
from hub.engine.act import Act, Look
from hub.engine.presses.press import NumberRange, counted, series
from hub.engine.refusal import Refused
from hub.log import tables
from hub.log.reading import TICKET_COLUMNS, as_ticket
from offline_store.disk.sql import run

HEARD: Final = "kiosks-heard"
"""What was learned of kiosks: when each was heard last, on the hub's line."""
_FRESH_US: Final = round(FRESH_S * 1_000_000)
_NUMBERS: Final = "SELECT number FROM hub_tickets WHERE day = ? AND substr(number, 1, ?) = ?"
_ENTRIES: Final = (
    "SELECT b.ranges, coalesce(json_extract(e.body, '$.detail.of.line_us'), e.line_us) "
    "FROM hub_by_hand AS b JOIN hub_events AS e ON e.seq = b.seq WHERE b.day = ?"
)


class Entered(Struct, frozen=True):
    """How many tickets an entry ended; `unconfirmed`: of a kiosk that is not heard now nobody knows what it gave."""

    entered: int
    unconfirmed: bool = False


def enter_by_hand(act: Act, counter: Counter | None, ranges: Sequence[NumberRange]) -> Entered:
    """End today's tickets of these numbers that wait; those that come late end as they come.

    Who was parked or sent on has been called here, and is none of those. Raises Refused for a number that a kiosk which
    is heard cannot have given.
    """
    is_confirmed = [_is_confirmed(act, one) for one in ranges]
    return Entered(end_entered(act, counter, ranges), not all(is_confirmed))


def end_entered(
    act: Act, counter: Counter | None, ranges: Sequence[NumberRange], of: Mapping[str, Any] | None = None
) -> int:
    """Write an entry down and end whom it names; return how many. `of`: the fact of a former hub that says it."""
    detail = {"ranges": msgspec.to_builtins(ranges)} | ({} if of is None else {"of": of})
    if counter is None:
        act.record("by-hand", detail=detail)
    else:
        act.record_at(counter, "by-hand", detail=detail)
    columns = tables.tickets.c
    query = select(*TICKET_COLUMNS).where(columns.day == act.day, columns.state == "waiting")
    since = act.line_us if of is None else of["line_us"]
    waiting = [as_ticket(row) for row in act.connection.execute(query.where(columns.arrived_line <= since))]
    ended = [one for one in waiting if is_in(ranges, one.number) and _was_never_called(act, one)]
    for ticket in ended:
        act.record("by-hand", ticket=ticket)
    return len(ended)


def was_by_hand(act: Act, ticket: Ticket) -> bool:
    """Whether a number that comes only now was entered as served by voice, after it had been given."""
    rows: list[Any] = run(act.connection, _ENTRIES, (ticket.day,)).fetchall()
    return any(
        ticket.arrived_line <= line_us and is_in(msgspec.json.decode(ranges, type=list[NumberRange]), ticket.number)
        for ranges, line_us in rows
    )


def is_in(ranges: Sequence[NumberRange], number: str) -> bool:
    """Whether any of the ranges holds a number."""
    return any(one.holds(number) for one in ranges)


def heard_from(look: Act | Look, kiosk: str) -> None:
    """Note that a kiosk has told all numbers that it has given."""
    look.learned.setdefault(HEARD, {})[kiosk] = look.line_us


def _was_never_called(act: Act, ticket: Ticket) -> bool:
    group = ticket.number[0] if ticket.number[0].isalpha() else act.centre.services[ticket.service].queue
    return ticket.parked_at is None and ticket.only_counter is None and ticket.queue == group


def _is_confirmed(act: Act, entry: NumberRange) -> bool:
    """Return whether it is known that these numbers were given. Raises Refused where it is known that they were not."""
    of_series = series(entry.to)
    digit = int(of_series[-1])
    kiosk = next((one.id for one in act.centre.kiosks.values() if one.digit == digit and not one.revoked), None)
    heard: dict[str, int] = act.learned.get(HEARD, {})
    if digit != 0 and (kiosk is None or act.line_us - heard.get(kiosk, -_FRESH_US) >= _FRESH_US):
        return False
    given = run(act.connection, _NUMBERS, (act.day, len(of_series), of_series)).fetchall()
    highest = max((number for (number,) in given), key=counted, default=None)
    if highest is None or counted(entry.to) > counted(highest):
        was = "none of these numbers was given today" if highest is None else f"the highest that was given is {highest}"
        raise Refused(409, "not-given", f"{entry.to}: {was}", {"highest": highest or "–"})
    return True

"""Entering afterwards what was called by voice while there was no hub: ended, and kept out of statistics of time."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from msgspec.structs import replace
from sqlalchemy import select

from hub.engine.act import Act
from hub.engine.presses.press import NumberRange
from hub.log import tables
from hub.log.reading import TICKET_COLUMNS, as_ticket
from hub.log.rows import Counter, Ticket


def enter_by_hand(act: Act, counter: Counter | None, ranges: Sequence[NumberRange]) -> int:
    """End today's tickets of these numbers that nobody called here; return how many. Late ones end when they come."""
    act.record("by-hand", counter=counter, detail={"ranges": msgspec.to_builtins(ranges)})
    columns = tables.tickets.c
    query = select(*TICKET_COLUMNS).where(columns.day == act.day, columns.state.in_(("waiting", "parked", "missed")))
    ended = [ticket for row in act.connection.execute(query) if is_in(ranges, (ticket := as_ticket(row)).number)]
    for ticket in ended:
        act.record("by-hand", ticket=ended_by_hand(act, ticket))
    return len(ended)


def ended_by_hand(act: Act, ticket: Ticket) -> Ticket:
    """Return the ticket as served by voice; when, nobody knows."""
    return replace(
        ticket, state="ended", end="by-hand", ended_line=act.line_us, ended_work=act.work_us, front_line=None
    )


def was_by_hand(act: Act, day: int, number: str) -> bool:
    """Whether a number that comes only now was entered as served by voice."""
    rows: Iterable[Any] = act.connection.execute(select(tables.by_hand.c.ranges).where(tables.by_hand.c.day == day))
    return any(is_in(msgspec.json.decode(row.ranges, type=list[NumberRange]), number) for row in rows)


def is_in(ranges: Sequence[NumberRange], number: str) -> bool:
    """Whether any of the ranges holds a number."""
    return any(one.holds(number) for one in ranges)

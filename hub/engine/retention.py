"""Retention: visits stay for forty days; older ones are at central. The newest events stay, so that seq goes on."""

from typing import Final

from sqlalchemy import delete, func, select

from hub.engine.act import Hub
from hub.log import tables

KEPT_US: Final = 40 * 86_400 * 1_000_000


def forget_old(hub: Hub) -> int:
    """Remove what is older than forty days, and what hangs on it; return how many events went.

    Events of a ticket that is still of the day that is served, and each counter's newest, stay: they are what stands.
    Raises StoreUnavailable.
    """
    with hub.any_act() as act:
        before = act.line_us - KEPT_US
        events, tickets, connection = tables.events.c, tables.tickets.c, act.connection
        newest = select(func.max(events.seq)).where(events.counter.is_not(None)).group_by(events.counter)
        kinds = ("day-opened", "day-relabelled")
        in_force = select(tables.overrides.c.seq)
        spans = tables.work_spans.c
        last_span = select(func.max(spans.line_us)).where(spans.line_us < before)
        connection.execute(delete(tables.work_spans).where(spans.line_us < last_span.scalar_subquery()))
        old = (
            events.line_us < before,
            events.day < act.day,
            events.seq.not_in(newest),
            events.seq != act.seq,
            events.seq.not_in(in_force),
            events.seq.not_in(select(spans.seq).where(spans.seq.is_not(None))),
            events.kind.not_in(kinds),
        )
        gone = connection.execute(delete(tables.events).where(*old)).rowcount
        left = select(events.ticket).where(events.ticket.is_not(None))
        connection.execute(delete(tables.tickets).where(tickets.id.not_in(left)))
        connection.execute(delete(tables.by_hand).where(tables.by_hand.c.seq.not_in(select(events.seq))))
        for table, line in (
            (tables.presses, tables.presses.c.line_us),
            (tables.sessions, tables.sessions.c.began_line),
            (tables.kiosk_boots, tables.kiosk_boots.c.seen_line),
            (tables.help_calls, tables.help_calls.c.asked_line),
            (tables.locks, tables.locks.c.last_line),
            (tables.offices, tables.offices.c.seen_line),
        ):
            connection.execute(delete(table).where(line < before))
        return gone

"""How far a clock is believed when it opens a day: NTP is not signed, and a battery drifts.

A day within 14 days (the longest feasts) of what central signed or named, or a manager opened, opens by the clock. A
later one waits for them; and where a clock was believed wrongly, central's signed time gives the day its true date.
"""

from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import Connection, func, insert, select, update

from common.machine.stamp import Stamp, from_unix_us
from common.protocol.envelope import AuditBody
from offline_store.chain.chain import append, read_head
from offline_store.disk import tables
from offline_store.issuing.business_day import BY_HUB, BusinessDay, business_date, current_day, date_due

NEAR: Final = timedelta(days=14)
BY_SIGNED_TIME: Final = "signed time"
"""Who named a day that central's time has set right."""
_BY_A_CLOCK: Final = ("clock", BY_HUB)
_NAMED_BY: Final = ("feed", "manager", BY_SIGNED_TIME)
# Around 04:00 two clocks that are both right differ by less.
CLOSE: Final = timedelta(minutes=10)
_day, _ticket, _counter = tables.business_days.c, tables.tickets.c, tables.counters.c


def due_by_clock(connection: Connection, stamp: Stamp, floor_us: int | None, label: str | None) -> str | None:
    """Return the date that this clock opens now, None where none is due or it waits for central or a manager."""
    due = date_due(stamp, floor_us, label)
    return due if due is None or not _is_far(connection, due) else None


def waiting_day(connection: Connection, stamp: Stamp) -> str | None:
    """Return the date that the clock would open, and that waits for central or a manager, None where none does."""
    floor_us = connection.scalar(select(tables.store.c.floor_us))
    day = current_day(connection)
    due = date_due(stamp, floor_us, None if day is None else day.date)
    return due if due is not None and _is_far(connection, due) else None


def set_right(connection: Connection, signed: datetime, stamp: Stamp) -> BusinessDay | None:
    """Give the true date to a day that a clock opened too early, by the time that central signed; None: it is right.

    Its counters go on, above those of the true date's own numbers, which people in the hall may hold. Its tickets are
    told to the hub once more, which knows them by another day, or refused them.
    """
    current = current_day(connection)
    true = business_date(signed).isoformat()
    if current is None or current.opened_by not in _BY_A_CLOCK:
        return None
    if current.date <= business_date(signed + CLOSE).isoformat():
        return None
    wrong = _day.opened_by.in_(_BY_A_CLOCK), _day.date > true
    first_wrong = connection.scalar(select(func.min(_day.id)).where(*wrong))
    connection.execute(update(tables.business_days).where(*wrong).values(date=true, opened_by=BY_SIGNED_TIME))
    highest = _go_on_above(connection, current.id, true)
    told_again = select(_ticket.row).where(_ticket.day_id >= first_wrong).order_by(_ticket.row)
    connection.execute(insert(tables.ticket_changes).from_select(["ticket_row"], told_again))
    detail: dict[str, str | int | None] = {"date": true, "was": current.date, "day": current.id, "by": BY_SIGNED_TIME}
    append(connection, read_head(connection), "audit", AuditBody("business-day-relabelled", detail), stamp)
    return BusinessDay(current.id, true, BY_SIGNED_TIME, highest, current.serial)


def _go_on_above(connection: Connection, day_id: int, label: str) -> int:
    """Let a day's numbers go on above all that were given under its label; return what its first ones are above."""
    of_label = select(_day.id).where(_day.date == label)
    highest = connection.scalar(select(func.max(_counter.n)).where(_counter.day_id.in_(of_label))) or 0
    base = func.max(_day.counter_base, highest)
    connection.execute(update(tables.business_days).where(_day.id == day_id).values(counter_base=base))
    others = tables.counters.alias()
    greatest = (
        select(func.max(others.c.n)).where(others.c.day_id.in_(of_label), others.c.prefix == _counter.prefix)
    ).scalar_subquery()
    connection.execute(update(tables.counters).where(_counter.day_id == day_id).values(n=greatest))
    return int(connection.scalar(select(_day.counter_base).where(_day.id == day_id)) or 0)


def _is_far(connection: Connection, due: str) -> bool:
    """Return whether a date lies too far after the last that was signed, named or opened by a manager.

    A store that never heard any of them was never enrolled.
    """
    signed_us = connection.scalar(select(tables.store.c.signed_us))
    named = connection.scalar(select(func.max(_day.date)).where(_day.opened_by.in_(_NAMED_BY)))
    known = [] if signed_us is None else [business_date(from_unix_us(signed_us))]
    known += [] if named is None else [date.fromisoformat(named)]
    return bool(known) and date.fromisoformat(due) > max(known) + NEAR

"""The business day: a stored row whose id only grows, so that no clock makes a number come twice.

A day opens when central's feed names it, when a trusted clock is past 04:00 of a later date, or when a manager says so.
Its label (a date in the centres' time zone) never goes back; counters hang on the row, so that a new label resets none.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, func, insert, select, update

from common.city.brand.brand import CENTRE_TIME
from common.machine.stamp import Stamp, unix_us
from common.protocol.envelope import AuditBody
from offline_store.chain.chain import Head, append, read_head
from offline_store.disk import tables
from offline_store.disk.database import Store
from offline_store.disk.sql import run

ZONE = CENTRE_TIME
CUT_OFF = timedelta(hours=4)
LATELY = timedelta(hours=12)
"""Who came within so long before now came today."""
BY_HUB = "hub"
"""Who named a day that a kiosk without a sure clock has taken from its hub."""
RESTORED_FOR = timedelta(days=45)
_CURRENT_DAY = "SELECT id, date, opened_by, counter_base, serial FROM business_days ORDER BY id DESC LIMIT 1"


@dataclass(frozen=True, slots=True)
class BusinessDay:
    """One business day. `counter_base` is the number before the first; above 0 after a salvage or a set clock."""

    id: int
    date: str
    opened_by: str
    counter_base: int = 0
    serial: int | None = None


def business_date(moment: datetime) -> date:
    """Return the date of a moment's business day: before 04:00 there it is still the day before."""
    # On the wall clock, not on elapsed time: 04:00 is 04:00 also in a night that puts the clocks on.
    local = moment.astimezone(ZONE).replace(tzinfo=None)
    return (local - CUT_OFF).date()


def date_due(stamp: Stamp, floor_us: int | None, label: str | None) -> str | None:
    """Return the date that this clock opens now, or None.

    `floor_us`: greatest trusted time, microseconds since 1970; `label`: the current day's date, None before any.
    """
    if not stamp.tells_time:
        return None
    if not stamp.is_sure:
        if floor_us is None:
            return None
        age_us = unix_us(stamp.wall_time) - floor_us
        if not 0 <= age_us <= RESTORED_FOR // timedelta(microseconds=1):
            return None
    due = business_date(stamp.wall_time).isoformat()
    return due if label is None or due > label else None


def current_day(connection: Connection) -> BusinessDay | None:
    """Return the day that numbers are given on now, None before the first."""
    row = run(connection, _CURRENT_DAY).fetchone()
    return None if row is None else BusinessDay(*row)


def open_day(
    connection: Connection, head: Head, label: str, opened_by: str, stamp: Stamp, serial: int | None = None
) -> tuple[BusinessDay, Head]:
    """Open the day of that date and record it as an audit item. The caller made sure that it is after the current one.

    `opened_by`: `feed`, `clock`, `manager` or at a kiosk `hub`. Where it is the same day still by the machine's own
    running time, a clock was set right: numbers go on instead of beginning at 1 once more, since people in the hall
    hold the earlier ones.
    """
    base = connection.execute(select(tables.store.c.next_day_base)).scalar_one()
    base = max(base, _highest_on_this_real_day(connection, opened_by, stamp))
    connection.execute(update(tables.store).values(next_day_base=0))
    values = {"date": label, "opened_by": opened_by, "counter_base": base, "serial": serial}
    day_id = connection.execute(
        insert(tables.business_days).values(values).returning(tables.business_days.c.id)
    ).scalar_one()
    detail: dict[str, str | int | None] = {"date": label, "by": opened_by, "day": day_id}
    _, _, head = append(connection, head, "audit", AuditBody("business-day-opened", detail), stamp)
    return BusinessDay(day_id, label, opened_by, base, serial), head


def _highest_on_this_real_day(connection: Connection, opened_by: str, stamp: Stamp) -> int:
    """Return the highest counter of the current day if its last ticket is of this boot and of this very day, else 0.

    Days are told by how long the machine has run since, which no clock setting changes. By a clock that was right as
    the last one was given a person's or central's word opens a day of its own.
    """
    items, counters = tables.items.c, tables.counters
    last_row = select(func.max(tables.tickets.c.row)).scalar_subquery()
    query = select(items.wall_time, items.clock, items.boot_id, items.boot_time_ns).where(items.row == last_row)
    last = connection.execute(query).one_or_none()
    if last is None or last.boot_id != stamp.boot_id:
        return 0
    given = datetime.fromisoformat(last.wall_time)
    since = timedelta(microseconds=max(0, stamp.boot_time_ns - last.boot_time_ns) // 1000)
    was_right = last.clock == "synced"
    is_same_day = business_date(given + since) == business_date(given) if was_right else since < LATELY
    if not is_same_day or (was_right and opened_by not in ("clock", BY_HUB)):
        return 0
    day = select(func.max(tables.business_days.c.id)).scalar_subquery()
    return connection.execute(select(func.max(counters.c.n)).where(counters.c.day_id == day)).scalar_one() or 0


def open_day_by_manager(store: Store, label: str, stamp: Stamp, technician: str) -> BusinessDay | None:
    """Open the day of that date (`YYYY-MM-DD`) on a manager's word; None when it is not after the current one.

    Raises ValueError when it is no date, StoreUnavailable.
    """
    label = date.fromisoformat(label).isoformat()
    with store.write() as connection:
        current = current_day(connection)
        if current is not None and label <= current.date:
            return None
        detail: dict[str, str | int | None] = {"date": label, "technician": technician}
        _, _, head = append(connection, read_head(connection), "audit", AuditBody("manager-opens-day", detail), stamp)
        return open_day(connection, head, label, "manager", stamp)[0]


def apply_feed_day(connection: Connection, label: str, serial: int, stamp: Stamp) -> BusinessDay | None:
    """Take central's word on the day, in the feed's transaction: open it, give it a new label, or do nothing (None).

    A serial above the last seen names a new day, the serial of the current day gives that day a new label. A date not
    after the current label does neither; the current one's own, opened here before central named it, is known by that
    serial from then on. Raises ValueError when it is no date.
    """
    label = date.fromisoformat(label).isoformat()
    seen = connection.execute(select(tables.feed.c.business_day_serial)).scalar_one()
    days, current = tables.business_days, current_day(connection)
    later = current is None or label > current.date
    if serial > seen:
        connection.execute(update(tables.feed).values(business_day_serial=serial))
        if later:
            return open_day(connection, read_head(connection), label, "feed", stamp, serial)[0]
        if current is not None and label == current.date:
            connection.execute(update(days).where(days.c.id == current.id).values(serial=serial))
        return None
    if current is None or not later or serial != current.serial:
        return None
    connection.execute(update(days).where(days.c.id == current.id).values(date=label))
    detail: dict[str, str | int | None] = {"date": label, "was": current.date, "day": current.id}
    append(connection, read_head(connection), "audit", AuditBody("business-day-relabelled", detail), stamp)
    return replace(current, date=label)

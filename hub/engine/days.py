"""The business day of the queue: the greatest that was opened, by the feed, the clock, a manager or a kiosk's tickets.

Its label may change and moves nobody: tickets with either label belong to the day. When the next opens, or a manager
closes it, the rest of the day is carried over or expires, counted, never deleted.
"""

from datetime import date, timedelta
from typing import Final, NamedTuple

from msgspec.structs import replace
from sqlalchemy import select, update

from common.protocol.queue.event import CARRIED, EXPIRED
from hub.engine.act import Act
from hub.engine.carrying.closing import CarriedDays, carried_over, closes_early
from hub.log import tables
from hub.log.reading import TICKET_COLUMNS, Day, as_ticket, day_of_label, find_day
from hub.log.rows import Ticket
from offline_store.disk.sql import run
from offline_store.issuing.business_day import business_date, current_day, open_day
from offline_store.issuing.far_day import BY_SIGNED_TIME, CLOSE, due_by_clock

# A kiosk's day is believed without a trusted clock of our own only so far ahead of the last.
BELIEVED_AHEAD: Final = timedelta(days=45)
DAY_CLOSED: Final = "day-closed"
_STORE_DAY: Final = "SELECT id, date, opened_by FROM business_days ORDER BY id DESC LIMIT 1"
_ANYBODY_LEFT: Final = "SELECT EXISTS (SELECT 1 FROM hub_tickets WHERE state IN ('waiting', 'parked') AND day < ?)"


def settle_day(act: Act) -> None:
    """Bring the queue's day to where feed, clock and manager have the store's; a new one ends the old.

    Who was at a counter when the day ended, and was sent back to wait since, is ended as who waited then.
    """
    _follow_store(act)
    _end_waiting(act, before_day=act.day)


def _follow_store(act: Act) -> None:
    opened, own = _store_day(act), find_day(act.connection, act.day)
    if opened is not None and own is not None and _was_set_right(act, opened, own):
        act.record("day-relabelled", detail={"label": opened.date, "was": own.label})
        own = find_day(act.connection, act.day)
    label = _later(None if opened is None else opened.date, None if own is None else own.label)
    due = due_by_clock(act.connection, act.stamp, act.floor_us, label)
    if due is not None:
        day, act.head = open_day(act.connection, act.head, due, "clock", act.stamp)
        begin(act, day.id, day.date)
    elif opened is not None and opened.id != act.store_day:
        if own is not None and opened.date <= own.label:
            _note_store_day(act, opened.id)  # the hub that led until now has served it already
        else:
            begin(act, opened.id, opened.date)
    elif opened is not None and own is not None and opened.date > own.label:
        act.record("day-relabelled", detail={"label": opened.date, "was": own.label})


def day_of(act: Act, label: str) -> int:
    """Return the day that a ticket's label belongs to, opening a later one; 0 for a day that was never served here.

    Raises ValueError for a date that no kiosk's clock can have reached.
    """
    found, own = day_of_label(act.connection, label), find_day(act.connection, act.day)
    # A date ahead of the day that is served was served by a wrong clock alone: it is yet to come, or is this very day.
    is_ahead = own is not None and label > own.label and (found != act.day or own.is_closed)
    if found is not None and not is_ahead:
        return found
    opened = current_day(act.connection)
    latest = _later(None if opened is None else opened.date, None if own is None else own.label)
    if latest is not None and label <= latest:
        return 0
    _believe(act, label, latest)
    day, act.head = open_day(act.connection, act.head, label, "kiosk", act.stamp)
    return begin(act, day.id, day.date)


class _StoreDay(NamedTuple):
    id: int
    date: str
    opened_by: str


def _store_day(act: Act) -> _StoreDay | None:
    row = run(act.connection, _STORE_DAY).fetchone()
    return None if row is None else _StoreDay(*row)


def _was_set_right(act: Act, opened: _StoreDay, own: Day) -> bool:
    """Return whether the day that is served lies in the future by a good clock, and has got its true date since."""
    is_ours = opened.id == act.store_day and opened.opened_by == BY_SIGNED_TIME and opened.date < own.label
    return is_ours and act.stamp.trust == "synced" and own.label > business_date(act.stamp.wall_time).isoformat()


def _later(one: str | None, other: str | None) -> str | None:
    return max(filter(None, (one, other)), default=None)


def close_day(act: Act) -> None:
    """End the day on a manager's word: before its time all who wait are carried over; who comes late expires."""
    own = find_day(act.connection, act.day)
    if own is not None:
        _close(act, own.label, is_early=closes_early(act))


def is_closed(act: Act, day: int) -> bool:
    """Whether a day is over: closed, or not the one that is served."""
    row = find_day(act.connection, day)
    return day != act.day or row is None or row.is_closed


def end_late(act: Act, ticket: Ticket) -> None:
    """End a ticket whose day was over when the hub heard of it, or when it was sent back to wait.

    It is carried over if that day was closed early, whenever it was given: a kiosk that has heard of it gives none.
    """
    day = find_day(act.connection, ticket.day)
    carried: dict[str, CarriedDays] = {}
    if day is not None and day.early_line is not None:
        carried = carried_over(act, [ticket], day.label, is_early=True)
    _end(act, ticket, carried.get(ticket.id))


def begin(act: Act, store_day: int, label: str) -> int:
    """Begin to serve a day that was opened; what is left of the one before is carried over or expires."""
    former = find_day(act.connection, act.day)
    if former is not None and not former.is_closed:
        _close(act, former.label)
    if act.day and act.log_lost and not act.is_recall_due:
        act.gifts_are_lost_since(0)  # numbers begin at one: none of those that were lost with the log can come twice
    _note_store_day(act, store_day)
    act.day = number = int(act.day) + 1
    act.record("day-opened", detail={"label": label})
    _end_waiting(act, before_day=number)  # those who were sent back to wait after a manager had closed the day
    return number


def _note_store_day(act: Act, store_day: int) -> None:
    act.connection.execute(update(tables.state).values(store_day=store_day))
    act.store_day = store_day


def _close(act: Act, label: str, *, is_early: bool = False) -> None:
    left = {one.id: one for one in _left_waiting(act, before_day=act.day + 1)}
    carried = carried_over(act, [one for one in left.values() if one.day == act.day], label, is_early=is_early)
    for ticket_id in [*carried, *(one for one in left if one not in carried)]:
        _end(act, left[ticket_id], carried.get(ticket_id))
    counted = {"expired": len(left) - len(carried), "carried": len(carried)}
    # Central hears of an early one alone: it calls off what is ahead, and the end of a day may be noted the next noon.
    detail = {"label": label, "early": is_early} | counted
    act.record(DAY_CLOSED, detail=detail, told_as=DAY_CLOSED if is_early else None)


def _end_waiting(act: Act, before_day: int) -> None:
    for ticket in _left_waiting(act, before_day):
        end_late(act, ticket)


def _left_waiting(act: Act, before_day: int) -> list[Ticket]:
    """Return the tickets of earlier days that wait or are parked."""
    if not run(act.connection, _ANYBODY_LEFT, (before_day,)).fetchone()[0]:
        return []
    columns = tables.tickets.c
    query = select(*TICKET_COLUMNS).where(columns.day < before_day, columns.state.in_(("waiting", "parked")))
    return [as_ticket(row) for row in act.connection.execute(query)]


def _end(act: Act, ticket: Ticket, carried: CarriedDays | None) -> None:
    """End a ticket as the end of its day leaves it."""
    ended = replace(ticket, state="ended", ended_line=act.line_us, ended_work=act.work_us, counter=None)
    if carried is None:
        act.record(EXPIRED, ticket=replace(ended, end=ticket.end or "expired"))
    else:
        act.record(CARRIED, ticket=replace(ended, end="carried", first_day=carried.first, last_day=carried.last))


def _believe(act: Act, label: str, current: str | None) -> None:
    day = date.fromisoformat(label)
    if act.stamp.trust == "synced" and day > business_date(act.stamp.wall_time + CLOSE):
        raise ValueError("its day has not begun")  # believed, it would end the day for all who wait
    if act.stamp.trust != "untrusted":
        if day > business_date(act.stamp.wall_time) + timedelta(days=1):
            raise ValueError("its day lies in the future")
    elif current is not None and day > date.fromisoformat(current) + BELIEVED_AHEAD:
        raise ValueError("its day lies too far after the last one")

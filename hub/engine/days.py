"""The business day of the queue: the greatest that was opened, by the feed, by this hub's clock or by a manager.

Its label may change and moves nobody. When the next opens, or a manager closes it, the rest of the day is carried over
or expires, counted, never deleted. Which day a kiosk's number is of is `hub.engine.day_given`'s to say.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import select, update

from common.protocol.queue.event import CARRIED, DAY_CLOSED, EXPIRED, MOVED_ON
from common.queue.standing import Ticket
from hub.engine.act import Act
from hub.engine.carrying import left_open
from hub.engine.carrying.claiming import judge_what_was_shown
from hub.engine.carrying.closing import CarriedDays, carried_over, closes_early
from hub.engine.carrying.in_doubt import InDoubt, in_doubt
from hub.log import tables
from hub.log.reading import TICKET_COLUMNS, Day, as_ticket, day_of_label, find_day
from offline_store.disk.sql import run
from offline_store.issuing.business_day import LATELY, business_date, open_day
from offline_store.issuing.far_day import BY_SIGNED_TIME, CLOSE, due_by_clock

BY_CLERK: Final = "clerk"
"""Who named a day after a hole in the line: its date is the next, for want of a clock."""
# A kiosk's day is believed without a trusted clock of our own only so far ahead of the last.
BELIEVED_AHEAD: Final = timedelta(days=45)
LAST_EVENTS: Final = 20_000
"""So many are looked through for what happened lately: several days' worth."""
LATELY_US: Final = LATELY // timedelta(microseconds=1)
_STORE_DAY: Final = "SELECT id, date, opened_by FROM business_days ORDER BY id DESC LIMIT 1"
_HELD: Final = (
    "SELECT EXISTS (SELECT 1 FROM hub_tickets AS t JOIN hub_events AS e ON e.ticket = t.id "
    "WHERE t.day = ? AND t.state <> 'ended' AND t.arrived_line > ? AND e.seq > ? AND e.clock <> 'synced')"
)
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
    if in_doubt(act) is not None:
        return
    label = _later(None if opened is None else opened.date, None if own is None else own.label)
    due = due_by_clock(act.connection, act.stamp, act.floor_us, label)
    if due is not None:
        _turn_to(act, due, "clock")
    elif opened is not None and opened.id != act.store_day:
        if own is not None and opened.date <= own.label:
            _note_store_day(act, opened.id)  # the hub that led until now has served it already
        else:
            serve(act, opened.id, opened.date)
    elif opened is not None and own is not None and opened.date > own.label:
        act.record("day-relabelled", detail={"label": opened.date, "was": own.label})


def hear_date(act: Act, moment: datetime, *, is_sure: bool) -> None:
    """Take the date from a kiosk's clock, where this hub's own tells no time: never a kiosk's label.

    Args:
        act: the write transaction.
        moment: now, as the kiosk's clock has it.
        is_sure: whether that clock is trusted; one that a battery keeps gives a day that people wait on no other date.
    """
    label, due = latest_label(act), business_date(moment).isoformat()
    if act.stamp.tells_time or (label is not None and due <= label) or in_doubt(act) is not None:
        return
    if not is_sure and is_held(act):
        return
    if label is None or date.fromisoformat(due) <= date.fromisoformat(label) + BELIEVED_AHEAD:
        _turn_to(act, due, "kiosk")


def first_day(act: Act, label: str) -> int:
    """Begin the first day of all by the label of a kiosk's number: it ends none. Raises ValueError where it is far."""
    _believe(act, label, latest_label(act))
    day, act.head = open_day(act.connection, act.head, label, "kiosk", act.stamp)
    return begin(act, day.id, day.date)


def day_named(act: Act, label: str) -> int:
    """Return the day of a date that central names, opening a later one; 0 for a day that was never served here.

    Raises ValueError for a date that no clock of the centre can have reached.
    """
    found, own = day_of_label(act.connection, label), find_day(act.connection, act.day)
    # A date ahead of the day that is served was served by a wrong clock alone: it is yet to come, or is this very day.
    is_ahead = own is not None and label > own.label and (found != act.day or own.is_closed)
    if found is not None and not is_ahead:
        return found
    latest = latest_label(act)
    return 0 if latest is not None and label <= latest else first_day(act, label)


def latest_label(act: Act) -> str | None:
    """Return the latest date of all days that are known, None where none is."""
    opened, own = _store_day(act), find_day(act.connection, act.day)
    return _later(None if opened is None else opened.date, None if own is None else own.label)


def _turn_to(act: Act, label: str, opened_by: str) -> None:
    day, act.head = open_day(act.connection, act.head, label, opened_by, act.stamp)
    serve(act, day.id, day.date)


def serve(act: Act, store_day: int, label: str) -> None:
    """Serve the day that was opened: a new one, or where people hold the one that is served that one's true date."""
    own = find_day(act.connection, act.day)
    if own is None or not is_held(act):
        begin(act, store_day, label)
        return
    _note_store_day(act, store_day)
    by = _opened_by(act, store_day)
    act.record("day-relabelled", detail={"label": label, "was": own.label, "by": by})


def is_held(act: Act) -> bool:
    """Return whether people are here since less than twelve hours who came while this hub's clock was not trusted.

    The date that it had then may have been any; by a clock that was trusted as they came, the day has reached its end.
    """
    values = (act.day, act.line_us - LATELY_US, act.seq - LAST_EVENTS)
    return bool(run(act.connection, _HELD, values).fetchone()[0])


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
    return is_ours and act.stamp.is_sure and own.label > business_date(act.stamp.wall_time).isoformat()


def _later(one: str | None, other: str | None) -> str | None:
    return max(filter(None, (one, other)), default=None)


def begin_without(act: Act, doubt: InDoubt) -> None:
    """Begin the next day on a clerk's word that those who came before the hole are gone; who came since is of it."""
    opened, label = _store_day(act), _date_after(act, doubt.label)
    if opened is not None and opened.id != act.store_day and opened.date >= label:
        begin(act, opened.id, opened.date, doubt)
        return
    day, act.head = open_day(act.connection, act.head, label, BY_CLERK, act.stamp)
    begin(act, day.id, day.date, doubt)


def _date_after(act: Act, label: str) -> str:
    """Return the date of today, where a clock tells it, else of the next day on which the centre opens."""
    if act.stamp.tells_time:
        return business_date(act.stamp.wall_time).isoformat()
    day = date.fromisoformat(label)
    return next(iter(act.centre.hours.days_after(day, None, 1)), day + timedelta(days=1)).isoformat()


def close_day(act: Act) -> None:
    """End the day on a manager's word: before its time all who wait are carried over; who comes late expires."""
    own = find_day(act.connection, act.day)
    if own is not None:
        _close(act, own.label, is_early=closes_early(act))


def close_as_told(act: Act, label: str) -> None:
    """End the day that is served before its time, where that is the one which this log's former life had closed."""
    own = find_day(act.connection, act.day)
    if own is not None and own.label == label and not own.is_closed:
        _close(act, label, is_early=True)


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


def begin(act: Act, store_day: int, label: str, doubt: InDoubt | None = None) -> int:
    """Begin to serve a day that was opened; what is left of the one before is carried over, closed or expires.

    `doubt`: who may be gone, and is by this word; who came since waits on, of the new day.
    """
    former = find_day(act.connection, act.day)
    came_since = [] if doubt is None else _came_since(act, doubt)
    if former is not None and not former.is_closed:
        _close(act, former.label, is_early=doubt is not None and closes_early(act), but=came_since)
    if act.day and act.log_lost and not act.is_recall_due:
        act.gifts_are_lost_since(0)  # numbers begin at one: none of those that were lost with the log can come twice
    _note_store_day(act, store_day)
    act.day = number = int(act.day) + 1
    since = {} if doubt is None else {"since": doubt.hole_seq}
    act.record("day-opened", detail={"label": label, "by": _opened_by(act, store_day)} | since)
    for ticket in came_since:
        act.record(MOVED_ON, ticket=ticket, detail={"day": number})
    left_open.close_left_open(act, act.line_us - LATELY_US, holding=() if doubt is None else doubt.from_before)
    _end_waiting(act, before_day=number)  # those who were sent back to wait after the day had closed
    if doubt is not None:
        judge_what_was_shown(act)
    return number


def _came_since(act: Act, doubt: InDoubt) -> list[Ticket]:
    left = _left_waiting(act, before_day=act.day + 1)
    return [one for one in left if one.day == act.day and one.id not in doubt.from_before]


def _opened_by(act: Act, store_day: int) -> str | None:
    opened = _store_day(act)
    return None if opened is None or opened.id != store_day else opened.opened_by


def _note_store_day(act: Act, store_day: int) -> None:
    act.connection.execute(update(tables.state).values(store_day=store_day))
    act.store_day = store_day


def _close(act: Act, label: str, *, is_early: bool = False, but: Sequence[Ticket] = ()) -> None:
    stay = {one.id for one in but}
    left = {one.id: one for one in _left_waiting(act, before_day=act.day + 1) if one.id not in stay}
    carried = carried_over(act, [one for one in left.values() if one.day == act.day], label, is_early=is_early)
    for ticket_id in [*carried, *(one for one in left if one not in carried)]:
        _end(act, left[ticket_id], carried.get(ticket_id))
    counted = {"expired": len(left) - len(carried), "carried": len(carried)}
    detail = {"label": label, "early": is_early} | counted
    act.record(DAY_CLOSED, detail=detail)


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
    if carried is None:
        act.record(EXPIRED, ticket=ticket)
    else:
        act.record(CARRIED, ticket=ticket, detail={"first": carried.first, "last": carried.last})


def _believe(act: Act, label: str, current: str | None) -> None:
    day = date.fromisoformat(label)
    if act.stamp.is_sure and day > business_date(act.stamp.wall_time + CLOSE):
        raise ValueError("its day has not begun")  # believed, it would end the day for all who wait
    if act.stamp.tells_time:
        if day > business_date(act.stamp.wall_time) + timedelta(days=1):
            raise ValueError("its day lies in the future")
    elif current is not None and day > date.fromisoformat(current) + BELIEVED_AHEAD:
        raise ValueError("its day lies too far after the last one")

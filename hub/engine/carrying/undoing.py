"""Taking back a day that was opened by a slip: whom it ended waits again, in the day that it had ended."""

from typing import Any, Final

from msgspec.structs import replace
from sqlalchemy import Select, update

from common.protocol.queue.event import CARRIED, DAY_CLOSED, DAY_REOPENED, EXPIRED, UNDONE
from common.queue.standing import Ticket
from hub.engine.act import Act
from hub.engine.refusal import Refused
from hub.log import tables
from hub.log.event import SELECT_EVENTS, Event
from hub.log.reading import find_day, find_ticket, label_of
from offline_store.disk import tables as store_tables

OPENED: Final = ("day-opened", "day-relabelled")
_ENDS: Final = (EXPIRED, CARRIED, DAY_CLOSED)


def undo_opening(act: Act) -> None:
    """Give the day that is served the date from before, and put back whom its opening ended. Raises Refused."""
    events = tables.events.c
    newest = SELECT_EVENTS.where(events.kind.in_(OPENED)).order_by(None).order_by(events.seq.desc()).limit(1)
    opening = _event(act, newest)
    if opening is None or _event(act, SELECT_EVENTS.where(events.kind == "called", events.seq > opening.seq).limit(1)):
        raise Refused(409, "went-on", "somebody was called on that day: it cannot be taken back")
    detail = opening.read_body().detail or {}
    former = detail.get("was") if opening.kind == "day-relabelled" else label_of(act.connection, act.day - 1)
    if former is None:
        raise Refused(409, "nothing-to-undo", "there was no day before that one")
    ended = _ended_by(act, opening)
    was_closed = _was_closed_before(act, opening)
    days = store_tables.business_days
    act.connection.execute(update(days).where(days.c.id == act.store_day).values(date=former, opened_by=UNDONE))
    told = {} if was_closed else {"told_as": DAY_REOPENED}
    act.record("day-relabelled", detail={"label": former, "was": detail["label"]} | told)
    for event in ended:
        if (ticket := _before(act, event)) is not None:
            act.record_told(UNDONE, ticket, reason=event.kind, detail={"of": event.seq})
    if was_closed:
        act.record(DAY_CLOSED, detail={"label": former, "early": False, "expired": 0, "carried": 0})


def _was_closed_before(act: Act, opening: Event) -> bool:
    """Return whether the day before had been closed already when this one was opened."""
    former = find_day(act.connection, act.day - 1)
    if opening.kind == "day-relabelled" or former is None or not former.is_closed:
        return False
    events = tables.events.c
    by_it = SELECT_EVENTS.where(events.line_us == opening.line_us, events.kind == DAY_CLOSED).limit(1)
    return _event(act, by_it) is None


def _ended_by(act: Act, opening: Event) -> list[Event]:
    """Return the ends that were written with the opening, in its own moment on the line."""
    events = tables.events.c
    around = SELECT_EVENTS.where(events.line_us == opening.line_us, events.kind.in_(_ENDS)).order_by(events.seq)
    found = [Event(**row._mapping) for row in act.connection.execute(around)]  # noqa: SLF001 - a documented name
    return [one for one in found if one.ticket is not None]


def _before(act: Act, end: Event) -> Ticket | None:
    """Return a ticket as it was before it was ended, with what its kiosk has said since; of the day that is served."""
    events, now = tables.events.c, find_ticket(act.connection, end.ticket or "")
    query = (
        SELECT_EVENTS.where(events.ticket == end.ticket, events.seq < end.seq)
        .order_by(None)
        .order_by(events.seq.desc())
    )
    before = _event(act, query.limit(1))
    was = None if before is None else before.read_body().ticket
    if now is None or was is None or now.state != "ended" or now.is_voided:
        return None
    heard = {name: getattr(now, name) for name in ("revision", "digest", "paper", "priority", "order_id")}
    return replace(was, day=act.day, **heard)


def _event(act: Act, query: Select[Any]) -> Event | None:
    row = act.connection.execute(query).first()
    return None if row is None else Event(**row._mapping)  # noqa: SLF001 - a documented name

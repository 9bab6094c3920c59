"""What this hub has told central and central has not taken: of a hub that lost its log nobody else knows of it.

The chain of a salvaged store goes on in the new one, also where every table of the hub's is lost. So its unsent items
are laid over central's answer before that is believed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from msgspec.structs import replace
from sqlalchemy import func, select

from common.protocol.envelope import AuditBody, BodyUnreadable, QueueBody, TicketBody, decode_body
from common.protocol.queue.event import CALLED, CARRIED, DAY_CLOSED
from common.protocol.queue.progress import NOTHING_YET, Progress, progress_by
from common.protocol.queue.recall import RecalledStop, RecalledTicket
from common.protocol.queue.service_now import INTERRUPTED, OTHER_REASON
from hub.engine.act import Act
from hub.log.reading import find_ticket
from offline_store.disk import tables

_LOOKED_BACK: Final = 2000
"""Items before the first unsent one: an undo takes back what was told shortly before it."""
_item = tables.items.c


@dataclass(slots=True)
class _Told:
    """What this hub has told of one ticket: its events with their times, the number that it gave itself."""

    kiosk: str
    business_day: str
    events: list[tuple[str, QueueBody]] = field(default_factory=list)
    given: tuple[str, TicketBody] | None = None
    is_unsent: bool = False


def over(act: Act, said: Sequence[RecalledTicket]) -> list[RecalledTicket]:
    """Return what central says of tickets, with what this hub has told and not delivered over it."""
    found = {one.id: one for one in said}
    for name, told in _unsent(act).items():
        ticket = found.get(name) or _unknown_to_central(act, name, told)
        if ticket is not None:
            found[name] = _as_told(ticket, told)
    return [*found.values()]


def stops_over(act: Act, said: Sequence[RecalledStop]) -> list[RecalledStop]:
    """Return which services stand still as central says, with what this hub has told of them and not delivered."""
    found = {one.service: one for one in said}
    for row, _, body in _items(act):
        if isinstance(body, QueueBody) and body.service is not None and row.state != "acknowledged":
            found.pop(body.service, None)
            if body.event == INTERRUPTED:
                reason, since = body.reason or OTHER_REASON, _moment(row, body)
                found[body.service] = RecalledStop(body.service, reason, since, body.clerk)
    return [*found.values()]


def closed_over(act: Act, said: str | None) -> str | None:
    """Return which day was closed last before its time, as central says, or as this hub told and has not delivered."""
    for row, _, body in _items(act):
        if isinstance(body, QueueBody) and body.day is not None and row.state != "acknowledged":
            said = body.day if body.event == DAY_CLOSED else None
    return said


def _unsent(act: Act) -> dict[str, _Told]:
    """Return the tickets of which something waits for delivery, with what was told of each lately."""
    found: dict[str, _Told] = {}
    for row, day, body in _items(act):
        if isinstance(body, TicketBody):
            one = found.setdefault(row.id, _Told(act.hub_id, body.business_day))
            one.given = row.wall_time, body
        elif body.ticket is not None and body.kiosk is not None:
            one = found.setdefault(body.ticket, _Told(body.kiosk, day))
            one.events.append((_moment(row, body), body))
        else:
            continue
        one.is_unsent = one.is_unsent or row.state != "acknowledged"
    return {name: one for name, one in found.items() if one.is_unsent}


def _moment(row: Any, body: QueueBody) -> str:
    """Return when it happened: also where this hub has handed it on for another."""
    return row.wall_time if body.fact is None or body.fact.at is None else body.fact.at


def _items(act: Act) -> Iterator[tuple[Any, str, QueueBody | TicketBody]]:
    """Yield items from shortly before the first unsent one on, in their order, each with the day that stood open."""
    connection, day = act.connection, ""
    first = connection.scalar(select(func.min(_item.row)).where(_item.state.in_(("waiting", "dead"))))
    if first is None:
        return
    opened = _item.kind == "audit", _item.body.contains("business-day-opened")
    before = select(func.max(_item.row)).where(*opened, _item.row < first - _LOOKED_BACK).scalar_subquery()
    since = func.coalesce(before, first - _LOOKED_BACK)
    columns = _item.id, _item.kind, _item.body, _item.wall_time, _item.state
    for row in connection.execute(select(*columns).where(_item.row >= since).order_by(_item.row)):
        try:
            body = decode_body(row.kind, row.body)
        except BodyUnreadable:
            continue
        if isinstance(body, AuditBody) and body.event == "business-day-opened":
            day = str(body.detail.get("date"))
        elif isinstance(body, QueueBody | TicketBody):
            yield row, day, body


def _unknown_to_central(act: Act, name: str, told: _Told) -> RecalledTicket | None:
    """Return a ticket as it was before anything was told of it; None for one of which too little is known."""
    known = find_ticket(act.connection, name)
    if known is not None:
        return RecalledTicket(
            id=name, kiosk=known.kiosk, number=known.number, service=known.service, priority=known.priority,
            business_day=told.business_day, issued_at=known.issued_at, state="waiting",
        )  # fmt: skip
    if told.given is not None:
        issued_at, given = told.given
        return RecalledTicket(
            id=name, kiosk=told.kiosk, number=given.number, service=given.service, business_day=told.business_day,
            issued_at=issued_at, state="waiting",
        )  # fmt: skip
    at, first = told.events[0]
    # Its kiosk tells of the service within seconds; until then it is one of those of its letter.
    of_letter = (one.code for one in act.centre.services.values() if first.number and one.queue == first.number[0])
    service = next(of_letter, None)
    if first.number is None or service is None or not told.business_day:
        return None
    return RecalledTicket(
        id=name, kiosk=told.kiosk, number=first.number, service=service, business_day=told.business_day, issued_at=at,
        state="waiting",
    )  # fmt: skip


def _as_told(ticket: RecalledTicket, told: _Told) -> RecalledTicket:
    days = None if ticket.first_day is None or ticket.last_day is None else (ticket.first_day, ticket.last_day)
    known = Progress(called_at=ticket.called_at, end=ticket.end, counter=ticket.counter, days=days)
    is_whole = bool(told.events) and told.events[0][1].event == CALLED
    progress = progress_by(told.events, NOTHING_YET if is_whole else known)
    first_day, last_day = progress.days if progress.end == CARRIED and progress.days is not None else (None, None)
    return replace(
        ticket,
        state="ended" if progress.end is not None else "waiting" if progress.called_at is None else "called",
        end=progress.end,
        counter=progress.counter,
        called_at=progress.called_at,
        first_day=first_day,
        last_day=last_day,
    )

"""Who was called today and which hub led last, for a hub that begins: read from what the centre's hubs sent."""

from collections.abc import Collection
from datetime import timedelta
from itertools import batched, groupby
from typing import Any, Final

import msgspec
from sqlalchemy import Row, exists, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from central.base import clock
from central.base.database.transactions import reading
from central.base.tables.claimed import claims
from central.base.tables.enrolled import kiosks
from central.base.tables.received import waiting_lists
from central.base.tables.visited import queue_events, tickets
from central.insight.visits import projection
from central.insight.visits.visit import Progress, progress_of
from common.protocol.queue.call import WaitingList
from common.protocol.queue.claim import TicketClaim, digits_of, token_digest
from common.protocol.queue.event import CARRIED
from common.protocol.queue.recall import MAX_RECALLED, QueueRecall, RecalledTicket

LOOKED_BACK: Final = timedelta(days=1)
# Who was carried over counts on three days of work: the longest feasts lie between them at most.
CARRIED_LOOKED_BACK: Final = timedelta(days=30)
_AT_A_TIME: Final = 500


async def recall(engine: AsyncEngine, centre: str) -> QueueRecall:
    """Return what became of the tickets of a centre since yesterday, as far as its hubs have told, and who led last.

    Of earlier ones those that were carried over and still count.
    """
    await projection.catch_up(engine)
    today = clock.business_date(clock.now()).isoformat()
    since = clock.business_date(clock.now() - LOOKED_BACK).isoformat()
    oldest = clock.business_date(clock.now() - CARRIED_LOOKED_BACK).isoformat()
    events, day = queue_events.alias(), tickets.c.business_day
    of_ticket = events.c.kiosk == tickets.c.kiosk, events.c.ticket == tickets.c.ticket
    is_carried = exists().where(*of_ticket, events.c.body.contains(f'"{CARRIED}"', autoescape=True))
    wanted = (
        select(tickets, kiosks.c.role, *(queue_events.c[name] for name in ("hub", "epoch", "seq", "at", "body")))
        .join(kiosks, kiosks.c.id == tickets.c.kiosk)
        .join(
            queue_events,
            (queue_events.c.kiosk == tickets.c.kiosk) & (queue_events.c.ticket == tickets.c.ticket),
            isouter=True,
        )
        .where(kiosks.c.centre == centre, (day >= since) | ((day >= oldest) & is_carried))
        .order_by(tickets.c.issued_at, tickets.c.kiosk, tickets.c.ticket)
    )
    async with reading(engine) as connection:
        rows = (await connection.execute(wanted)).all()
        led = await _led_last(connection, centre)
        promised = await _promised(connection, centre, {row.claim for row in rows if row.claim is not None})
        used = await _claimed_between(connection, centre, oldest, today)
    visits = [(one[0], progress_of(one)) for _, of in groupby(rows, key=_ticket_of) if (one := list(of))]
    counting = [
        (ticket, progress, progress.days)
        for ticket, progress in visits
        if progress.end == CARRIED and progress.days is not None and progress.days[1] >= today
    ]
    carried = [
        _carried(ticket, progress, days) for ticket, progress, days in counting if used.isdisjoint(_names(ticket))
    ]
    of_earlier = {name: TicketClaim(CARRIED, id=one.ticket) for one, _, _ in counting for name in _names(one)}
    known = {one.id for one in carried}
    others = [
        _recalled(ticket, progress, of_earlier | promised)
        for ticket, progress in visits
        if ticket.business_day >= since and ticket.ticket not in known
    ]
    found = [one for one in others if one is not None]
    return QueueRecall([*carried, *found[max(0, len(carried) + len(found) - MAX_RECALLED) :]][:MAX_RECALLED], *led)


def _ticket_of(row: Row[Any]) -> tuple[str, str]:
    return row.kiosk, row.ticket


async def _led_last(connection: AsyncConnection, centre: str) -> tuple[int, str | None, int]:
    """Return the greatest (term, hub) that a hub in service of a centre has told of, and how long its log was."""
    lists = (
        select(waiting_lists)
        .join(kiosks, kiosks.c.id == waiting_lists.c.hub)
        .where(kiosks.c.centre == centre, kiosks.c.role == "hub", kiosks.c.revoked_at.is_(None))
    )
    said = [(row.hub, msgspec.json.decode(row.list, type=WaitingList)) for row in await connection.execute(lists)]
    told: list[tuple[int, str | None, int]] = [(one.term, hub, one.seq) for hub, one in said]
    return max(told, key=lambda one: (one[0], one[1] or ""), default=(0, None, 0))


async def _promised(connection: AsyncConnection, centre: str, borne: Collection[str]) -> dict[str, TicketClaim]:
    """Return the appointments and numbers from afar that tickets bear: a hub gives each its place once."""
    found: dict[str, TicketClaim] = {}
    for some in batched(sorted(borne), _AT_A_TIME, strict=False):
        query = select(claims.c.id, claims.c.kind).where(claims.c.centre == centre, claims.c.id.in_(some))
        found |= {row.id: TicketClaim(row.kind, id=row.id) for row in await connection.execute(query)}
    return found


async def _claimed_between(connection: AsyncConnection, centre: str, first: str, before: str) -> set[str]:
    """Return by which names tickets of a centre have claimed an earlier one, on the days from `first` to `before`."""
    claim, day = tickets.c.claim, tickets.c.business_day
    query = select(claim).join(kiosks, kiosks.c.id == tickets.c.kiosk)
    on_days = claim.is_not(None), ~tickets.c.is_voided, day >= first, day < before
    return set(await connection.scalars(query.where(kiosks.c.centre == centre, *on_days)))


def _names(ticket: Row[Any]) -> set[str]:
    """Return by what a later ticket may claim this one."""
    token = set() if ticket.token is None else {token_digest(ticket.token)}
    return {ticket.ticket, digits_of(ticket.ticket)} | token


def _carried(ticket: Row[Any], progress: Progress, days: tuple[str, str]) -> RecalledTicket:
    """Return a ticket that was carried over and still counts."""
    return RecalledTicket(
        id=ticket.ticket,
        kiosk=ticket.kiosk,
        number=ticket.number,
        service=ticket.service,
        priority=_priority(ticket),
        business_day=ticket.business_day,
        issued_at=ticket.issued_at,
        state="ended",
        end=CARRIED,
        counter=progress.counter,
        called_at=progress.called_at,
        first_day=days[0],
        last_day=days[1],
        token_sha256=None if ticket.token is None else token_digest(ticket.token),
    )


def _priority(ticket: Row[Any]) -> str:
    return "none" if ticket.priority == "ready-order" else str(ticket.priority)


def _recalled(ticket: Row[Any], progress: Progress, promised: dict[str, TicketClaim]) -> RecalledTicket | None:
    """Return one ticket; None for a kiosk's that nobody has called: of those the kiosk itself tells."""
    if progress.end is None and progress.called_at is None and ticket.role != "hub":
        return None
    was_called = progress.called_at is not None
    return RecalledTicket(
        id=ticket.ticket,
        kiosk=ticket.kiosk,
        number=ticket.number,
        service=ticket.service,
        priority=_priority(ticket),
        business_day=ticket.business_day,
        issued_at=ticket.issued_at,
        state="ended" if progress.end is not None else "called" if was_called else "waiting",
        end=progress.end,
        counter=progress.counter,
        called_at=progress.called_at,
        claim=promised.get(ticket.claim or ""),
    )

"""Who was called today and which hub led last, for a hub that begins: read from what the centre's hubs sent."""

from collections.abc import Collection
from datetime import timedelta
from itertools import batched, groupby
from typing import Any, Final

import msgspec
from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from central.base import clock
from central.base.database.transactions import reading
from central.base.tables.claimed import claims
from central.base.tables.enrolled import kiosks
from central.base.tables.received import waiting_lists
from central.base.tables.visited import queue_events, tickets
from central.insight.visits import projection
from central.insight.visits.visit import progress_of
from common.protocol.queue.call import WaitingList
from common.protocol.queue.claim import TicketClaim
from common.protocol.queue.recall import MAX_RECALLED, QueueRecall, RecalledTicket

LOOKED_BACK: Final = timedelta(days=1)
_AT_A_TIME: Final = 500


async def recall(engine: AsyncEngine, centre: str) -> QueueRecall:
    """Return what became of the tickets of a centre since yesterday, as far as its hubs have told, and who led last."""
    await projection.catch_up(engine)
    since = clock.business_date(clock.now() - LOOKED_BACK).isoformat()
    wanted = (
        select(tickets, kiosks.c.role, *(queue_events.c[name] for name in ("hub", "epoch", "seq", "at", "body")))
        .join(kiosks, kiosks.c.id == tickets.c.kiosk)
        .join(
            queue_events,
            (queue_events.c.kiosk == tickets.c.kiosk) & (queue_events.c.ticket == tickets.c.ticket),
            isouter=True,
        )
        .where(kiosks.c.centre == centre, tickets.c.business_day >= since)
        .order_by(tickets.c.issued_at, tickets.c.kiosk, tickets.c.ticket)
    )
    async with reading(engine) as connection:
        rows = (await connection.execute(wanted)).all()
        led = await _led_last(connection, centre)
        promised = await _promised(connection, centre, {row.claim for row in rows if row.claim is not None})
    found = [_recalled(list(of_one), promised) for _, of_one in groupby(rows, key=lambda row: (row.kiosk, row.ticket))]
    return QueueRecall([one for one in found if one is not None][-MAX_RECALLED:], *led)


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


def _recalled(rows: list[Row[Any]], promised: dict[str, TicketClaim]) -> RecalledTicket | None:
    """Return one ticket; None for a kiosk's that nobody has called: of those the kiosk itself tells."""
    ticket = rows[0]
    progress = progress_of(rows)
    if progress.end is None and progress.called_at is None and ticket.role != "hub":
        return None
    was_called = progress.called_at is not None
    return RecalledTicket(
        id=ticket.ticket,
        kiosk=ticket.kiosk,
        number=ticket.number,
        service=ticket.service,
        priority="none" if ticket.priority == "ready-order" else ticket.priority,
        business_day=ticket.business_day,
        issued_at=ticket.issued_at,
        state="ended" if progress.end is not None else "called" if was_called else "waiting",
        end=progress.end,
        counter=progress.counter,
        called_at=progress.called_at,
        claim=promised.get(ticket.claim or ""),
    )

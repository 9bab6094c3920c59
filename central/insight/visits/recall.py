"""Who was called today, who was carried over to it, what stands still or is closed, who led last: for a new hub.

Read from what the centre's hubs sent: nobody else knows of those who were carried once a hub's log is lost.
"""

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from itertools import batched, groupby
from typing import Any, Final

import msgspec
from sqlalchemy import ColumnElement, Row, exists, func, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from central.base import clock, hub_word
from central.base.database.transactions import reading
from central.base.tables.claimed import claims
from central.base.tables.enrolled import kiosks
from central.base.tables.received import waiting_lists
from central.base.tables.visited import queue_events, tickets
from central.insight.visits import projection
from central.insight.visits.telling import TOLD_IN, of_own_centre
from central.insight.visits.visit import OF_EVENT, in_order, progress_of
from central.kiosks.digit import centre_on
from common.protocol.envelope import QueueBody
from common.protocol.queue.claim import TicketClaim, digits_of, token_digest
from common.protocol.queue.event import CARRIED, DAY_CLOSED, DAY_REOPENED
from common.protocol.queue.recall import MAX_RECALLED, MAX_STOPS, QueueRecall, RecalledStop, RecalledTicket
from common.protocol.queue.service_now import INTERRUPTED, OTHER_REASON

LOOKED_BACK: Final = timedelta(days=1)
#: A service that works one day a week is waited for so long at most, also over the holidays.
CARRIED_BACK: Final = timedelta(days=60)
_AT_A_TIME: Final = 500
_stood_in = centre_on(tickets.c.kiosk, tickets.c.business_day, tickets.c.number)


async def recall(engine: AsyncEngine, centre: str, lives: Sequence[str] = ()) -> QueueRecall:
    """Return what became of the tickets of a centre since yesterday, as far as its hubs have told, and who led last.

    Of earlier days those who were carried over, and may come with that paper today or later. Of `lives` of its hubs up
    to where their facts are here.
    """
    await projection.catch_up(engine)
    today = clock.business_date(clock.now())
    since = (today - LOOKED_BACK).isoformat()
    async with reading(engine) as connection:
        rows = await _rows(connection, centre, _was_carried((today - CARRIED_BACK).isoformat(), since))
        rows += await _rows(connection, centre, tickets.c.business_day >= since)
        led = await _led_last(connection, centre)
        promised = await _promised(connection, centre, {row.claim for row in rows if row.claim is not None})
        told = [_recalled(list(of_one), promised) for _, of_one in groupby(rows, lambda row: (row.kiosk, row.ticket))]
        found = [one for one in told if one is not None and _counts(one, today, since)]
        gone = await _claimed_before(connection, centre, found, today)
        stops = await _stand_still(connection, centre)
        held = await _held(connection, centre, lives)
        closed = await _closed_early(connection, centre, today - LOOKED_BACK)
    kept = [one for one in found if one.id not in gone][-MAX_RECALLED:]
    return QueueRecall(kept, *led, stops[:MAX_STOPS], held, closed)


async def _held(connection: AsyncConnection, centre: str, lives: Sequence[str]) -> dict[str, int]:
    """Return the newest fact of each life that a hub of a centre has told of, 0 where there is none.

    Facts come in their order, whether their author tells them or another hands them on, so all before it are here.
    """
    events = queue_events.c
    query = select(events.life, func.max(events.log_seq).label("held")).join(kiosks, kiosks.c.id == events.author)
    query = query.where(kiosks.c.centre == centre, events.life.in_(lives)).group_by(events.life)
    return dict.fromkeys(lives, 0) | {row.life: row.held for row in await connection.execute(query)}


async def _closed_early(connection: AsyncConnection, centre: str, since: date) -> str | None:
    """Return which day a hub of a centre has closed last before its time, None where that day goes on."""
    events = queue_events.c
    query = select(queue_events).join(kiosks, kiosks.c.id == events.hub).where(kiosks.c.centre == centre)
    query = query.where(events.ticket.is_(None), events.at >= since.isoformat())
    told = in_order((await connection.execute(query.where(events.event.in_((DAY_CLOSED, DAY_REOPENED))))).all())
    if not told or told[-1].event == DAY_REOPENED:
        return None
    return msgspec.json.decode(told[-1].body, type=QueueBody).day


async def _stand_still(connection: AsyncConnection, centre: str) -> list[RecalledStop]:
    """Return which services of a centre its hubs have said stand still, and not that they work again."""
    told = (
        select(queue_events)
        .join(kiosks, kiosks.c.id == queue_events.c.hub)
        .where(kiosks.c.centre == centre, queue_events.c.service.is_not(None))
    )
    found: dict[str, RecalledStop] = {}
    for row in in_order((await connection.execute(told)).all()):
        body = msgspec.json.decode(row.body, type=QueueBody)
        found.pop(row.service, None)
        if body.event == INTERRUPTED:
            found[row.service] = RecalledStop(row.service, body.reason or OTHER_REASON, row.at, body.clerk)
    return [*found.values()]


async def _rows(connection: AsyncConnection, centre: str, wanted: ColumnElement[bool]) -> list[Row[Any]]:
    """Return tickets of a centre in the order of issue, each with its events."""
    query = (
        select(tickets, kiosks.c.role, *(queue_events.c[name] for name in OF_EVENT))
        .add_columns(TOLD_IN.label("told_in"), _stood_in.label("centre"))
        .join(kiosks, kiosks.c.id == tickets.c.kiosk)
        .join(
            queue_events,
            (queue_events.c.kiosk == tickets.c.kiosk) & (queue_events.c.ticket == tickets.c.ticket),
            isouter=True,
        )
        .where(_stood_in == centre, wanted)
        .order_by(tickets.c.issued_at, tickets.c.kiosk, tickets.c.ticket)
    )
    return list((await connection.execute(query)).all())


def _was_carried(first: str, before: str) -> ColumnElement[bool]:
    """Return the condition of a ticket from some business days that a hub has said was carried over."""
    said = queue_events.alias()
    own = said.c.kiosk == tickets.c.kiosk, said.c.ticket == tickets.c.ticket
    of_days = (tickets.c.business_day >= first) & (tickets.c.business_day < before)
    return of_days & exists().where(*own, said.c.event == CARRIED)


def _counts(one: RecalledTicket, today: date, since: str) -> bool:
    """Return whether a ticket is of these days, or was carried over and still counts."""
    if one.business_day >= since:
        return True
    return one.end == CARRIED and one.last_day is not None and one.last_day >= today.isoformat()


async def _claimed_before(
    connection: AsyncConnection, centre: str, found: Sequence[RecalledTicket], today: date
) -> set[str]:
    """Return the carried ones whose place somebody had on an earlier day; the paper's second ticket has none."""
    carried = [one for one in found if one.first_day is not None]
    tokens = {one.token_sha256: one for one in carried if one.token_sha256 is not None}
    gone: set[str] = set()
    for column, names in (
        (tickets.c.carried, {one.id: one for one in carried}),
        (tickets.c.digits, {digits_of(one.id): one for one in carried}),
        (tickets.c.carried_token, tokens),
    ):
        for some in batched(sorted(names), _AT_A_TIME, strict=False):
            query = (
                select(column.label("name"), tickets.c.service, tickets.c.business_day)
                .join(kiosks, kiosks.c.id == tickets.c.kiosk)
                .where(_stood_in == centre, column.in_(some), ~tickets.c.is_voided)
                .where(tickets.c.business_day < today.isoformat())
            )
            for row in await connection.execute(query):
                one = names[row.name]
                if row.service == one.service and row.business_day >= (one.first_day or ""):
                    gone.add(one.id)
    return gone


async def _led_last(connection: AsyncConnection, centre: str) -> tuple[int, str | None, int]:
    """Return the greatest (term, hub) that a hub in service of a centre has told of, and how long its log was."""
    lists = (
        select(waiting_lists)
        .join(kiosks, kiosks.c.id == waiting_lists.c.hub)
        .where(kiosks.c.centre == centre, kiosks.c.role == "hub", kiosks.c.revoked_at.is_(None))
    )
    said = [(row.hub, hub_word.read(row.list)) for row in await connection.execute(lists)]
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
    progress = progress_of(of_own_centre(rows, ticket.centre))
    if progress.end is None and progress.called_at is None and ticket.role != "hub":
        return None
    was_called = progress.called_at is not None
    first_day, last_day = progress.days if progress.end == CARRIED and progress.days is not None else (None, None)
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
        claim=_given_for(ticket, promised),
        first_day=first_day,
        last_day=last_day,
        token_sha256=None if first_day is None or ticket.token is None else token_digest(ticket.token),
    )


def _given_for(ticket: Row[Any], promised: dict[str, TicketClaim]) -> TicketClaim | None:
    """Return the claim of a ticket's item: what central promised, or what named a paper of an earlier day."""
    if ticket.claim is not None:
        return promised.get(ticket.claim)
    if ticket.carried is None and ticket.carried_token is None and ticket.digits is None:
        return None
    return TicketClaim("carried", id=ticket.carried, token_sha256=ticket.carried_token, digits=ticket.digits)

"""Who asked on the page of his ticket, through the app, to be told: that his turn is near, and that it works again."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
from sqlalchemy import ColumnElement, Row, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.database.rows import insert_new
from central.base.tables.enrolled import kiosks
from central.base.tables.messages import messages, watches
from central.base.tables.received import waiting_lists
from central.base.tables.visited import tickets
from central.intake.receiving import apart
from central.intake.receiving.finding import Finding
from central.kiosks.digit import centre_on
from central.messages import outbox
from central.messages.contacts import DIGITS
from central.messages.texts import Said
from common.messages import outbox as outbox_rule
from common.messages.kind import NEAR_BEFORE
from common.protocol.queue.call import WaitingList

WATCHED_FOR: Final = timedelta(hours=24)
FRESH: Final = timedelta(seconds=60)
"""An older list is no present one: nobody is sent for by it."""


_stood_in = centre_on(tickets.c.kiosk, tickets.c.business_day, tickets.c.number)


async def ask(connection: AsyncConnection, ticket: Row[Any]) -> str | None:
    """Watch a ticket, as `insight.public.status.ticket_of` found it; return the watch, the same where it is on already.

    None where it is over: somebody touched *stop* on the ticket's page, or was told.
    """
    row = {"id": str(uuid.uuid4()), "kiosk": ticket.kiosk, "ticket": ticket.ticket}
    row |= {"asked_at": clock.as_text(clock.now()), "ended_at": None, "interrupted_at": None}
    await insert_new(connection, watches, [row])
    return await is_on(connection, ticket)


async def is_on(connection: AsyncConnection, ticket: Row[Any]) -> str | None:
    """Return the watch of a ticket of which somebody is to be told still, None where there is none."""
    query = select(watches.c.id).where(_own(ticket), watches.c.ended_at.is_(None))
    return await connection.scalar(query)


async def stop(connection: AsyncConnection, ticket: Row[Any]) -> bool:
    """Tell nobody of a ticket any more, what waits already included; False where nobody was to be told."""
    watch = await connection.scalar(select(watches.c.id).where(_own(ticket)))
    ended = update(watches).where(watches.c.id == watch, watches.c.ended_at.is_(None))
    was_on = (await connection.execute(ended.values(ended_at=clock.as_text(clock.now())))).rowcount == 1
    # Ended it may be for he is to be told: what he then asks not to hear may wait still.
    waiting = messages.c.subject == "watch", messages.c.about == watch, messages.c.state == "waiting"
    dropped = (await connection.execute(update(messages).where(*waiting).values(state="dropped"))).rowcount
    return was_on or dropped > 0


async def look(connection: AsyncConnection, now: datetime) -> None:
    """Put in what the live lists of the hubs say is due for those who asked."""
    since = clock.as_text(now - WATCHED_FOR)
    asked = await _asked(connection, watches.c.ended_at.is_(None), watches.c.asked_at > since)
    lists = await _fresh_lists(connection, {row.centre for row in asked}, now)
    for row in asked:
        if (said := lists.get(row.centre)) is None:
            continue
        try:
            async with connection.begin_nested():
                await _judge(connection, row, said, now)
        except Exception as error:  # noqa: BLE001 - one watch keeps no other's word
            await apart.set_apart(connection, Finding(apart.MESSAGE, f"watch {row.id}"), row.centre, error)


async def take_back(connection: AsyncConnection, message: Row[Any], now: datetime) -> bool:
    """Drop a word that a turn is near which nobody has claimed, while its service stands still.

    Its owner is told that it works again, and is called near then. False where nothing was dropped.
    """
    asked = await _asked(connection, watches.c.id == message.about)
    lists = await _fresh_lists(connection, {row.centre for row in asked}, now)
    stopped = [row for row in asked if row.centre in lists and _state(row, lists[row.centre]) == "interrupted"]
    if not stopped or (await connection.execute(outbox_rule.drop(messages, message.id, now))).rowcount == 0:
        return False
    # It gives its place to the next of its kind.
    await connection.execute(update(messages).where(messages.c.id == message.id).values(event=message.id))
    await _note(connection, stopped[0], ended_at=None, interrupted_at=clock.as_text(now))
    return True


async def _asked(connection: AsyncConnection, *which: ColumnElement[bool]) -> Sequence[Row[Any]]:
    """Return watches with number, service and centre of their tickets."""
    query = (
        select(watches, tickets.c.number, tickets.c.service, _stood_in.label("centre"))
        .join(tickets, (tickets.c.kiosk == watches.c.kiosk) & (tickets.c.ticket == watches.c.ticket))
        .join(kiosks, kiosks.c.id == watches.c.kiosk)
        .where(*which)
    )
    return (await connection.execute(query)).all()


def _state(row: Row[Any], said: WaitingList) -> str:
    services = () if said.now is None else said.now.services
    return next((one.state for one in services if one.service == row.service), "unknown")


async def _judge(connection: AsyncConnection, row: Row[Any], said: WaitingList, now: datetime) -> None:
    own = next((one for one in said.tickets if one.id == row.ticket), None)
    if own is None:
        return
    state = _state(row, said)
    if state == "interrupted":
        if row.interrupted_at is None:
            await _note(connection, row, interrupted_at=clock.as_text(now))
        return
    if row.interrupted_at is not None and state == "working":
        await outbox.put(connection, _wish(row, "works-again", row.interrupted_at))
        await _note(connection, row, interrupted_at=None)
    if own.before <= NEAR_BEFORE:
        await outbox.put(connection, _wish(row, "near", ""))
        await _note(connection, row, ended_at=clock.as_text(now))


def _wish(row: Row[Any], kind: Any, event: str) -> outbox.Wish:
    said = Said(ends=row.number[-DIGITS:])
    return outbox.Wish(kind=kind, subject="watch", about=row.id, event=event, centre=row.centre, said=said)


async def _note(connection: AsyncConnection, row: Row[Any], **values: str | None) -> None:
    await connection.execute(update(watches).where(watches.c.id == row.id).values(values))


async def _fresh_lists(connection: AsyncConnection, centres: Iterable[str], now: datetime) -> Mapping[str, WaitingList]:
    """Return the newest word of each centre's leading hub that is a present one."""
    query = (
        select(kiosks.c.centre, waiting_lists.c.list)
        .join(kiosks, kiosks.c.id == waiting_lists.c.hub)
        .where(kiosks.c.centre.in_(sorted(centres)), kiosks.c.revoked_at.is_(None))
        .where(waiting_lists.c.at > clock.as_text(now - FRESH))
    )
    found: dict[str, WaitingList] = {}
    for row in await connection.execute(query):
        try:
            said = msgspec.json.decode(row.list, type=WaitingList)
        except msgspec.ValidationError:
            continue  # of a hub of another version; the next word takes its place
        former = found.get(row.centre)
        if former is None or (said.term, said.at) > (former.term, former.at):
            found[row.centre] = said
    return found


def _own(ticket: Row[Any]) -> Any:
    return (watches.c.kiosk == ticket.kiosk) & (watches.c.ticket == ticket.ticket)

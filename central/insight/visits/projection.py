"""Tickets and queue events, taken out of the inbox into tables of their own, where a day or a token finds them.

Each row stands for one item and is written once, so that reading an item again changes nothing.
"""

import asyncio
import base64
import time
from collections.abc import Awaitable, Callable, Sequence
from itertools import batched
from typing import Any, Final

import msgspec
import structlog
from sqlalchemy import Row, and_, delete, exists, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from central.base.database.rows import insert_new
from central.base.database.transactions import READING_LOCK, lock
from central.base.tables.enrolled import kiosks
from central.base.tables.received import GONE, inbox
from central.base.tables.visited import queue_events, tickets
from central.insight.visits import changed_days
from central.insight.visits.reading import Reading, is_gone
from central.insight.visits.telling import TOLD_IN
from central.intake.receiving import finding
from central.intake.receiving.finding import Finding
from central.kiosks.digit import centre_on
from common.protocol.envelope import AuditBody, QueueBody, TicketBody
from common.protocol.queue.claim import TicketClaim
from common.protocol.queue.event import GIVEN, VOIDED
from common.protocol.queue.service_now import INTERRUPTED, RESUMED

NAME: Final = "visits"
KINDS: Final = ("ticket", "queue", "audit")
TAKEN_BACK: Final = "ticket-voided"
"""The audit event by which a kiosk says that it took a number back: without a hub nobody else would tell."""
EVERY_S: Final = 1.0
#: The item that an event was read out of.
ITEM_OF_EVENT: Final = and_(
    inbox.c.kiosk == queue_events.c.hub, inbox.c.epoch == queue_events.c.epoch, inbox.c.seq == queue_events.c.seq
)
_UNNAMED: Final = {"author": None, "life": None, "log_seq": None}
#: A statement names each of them by two values.
_ASKED_AT_ONCE: Final = 1000

log = structlog.get_logger()


async def catch_up(engine: AsyncEngine, stopping: asyncio.Event | None = None) -> None:
    """Read what the inbox has got since the last time, or until `stopping`."""
    await _READING.catch_up(engine, stopping)


async def rebuild(engine: AsyncEngine) -> None:
    """Forget what was read and read the whole inbox again; the result is the same.

    What was read of items whose content is gone stays.
    """
    async with engine.begin() as connection:
        await lock(connection, READING_LOCK)
        of_ticket = inbox.c.kiosk == tickets.c.kiosk, inbox.c.id == tickets.c.ticket
        events = queue_events.c
        of_gift = ITEM_OF_EVENT, events.kiosk == tickets.c.kiosk, events.ticket == tickets.c.ticket
        is_gift_gone = is_gone(*of_gift, events.event == GIVEN)
        await connection.execute(delete(tickets).where(~is_gone(*of_ticket), ~is_gift_gone))
        await connection.execute(delete(queue_events).where(~is_gone(ITEM_OF_EVENT)))
        await _READING.forget(connection)
    await catch_up(engine)


async def _take(connection: AsyncConnection, rows: Sequence[Row[Any]]) -> None:
    told = await _named_in_own_centre(connection, [_event_row(row) for row in rows if row.kind == "queue"])
    given = [_ticket_row(row) for row in rows if row.kind == "ticket"]
    given += [handed_on for one in told if (handed_on := _given_row(one)) is not None]
    given = await _with_own_tokens(connection, given)
    if given and await insert_new(connection, tickets, given):
        await changed_days.note(connection, {(one["kiosk"], one["business_day"]) for one in given})
    told += [taken_back for row in rows if row.kind == "audit" and (taken_back := _taken_back_row(row)) is not None]
    if told and await insert_new(connection, queue_events, told):
        await changed_days.note(connection, await _days_of(connection, told))
    await mark_voided(connection, sorted({(one["kiosk"], one["ticket"]) for one in (*given, *told) if one["ticket"]}))


async def _named_in_own_centre(connection: AsyncConnection, told: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Leave a fact's name to a hub of its author's centre: no other may take the place of what that one tells."""
    handed_on = {(one["hub"], one["author"]) for one in told if one["author"] not in (None, one["hub"])}
    if not handed_on:
        return told
    named = select(kiosks.c.id, kiosks.c.centre).where(kiosks.c.id.in_({name for pair in handed_on for name in pair}))
    centre = {row.id: row.centre for row in await connection.execute(named)}
    strange = {pair for pair in handed_on if centre.get(pair[0]) != centre.get(pair[1])}
    return [one | _UNNAMED if (one["hub"], one["author"]) in strange else one for one in told]


async def _with_own_tokens(connection: AsyncConnection, given: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Leave a token with the first ticket that bore it: it is random, so that a second one was copied off a paper.

    The paper's owner keeps his page; the later ticket has none.
    """
    holders = dict[str, tuple[str, str]]()
    for some in batched(sorted({one["token"] for one in given if one["token"]}), _ASKED_AT_ONCE, strict=False):
        query = select(tickets.c.token, tickets.c.kiosk, tickets.c.ticket).where(tickets.c.token.in_(some))
        holders |= {row.token: (row.kiosk, row.ticket) for row in await connection.execute(query)}
    made = []
    for one in given:
        own = one["kiosk"], one["ticket"]
        if one["token"] and holders.setdefault(one["token"], own) != own:
            log.warning("token-of-another-ticket", kiosk=one["kiosk"], item=one["ticket"])
            await finding.note(connection, one["kiosk"], [Finding("token-of-another-ticket", one["ticket"])])
            one = one | {"token": None}  # noqa: PLW2901 - the row as it is kept
        made.append(one)
    return made


async def mark_voided(connection: AsyncConnection, names: Sequence[tuple[str, str]]) -> None:
    """Mark those of some tickets that were taken back, whichever came first: nobody comes with them."""
    told = (queue_events.c.kiosk == tickets.c.kiosk) & (queue_events.c.ticket == tickets.c.ticket)
    stood_in = centre_on(tickets.c.kiosk, tickets.c.business_day, tickets.c.number)
    is_told_there = or_(queue_events.c.hub == queue_events.c.kiosk, stood_in == TOLD_IN)
    own = queue_events.join(kiosks, kiosks.c.id == queue_events.c.kiosk)
    is_over = exists().select_from(own).where(told, queue_events.c.event == VOIDED, is_told_there)
    for some in batched(names, _ASKED_AT_ONCE, strict=False):
        wanted = tuple_(tickets.c.kiosk, tickets.c.ticket).in_(some), ~tickets.c.is_voided, is_over
        await connection.execute(update(tickets).where(*wanted).values(is_voided=True))


async def was_burnt(connection: AsyncConnection, kiosk: str, ticket: str) -> bool:
    """Return whether a ticket's own item says that its number was burnt unseen; False where its body is gone."""
    own = inbox.c.kiosk == kiosk, inbox.c.id == ticket, inbox.c.kind == "ticket", inbox.c.result == "applied"
    body = await connection.scalar(select(inbox.c.body).where(*own, inbox.c.body != GONE))
    return body is not None and msgspec.json.decode(base64.b64decode(body), type=TicketBody).voided


async def _days_of(connection: AsyncConnection, events: Sequence[dict[str, Any]]) -> set[changed_days.OfMachine]:
    """The business days of the tickets that events are about; one that is not here yet brings its own day."""
    about = sorted({(one["kiosk"], one["ticket"]) for one in events if one["ticket"] is not None})
    days = set[changed_days.OfMachine]()
    for some in batched(about, _ASKED_AT_ONCE, strict=False):
        query = select(tickets.c.kiosk, tickets.c.business_day).where(
            tuple_(tickets.c.kiosk, tickets.c.ticket).in_(some)
        )
        days |= {(row.kiosk, row.business_day) for row in await connection.execute(query.distinct())}
    return days


def _ticket_row(row: Row[Any]) -> dict[str, Any]:
    body = msgspec.json.decode(base64.b64decode(row.body), type=TicketBody)
    return _row_of_ticket(row.kiosk, row.id, row.wall_time, body)


def _given_row(event: dict[str, Any]) -> dict[str, Any] | None:
    """Return the ticket that a hub gave by hand, and another of its centre has handed on; None for all else."""
    if event["author"] in (None, event["hub"]) or event["event"] != GIVEN:
        return None
    body = msgspec.json.decode(event["body"], type=QueueBody)
    if body.given is None or event["ticket"] is None or event["kiosk"] != event["author"]:
        return None
    return _row_of_ticket(event["kiosk"], event["ticket"], event["at"], body.given)


def _row_of_ticket(kiosk: str, ticket: str, issued_at: str, body: TicketBody) -> dict[str, Any]:
    return {
        "kiosk": kiosk,
        "ticket": ticket,
        "number": body.number,
        "service": body.service,
        "business_day": body.business_day,
        "priority": "ready-order" if body.order_id is not None else body.priority,
        "is_voided": body.voided,
        "issued_at": issued_at,
        "token": body.token,
    } | _given_for(body.claim)


def _given_for(claim: TicketClaim | None) -> dict[str, str | None]:
    """Return the columns that say what a ticket was given for."""
    if claim is None:
        return dict.fromkeys(("claim", "carried", "carried_token", "digits"))
    own = {"claim": None, "carried": claim.id} if claim.kind == "carried" else {"claim": claim.id, "carried": None}
    return own | {"carried_token": claim.token_sha256, "digits": claim.digits}


def _event_row(row: Row[Any]) -> dict[str, Any]:
    raw = base64.b64decode(row.body)
    return _row_of_event(row, msgspec.json.decode(raw, type=QueueBody), raw)


def _taken_back_row(row: Row[Any]) -> dict[str, Any] | None:
    """Return the end of a visit that a kiosk tells by itself, None for any other audit."""
    try:
        audit = msgspec.json.decode(base64.b64decode(row.body), type=AuditBody)
        if audit.event != TAKEN_BACK:
            return None
        said = {"event": VOIDED, "kiosk": row.kiosk, "ticket": audit.detail.get("ticket")}
        body = msgspec.convert(said, QueueBody)
    except msgspec.ValidationError:  # an audit is kept whatever it says
        return None
    return _row_of_event(row, body, msgspec.json.encode(body))


def _row_of_event(row: Row[Any], body: QueueBody, raw: bytes) -> dict[str, Any]:
    fact = body.fact
    named = _UNNAMED if fact is None else {"author": fact.hub, "life": fact.life, "log_seq": fact.seq}
    return named | {
        "hub": row.kiosk,
        "epoch": row.epoch,
        "seq": row.seq,
        "kiosk": body.kiosk,
        "ticket": body.ticket,
        "at": row.wall_time if fact is None or fact.hub == row.kiosk else fact.at or row.wall_time,
        "event": body.event,
        "body": raw.decode(),
        "service": body.service if body.event in (INTERRUPTED, RESUMED) else None,
    }


_READING: Final = Reading(NAME, select(inbox).where(inbox.c.kind.in_(KINDS), inbox.c.body != GONE), _take)


class Reader:
    """Keeps the tables close behind the inbox for pages that many look at: at most one reading a second a process."""

    def __init__(self, read: Callable[[AsyncEngine], Awaitable[None]] = catch_up) -> None:
        """Begin with nothing read; `read` reads visits, and what else the pages need."""
        self._read = read
        self._lock = asyncio.Lock()
        self._read_at = -EVERY_S

    async def catch_up(self, engine: AsyncEngine) -> None:
        """Read what is new unless somebody has done so within the last second."""
        async with self._lock:
            now = time.monotonic()
            if now - self._read_at >= EVERY_S:
                await self._read(engine)
                self._read_at = now

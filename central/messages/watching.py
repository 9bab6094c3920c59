"""Who asked on the page of his ticket, through the app, to be told: that his turn is near, and that it works again."""

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
from sqlalchemy import ColumnElement, Row, exists, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.database.rows import insert_new
from central.base.tables.enrolled import kiosks
from central.base.tables.messages import told, watches
from central.base.tables.received import waiting_lists
from central.base.tables.visited import tickets
from central.intake.receiving import apart
from central.kiosks.digit import centre_on
from central.levels.level import Level
from central.messages.texts import DIGITS, Said
from common.messages.kind import NEAR_BEFORE, RULES, Kind
from common.protocol.queue.call import WaitingList

WATCHED_FOR: Final = timedelta(hours=24)
FRESH: Final = timedelta(seconds=60)
"""An older list is no present one: nobody is sent for by it."""
_UNTOLD: Final = ("waiting", "dropped")


_stood_in = centre_on(tickets.c.kiosk, tickets.c.business_day, tickets.c.number)
_was_told = (
    exists()
    .where(told.c.kind == "near", told.c.subject == "watch", told.c.about == watches.c.id)
    .where(told.c.state.not_in(_UNTOLD))
)


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
    return await connection.scalar(select(watches.c.id).where(_own(ticket), watches.c.ended_at.is_(None), ~_was_told))


async def stop(connection: AsyncConnection, ticket: Row[Any]) -> bool:
    """Tell nobody of a ticket any more; False where somebody had stopped it."""
    ended = update(watches).where(_own(ticket), watches.c.ended_at.is_(None))
    return (await connection.execute(ended.values(ended_at=clock.as_text(clock.now())))).rowcount == 1


@dataclass(frozen=True)
class OfWatch:
    """One of both words to somebody who waits, by the newest list of his centre; without one nobody knows."""

    name: Kind
    subject: Final = "watch"
    stuck: Final[str] = apart.MESSAGE
    newest_alone: Final = False

    async def changed(self, connection: AsyncConnection, now: datetime, waiting: Collection[str]) -> Collection[str]:
        """Return the watches that are on, and those of which it waits; note what stands still for whom."""
        since = clock.as_text(now - WATCHED_FOR)
        asked = await _asked(connection, watches.c.ended_at.is_(None), watches.c.asked_at > since)
        lists = await _fresh_lists(connection, {row.centre for row in asked}, now)
        for row in asked:
            said = lists.get(row.centre)
            if said is None or row.was_told or _state(row, said) != "interrupted":
                continue
            since_then = _stands_since(row, said) or row.interrupted_at or clock.as_text(now)
            if since_then != row.interrupted_at:
                own = update(watches).where(watches.c.id == row.id)
                await connection.execute(own.values(interrupted_at=since_then))
        return list(dict.fromkeys([*waiting, *(row.id for row in asked)]))

    async def levels(
        self, connection: AsyncConnection, now: datetime, about: Collection[str]
    ) -> Mapping[str, Level | None]:
        """Return what each should know who watches a ticket."""
        asked = await _asked(connection, watches.c.id.in_(about))
        lists = await _fresh_lists(connection, {row.centre for row in asked}, now)
        found: dict[str, Level | None] = {}
        for row in asked:
            said = lists.get(row.centre)
            if row.ended_at is not None or row.asked_at <= clock.as_text(now - WATCHED_FOR):
                found[row.id] = None
            elif said is not None and (self.name == "near" or _state(row, said) != "unknown"):
                found[row.id] = self._level(row, said, now)
        return found

    def _level(self, row: Row[Any], said: WaitingList, now: datetime) -> Level | None:
        before = next((one.before for one in said.tickets if one.id == row.ticket), None)
        is_near = before is not None and before <= NEAR_BEFORE and _state(row, said) != "interrupted"
        works = before is not None and _state(row, said) == "working" and row.interrupted_at is not None
        if not (is_near if self.name == "near" else works):
            return None
        life = RULES[self.name].life or timedelta()
        # When it became so is not kept: it may be as long ago as it is of use.
        since = max(now - life, datetime.fromisoformat(row.asked_at))
        what = "" if self.name == "near" else row.interrupted_at
        ends = Said(ends=row.number[-DIGITS:])
        return Level(about=row.id, what=what, since=since, ends=now + life, centre=row.centre, said=ends)


async def _asked(connection: AsyncConnection, *which: ColumnElement[bool]) -> Sequence[Row[Any]]:
    """Return watches with number, service and centre of their tickets."""
    query = (
        select(watches, tickets.c.number, tickets.c.service)
        .add_columns(_stood_in.label("centre"), _was_told.label("was_told"))
        .join(tickets, (tickets.c.kiosk == watches.c.kiosk) & (tickets.c.ticket == watches.c.ticket))
        .join(kiosks, kiosks.c.id == watches.c.kiosk)
        .where(*which)
    )
    return (await connection.execute(query)).all()


def _state(row: Row[Any], said: WaitingList) -> str:
    services = () if said.now is None else said.now.services
    return next((one.state for one in services if one.service == row.service), "unknown")


def _stands_since(row: Row[Any], said: WaitingList) -> str | None:
    services = () if said.now is None else said.now.services
    return next((one.since for one in services if one.service == row.service), None)


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

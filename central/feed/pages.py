"""What a reader of the feed is told: news after its cursor, or a snapshot of all that holds, a page at a time."""

from dataclasses import dataclass, replace
from datetime import timedelta
from importlib.metadata import version as version_of
from typing import Any, Final

import msgspec
from sqlalchemy import ColumnElement, FromClause, Row, Select, and_, exists, func, or_, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.tables.received import health
from central.base.tables.told import feed
from central.feed import epoch as feed_epoch
from central.feed.cursor import NOTHING_HEARD, Cursor
from common.protocol.feed_message import FIRST_VERSION, FOR_HUBS, FOR_HUBS_ONLY, unknown_to
from common.protocol.feed_page import FeedMessage, FeedPage

PAGE_MESSAGES: Final = 500
# Half a minute of a line of 9,600 bit/s: no page keeps what waits for delivery longer.
PAGE_CHARACTERS: Final = 32 * 1024
# An order that was collected that long ago is of no use to a kiosk any more; nor is one of which nobody has said
# anything for longer than any code is valid.
COLLECTED_KEPT: Final = timedelta(days=90)
STATE_KEPT: Final = timedelta(days=400)
OWN_VERSION: Final = version_of("homs-kiosk")


class _Report(msgspec.Struct):
    """Of a health report what is asked here."""

    version: str | None = None


async def read(
    connection: AsyncConnection, kiosk: str, centre: str, cursor: Cursor | None, *, role: str = "kiosk"
) -> FeedPage | None:
    """What `kiosk` has not heard since `cursor`, a page of it.

    A snapshot where it has none, one of a former epoch, one at a message that was deleted by rule, or one of before it
    knew a kind that it is told now.

    None where central should have that place and lacks it: it was set back to a copy.
    """
    epoch = await feed_epoch.newest(connection)
    reader = Reader(kiosk, centre, role, unknown_to(await _version(connection, kiosk), OWN_VERSION))
    if cursor is not None and cursor.epoch == epoch:
        mark = await _mark_at(connection, cursor)
        if mark is None and cursor.id < (end := await end_of(connection, epoch)).id:
            # Numbers of an epoch follow each other: that message was replaced long ago, and deleted by rule.
            return await _snapshot(connection, reader, end)
        if mark != cursor.mark:
            return None
        if cursor.kinds < reader.kinds:
            return await _snapshot(connection, reader, await end_of(connection, epoch))
        if cursor.after is not None:
            return await _snapshot(connection, reader, cursor)
        return await _news(connection, reader, cursor)
    if cursor is not None and not await feed_epoch.is_known(connection, cursor.epoch):
        return None
    return await _snapshot(connection, reader, await end_of(connection, epoch))


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads, and so which messages are for it."""

    kiosk: str
    centre: str
    role: str
    unknown: frozenset[str] = frozenset()
    """Kinds that it does not know yet."""

    @property
    def kinds(self) -> int:
        """How many of the later kinds it is told."""
        later = FIRST_VERSION.keys() - self.unknown
        return len(later & (FOR_HUBS | FOR_HUBS_ONLY) if self.role == "hub" else later - FOR_HUBS_ONLY)

    def hears(self, table: FromClause) -> ColumnElement[bool]:
        """The condition under which a message of `table` is for this reader."""
        everyone = table.c.kiosk.is_(None) & table.c.centre.is_(None)
        of_centre = table.c.kiosk.is_(None) & (table.c.centre == self.centre)
        return or_(everyone, table.c.kiosk == self.kiosk, of_centre) & self._concerns(table)

    def _concerns(self, table: FromClause) -> ColumnElement[bool]:
        if self.role == "hub":
            return table.c.kind.in_((FOR_HUBS | FOR_HUBS_ONLY) - self.unknown)
        return table.c.kind.not_in(FOR_HUBS_ONLY | self.unknown)


async def through(connection: AsyncConnection, kiosk: Row[Any]) -> int:
    """Return the newest message for a kiosk or hub: what it has not heard of is due at once.

    For a revoked one it is above all there is: it asks, and is told so.
    """
    newest = select(func.max(feed.c.id))
    if kiosk.revoked_at is not None:
        return int(await connection.scalar(newest) or 0) + 1
    # Each is the end of one index.
    audiences = (None, None), (kiosk.centre, None), (None, kiosk.id)
    of_each = [newest.where(feed.c.centre == centre, feed.c.kiosk == one) for centre, one in audiences]
    return max(number or 0 for number in await connection.scalars(union_all(*of_each)))


async def _version(connection: AsyncConnection, kiosk: str) -> str | None:
    """Return the version that a kiosk named in its last health report."""
    report = await connection.scalar(select(health.c.report).where(health.c.kiosk == kiosk))
    try:
        return None if report is None else msgspec.json.decode(report, type=_Report).version
    except msgspec.DecodeError:
        return None


async def end_of(connection: AsyncConnection, epoch: str) -> Cursor:
    """The place after the newest message."""
    row = (await connection.execute(select(feed.c.id, feed.c.mark).order_by(feed.c.id.desc()).limit(1))).one_or_none()
    return Cursor(epoch, 0, NOTHING_HEARD) if row is None else Cursor(epoch, row.id, row.mark)


async def _mark_at(connection: AsyncConnection, cursor: Cursor) -> str | None:
    if cursor.id == 0:
        return NOTHING_HEARD
    return await connection.scalar(select(feed.c.mark).where(feed.c.id == cursor.id))


async def _news(connection: AsyncConnection, reader: Reader, cursor: Cursor) -> FeedPage:
    end = await end_of(connection, cursor.epoch)
    query = select(feed).where(feed.c.id > cursor.id, feed.c.id <= end.id, reader.hears(feed)).order_by(feed.c.id)
    rows, more = await _a_page(connection, query)
    reached = Cursor(cursor.epoch, rows[-1].id, rows[-1].mark) if more else end
    messages = [_message(row) for row in rows]
    return FeedPage(messages, str(replace(reached, kinds=reader.kinds)), cursor.epoch, reached.id, more=more)


async def _snapshot(connection: AsyncConnection, reader: Reader, cursor: Cursor) -> FeedPage:
    """One part of all that holds up to `cursor.id`. What comes later meanwhile is news after the last part."""
    newer = feed.alias()
    is_replaced = exists().where(
        newer.c.kind == feed.c.kind, newer.c.key == feed.c.key, newer.c.id > feed.c.id, newer.c.id <= cursor.id,
        reader.hears(newer),
    )  # fmt: skip
    oldest, oldest_of_all = (clock.as_text(clock.now() - kept) for kept in (COLLECTED_KEPT, STATE_KEPT))
    is_collected = (feed.c.at < oldest) & feed.c.body.contains('"state":"collected"')
    is_past = and_(feed.c.kind == "order-state", is_collected | (feed.c.at < oldest_of_all))
    of_part = feed.c.id > (cursor.after or 0), feed.c.id <= cursor.id
    query = select(feed).where(*of_part, reader.hears(feed), ~is_replaced, ~is_past).order_by(feed.c.id)
    rows, more = await _a_page(connection, query)
    messages = [
        await _all_settings(connection, reader, row) if row.kind == "settings" else _message(row) for row in rows
    ]
    after = rows[-1].id if more else None
    reached = Cursor(cursor.epoch, cursor.id, cursor.mark, after, cursor.part + 1 if more else 0, reader.kinds)
    return FeedPage(messages, str(reached), cursor.epoch, cursor.id, snapshot=True, part=cursor.part, more=more)


async def _a_page(connection: AsyncConnection, query: Select[Any]) -> tuple[list[Row[Any]], bool]:
    """The first rows of a query, at least one and as many as a page holds; and whether there are more."""
    rows = (await connection.execute(query.limit(PAGE_MESSAGES + 1))).all()
    taken, room = 0, PAGE_CHARACTERS
    for row in rows[:PAGE_MESSAGES]:
        room -= len(row.body)
        if taken and room < 0:
            break
        taken += 1
    return list(rows[:taken]), taken < len(rows)


async def _all_settings(connection: AsyncConnection, reader: Reader, newest: Row[Any]) -> FeedMessage:
    # A settings message changes only the keys it names, so a snapshot has to say all of them.
    query = select(feed.c.body).where(feed.c.kind == "settings", reader.hears(feed), feed.c.id <= newest.id)
    merged: dict[str, object] = {}
    for body in await connection.scalars(query.order_by(feed.c.id)):
        merged |= msgspec.json.decode(body, type=dict[str, object])
    return FeedMessage(newest.id, "settings", msgspec.Raw(msgspec.json.encode(merged)))


def _message(row: Row[Any]) -> FeedMessage:
    return FeedMessage(row.id, row.kind, msgspec.Raw(row.body.encode()))

"""The one place where what should be known meets what was told.

A difference becomes a row that waits for its way out; one that waits and is so no more is dropped, and gives its place
free: should it be so again, it is said. What was told stays told, however often it is looked at. What may have been
said in the time that a restored copy lacks counts as told where it must not be said twice, and is said again elsewhere.
"""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import batched
from typing import Any, Final

import msgspec
from sqlalchemy import Row, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.database.rows import insert_new
from central.base.tables.messages import STAFF, SYSTEM, told
from central.feed import epoch
from central.intake.receiving import apart
from central.intake.receiving.finding import Finding
from central.levels.level import Level, LevelKind
from central.publishing.messages import rules_of
from common.messages import outbox
from common.messages.outbox import AT_MOST_ONCE

BY_HAND: Final = "by-hand/"
"""How `what` begins where an operator says something himself: he knows better than any rule."""
_AT_A_TIME: Final = 500
_SPACE: Final = uuid.UUID("2d1c1f0a-6f55-4f0e-9d0b-5f0a7f6f6b52")
_LATER: Final = dict.fromkeys(("channel", "until", "handed_at", "reference", "recipient", "cost", "number"))


async def reconcile(connection: AsyncConnection, kind: LevelKind, now: datetime) -> None:
    """Put in what is to be said of a kind, and drop what waits and is so no more; what can't be judged is set apart."""
    may_differ = (told.c.state == "waiting") | (told.c.subject == SYSTEM)
    waits = told.c.kind == kind.name, may_differ, ~told.c.what.startswith(BY_HAND)
    waiting = (await connection.scalars(select(told.c.about).where(*waits).distinct().order_by(told.c.about))).all()
    restored = await epoch.restored_at(connection)
    for some in batched(await kind.changed(connection, now, waiting), _AT_A_TIME, strict=False):
        await _try(connection, kind, some, now, restored)


async def _try(
    connection: AsyncConnection, kind: LevelKind, about: Sequence[str], now: datetime, restored: str | None
) -> None:
    try:
        async with connection.begin_nested():
            await _compare(connection, kind, about, now, restored)
    except Exception as error:  # noqa: BLE001 - one's word keeps no other's
        if len(about) == 1:
            await apart.set_apart(connection, Finding(kind.stuck, f"{kind.subject} {about[0]}"), "", error)
            return
        for one in about:
            await _try(connection, kind, (one,), now, restored)


async def _compare(
    connection: AsyncConnection, kind: LevelKind, about: Sequence[str], now: datetime, restored: str | None
) -> None:
    levels = await kind.levels(connection, now, about)
    own = told.c.kind == kind.name, told.c.subject == kind.subject, told.c.about.in_(about)
    rows = (await connection.execute(select(told).where(*own))).all()
    if kind.newest_alone:
        for row in rows:
            await _replace(connection, row, levels[row.about], now)
        there = {row.about for row in rows}
        levels, rows = {about: one for about, one in levels.items() if about not in there}, []
    for row in rows:
        if row.state == "waiting" and not _is_level(row, levels.get(row.about), is_known=row.about in levels):
            await drop(connection, row, now)
    said, ids = {(row.about, row.what) for row in rows}, {row.id for row in rows}
    new = [one for one in levels.values() if one is not None and (one.about, one.what) not in said and one.ends > now]
    made = [
        row_of(kind.name, kind.subject, one, now, restored, taken=ids)
        for one in new
        if await _is_sent(connection, kind, one)
    ]
    await insert_new(connection, told, made)


async def _is_sent(connection: AsyncConnection, kind: LevelKind, level: Level) -> bool:
    return kind.subject in (SYSTEM, STAFF) or kind.name in (await rules_of(connection, level.centre)).kinds


async def _replace(connection: AsyncConnection, row: Row[Any], level: Level | None, now: datetime) -> None:
    """Let a row say what is newest; one that was not heard waits on as long as it would have."""
    if level is not None and row.what != level.what:
        moved: dict[str, Any] = {"id": id_of(row.kind, level), "what": level.what, "made_at": clock.as_text(now)}
        if row.state != "waiting":
            moved |= {"state": "waiting", "tries": 0, "until": None}
        # What is being handed is moved as soon as that is over.
        is_free = outbox.is_free(told, now) | (told.c.tries > 0)
        await connection.execute(
            update(told).where(told.c.id == row.id, told.c.state == row.state, is_free).values(moved)
        )


async def is_so(connection: AsyncConnection, kinds: Iterable[LevelKind], row: Row[Any], now: datetime) -> bool:
    """Return whether what a row says should be known still; True where nobody knows."""
    kind = next(one for one in kinds if one.name == row.kind)
    levels = await kind.levels(connection, now, [row.about])
    return _is_level(row, levels.get(row.about), is_known=row.about in levels)


async def drop(connection: AsyncConnection, row: Row[Any], now: datetime) -> None:
    """End what waits and is so no more; said it may be again, unless it may have been said."""
    ended = outbox.drop(told, row.id, now)
    await connection.execute(ended if row.handed_at is not None else ended.values(what=row.id))


def row_of(
    kind: str, subject: str, level: Level, now: datetime, restored: str | None = None, taken: Iterable[str] = ()
) -> dict[str, Any]:
    """Return the row of what is to be said; put in again after a restore it has the id that the app knows."""
    known = id_of(kind, level)
    message = known if known not in taken else str(uuid.uuid4())
    may_be_said = restored is not None and kind in AT_MOST_ONCE and clock.as_text(level.since) < restored
    values = {"id": message, "kind": kind, "made_at": clock.as_text(now), "dies_at": clock.as_text(level.ends)}
    values |= {"state": "unknown" if may_be_said else "waiting"}
    own = {"subject": subject, "about": level.about, "what": level.what, "centre": level.centre}
    return values | own | _LATER | {"tries": 0, "sends": 0, "said": msgspec.json.encode(level.said).decode()}


def id_of(kind: str, level: Level) -> str:
    """Return the id of what is to be known: the same by every process, and after a restore."""
    return str(uuid.uuid5(_SPACE, f"{kind} {level.about} {level.what}"))


def _is_level(row: Row[Any], level: Level | None, *, is_known: bool) -> bool:
    by_hand = str(row.what).startswith(BY_HAND)
    return by_hand or not is_known or (level is not None and level.what == row.what)

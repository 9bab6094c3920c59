"""What machines did beside giving numbers, read out of the inbox: what became of papers and orders, and each boot.

An item counts on the business day on which it was made; one whose clock tells no day counts on none.
"""

import asyncio
import base64
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final

import msgspec
from sqlalchemy import Row, case, delete, exists, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from central.base import clock
from central.base.database.rows import insert_into, insert_new
from central.base.database.transactions import READING_LOCK, is_postgres, lock
from central.base.tables.enrolled import kiosks
from central.base.tables.received import inbox
from central.base.tables.visited import boots, outcomes
from central.insight.visits import changed_days
from central.insight.visits.reading import Reading, is_gone
from central.kiosks.digit import centre_on
from common.protocol.envelope import OrderBody, PrintBody

NAME: Final = "machines"
_KINDS: Final = ("order", "print")
_LOOKED_BACK: Final = timedelta(days=31)
"""What was heard before is no boot that goes on: it bears the day of a clock whose battery is dead."""
_Boot = tuple[str, str, str]


async def catch_up(engine: AsyncEngine, stopping: asyncio.Event | None = None) -> None:
    """Read what the inbox has got since the last time, or until `stopping`."""
    await _READING.catch_up(engine, stopping)


async def rebuild(engine: AsyncEngine) -> None:
    """Forget what was read and read the whole inbox again; the result is the same.

    What was read of items whose content is gone stays. Boots are told by rows that have none, too.
    """
    async with engine.begin() as connection:
        await lock(connection, READING_LOCK)
        of_item = inbox.c.kiosk == outcomes.c.kiosk, inbox.c.id == outcomes.c.item
        await connection.execute(delete(outcomes).where(~is_gone(*of_item)))
        await connection.execute(delete(boots))
        await _READING.forget(connection)
    await catch_up(engine)


async def restarts(connection: AsyncConnection, centre: str, first: str, last: str) -> int:
    """How often a centre's machines began again from one business day to another, power cuts among it.

    A boot counts where it was first heard: one that goes on from before does not, nor a machine's very first.
    """
    since = (date.fromisoformat(first) - _LOOKED_BACK).isoformat()
    of_days = boots.c.business_day.between(first, last)
    heard = (
        select(boots.c.kiosk, boots.c.boot_id, func.min(boots.c.first_at).label("first_at"))
        .join(kiosks, kiosks.c.id == boots.c.kiosk)
        .where(centre_on(boots.c.kiosk, boots.c.business_day) == centre, of_days)
        .group_by(boots.c.kiosk, boots.c.boot_id)
        .subquery()
    )
    before, other = boots.alias(), boots.alias()
    goes_on = exists().where(
        before.c.kiosk == heard.c.kiosk,
        before.c.boot_id == heard.c.boot_id,
        before.c.first_at < heard.c.first_at,
        before.c.business_day.between(since, last),
    )
    is_again = exists().where(
        other.c.kiosk == heard.c.kiosk,
        tuple_(other.c.first_at, other.c.boot_id) < tuple_(heard.c.first_at, heard.c.boot_id),
        other.c.business_day.between(since, last),
    )
    return int(await connection.scalar(select(func.count()).select_from(heard).where(~goes_on, is_again)) or 0)


async def _take(connection: AsyncConnection, rows: Sequence[Row[Any]]) -> None:
    made = [(row, moment) for row in rows if (moment := clock.read(row.wall_time)) is not None]
    heard: dict[_Boot, tuple[str, str]] = {}
    became = []
    for row, moment in made:
        day, at = clock.business_date(moment).isoformat(), clock.as_text(moment)
        first, last = heard.get((row.kiosk, day, row.boot_id), (at, at))
        heard[row.kiosk, day, row.boot_id] = min(first, at), max(last, at)
        if row.body:
            became.append(_outcome(row, day))
    if became and await insert_new(connection, outcomes, became):
        await changed_days.note(connection, {(one["kiosk"], one["business_day"]) for one in became})
    if heard:
        await _keep_boots(connection, heard)


def _outcome(row: Row[Any], day: str) -> dict[str, Any]:
    raw, outcome, is_copy = base64.b64decode(row.body), "", False
    if row.kind == "order":
        outcome = msgspec.json.decode(raw, type=OrderBody).outcome
    else:
        paper = msgspec.json.decode(raw, type=PrintBody)
        outcome, is_copy = paper.state, paper.copy
    names = {"kiosk": row.kiosk, "item": row.id, "business_day": day, "kind": row.kind}
    return {**names, "outcome": outcome, "is_copy": is_copy}


async def _keep_boots(connection: AsyncConnection, heard: dict[_Boot, tuple[str, str]]) -> None:
    """Widen the spans in which boots were heard; a hub's tells when nobody could be called."""
    least, most = (func.least, func.greatest) if is_postgres(connection) else (func.min, func.max)
    statement = insert_into(connection, boots)
    sent = statement.excluded
    wider = {
        "first_at": least(boots.c.first_at, sent.first_at),
        "last_at": most(boots.c.last_at, sent.last_at),
    }
    is_wider = (sent.first_at < boots.c.first_at) | (sent.last_at > boots.c.last_at)
    key = [boots.c.kiosk, boots.c.business_day, boots.c.boot_id]
    kept = statement.on_conflict_do_update(index_elements=key, set_=wider, where=is_wider)
    rows = [
        {"kiosk": kiosk, "business_day": day, "boot_id": boot, "first_at": first, "last_at": last}
        for (kiosk, day, boot), (first, last) in sorted(heard.items())
    ]
    widened = kept.returning(boots.c.kiosk, boots.c.business_day)
    changed = {(row.kiosk, row.business_day) for row in await connection.execute(widened, rows)}
    hubs = select(kiosks.c.id).where(kiosks.c.role == "hub", kiosks.c.id.in_({machine for machine, _ in changed}))
    of_hubs = set(await connection.scalars(hubs))
    await changed_days.note(connection, {one for one in changed if one[0] in of_hubs})


_READING: Final = Reading(
    NAME,
    select(
        *(inbox.c[name] for name in ("arrival", "kiosk", "id", "kind", "wall_time", "boot_id")),
        case((inbox.c.kind.in_(_KINDS), inbox.c.body)).label("body"),
    ),
    _take,
)

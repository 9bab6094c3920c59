"""Opens sealed parts, in a task of its own: a request never waits for it, and what does not open is set aside, loudly.

States of `inbox.seal_state`: waiting -> opened | unsealable. An unsealable item stays applied and keeps its bytes.
Where the process ended over some items, the next step opens each alone: what ends it again is unsealable, and the
others are opened.
"""

import asyncio
import contextlib
import time
from typing import Any

import structlog
from sqlalchemy import Row, delete, func, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from central.base import clock
from central.base.database.rows import insert_new
from central.base.database.transactions import UNSEALING_LOCK, let_others_write, try_lock
from central.base.tables.ordered import opened
from central.base.tables.received import findings, inbox
from central.intake.orders import orders
from central.intake.receiving import finding
from central.intake.unsealing.process import UNKNOWN_KEY, OpeningFailed, OpeningProcess, SealedItem, Unsealed
from central.keys import at_rest, sharing
from central.keys.keys import KeyRing

# Together a few hundred kB as kiosks send them; the second bound is for the largest that can be sent.
ITEMS_A_STEP = 500
CHARACTERS_A_STEP = 4 * 1024 * 1024
# Other processes and `central import` store items too; this finds theirs.
LOOK_EVERY_S = 2.0
RETRY_AFTER_S = 5.0
# So many times as long as a step took it is paused while batches come in, unless none has come for `QUIET_S`.
GIVES_WAY = 9.0
QUIET_S = 0.1

log = structlog.get_logger()

_NAMES = "arrival", "id", "kiosk", "epoch", "seq", "kind", "body", "order_id", "wall_time", "clock"
_COLUMNS = [inbox.c[name] for name in _NAMES]
_Result = tuple[Row[Any], Unsealed]


class Unsealer:
    """The task that opens what waits. `wake` tells it that something has come."""

    def __init__(self, engine: AsyncEngine, ring: KeyRing) -> None:
        self._engine = engine
        self._ring = ring
        self._opening = OpeningProcess(ring.folder)
        self._news = asyncio.Event()
        self._stopping = asyncio.Event()
        self._is_careful = False

    def wake(self) -> None:
        """Look for waiting items now."""
        self._news.set()

    def stop(self) -> None:
        """End `run`: what is being opened stays waiting, and a transaction is never cut in the middle."""
        self._stopping.set()
        self._news.set()
        self._opening.interrupt()

    async def run(self) -> None:
        """Open items until `stop`; a database that is away is waited for."""
        try:
            await self._run()
        finally:
            await self._opening.close()

    async def _run(self) -> None:
        while not self._stopping.is_set():
            pause_s = LOOK_EVERY_S
            try:
                began = time.monotonic()
                some = await unseal_some(self._engine, self._ring, self._opening, each_alone=self._is_careful)
                self._is_careful = False
                if some:
                    await give_way(self._news, GIVES_WAY * (time.monotonic() - began))
                    continue
            except Exception as error:  # noqa: BLE001 - the task's edge: its transaction is undone, and it must go on
                if self._stopping.is_set() and isinstance(error, OpeningFailed):
                    return
                self._is_careful = isinstance(error, OpeningFailed)
                # Neither text nor traceback: a database's error may repeat what it was given.
                log.error("unsealing-interrupted", error=type(error).__name__)  # noqa: TRY400
                pause_s = RETRY_AFTER_S
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), pause_s)
            if not self._stopping.is_set():
                self._news.clear()


async def give_way(news: asyncio.Event, at_most_s: float) -> None:
    """Let kiosks be answered first for as long as `news` of them comes: beside what they send a citizen waits."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(at_most_s):
            while news.is_set():
                news.clear()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(news.wait(), QUIET_S)


async def unseal_some(engine: AsyncEngine, ring: KeyRing, opening: OpeningProcess, *, each_alone: bool = False) -> int:
    """Open some waiting items and record them in one transaction; returns how many. Raises OpeningFailed.

    `each_alone`: one by one, so that what ends the process is known by name.

    One process at a time opens them, in the order of arrival, so that the earlier of two items takes an order. That
    also spares locking each row, which cost as much as opening it.
    """
    async with engine.connect() as connection:
        if not await try_lock(connection, UNSEALING_LOCK):
            return 0
        if rows := await _next(connection):
            await sharing.fetch_missing(connection, ring)
            await let_others_write(connection)
            items = [SealedItem(row.id, row.kiosk, row.epoch, row.kind, row.body) for row in rows]
            found = [await opening.open_alone(one) for one in items] if each_alone else await opening.open(items)
            await _record(connection, ring, list(zip(rows, found, strict=True)))
            await connection.commit()
        return len(rows)


async def try_keys_again(connection: AsyncConnection) -> None:
    """Have opened what failed for want of its key: called at a start, when every key has been found in its folder.

    What somebody has settled stays so: the key may be lost for good, and power comes back several times a day.
    """
    reason = findings.c.code == f"unsealable-{UNKNOWN_KEY}"
    named = tuple_(inbox.c.kiosk, inbox.c.id).in_(select(findings.c.kiosk, findings.c.item).where(reason))
    failed = named, inbox.c.seal_state == "unsealable"
    await connection.execute(update(inbox).where(*failed).values(seal_state="waiting"))
    await connection.execute(delete(findings).where(reason, finding.is_open))


async def _next(connection: AsyncConnection) -> list[Row[Any]]:
    """The waiting items that came first: as many as a step takes, and at least one."""
    waiting = inbox.c.seal_state == "waiting"
    sizes = select(inbox.c.arrival, func.length(inbox.c.body)).where(waiting).order_by(inbox.c.arrival)
    last, room = None, CHARACTERS_A_STEP
    for arrival, size in await connection.execute(sizes.limit(ITEMS_A_STEP)):
        room -= size
        if last is not None and room < 0:
            break
        last = arrival
    if last is None:
        return []
    query = select(*_COLUMNS).where(waiting, inbox.c.arrival <= last).order_by(inbox.c.arrival).limit(ITEMS_A_STEP)
    return list(await connection.execute(query))


async def _record(connection: AsyncConnection, ring: KeyRing, results: list[_Result]) -> None:
    moment = clock.as_text(clock.now())
    good = await _moved_on(connection, [one for one in results if one[1].content is not None], "opened")
    bad = await _moved_on(connection, [one for one in results if one[1].content is None], "unsealable")
    if good:
        # What is there was opened before, when a code's key was not known yet.
        await insert_new(connection, opened, [_kept(ring, *one, moment) for one in good])
    for row, found in bad:
        log.error("item-unsealable", kiosk=row.kiosk, item=row.id, reason=found.reason)
        await finding.note_item(connection, row, f"unsealable-{found.reason}")
    for row, found in good:
        if row.kind == "order" and found.code is not None:
            await orders.claim(connection, ring, row, found.code, moment)


def _kept(ring: KeyRing, row: Row[Any], found: Unsealed, moment: str) -> dict[str, str]:
    content = ring.vault().seal(at_rest.place_of_item(row.kiosk, row.id), found.content or "")
    return {"kiosk": row.kiosk, "item": row.id, "content": content, "opened_at": moment}


async def _moved_on(connection: AsyncConnection, results: list[_Result], state: str) -> list[_Result]:
    """Move items on to a state; returns those that still waited: on SQLite another process may have opened the same."""
    arrivals = [row.arrival for row, _ in results]
    waiting = inbox.c.arrival.in_(arrivals), inbox.c.seal_state == "waiting"
    moved = update(inbox).where(*waiting).values(seal_state=state).returning(inbox.c.arrival)
    found = set(await connection.scalars(moved)) if arrivals else set()
    return [one for one in results if one[0].arrival in found]

"""Opens sealed parts, in a task of its own: a request never waits for it, and what does not open is set aside, loudly.

States of `inbox.seal_state`: waiting -> opened | unsealable. An unsealable item stays applied and keeps its bytes.
"""

import asyncio
import base64
import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import structlog
from cryptography.exceptions import InvalidTag
from sqlalchemy import Row, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from central import chain, clock, database, orders
from central.keys import SEAL_SUITE, KeyMissingError, KeyRing
from central.tables import inbox, opened
from offline_store.envelope import SealedContent, decode_body, seal_info

ITEMS_A_STEP = 500
# Other processes and `central import` store items too; this finds theirs.
LOOK_EVERY_S = 2.0
RETRY_AFTER_S = 5.0

log = structlog.get_logger()


_COLUMNS = [inbox.c[name] for name in ("arrival", "id", "kiosk", "epoch", "seq", "kind", "body", "order_id")]


@dataclass(frozen=True, slots=True)
class Unsealed:
    """What became of one item: its `content`, or None and why not."""

    row: Row[Any]
    content: SealedContent | None
    reason: str | None = None


class Unsealer:
    """The task that opens what waits. `wake` tells it that something has come."""

    def __init__(self, engine: AsyncEngine, ring: KeyRing) -> None:
        self._engine = engine
        self._ring = ring
        self._news = asyncio.Event()
        self._is_stopping = False

    def wake(self) -> None:
        """Look for waiting items now."""
        self._news.set()

    def stop(self) -> None:
        """End `run` after the step it is in: a transaction is never cut in the middle."""
        self._is_stopping = True
        self._news.set()

    async def run(self) -> None:
        """Open items until `stop`; a database that is away is waited for."""
        while not self._is_stopping:
            pause_s = LOOK_EVERY_S
            try:
                if await unseal_some(self._engine, self._ring):
                    continue
            except Exception as error:  # noqa: BLE001 - the task's edge: its transaction is undone, and it must go on
                # Neither text nor traceback: a database's error may repeat what it was given.
                log.error("unsealing interrupted", error=type(error).__name__)  # noqa: TRY400
                pause_s = RETRY_AFTER_S
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), pause_s)
            if not self._is_stopping:
                self._news.clear()


async def unseal_some(engine: AsyncEngine, ring: KeyRing) -> int:
    """Open up to `ITEMS_A_STEP` waiting items in one transaction; returns how many there were.

    One process at a time does it, in the order of arrival, so that the earlier of two items takes an order. That also
    spares locking each row, which cost as much as opening it.
    """
    async with engine.begin() as connection:
        if not await database.try_lock(connection, database.UNSEALING_LOCK):
            return 0
        query = select(*_COLUMNS).where(inbox.c.seal_state == "waiting").order_by(inbox.c.arrival).limit(ITEMS_A_STEP)
        rows = (await connection.execute(query)).all()
        if rows:
            results = await asyncio.to_thread(_open_all, rows, ring)
            await _record(connection, ring, results)
        return len(rows)


def _open_all(rows: Sequence[Row[Any]], ring: KeyRing) -> list[Unsealed]:
    return [open_item(row, ring) for row in rows]


def open_item(row: Row[Any], ring: KeyRing) -> Unsealed:
    """Open the sealed part of one row of the inbox; never raises over what the part holds."""
    try:
        sealed = decode_body(row.kind, row.body).sealed
        if sealed is None:
            return Unsealed(row, None, "nothing-sealed")
        key = ring.sealing(sealed.kid)
        info = seal_info(row.kiosk, row.epoch, row.id)
        plaintext = SEAL_SUITE.decrypt(base64.b64decode(sealed.data, validate=True), key, info)
        return Unsealed(row, msgspec.json.decode(plaintext, type=SealedContent))
    except KeyMissingError:
        return Unsealed(row, None, "unknown-key")
    except InvalidTag:
        return Unsealed(row, None, "does-not-open")
    # base64, JSON (msgspec; nested too deeply) and HPKE's own complaints; their texts may hold content
    except (ValueError, RecursionError):
        return Unsealed(row, None, "unreadable-content")


async def _record(connection: AsyncConnection, ring: KeyRing, results: list[Unsealed]) -> None:
    moment = clock.as_text(clock.now())
    good = [result for result in results if result.content is not None]
    bad = [result for result in results if result.content is None]
    if good:
        # What is there was opened before, when a code's key was not known yet.
        await database.insert_new(
            connection,
            opened,
            [
                {"item": one.row.id, "content": msgspec.json.encode(one.content).decode(), "opened_at": moment}
                for one in good
            ],
        )
        await _move_on(connection, good, "opened")
    for one in bad:
        log.error("item does not unseal", kiosk=one.row.kiosk, item=one.row.id, reason=one.reason)
        await chain.note_row(connection, one.row, f"unsealable-{one.reason}", moment)
    if bad:
        await _move_on(connection, bad, "unsealable")
    for one in good:
        if one.row.kind == "order" and one.content is not None and one.content.code is not None:
            await orders.claim(connection, ring, one.row, one.content.code, moment)


async def _move_on(connection: AsyncConnection, results: list[Unsealed], state: str) -> None:
    arrivals = [one.row.arrival for one in results]
    await connection.execute(update(inbox).where(inbox.c.arrival.in_(arrivals)).values(seal_state=state))

"""Telling systems that there is something new for them, as Standard Webhooks has it; what it is, they then ask for.

Source: the specification of Standard Webhooks (standardwebhooks.com): signature over id, time and body by the system's
own secret, one id however often it is said, `type`, `timestamp` and `data` in the body.
"""

import asyncio
import base64
import hashlib
import hmac
import http.client
import time
from collections.abc import Callable
from typing import Any, Final

import msgspec
import structlog
from sqlalchemy import Row, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from central.base import clock
from central.base.database.transactions import reading
from central.base.recurring import RecurringTask
from central.base.tables.others import systems as kept
from central.claims import changes
from central.feed import epoch
from central.insight.visits import projection
from central.intake.receiving import apart
from central.keys.keys import KeyRing
from central.offices.integrations import order_states, systems, visits
from common.messages.posting import post

LOOK_EVERY_S: Final = 5.0
LONGEST_PAUSE_S: Final = 600.0

log = structlog.get_logger()

#: Sends body and headers to an address and returns the status. Raises OSError or HTTPException.
Post = Callable[[str, bytes, dict[str, str]], int]


class WebhookDispatcher(RecurringTask):
    """The task that tells them. A word that was not taken is said again, at growing pauses."""

    every_s = LOOK_EVERY_S
    at_once = True
    failure = "telling-interrupted"

    def __init__(
        self,
        engine: AsyncEngine,
        ring: KeyRing,
        post: Post | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(engine)
        self._ring = ring
        self._post = post or post_once
        self._monotonic = monotonic
        self._failures: dict[str, tuple[int, float]] = {}
        self._begun: dict[str, tuple[int, str]] = {}  # by token: of how much it was to be told, and since when

    async def act(self) -> None:
        """Tell each system that has not heard of the newest."""
        async with reading(self._engine) as connection:
            rows = (await connection.execute(select(kept).where(kept.c.webhook.is_not(None)))).all()
        if any(row.may == "visits" for row in rows):
            await projection.catch_up(self._engine, self._stopping)
        # By token: who is given a new one, with another address maybe, does not wait for the former's pause.
        tokens = {row.token_sha256 for row in rows}
        self._failures = {token: failed for token, failed in self._failures.items() if token in tokens}
        self._begun = {token: begun for token, begun in self._begun.items() if token in tokens}
        for row in rows:
            if self._failures.get(row.token_sha256, (0, 0.0))[1] > self._monotonic() or self._stopping.is_set():
                continue
            await apart.tried(self._engine, self._tell_newest(row), apart.SYSTEM, row.name)

    async def _tell_newest(self, row: Row[Any]) -> None:
        async with reading(self._engine) as connection:
            newest, of = await _newest(connection, row.may), await epoch.newest(connection)
        if newest > row.told:
            await self._tell(row, newest, of)

    async def _tell(self, row: Row[Any], newest: int, of: str) -> None:
        begun = self._begun.get(row.token_sha256)
        if begun is None or begun[0] != newest:
            begun = self._begun[row.token_sha256] = newest, clock.as_text(clock.now())
        # Two processes may both say it, under one id: who hears it twice knows it, or asks once for nothing.
        message = id_of(row.token_sha256, row.may, str(row.told), str(newest), of)
        body = body_of(f"{row.may.replace('-', '_')}.changed", begun[1], {})
        headers = signed(message, body, systems.signing_key(self._ring.vault(), row))
        try:
            status = await asyncio.to_thread(self._post, row.webhook, body, headers)
        except (OSError, http.client.HTTPException) as error:
            self._failed(row, type(error).__name__)
            return
        if not 200 <= status < 300:
            self._failed(row, f"status {status}")
            return
        self._failures.pop(row.token_sha256, None)
        async with self._engine.begin() as connection:
            # Meanwhile another may have said more, or central was set back, and all is to be said again.
            heard = kept.c.token_sha256 == row.token_sha256, kept.c.told == row.told
            await connection.execute(update(kept).where(*heard).values(told=newest))

    def _failed(self, row: Row[Any], why: str) -> None:
        times = self._failures.get(row.token_sha256, (0, 0.0))[0] + 1
        pause_s = min(LOOK_EVERY_S * 2 ** min(times, 10), LONGEST_PAUSE_S)
        self._failures[row.token_sha256] = times, self._monotonic() + pause_s
        log.warning("webhook-failed", system=row.name, why=why, again_after_s=round(pause_s))


def id_of(*parts: str) -> str:
    """Return the id of what is said: the same for the same, by any process and however often."""
    return f"msg_{hashlib.sha256(' '.join(parts).encode()).hexdigest()[:32]}"


def body_of(kind: str, since: str, data: dict[str, Any]) -> bytes:
    """Return what is posted. `since`: when it came about."""
    return msgspec.json.encode({"type": kind, "timestamp": since, "data": data})


def signed(message: str, body: bytes, key: bytes) -> dict[str, str]:
    """Return the headers of what is posted under an id now; `key` is the system's own."""
    moment = str(int(clock.now().timestamp()))
    text = f"{message}.{moment}.".encode() + body
    code = base64.b64encode(hmac.digest(key, text, hashlib.sha256)).decode()
    return {"webhook-id": message, "webhook-timestamp": moment, "webhook-signature": f"v1,{code}"}


def post_once(url: str, body: bytes, headers: dict[str, str]) -> int:
    """Post to an address, and nowhere that it points to. Raises OSError or HTTPException."""
    return post(url, body, headers)[0]


async def _newest(connection: AsyncConnection, may: str) -> int:
    newest = {"visits": visits.newest, "claims": changes.newest, "order-states": order_states.newest}
    return await newest[may](connection)

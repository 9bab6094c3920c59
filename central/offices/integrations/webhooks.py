"""Telling systems that there is something new for them, as Standard Webhooks has it; what it is, they then ask for.

Source: the specification of Standard Webhooks (standardwebhooks.com): signature over id, time and body by the system's
own secret, one id however often it is said, `type`, `timestamp` and `data` in the body.
"""

import asyncio
import base64
import hashlib
import hmac
import http.client
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import msgspec
import structlog
from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from central.base import clock
from central.base.database.transactions import reading
from central.base.recurring import RecurringTask
from central.base.tables.messages import SYSTEM, told
from central.base.tables.others import systems as kept
from central.claims import changes
from central.feed import epoch
from central.insight.visits import projection
from central.intake.receiving import apart
from central.keys.keys import KeyRing
from central.levels.level import Level
from central.levels.reconciling import reconcile
from central.offices.integrations import order_states, systems, visits
from common.messages import outbox
from common.messages.posting import post

LOOK_EVERY_S: Final = 5.0
NO_END: Final = datetime(9999, 12, 31, tzinfo=UTC)
MOST: Final = 100

log = structlog.get_logger()

#: Sends body and headers to an address and returns the status. Raises OSError or HTTPException.
Post = Callable[[str, bytes, dict[str, str]], int]


@dataclass(frozen=True)
class OfSystem:
    """That there is something new: how far a system should know that things have come. After a restore all is new."""

    may: systems.May
    subject: Final[str] = SYSTEM
    stuck: Final[str] = apart.SYSTEM
    newest_alone: Final = True

    @property
    def name(self) -> str:
        """Its type on the wire."""
        return f"{self.may.replace('-', '_')}.changed"

    async def changed(self, connection: AsyncConnection, _now: datetime, waiting: Collection[str]) -> Collection[str]:
        """Return those that have a webhook, and those that were told before."""
        own = kept.c.may == self.may, kept.c.webhook.is_not(None)
        query = select(kept.c.name).where(*own).order_by(kept.c.name)
        return list(dict.fromkeys([*waiting, *(await connection.scalars(query))]))

    async def levels(
        self, connection: AsyncConnection, now: datetime, about: Collection[str]
    ) -> Mapping[str, Level | None]:
        """Return how far things have come; nothing where there never was any, and nothing was lost since its token."""
        own = kept.c.name.in_(about), kept.c.may == self.may, kept.c.webhook.is_not(None)
        rows = (await connection.execute(select(kept).where(*own))).all()
        newest, of, lost_at = 0, "", ""
        if rows:
            newest, of = await _newest(connection, self.may), await epoch.newest(connection)
            lost_at = await epoch.restored_at(connection) or ""
        found: dict[str, Level | None] = dict.fromkeys(about)
        for row in rows:
            # Who is given a new token is told whatever the former's address took.
            what = f"{of}.{newest}.{row.token_sha256[:16]}"
            if newest or lost_at > row.given_at:
                found[row.name] = Level(about=row.name, what=what, since=now, ends=NO_END)
        return found


KINDS: Final = OfSystem("order-states"), OfSystem("visits"), OfSystem("claims")


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
        now: Callable[[], datetime] = clock.now,
    ) -> None:
        super().__init__(engine)
        self._ring = ring
        self._post = post or post_once
        self._now = now

    async def act(self) -> None:
        """Tell each system that has not heard of the newest."""
        async with reading(self._engine) as connection:
            reads_visits = select(kept.c.name).where(kept.c.webhook.is_not(None), kept.c.may == "visits").limit(1)
            is_read = await connection.scalar(reads_visits) is not None
        if is_read:
            await projection.catch_up(self._engine, self._stopping)
        for kind in KINDS:
            await apart.tried(self._engine, self._reconcile(kind), apart.SYSTEM, kind.may)
        async with reading(self._engine) as connection:
            columns = told.c.id.label("message"), told.c.kind, told.c.made_at, kept
            due = outbox.due(told, self._now(), MOST, told.c.subject == SYSTEM).with_only_columns(*columns)
            rows = (await connection.execute(due.join(kept, kept.c.name == told.c.about))).all()
        for row in rows:
            if self._stopping.is_set():
                break
            await apart.tried(self._engine, self._tell(row), apart.SYSTEM, row.name)

    async def _reconcile(self, kind: OfSystem) -> None:
        async with self._engine.begin() as connection:
            await reconcile(connection, kind, self._now())

    async def _tell(self, row: Row[Any]) -> None:
        body = body_of(row.kind, row.made_at, {})
        headers = signed(f"msg_{row.message}", body, systems.signing_key(self._ring.vault(), row))
        async with self._engine.begin() as connection:
            if (await connection.execute(outbox.claim(told, row.message, row.kind, self._now()))).rowcount == 0:
                return
        try:
            status = await asyncio.to_thread(self._post, row.webhook, body, headers)
            failed = None if 200 <= status < 300 else f"status {status}"
        except (OSError, http.client.HTTPException) as error:
            failed = type(error).__name__
        async with self._engine.begin() as connection:
            if failed is None:
                await connection.execute(outbox.answered(told, row.message, row.kind, "handed", self._now()))
                return
            await connection.execute(outbox.not_sent(told, row.message, self._now()))
        log.warning("webhook-failed", system=row.name, why=failed)


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

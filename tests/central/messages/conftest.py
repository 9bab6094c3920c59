"""Central's outbox without its own task: a test sends by hand, by a clock and over channels of its own."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from sqlalchemy import Row, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from central.base import clock
from central.base.config import CentralConfig
from central.base.database.engine import open_engine
from central.base.tables.messages import told as messages
from central.keys.keys import KeyRing
from central.levels import reconciling
from central.levels.level import Level
from central.messages import contacts
from central.messages.needs import OfNeed
from central.messages.sending import Sender
from central.messages.texts import Said
from central.offices.integrations import systems
from central.publishing import publication
from common.messages.channels import Channels
from common.messages.kind import RULES, Kind
from common.messages.port import ChannelUnavailable, Received, Report, Sent

ORDER = "0123456789abcdef0123456789abcdef"
PHONE = "+963944000111"
READY = {"order": ORDER, "state": "ready", "number": "9876543210", "centre": "homs-main"}
NOON = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)  # noon in Homs


class Operator(Channels):
    """A gateway in this process: keeps what it is given and answers as it is told."""

    def __init__(self, *answers: Sent | Exception) -> None:
        self.answers = list(answers)
        self.sent: list[tuple[str, str]] = []
        self.report: list[Report] = []
        self.is_there = True

    @property
    def names(self) -> list[str]:
        return ["http"]

    def price(self, name: str) -> int | None:
        return 150

    def ready(self) -> list[str]:
        return ["http"] if self.is_there else []

    def use(self, name: str, work: Any) -> Any:
        return work(self)

    def send(self, number: str, text: str, life_s: float) -> Sent:
        assert life_s > 0
        answer = self.answers.pop(0) if self.answers else Sent("handed", f"ref-{len(self.sent)}")
        if isinstance(answer, ChannelUnavailable):
            raise answer
        self.sent.append((number, text))
        if isinstance(answer, Exception):
            raise answer
        return answer

    def reports(self) -> Sequence[Report]:
        return self.report

    def received(self) -> Sequence[Received]:
        return []

    def close(self) -> None:
        """Hold nothing."""


@dataclass
class Post:
    """Central's messages, a clock that a test moves, and the app's end."""

    engine: AsyncEngine
    ring: KeyRing
    now: datetime = NOON
    operator: Operator = field(default_factory=Operator)
    app: list[dict[str, Any]] = field(default_factory=list)
    app_answers: list[int | Exception] = field(default_factory=list)

    def pass_by(self, **span: float) -> None:
        self.now += timedelta(**span)

    async def look(self, needs: OfNeed | None = None) -> None:
        now = lambda: self.now  # noqa: E731
        await Sender(self.engine, self.ring, self.operator, post=self._hears, now=now, needs=needs).act()

    def _hears(self, url: str, body: bytes, headers: dict[str, str]) -> int:
        answer = self.app_answers.pop(0) if self.app_answers else 204
        self.app.append(msgspec.json.decode(body))
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def publish(self, kind: str, content: object) -> int:
        async with self.engine.begin() as connection:
            return await publication.publish(connection, kind, msgspec.json.encode(content), self.ring)

    async def give_number(self, order: str = ORDER, phone: str = PHONE, language: Any = "ar") -> None:
        async with self.engine.begin() as connection:
            await contacts.keep(connection, self.ring.vault(), "order", order, phone, language)

    async def give_app(self, webhook: str | None = "https://app.example/news") -> str:
        async with self.engine.begin() as connection:
            return await systems.give(connection, "app", "order-states", webhook)

    async def rows(self) -> Sequence[Row[Any]]:
        async with self.engine.connect() as connection:
            return (await connection.execute(select(messages).order_by(messages.c.made_at))).all()

    async def states(self) -> list[str]:
        return [row.state for row in await self.rows()]


async def put(
    connection: AsyncConnection, kind: Kind, subject: str, about: str, said: Said, *, dies_at: datetime | None = None
) -> str:
    """Put in a message on something of which central knows nothing else; return its id."""
    now = clock.now()
    ends = dies_at or now + (RULES[kind].life or timedelta())
    level = Level(about=about, what="", since=now, ends=ends, centre=None, said=said)
    row = reconciling.row_of(kind, subject, level, now)
    await connection.execute(insert(messages).values(row))
    return str(row["id"])


@pytest.fixture
async def post(config: CentralConfig, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Post]:
    engine = open_engine(config.database_url)
    made = Post(engine, KeyRing(config.keys_dir))
    monkeypatch.setattr(clock, "now", lambda: made.now)
    await made.look()  # from here on what becomes ready is told
    yield made
    await engine.dispose()

"""A central in this process, over SQLite or a real PostgreSQL: one of the two in a check, see tests/conftest.py."""

import asyncio
import shutil
import zlib
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

import httpx2
import msgspec
import pytest
from argon2 import PasswordHasher
from litestar import Litestar
from sqlalchemy import Row, Select, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from central.base import clock
from central.base.config import CentralConfig, load_config
from central.base.database import engine as engines
from central.base.database.engine import open_engine
from central.base.database.transactions import reading
from central.base.tables.received import inbox
from central.base.tables.told import feed as feed_table
from central.feed import EVERYONE, Audience
from central.feed import epoch as feed_epoch
from central.feed.cursor import NOTHING_HEARD, Cursor
from central.inquiries.answerers import Answerers
from central.inquiries.kinds import ANSWERERS
from central.insight.public import page as public_page
from central.insight.visits import following
from central.intake.unsealing import unsealing
from central.intake.unsealing.process import OpeningProcess
from central.keys.keys import KeyRing
from central.kiosks import enrolment
from central.offices import operators
from central.offices.integrations.webhooks import WebhookDispatcher
from central.offices.retention.kinds import kinds
from central.publishing import publication
from central.server import preparation
from central.server.api.app import create_app
from common.machine import secret_hash
from common.protocol.envelope import BatchAnswer, EnrolmentAnswer, Item
from common.protocol.feed_page import FeedPage
from common.protocol.message_signature import verify_response
from tests.hub.pages.conftest import browser  # noqa: F401 - a fixture is had by its name
from tests.kit.postgres import copied_database, fresh_database, running_postgres
from tests.kit.sender import Sender

URL = "http://central.test"
PATIENT_S = 60.0


@pytest.fixture
def core_alone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Have no feature be installed: what the core tells by itself is the same with them and without."""
    monkeypatch.setattr("common.feature.installed", lambda: ())
    for kept in (kinds, public_page.assets):
        kept.cache_clear()
    yield
    for kept in (kinds, public_page.assets):
        kept.cache_clear()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    with running_postgres() as url:
        yield url


@pytest.fixture
def postgres_url(postgres_server: str) -> str:
    return fresh_database(postgres_server)


@pytest.fixture(scope="session")
def prepared_sqlite(tmp_path_factory: pytest.TempPathFactory) -> CentralConfig:
    return _prepared(tmp_path_factory.mktemp("prepared"), None)


@pytest.fixture(scope="session")
def prepared_postgresql(tmp_path_factory: pytest.TempPathFactory, postgres_server: str) -> CentralConfig:
    return _prepared(tmp_path_factory.mktemp("prepared"), fresh_database(postgres_server))


def _prepared(folder: Path, url: str | None) -> CentralConfig:
    made = load_config(folder, url)
    asyncio.run(preparation.migrate(made))
    return made


@pytest.fixture(params=["sqlite", "postgresql"])
def config(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[CentralConfig]:
    """A prepared central, schema and first keys: a copy of one that was made once, since making one takes longest."""
    # A machine that proves other things too may let a database stand for longer than a kiosk waits.
    monkeypatch.setattr(engines, "CONNECT_WITHIN_S", PATIENT_S)
    prepared: CentralConfig = request.getfixturevalue(f"prepared_{request.param}")
    shutil.copytree(prepared.data_dir, tmp_path / "central")
    if not prepared.is_postgres:
        yield load_config(tmp_path / "central", None)
        return
    with copied_database(prepared.database_url) as url:
        yield load_config(tmp_path / "central", url)


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """PINs and passwords cost next to nothing: what they cost in service is tried where that is meant."""
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(secret_hash, "_hasher", cheap)
    monkeypatch.setattr(operators, "_NOBODY", cheap.hash(""))


@dataclass
class Stage:
    """A running central, and what a test needs to play kiosk, operator and clock."""

    config: CentralConfig
    app: Litestar
    engine: AsyncEngine
    ring: KeyRing
    opening: OpeningProcess
    client: httpx2.AsyncClient

    async def code(self, centre: str = "homs-main", role: enrolment.Role = "kiosk") -> str:
        async with self.engine.begin() as connection:
            return await enrolment.make_code(connection, centre, role)

    async def try_enrol(self, sender: Sender, code: str, **more: Any) -> httpx2.Response:
        body = msgspec.json.encode({"code": code, "public_key": sender.public_key, **more})
        headers = sender.signature("POST", "/v1/enrolments", body, keyid=sender.public_key)
        return await self.client.post(
            "/v1/enrolments", content=body, headers=headers | {"Content-Type": "application/json"}
        )

    async def enrolled(self, centre: str = "homs-main", sender: Sender | None = None) -> Sender:
        sender = sender or Sender("", URL)
        code = await self.code(centre)
        response = await self.try_enrol(sender, code)
        assert response.status_code == 200, response.text
        sender.learn(msgspec.json.decode(response.content, type=EnrolmentAnswer))
        return sender

    async def enrolled_hub(self, centre: str = "homs-main", sender: Sender | None = None) -> Sender:
        # No two centres have a hub at one address.
        network = 0 if centre == "homs-main" else 1 + zlib.crc32(centre.encode()) % 250
        sender, place = sender or Sender("", URL), {"role": "hub", "address": f"https://10.0.{network}.5:8090"}
        response = await self.try_enrol(sender, await self.code(centre, "hub"), **place)
        assert response.status_code == 200, response.text
        sender.learn(msgspec.json.decode(response.content, type=EnrolmentAnswer))
        return sender

    async def post(self, sender: Sender, body: bytes) -> httpx2.Response:
        headers = sender.signature("POST", sender.batches_path, body)
        return await self.client.post(sender.batches_path, content=body, headers=headers)

    async def deliver(self, sender: Sender, *items: Item, **more: Any) -> BatchAnswer:
        """Send a batch; the answer's signature is checked each time."""
        body = sender.batch(list(items), **more)
        headers = sender.signature("POST", sender.batches_path, body)
        response = await self.client.post(sender.batches_path, content=body, headers=headers)
        assert response.status_code == 200, response.text
        check_signed(sender, response, headers)
        return msgspec.json.decode(response.content, type=BatchAnswer)

    async def results(self, sender: Sender, *items: Item) -> list[tuple[str, str | None]]:
        answer = await self.deliver(sender, *items)
        assert [result.id for result in answer.results] == [item.id for item in items]
        return [(result.result, result.reason) for result in answer.results]

    async def get_feed(self, sender: Sender, query: str = "") -> httpx2.Response:
        path = f"/v1/kiosks/{sender.kiosk}/feed{query}"
        return await self.client.get(path, headers=sender.signature("GET", path))

    async def feed(self, sender: Sender, query: str = "") -> FeedPage:
        path = f"/v1/kiosks/{sender.kiosk}/feed{query}"
        headers = sender.signature("GET", path)
        response = await self.client.get(path, headers=headers)
        assert response.status_code == 200, response.text
        check_signed(sender, response, headers)
        return msgspec.json.decode(response.content, type=FeedPage)

    async def after(self, number: int) -> str:
        """The query that asks for what comes after message `number`, as a kiosk that has heard it does."""
        async with reading(self.engine) as connection:
            mark = await connection.scalar(select(feed_table.c.mark).where(feed_table.c.id == number))
            epoch = await feed_epoch.newest(connection)
        return f"?after={Cursor(epoch, number, mark or NOTHING_HEARD)}"

    async def publish(self, kind: str, content: object, audience: Audience = EVERYONE) -> int:
        async with self.engine.begin() as connection:
            return await publication.publish(connection, kind, msgspec.json.encode(content), self.ring, audience)

    async def revoke(self, sender: Sender) -> None:
        async with self.engine.begin() as connection:
            assert await enrolment.revoke(connection, sender.kiosk)

    async def unseal(self) -> None:
        """Until nothing waits: the server's own task may be at it too."""
        async with asyncio.timeout(20):
            while await self.all(select(inbox.c.id).where(inbox.c.seal_state == "waiting").limit(1)):
                await unsealing.unseal_some(self.engine, self.ring, self.opening)

    async def all_read(self) -> None:
        """Have visits and answers read out of the inbox, whatever a page has seen within the last second."""
        await following.catch_up(self.engine)

    async def all(self, query: Select[Any]) -> list[Row[Any]]:
        async with reading(self.engine) as connection:
            return list(await connection.execute(query))


def check_signed(sender: Sender, response: httpx2.Response, request_headers: dict[str, str]) -> str:
    """The kid that signed `response`, one that the kiosk knows."""
    request = response.request
    return verify_response(
        response.status_code,
        response.headers,
        response.content,
        method=request.method,
        url=str(request.url),
        request_headers=request_headers,
        keys=sender.central_keys,
    ).keyid


@pytest.fixture
async def connection(
    request: pytest.FixtureRequest, config: CentralConfig, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[AsyncConnection]:
    """One transaction of central's, at the moment that the test's module calls `NOW`."""
    monkeypatch.setattr(clock, "now", lambda: request.module.NOW)
    engine = open_engine(config.database_url)
    async with engine.begin() as opened:
        yield opened
    await engine.dispose()


@pytest.fixture
def no_dispatcher(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no system be told but by the test."""

    async def run(_: WebhookDispatcher) -> None:
        """End at once."""

    monkeypatch.setattr(WebhookDispatcher, "run", run)


@pytest.fixture
async def stage(config: CentralConfig) -> AsyncIterator[Stage]:
    async with staged(replace(config, public_url=URL)) as made:
        yield made


@pytest.fixture
async def nameless_stage(config: CentralConfig) -> AsyncIterator[Stage]:
    """A central that was not told its own address."""
    async with staged(config) as made:
        yield made


@pytest.fixture
async def idle_stage(config: CentralConfig) -> AsyncIterator[Stage]:
    """A central that leaves the opening of sealed parts to the test."""
    async with staged(replace(config, unseals=False)) as made:
        yield made


@asynccontextmanager
async def staged(config: CentralConfig, answerers: Answerers = ANSWERERS) -> AsyncIterator[Stage]:
    app = create_app(config, answerers)
    engine = open_engine(config.database_url)
    started, over = asyncio.Event(), asyncio.Event()

    async def live() -> None:
        # A task of its own: a fixture is torn down in another one than it was set up in, which the lifespan forbids.
        async with app.lifespan():
            started.set()
            await over.wait()

    life = asyncio.create_task(live())
    await started.wait()
    try:
        async with httpx2.AsyncClient(transport=httpx2.ASGITransport(cast("Any", app)), base_url=URL) as client:
            opening = OpeningProcess(config.keys_dir)
            yield Stage(config, app, engine, KeyRing(config.keys_dir), opening, client)
            await opening.close()
    finally:
        over.set()
        await life
        await engine.dispose()

"""A sandbox by its rules alone: which database may be one, how far its clock goes, and what its calls and pages say."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import msgspec
import pytest
from litestar import Response
from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from central.base import clock, sandbox
from central.base.config import CentralConfig
from central.base.database.engine import open_engine
from central.base.sandbox import TimeNotMoved
from central.base.tables import keys as tables
from central.base.tables.enrolled import kiosks
from central.server.api import sandbox as calls
from common.machine.errors import CannotBeDone
from common.web.problem import Problem
from tests.central.server.api.test_conditions import put

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
DAY = timedelta(days=1)
TICK = timedelta(microseconds=1)
FURTHER = "the clock goes at most 400 days ahead of the true time"
BACK = "it is 2026-11-25T09:00Z already, and no clock here goes back"


@pytest.fixture(autouse=True)
def true_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "sandbox_ahead", None)


@pytest.mark.parametrize(
    ("before", "to", "ahead"),
    [
        (None, NOW, timedelta()), (None, NOW - TICK, BACK), (None, NOW + TICK, timedelta(seconds=1)),
        (None, NOW + 400 * DAY, 400 * DAY), (None, NOW + 400 * DAY + TICK, FURTHER),
        (DAY, NOW, DAY), (DAY, NOW + 1.5 * TICK, DAY + timedelta(seconds=1)), (DAY, NOW + 399 * DAY, 400 * DAY),
        (DAY, NOW + 399 * DAY + TICK, FURTHER), (DAY, NOW - TICK, BACK),
    ],
)  # fmt: skip
async def test_its_clock_goes_ahead_by_whole_seconds_and_400_days_at_most(
    connection: AsyncConnection,
    monkeypatch: pytest.MonkeyPatch,
    before: timedelta | None,
    to: datetime,
    ahead: timedelta | str,
) -> None:
    monkeypatch.setattr(clock, "sandbox_ahead", before)
    if isinstance(ahead, str):
        with pytest.raises(TimeNotMoved) as refused:
            await sandbox.move_to(connection, to)
        assert (str(refused.value), clock.sandbox_ahead) == (ahead, before)
        return
    await sandbox.move_to(connection, to)
    assert clock.sandbox_ahead == ahead
    rows = (await connection.execute(select(tables.sandbox))).all()
    assert [tuple(row) for row in rows] == [(1, ahead.total_seconds())]


async def test_a_new_database_becomes_one_and_stays_one(connection: AsyncConnection) -> None:
    await sandbox.open_here(connection)
    assert (sandbox.is_open(), sandbox.issuer_of_claims()) == (False, "claims")
    await sandbox.begin(connection)
    assert (sandbox.is_open(), clock.sandbox_ahead, sandbox.issuer_of_claims()) == (True, timedelta(), "sandbox")
    await sandbox.move_to(connection, NOW + DAY)
    await put(connection, kiosks, 1)
    await sandbox.begin(connection)
    assert clock.sandbox_ahead == DAY, "what it had come to"


@pytest.mark.parametrize("known", ["a machine", "a server"])
async def test_a_database_in_service_never_becomes_one(connection: AsyncConnection, known: str) -> None:
    if known == "a machine":
        await put(connection, kiosks, 1)
    else:
        await put(connection, tables.serving, 1)
    with pytest.raises(CannotBeDone) as refused:
        await sandbox.begin(connection)
    text = "this database is one in service: a sandbox needs one of its own, such as --data /tmp/sandbox"
    assert (str(refused.value), sandbox.is_open()) == (text, False)


@pytest.fixture
async def engine(config: CentralConfig, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[AsyncEngine]:
    monkeypatch.setattr(clock, "now", lambda: NOW + (clock.sandbox_ahead or timedelta()))
    made = open_engine(config.database_url)
    async with made.begin() as connection:
        await connection.execute(insert(tables.sandbox).values(id=1, ahead_s=0))
        await sandbox.open_here(connection)
    yield made
    await made.dispose()


async def moved(engine: AsyncEngine, wish: Any) -> Any:
    async def body() -> bytes:
        return wish if isinstance(wish, bytes) else msgspec.json.encode(wish)

    central, request = SimpleNamespace(engine=engine), SimpleNamespace(body=body)
    return await calls.move_time.fn(cast("Any", request), cast("Any", central))


EITHER = "expected either `to`, a time such as 2026-12-01T10:30, or `ahead_s`, in seconds"


async def test_a_call_moves_it_and_what_cannot_be_is_said(engine: AsyncEngine) -> None:
    assert await moved(engine, {"ahead_s": 90}) == {"time": "2026-11-25T09:01:30.000000Z"}
    assert await moved(engine, {"to": "2026-11-25T12:02"}) == {"time": "2026-11-25T09:02:00.000000Z"}
    assert await moved(engine, {"ahead_s": 0}) == {"time": "2026-11-25T09:02:00.000000Z"}
    for wish, why in (
        ({}, EITHER), ({"to": "2026-11-25T12:03", "ahead_s": 1}, EITHER), ({"ahead_s": 401 * 86_400}, FURTHER),
        ({"to": "soon"}, "found 'soon'"), ({"ahead_s": -1}, "it is 2026-11-25T09:02Z"), (b"{", "truncated"),
    ):  # fmt: skip
        with pytest.raises(Problem) as refused:
            await moved(engine, wish)
        assert (refused.value.status_code, refused.value.code) == (422, "time-not-moved")
        assert why in refused.value.detail
    assert await calls.tell_time.fn() == {"time": "2026-11-25T09:02:00.000000Z"}


PAGE, SAID = "<html><body class='x'>a<body>", f"<html><body class='x'>\n{calls.NOTE}a<body>"


@pytest.mark.parametrize(
    ("content", "kind", "headers", "said"),
    [
        (PAGE, "text/html", {}, SAID), (PAGE.encode(), "text/html", {}, SAID.encode()),
        (PAGE, "application/json", {}, PAGE), (PAGE, "application/json", {"Content-Type": "text/html; x"}, SAID),
        (PAGE, "text/html", {"content-type": "text/css"}, PAGE), (PAGE, None, {}, PAGE), (None, "text/html", {}, None),
    ],
)  # fmt: skip
def test_a_page_bears_the_note_once_and_all_else_stays(
    content: Any, kind: str | None, headers: dict[str, str], said: Any
) -> None:
    assert calls.say_so(Response(content, media_type=cast("Any", kind), headers=headers)).content == said

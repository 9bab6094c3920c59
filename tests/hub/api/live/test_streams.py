"""Streams over a real connection: the whole view at once, again at each change, a beat; and their number is bounded."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx2
import pytest
import uvicorn

from hub.api.app import create_app
from hub.api.live import state
from hub.api.server import presence
from hub.engine.managing import name_board
from tests.hub.api.conftest import Stage
from tests.hub.commands.processes import free_port


@asynccontextmanager
async def listening(stage: Stage) -> AsyncIterator[str]:
    """Serve the stage's hub on a port of this machine."""
    port = free_port()
    config = uvicorn.Config(
        create_app(stage.serving), port=port, log_config=None, lifespan="off", timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn says it in no other way
        await asyncio.sleep(0.01)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    await task


async def message(lines: AsyncIterator[str]) -> dict[str, str]:
    fields: dict[str, str] = {}
    async for line in lines:
        if not line and fields:
            return fields
        if line:
            name, _, value = line.partition(": ")
            fields[name] = value
    raise AssertionError("the stream ended")


@pytest.mark.timeout(60)
async def test_a_view_comes_whole_at_once_at_each_change_and_beats_between(stage: Stage) -> None:
    async with listening(stage) as url, httpx2.AsyncClient(base_url=url, timeout=20) as client:
        session = await stage.session(1)
        async with client.stream("GET", "/v1/stream?view=board") as stream:
            lines = aiter(stream.aiter_lines())
            first = await message(lines)
            assert (first["id"], json.loads(first["data"])["calls"]) == ("0", [])
            await stage.tell(stage.hall.kiosks[0].ticket())
            await stage.press(1, session, {"press": "open"})
            await stage.press(1, session, {"press": "next"})
            while not json.loads((seen := await message(lines)).get("data", "{}")).get("calls"):
                pass
            assert json.loads(seen["data"])["calls"][0]["number"] == "A1001"
            assert seen["id"] == str(json.loads(seen["data"])["calls"][0]["seq"])
            while (await message(lines)).get("event") != "beat":
                pass
        while stage.serving.presence.streams:  # noqa: ASYNC110 - one that is closed is counted no more
            await asyncio.sleep(0.05)


@pytest.mark.timeout(60)
async def test_changes_that_a_board_does_not_show_put_off_neither_its_beat_nor_that_it_is_heard(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(state, "BEAT_S", 0.5)

    async def change() -> None:
        while True:
            stage.serving.changes.note()
            await asyncio.sleep(0.1)

    async with listening(stage) as url, httpx2.AsyncClient(base_url=url, timeout=20) as client:
        changing = asyncio.create_task(change())
        async with client.stream("GET", "/v1/stream?view=board") as stream:
            lines = aiter(stream.aiter_lines())
            for _ in range(2):
                stage.serving.presence.board_heard_at = None
                async with asyncio.timeout(15):
                    while (await message(lines)).get("event") != "beat":
                        pass
                assert hears_a_board(stage)[0]
            stage.serving.presence.board_heard_at = None
            monkeypatch.setattr(state, "BEAT_S", 60)
            async with asyncio.timeout(15):
                while not hears_a_board(stage)[0]:  # noqa: ASYNC110 - other tasks set it
                    await asyncio.sleep(0.05)
        changing.cancel()


@pytest.mark.timeout(60)
async def test_a_taken_counters_page_is_told_so_and_a_client_has_four_streams(stage: Stage) -> None:
    async with listening(stage) as url, httpx2.AsyncClient(base_url=url, timeout=20) as client:
        session = await stage.session(1)
        async with client.stream("GET", "/v1/stream?view=counter", headers=session) as stream:
            lines = aiter(stream.aiter_lines())
            assert json.loads((await message(lines))["data"])["counter"]["number"] == 1
            assert stage.serving.presence.counters_work(0.0)
            await stage.session(1, take_over=True)
            while (told := await message(lines)).get("event") != "gone":
                pass
            assert json.loads(told["data"])["code"] == "session-taken"
        opened = [client.stream("GET", "/v1/stream?view=board") for _ in range(5)]
        statuses = [(await one.__aenter__()).status_code for one in opened]
        for one in opened:
            await one.__aexit__(None, None, None)
        assert statuses == [200] * 4 + [429]


def hears_a_board(stage: Stage) -> tuple[bool, bool]:
    """Whether the hall's board is heard of, and speaks."""
    return stage.serving.presence.board_heard_at is not None, stage.serving.presence.board_speaks


@pytest.mark.timeout(60)
async def test_strangers_fill_their_own_places_and_keep_out_neither_a_counter_nor_a_named_board(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(state, "is_loopback", lambda _address: False)  # as from another machine of the hall
    monkeypatch.setattr(presence, "MOST_OF_STRANGERS", 2)
    monkeypatch.setattr(presence, "MAX_OF_ONE", 3)
    board = "/v1/stream?view=board&speaks=true&distance=10&serves=7.5"
    async with (
        listening(stage) as url,
        httpx2.AsyncClient(base_url=url, timeout=20) as client,
        client.stream("GET", board) as first,
        client.stream("GET", board) as second,
    ):
        async with client.stream("GET", board) as third:
            assert (first.status_code, second.status_code, third.status_code) == (200, 200, 429)
        assert hears_a_board(stage) == (False, False)  # nobody has named this address
        assert stage.serving.presence.board_reach is None
        session = await stage.session(1)
        async with client.stream("GET", "/v1/stream?view=counter", headers=session) as counter:
            assert counter.status_code == 200
        with stage.hall.hub.act() as act:
            assert name_board(act, "127.0.0.1", counts=True) == ["127.0.0.1"]
        async with client.stream("GET", board) as named:
            assert named.status_code == 200
            assert hears_a_board(stage) == (True, True)
            assert stage.serving.presence.board_reach == (10, 7.5)

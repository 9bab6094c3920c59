"""A hub on a full disk shows what it has, says that it is not ready, and calls on when there is room."""

import asyncio
import contextlib
import shutil
import sqlite3
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import httpx2
import pytest

from common.machine.errors import StoreUnavailable
from hub.api.app import create_app
from hub.api.server.server import Serving
from hub.engine.opening import beat, open_hub, work_goes_on
from hub.settings import CentralSection, HubConfig, HubSection
from offline_store.disk.database import DATABASE
from offline_store.identity import Identity
from offline_store.opening import open_store_in
from tests.hub.api.conftest import HUB_KEY, Stage, named
from tests.hub.hall import CENTRE, HUB_ID, Hall, open_hall
from tests.kit.small_disk import fill, small_disk


@pytest.fixture(name="disk")
def small(tmp_path: Path) -> Iterator[Path]:
    with small_disk(tmp_path / "disk", 8) as disk:
        yield disk


def killed(disk: Path) -> tuple[Path, Hall]:
    """A hub's folder as a kill leaves it, with somebody called; and the hall that it was."""
    hall = open_hall(disk / "alive")
    hall.set_up({1: ["A", "B"]})
    named(hall)
    hall.press(1, "open")
    hall.kiosks[0].give("A")
    hall.kiosks[0].give("A")
    assert hall.called(1) == "A1001"
    with contextlib.closing(sqlite3.connect(disk / "alive" / DATABASE)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # whatever is written from now on needs room
    shutil.copytree(disk / "alive", disk / "killed")
    hall.hub.store.close()
    return disk / "killed", hall


async def test_a_hub_that_is_started_on_a_full_disk_shows_what_it_has_and_calls_on_when_there_is_room(
    disk: Path,
) -> None:
    folder, former = killed(disk)
    fill(disk / "ballast")
    clock = former.clock
    clock.sleep(1)
    store = open_store_in(folder, Identity(HUB_ID, CENTRE, 0), stamp=clock.now(), machine="m" * 64)
    hall = Hall(open_hub(store, clock, term=1, serves=True), clock)
    assert not hall.hub.has_begun
    config = HubConfig(hub=HubSection(centre=CENTRE), central=CentralSection(url="http://127.0.0.1:1"))
    serving = Serving(hall.hub, config, HUB_KEY)
    hall.hub.asks_first = True
    app = create_app(serving)
    transport = httpx2.ASGITransport(cast("Any", app))
    async with app.lifespan(), httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1:8090") as client:
        stage = Stage(hall, serving, client)
        state = (await client.get("/v1/state")).json()
        assert [call["number"] for call in state["calls"]] == ["A1001"]
        hall.passes(1)
        ready = await client.get("/readyz")
        assert (ready.status_code, ready.json()["type"]) == (503, "/problems/store-away")
        (disk / "ballast").unlink()
        async with asyncio.timeout(60):
            while hall.hub.asks_first:  # noqa: ASYNC110 (it is tried each second)
                await asyncio.sleep(0.05)
        assert (await client.get("/readyz")).status_code == 200
        said = await stage.press(1, await stage.session(1), {"press": "next"}, str(uuid.uuid4()))
        assert said.json()["counter"]["ticket"]["number"] == "A1002"
    hall.hub.store.close()


def test_working_time_that_a_full_disk_did_not_take_runs_once_there_is_room(disk: Path) -> None:
    hall = open_hall(disk / "hub")
    with contextlib.closing(sqlite3.connect(disk / "hub" / DATABASE)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    fill(disk / "ballast")
    with pytest.raises(StoreUnavailable):
        work_goes_on(hall.hub, running=True)
    (disk / "ballast").unlink()
    work_goes_on(hall.hub, running=True)  # as the next second does
    hall.passes(100)
    beat(hall.hub)
    hall.hub.store.close()
    store = open_store_in(disk / "hub", Identity(HUB_ID, CENTRE, 0), stamp=hall.clock.now(), machine="m" * 64)
    again = open_hub(store, hall.clock, term=1, serves=True)
    assert again.work.at(again.timeline.at(hall.clock.now())) == pytest.approx(100_000_000, abs=2)
    store.close()

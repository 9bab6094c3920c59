"""A hub that ends leaves no connection to another hub open."""

import asyncio
from pathlib import Path

import pytest

from common.protocol.feed_message import HubRecord
from hub.api import app
from hub.api.server.server import Serving
from hub.settings import CentralSection, HubConfig, HubSection
from hub.takeover.peers import Peer
from tests.hub.api.conftest import HUB_KEY, public
from tests.hub.hall import CENTRE, open_hall


async def test_a_hub_that_ends_drops_its_connections_to_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def no_tick(_serving: Serving) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(app, "tick", no_tick)
    hall = open_hall(tmp_path / "hub")
    address = "http://127.0.0.1:1"
    config = HubConfig(hub=HubSection(centre=CENTRE, address=address), central=CentralSection(url=address))
    serving = Serving(hall.hub, config, HUB_KEY)
    peer = Peer(HubRecord("hub-b", address, public(HUB_KEY)), "hub-a", HUB_KEY)
    serving.follower._peers["hub-b"] = peer
    connection = peer._connected()
    closed = []
    async with app.create_app(serving).lifespan():
        closed.append(connection.is_closed)
    closed.append(connection.is_closed)
    assert closed == [False, True]
    hall.hub.store.close()

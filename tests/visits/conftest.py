import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.kit.clock import HandClock
from tests.kit.desk import App, Place, open_store
from tests.visits.lobby import Lobby, Tray


@pytest.fixture
async def lobby(tmp_path: Path) -> AsyncIterator[Lobby]:
    """A kiosk on which all is well, with a real store."""
    clock = HandClock()
    # Its threads end before the store closes: one that a visit no longer waits for would open it once more.
    with open_store(tmp_path / "data", clock) as store, ThreadPoolExecutor() as threads:
        asyncio.get_running_loop().set_default_executor(threads)
        tray = Tray()
        place = Place(store, clock, App(), papers=tray)
        place.app.make_known(store)
        yield Lobby(place, tray)

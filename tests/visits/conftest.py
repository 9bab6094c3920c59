import asyncio
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.kit import told
from tests.kit.clock import HandClock
from tests.kit.desk import App, Place, open_store
from tests.visits.lobby import Lobby, Tray

RECORD = told.Record(Path(__file__).with_name("told.txt"))
_EACH_TIME_ANOTHER = {"test_any_visit", "test_canary", "test_never_waits", "test_panel_visit", "test_real_devices"}


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


@pytest.fixture(autouse=True)
def _told_as_recorded(request: pytest.FixtureRequest) -> Iterator[None]:
    """What a test told is what is in the record beside it; what chance or threads decide is not in it."""
    told.taken()
    yield
    if request.path.stem not in _EACH_TIME_ANOTHER:
        RECORD.compare(f"{request.path.stem} {request.node.name}", told.taken())

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from offline_store.disk.database import Store
from tests.kit import told
from tests.visits.lobby import Lobby, open_lobby

RECORD = told.Record(Path(__file__).with_name("told.txt"))


@pytest.fixture
async def lobby(tmp_path: Path) -> AsyncIterator[Lobby]:
    """A kiosk on which all is well, with a real store and its features."""
    async with open_lobby(tmp_path / "data") as lobby:
        yield lobby


@pytest.fixture
def store(lobby: Lobby) -> Store:
    return lobby.place.store


@pytest.fixture(autouse=True)
def _told_as_recorded(request: pytest.FixtureRequest) -> Iterator[None]:
    told.taken()
    yield
    RECORD.compare(f"{request.path.stem} {request.node.name}", told.taken())

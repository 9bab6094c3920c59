from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.kit import told
from tests.visits.lobby import Lobby, open_lobby

RECORD = told.Record(Path(__file__).with_name("told.txt"))
_EACH_TIME_ANOTHER = {"test_any_visit", "test_canary", "test_never_waits", "test_panel_visit", "test_real_devices"}


@pytest.fixture
async def lobby(tmp_path: Path) -> AsyncIterator[Lobby]:
    """A kiosk on which all is well, with a real store."""
    async with open_lobby(tmp_path / "data") as lobby:
        yield lobby


@pytest.fixture(autouse=True)
def _told_as_recorded(request: pytest.FixtureRequest) -> Iterator[None]:
    """What a test told is what is in the record beside it; what chance or threads decide is not in it."""
    told.taken()
    yield
    if request.path.stem not in _EACH_TIME_ANOTHER:
        RECORD.compare(f"{request.path.stem} {request.node.name}", told.taken())

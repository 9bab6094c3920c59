from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kiosk.desk_setting import App, HandClock, Place, open_store
from tests.visits.lobby import Lobby, Tray


@pytest.fixture
def lobby(tmp_path: Path) -> Iterator[Lobby]:
    """A kiosk on which all is well, with a real store."""
    clock = HandClock()
    with open_store(tmp_path / "data", clock) as store:
        tray = Tray()
        place = Place(store, clock, App(), papers=tray)
        place.app.make_known(store)
        yield Lobby(place, tray)

"""The place of a kiosk whose desk takes orders."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kit.clock import HandClock
from tests.kit.desk import App, Place, open_store


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    clock = HandClock()
    with open_store(tmp_path / "data", clock) as store:
        place = Place(store, clock, App())
        place.app.make_known(store)
        yield place

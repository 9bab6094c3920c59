from collections.abc import Iterator
from pathlib import Path

import pytest

from offline_store.disk.database import Store
from offline_store.opening import open_store_in
from tests.kit.store import IDENTITY, MACHINE, stamp


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A new store, opened at noon by a good clock."""
    with open_store_in(tmp_path / "data", IDENTITY, stamp=stamp(), machine=MACHINE) as opened:
        yield opened

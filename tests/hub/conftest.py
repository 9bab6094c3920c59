from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hub.hall import Hall, open_hall


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    """A centre with three counters: 1 serves A and B, 2 serves A, 3 serves C; nobody has opened yet."""
    opened = open_hall(tmp_path / "hub")
    opened.set_up({1: ["A", "B"], 2: ["A"], 3: ["C"]})
    opened.works()
    yield opened
    opened.hub.store.close()

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kiosk.maintenance.scripted import Workshop


@pytest.fixture
def workshop(tmp_path: Path) -> Iterator[Workshop]:
    workshop = Workshop(tmp_path)
    yield workshop
    workshop.store.close()


@pytest.fixture(autouse=True)
def _quick_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The paper wizard looks at the printer again every 2 s; here at once."""
    monkeypatch.setattr("kiosk.maintenance.hardware.paper._SEEN_WITHIN_S", 0.02)

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kiosk.maintenance.scripted import Workshop
from tests.kit import told

RECORD = told.Record(Path(__file__).with_name("told.txt"))


@pytest.fixture
def workshop(tmp_path: Path) -> Iterator[Workshop]:
    workshop = Workshop(tmp_path)
    yield workshop
    workshop.store.close()


@pytest.fixture(autouse=True)
def _quick_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The paper wizard looks at the printer again every 2 s; here at once."""
    monkeypatch.setattr("kiosk.maintenance.hardware.paper._SEEN_WITHIN_S", 0.02)


@pytest.fixture(autouse=True)
def _told_as_recorded(request: pytest.FixtureRequest) -> Iterator[None]:
    """What a test told is what is in the record beside it; what chance or threads decide is not in it."""
    told.taken()
    yield
    RECORD.compare(f"{request.path.stem} {request.node.name}", told.taken())

"""A kiosk's delivery and the central that it talks to."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kit.delivering import Delivering
from tests.kit.fake_central import FakeCentral


@pytest.fixture
def kiosk(tmp_path: Path) -> Iterator[Delivering]:
    central = FakeCentral()
    delivering = Delivering(tmp_path, central)
    yield delivering
    delivering.close()
    central.close()

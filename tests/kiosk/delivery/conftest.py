"""A central that a kiosk can enrol at."""

from collections.abc import Iterator

import pytest

from tests.kit.fake_central import FakeCentral


@pytest.fixture
def central() -> Iterator[FakeCentral]:
    running = FakeCentral()
    yield running
    running.close()

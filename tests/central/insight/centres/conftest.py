"""The time of the centres' pages, moved by the test alone."""

from datetime import UTC, datetime

import pytest

from central.base import clock

NOON = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)  # 12:00 in Homs, a Wednesday


class Time:
    """Central's time, as the test has it."""

    def __init__(self) -> None:
        self.now = NOON


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    found = Time()
    monkeypatch.setattr(clock, "now", lambda: found.now)
    return found

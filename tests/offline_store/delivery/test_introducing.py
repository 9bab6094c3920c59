"""The first time that a new machine hears from central counts at the middle of the question, however slow the line."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from offline_store.delivery import enrolment
from tests.kit.clock import HandClock

MOMENT = datetime(2026, 11, 29, 6, 0, tzinfo=UTC)


def test_the_time_of_central_stands_for_the_middle_of_the_question(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = HandClock(boottime_s=100.0)

    class SlowLine:
        def __init__(self, *_: object, **__: object) -> None:
            pass

        def enrol(self, *_: object) -> SimpleNamespace:
            clock.pass_time(seconds=7)
            return SimpleNamespace(kiosk="kiosk-00000001", signing_keys=[])

        def time(self) -> datetime:
            clock.pass_time(seconds=4)
            return MOMENT

        def close(self) -> None:
            pass

    monkeypatch.setattr(enrolment, "HttpUplink", SlowLine)
    key = Ed25519PrivateKey.generate()
    _answer, stamp = enrolment.introduce("https://central.example", "code", key, None, clock)
    assert (stamp.wall_time, stamp.boot_time_ns, stamp.trust) == (MOMENT, 109_000_000_000, "synced")

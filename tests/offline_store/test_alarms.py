"""Each alarm stands alone, from its beginning to its end; what runs beside delivery goes on after a fault."""

import threading
from typing import Any

import pytest
from structlog.testing import capture_logs

from common.machine.errors import StoreDamaged
from offline_store import beside as besides
from offline_store.alarms import Alarm, clear_alarm, list_alarms, raise_alarm
from offline_store.beside import beside
from offline_store.disk.database import Store
from tests.kit.store import later, stamp


def test_an_alarm_keeps_its_beginning_takes_a_new_detail_and_ends_alone(store: Store) -> None:
    first, second = stamp(later(minutes=5)), stamp(later(minutes=1))
    with store.write() as connection:
        raise_alarm(connection, "paper", "x" * 501, first)
        raise_alarm(connection, "clock", "behind", second)
        raise_alarm(connection, "paper", "out", stamp(later(hours=1)))
    assert list_alarms(store) == [Alarm("clock", second.unix_s, "behind"), Alarm("paper", first.unix_s, "out")]
    with store.write() as connection:
        raise_alarm(connection, "paper", "x" * 501, first)
        clear_alarm(connection, "clock")
        clear_alarm(connection, "unknown")
    assert list_alarms(store) == [Alarm("paper", first.unix_s, "x" * 500)]


def test_a_thread_beside_begins_again_five_seconds_after_a_fault_and_ends_for_damage(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waited: list[Any] = []
    faults = iter([ValueError("x"), OSError("y"), StoreDamaged("z" * 201)])
    stop = threading.Event()
    monkeypatch.setattr(stop, "wait", waited.append)

    def run(_stop: threading.Event) -> None:
        raise next(faults)

    with capture_logs() as logged:
        besides._run("hub", run, stop)
    assert logged == [
        {"event": "beside-delivery-interrupted", "log_level": "warning", "name": "hub", "error": "ValueError"},
        {"event": "beside-delivery-interrupted", "log_level": "warning", "name": "hub", "error": "OSError"},
        {"event": "beside-delivery-ended", "log_level": "error", "name": "hub", "detail": "z" * 200},
    ]
    assert waited == [5.0, 5.0]


def test_the_block_ends_once_its_thread_has() -> None:
    said: list[Any] = []

    def run(stop: threading.Event) -> None:
        this = threading.current_thread()
        stop.wait(30)
        said.append((this.name, this.daemon))

    with beside("hub", run):
        assert said == []
    assert said == [("hub", True)]

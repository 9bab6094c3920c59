"""A kiosk's log of a day reaches central by feed and outbox: bounded, once a request, and with nothing personal."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
import structlog
from sqlalchemy import select
from typer.testing import CliRunner

from central.commands.cli import app
from common.machine.stamp import rfc3339
from common.protocol.diagnosis import LogLine
from kiosk import logs
from kiosk.delivery.diagnosing import ASKED_WITHIN, MOST_BYTES, answer, answering, told_of
from offline_store.disk import tables
from tests.kiosk.delivery.live import EnrolledKiosk, RealCentral
from tests.kit.clock import HandClock

NATIONAL_NUMBER = "01234567890"
CLOCK = HandClock()
NOW = CLOCK.now().wall_time


@pytest.fixture(scope="module")
def central(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealCentral]:
    running = RealCentral(tmp_path_factory.mktemp("central"))
    yield running
    running.close()


def write(folder: Path, *lines: dict[str, Any], name: str = "run.log") -> None:
    folder.mkdir(parents=True, exist_ok=True)
    whole = ({"time": rfc3339(NOW - timedelta(hours=1)), "level": "info", "component": "run"} | one for one in lines)
    (folder / name).write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in whole))


def told(folder: Path) -> list[dict[str, Any]]:
    return [msgspec.to_builtins(line) for line in told_of(folder, CLOCK.now())[0]]


def test_what_central_asks_for_comes_once_and_is_listed(central: RealCentral, tmp_path: Path) -> None:
    kiosk = EnrolledKiosk(tmp_path / "kiosk", central)
    write(tmp_path / "logs", {"action": "device-lost", "device": "printer", "state": "NoDevice", "level": "warning"})
    name = kiosk.said.kiosk
    kiosk.forward()
    assert not answer(kiosk.store, tmp_path / "logs", kiosk.clock.now()), "nobody asked"
    (asked,) = central.run("diagnose", name)
    assert asked["answered_at"] is None
    assert central.run("diagnose", name)[0]["asked_at"] == asked["asked_at"], "once until it answers"
    refused = CliRunner().invoke(app, ["diagnose", name, "--answer", *central.data])
    assert (refused.exit_code, "has not answered yet" in str(refused.exception)) == (1, True)

    kiosk.forward()
    assert answer(kiosk.store, tmp_path / "logs", kiosk.clock.now())
    assert not answer(kiosk.store, tmp_path / "logs", kiosk.clock.now()), "once a request"
    kiosk.forward()
    head, line = central.run("diagnose", name, "--answer")
    assert (head["asked_at"], head["lines"], head["left_out"]) == (asked["asked_at"], 1, 0)
    assert head["answered_at"] >= head["asked_at"]
    assert (line["action"], line["device"], line["state"]) == ("device-lost", "printer", "NoDevice")

    assert central.run("diagnose", name)[0]["answered_at"] is None, "the next time it is asked again"
    kiosk.forward()
    assert answer(kiosk.store, tmp_path / "logs", kiosk.clock.now())
    kiosk.store.close()


@pytest.mark.parametrize("wanted", ["kiosk-00000000", "hub"])
def test_who_is_no_kiosk_in_service_is_asked_nothing(central: RealCentral, wanted: str) -> None:
    refused = CliRunner().invoke(app, ["diagnose", wanted, *central.data])
    assert (refused.exit_code, "is in service: `central kiosks` lists them" in str(refused.exception)) == (1, True)


def test_nothing_personal_leaves_whatever_field_it_stands_in(tmp_path: Path) -> None:
    folder = tmp_path / "logs"
    values: list[Any] = [
        "سمر الحمصي",
        "Samar Homsi",
        NATIONAL_NUMBER,
        int(NATIONAL_NUMBER),
        "SY1:ABCDEFGH12345",
        [1],
        {},
    ]
    for field in (*LogLine.__struct_fields__, "detail", "problem", "exception", "visit", "person"):
        for value in values:
            write(folder, {"action": "odd", field: value})
            said = json.dumps(told(folder), ensure_ascii=False)
            assert not any(part in said for part in ("سمر", "Samar", "Homsi", NATIONAL_NUMBER, "1234567890", "SY1"))


def test_a_line_of_a_library_and_a_torn_one_stay_here(tmp_path: Path) -> None:
    write(tmp_path, {"action": "GET https://central/?name=Samar", "logger": "httpx"}, {"action": "odd", "logger": "x"})
    (tmp_path / "forward.log").write_text('{"action": "de')
    assert told(tmp_path) == []


def test_what_the_program_logs_is_told_by_its_own_words(tmp_path: Path) -> None:
    try:
        logs.configure("run", tmp_path)
        log = structlog.get_logger()
        log.warning("run-not-marked", reason="No space left on device", item="5b1f6f0a-1111-4c3e-9d2a-000000000001")
        log.error("visit-failed", error="ValueError", at=["visits.py:120 run", "ticket.py:7 <module>"])
        log.info("started", after="power-cut", gap_s=312)
    finally:
        logs.configure("test")
        structlog.reset_defaults()
    found, left_out = told_of(tmp_path, CLOCK.now())
    if datetime.now(UTC) < NOW:
        pytest.fail("the clock of these tests is ahead of this machine's")
    said = [{name: value for name, value in msgspec.to_builtins(one).items() if name != "time"} for one in found]
    of_run = {"component": "run"}
    assert (said, left_out) == (
        [
            of_run | {"level": "warning", "action": "run-not-marked", "reason": "No-space-left-on-device"},
            of_run | {"level": "error", "action": "visit-failed", "error": "ValueError", "at": "ticket.py:7-<module>"},
            of_run | {"level": "info", "action": "started", "after": "power-cut", "gap_s": 312},
        ],
        0,
    )


def test_the_day_before_is_left_out_and_the_file_that_was_just_turned_over_is_not(tmp_path: Path) -> None:
    write(tmp_path, {"action": "old", "time": rfc3339(NOW - timedelta(hours=25))}, {"action": "new"})
    write(tmp_path, {"action": "turned-over", "time": rfc3339(NOW - timedelta(hours=23))}, name="run.log.1")
    assert [one["action"] for one in told(tmp_path)] == ["turned-over", "new"]


def test_an_answer_is_bounded_and_what_went_wrong_has_room_first(tmp_path: Path) -> None:
    of_day = [{"action": "x" * 60, "time": rfc3339(NOW - timedelta(seconds=n)), "state": "y" * 70} for n in range(600)]
    wrong = {"action": "store-out", "level": "error", "time": rfc3339(NOW - timedelta(hours=20))}
    write(tmp_path, *of_day, wrong)
    lines, left_out = told_of(tmp_path, CLOCK.now())
    assert lines[0].action == "store-out"
    assert lines[-1].time == rfc3339(NOW)
    assert len(msgspec.json.encode(lines)) <= MOST_BYTES + 2
    assert len(lines) + left_out == 601
    assert left_out > 300


def test_a_request_that_is_a_month_old_is_answered_no_more(central: RealCentral, tmp_path: Path) -> None:
    kiosk = EnrolledKiosk(tmp_path / "kiosk", central)
    central.run("diagnose", kiosk.said.kiosk)
    kiosk.forward()
    with kiosk.store.read() as connection:
        asked = json.loads(
            connection.scalar(select(tables.centre_records.c.body).where(tables.centre_records.c.kind == "diagnose"))
            or ""
        )
    late = datetime.fromisoformat(asked["asked_at"]) + ASKED_WITHIN + timedelta(minutes=1)
    assert not answer(kiosk.store, tmp_path, HandClock(late).now())
    assert answer(kiosk.store, tmp_path, kiosk.clock.now())
    kiosk.store.close()


def test_it_is_looked_for_until_it_is_told_to_stop(central: RealCentral, tmp_path: Path) -> None:
    kiosk = EnrolledKiosk(tmp_path / "kiosk", central)
    central.run("diagnose", kiosk.said.kiosk)
    kiosk.forward()
    stop = threading.Event()

    class Stops(HandClock):
        def now(self) -> Any:
            stop.set()
            return super().now()

    answering(kiosk.store, tmp_path, Stops(), stop)
    assert "diagnosis" in [row.kind for row in _items(kiosk)]
    kiosk.store.close()


def _items(kiosk: EnrolledKiosk) -> list[Any]:
    with kiosk.store.read() as connection:
        return list(connection.execute(select(tables.items.c.kind)).all())

import errno
import io
import json
import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from kiosk import logs
from tests.kit.logs import restored_logging


@pytest.fixture(autouse=True)
def _restored_logging() -> Iterator[None]:
    with restored_logging():
        yield


def test_a_line_has_action_component_visit_and_device(tmp_path: Path) -> None:
    stream = io.StringIO()
    logs.configure("run", tmp_path / "logs", stream=stream)
    structlog.contextvars.bind_contextvars(visit="7f3a")
    structlog.get_logger().warning("paper-out", device="printer")
    line = json.loads(stream.getvalue())
    assert line.pop("time").endswith("Z")
    assert line == {
        "action": "paper-out",
        "component": "run",
        "device": "printer",
        "level": "warning",
        "visit": "7f3a",
    }
    assert (tmp_path / "logs" / "run.log").read_text() == stream.getvalue()


@pytest.mark.parametrize(
    "personal",
    [
        "04010012345",
        "٠٤٠١٠٠١٢٣٤٥",
        "SY1:6BFOXN*TS0BI$ZD4N9:9S6RCVN5+O30K3",
        ";4111111111111111=2512101000?",
        4010012345678,
    ],
)
def test_nothing_personal_is_written_even_from_an_exception(personal: object) -> None:
    stream = io.StringIO()
    logs.configure("run", stream=stream)
    try:
        int(f"can't read {personal}")
    except ValueError:
        structlog.get_logger().exception("scan-failed", found=personal, nested={"list": [personal]})
    logging.getLogger("elsewhere").error("library says %s", personal)
    written = stream.getvalue()
    assert str(personal) not in written
    assert "•••" in written
    assert "ValueError" in written


def test_bytes_control_characters_and_floods_are_made_harmless() -> None:
    stream = io.StringIO()
    logs.configure("run", stream=stream)
    structlog.get_logger().info("frame", raw=b"\x00\xff", text="a\x1b[2Jb\u202ec", long="x" * 10_000, many=[0] * 500)
    line = json.loads(stream.getvalue())
    assert line["raw"] == "2 bytes"
    assert "\x1b" not in line["text"]
    assert "\u202e" not in line["text"]
    assert len(line["long"]) < 700
    assert len(line["many"]) == 30


def test_ids_and_hashes_stay_readable() -> None:
    stream = io.StringIO()
    logs.configure("run", stream=stream)
    ids = {
        "id": "0b3f6c1e-5d2a-4f7e-9d0c-123456789012",
        "hash": "a" * 30 + "12345678901",
        "boot_time_ns": 12345678901234,
    }
    structlog.get_logger().info("item-accepted", **ids)
    line = json.loads(stream.getvalue())
    assert {key: line[key] for key in ids} == ids


def test_the_file_rotates_and_stays_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "_FILE_BYTES", 2_000)
    logs.configure("forward", tmp_path, stream=io.StringIO())
    for number in range(400):
        structlog.get_logger().info("batch-sent", number=number)
    files = list(tmp_path.iterdir())
    assert len(files) == 10
    assert sum(file.stat().st_size for file in files) <= 20_000


def test_last_lines_come_newest_first_filtered_and_past_a_torn_line(tmp_path: Path) -> None:
    rows = [("2026-11-25T08:00:00Z", "info", "Started"), ("2026-11-25T09:00:00Z", "warning", "Paper-Low")]
    text = "".join(json.dumps({"time": t, "level": level, "action": action}) + "\n" for t, level, action in rows)
    (tmp_path / "run.log").write_text(text + '{"time": "2026-11-25T10:', encoding="utf-8")
    assert [line["action"] for line in logs.last_lines(tmp_path, 10)] == ["Paper-Low", "Started"]
    assert [line["action"] for line in logs.last_lines(tmp_path, 1)] == ["Paper-Low"]
    assert [line["action"] for line in logs.last_lines(tmp_path, 9, contains="STARTED")] == ["Started"]
    assert [line["action"] for line in logs.last_lines(tmp_path, 9, level="warning")] == ["Paper-Low"]


def test_a_disk_that_takes_nothing_costs_the_file_lines_and_the_console_no_traceback(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    class Full(io.StringIO):
        def write(self, _text: str) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    stream = io.StringIO()
    logs.configure("run", tmp_path, stream=stream)
    file = next(each for each in logging.getLogger().handlers if isinstance(each, logging.FileHandler))
    file.setStream(Full())  # type: ignore[arg-type]
    structlog.get_logger().info("ticket-accepted")
    assert "ticket-accepted" in stream.getvalue()
    assert "Traceback" not in capsys.readouterr().err


def test_a_file_that_cannot_be_opened_costs_its_lines_and_comes_once_it_can(tmp_path: Path) -> None:
    (tmp_path / "logs").write_text("in the way", encoding="utf-8")  # as a read-only disk: no folder can be made
    stream = io.StringIO()
    logs.configure("run", tmp_path / "logs", stream=stream)
    structlog.get_logger().info("started")
    assert "Traceback" not in stream.getvalue()
    assert "started" in stream.getvalue()
    (tmp_path / "logs").unlink()
    structlog.get_logger().info("mended")
    (line,) = (tmp_path / "logs" / "run.log").read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["action"] == "mended"


def test_under_systemd_each_line_has_the_priority_that_journalctl_looks_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (tmp_path / "journal").open("w+", encoding="utf-8") as journal:
        monkeypatch.setattr("sys.stderr", journal)
        there = os.fstat(journal.fileno())
        monkeypatch.setenv("JOURNAL_STREAM", f"{there.st_dev}:{there.st_ino}")
        logs.configure("run", tmp_path / "logs")
        log = structlog.get_logger()
        log.info("started")
        log.warning("paper-out")
        log.error("store-unavailable")
        journal.seek(0)
        said = journal.read().splitlines()
    assert [line[:4] for line in said] == ["<6>{", "<4>{", "<3>{"]
    kept = (tmp_path / "logs/run.log").read_text().splitlines()
    assert kept == [line[3:] for line in said]  # the file is JSON alone


def test_a_stream_that_is_not_the_journal_gets_no_priority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with (tmp_path / "console").open("w+", encoding="utf-8") as console:
        monkeypatch.setattr("sys.stderr", console)
        monkeypatch.setenv("JOURNAL_STREAM", "9:1")
        logs.configure("run")
        structlog.get_logger().warning("paper-out")
        console.seek(0)
        assert json.loads(console.read())["action"] == "paper-out"

"""Hub and central say a line's priority to journald, and to nobody else."""

import io
import json
import logging
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

import pytest
import structlog

from common.machine import systemd


@pytest.fixture
def stderr(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TextIO]:
    with (tmp_path / "stderr").open("w+", encoding="utf-8") as stream:
        there = os.fstat(stream.fileno())
        monkeypatch.setenv("JOURNAL_STREAM", f"{there.st_dev}:{there.st_ino}")
        yield stream


def logged(stream: TextIO, level: str) -> str:
    render = systemd.renderer(structlog.processors.JSONRenderer(), stream)
    line = structlog.processors.add_log_level(None, level, {"event": "x"})
    return str(render(None, level, line))


@pytest.mark.parametrize(
    ("level", "priority"), [("info", 6), ("warning", 4), ("error", 3), ("exception", 3), ("critical", 2)]
)
def test_each_level_has_its_priority(stderr: TextIO, level: str, priority: int) -> None:
    said = logged(stderr, level)
    assert said.startswith(f"<{priority}>{{")
    assert json.loads(said[3:])["event"] == "x"


def test_elsewhere_a_line_is_as_it_was(stderr: TextIO) -> None:
    assert json.loads(logged(io.StringIO(), "warning"))["event"] == "x"
    del stderr


def test_libraries_have_theirs(stderr: TextIO, monkeypatch: pytest.MonkeyPatch) -> None:
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", [])
    systemd.configure_libraries(stderr)
    root.handlers[0].emit(logging.LogRecord("lib", logging.ERROR, "", 0, "broken", None, None))
    stderr.seek(0)
    assert stderr.read() == "<3>ERROR lib broken\n"

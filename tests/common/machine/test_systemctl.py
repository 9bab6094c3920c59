"""What systemd says of its units, asked of the program that is on the path; nothing where it says nothing."""

import subprocess
from pathlib import Path
from typing import Any

import pytest

from common.machine.doctor.systemd import ask_systemctl


def test_what_systemctl_says_is_returned_without_its_line_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert ask_systemctl("is-active", "x") == "", "there is none"
    program = tmp_path / "systemctl"
    program.write_text('#!/bin/sh\necho "$1 $2"\necho other >&2\nexit 3\n')
    program.chmod(0o755)
    assert ask_systemctl("is-active", "x") == "is-active x"


@pytest.mark.parametrize("error", [OSError(), subprocess.TimeoutExpired("systemctl", 5)])
def test_one_that_does_not_answer_says_nothing(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    asked: list[tuple[Any, Any]] = []

    def run(command: Any, **given: Any) -> None:
        asked.append((command, given))
        raise error

    monkeypatch.setattr("common.machine.doctor.systemd.shutil.which", lambda _name: "/bin/systemctl")
    monkeypatch.setattr("common.machine.doctor.systemd.subprocess.run", run)
    assert ask_systemctl("a", "b") == ""
    given = {"capture_output": True, "text": True, "timeout": 5, "check": False}
    assert asked == [(["/bin/systemctl", "a", "b"], given)]

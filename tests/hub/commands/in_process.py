"""The hub's commands in the test's own process, over a hub that the test has open."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner

from hub.commands import cli as root
from hub.commands import day, messages, services
from tests.hub.hall import Hall


def open_for_commands(monkeypatch: pytest.MonkeyPatch, hall: Hall, *, folder: Path = Path("none")) -> list[bool]:
    """Have every command find this hub open; return a list of how each opened it: whether to serve."""
    asked: list[bool] = []

    @contextmanager
    def opened(_path: Path, *, serves: bool = False) -> Iterator[SimpleNamespace]:
        asked.append(serves)
        section = SimpleNamespace(kept_in=lambda _folder: SimpleNamespace(modem=None))
        yield SimpleNamespace(hub=hall.hub, clock=hall.clock, config=SimpleNamespace(data_dir=folder, messages=section))

    for module in (root, day, messages, services):
        monkeypatch.setattr(module, "opened", opened)
    return asked


def said(*words: str) -> tuple[int, str]:
    """Run a command; return its exit status and what it printed, or raise what it raised."""
    done = CliRunner().invoke(root.cli, list(words))
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.stdout


def run(*words: str) -> str:
    status, text = said(*words)
    assert status == 0
    return text


def rows(*words: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in run(*words).splitlines()]

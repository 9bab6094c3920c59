"""Processes of the demo that are not there: what would be started and run is noted."""

import json
from pathlib import Path
from typing import Any

import pytest


class Processes:
    """Notes what is started and run; answers commands of central, hub and kiosk as it was told."""

    def __init__(self) -> None:
        self.did: list[Any] = []
        self.says: dict[str, str] = {}
        self.running: set[str] = set()

    def run(self, words: list[str], *, given: str | None = None) -> str:
        name = Path(words[0]).name
        self.did.append((name, *words[1:]) if given is None else (name, *words[1:], json.loads(given)))
        return self.says.get(words[1], "{}")

    def start(self, name: str, words: list[str], **how: Any) -> None:
        self.did.append(("start", name, *words[1:], *how.items()))

    def start_and_read_line(self, name: str, words: list[str], **how: Any) -> str:
        self.start(name, words, **how)
        return self.says[f"start {name}"]

    def start_and_hear_ready(self, name: str, words: list[str]) -> None:
        self.did.append(("ready", name, *words[1:]))

    def is_running(self, name: str) -> bool:
        return name in self.running


@pytest.fixture
def processes() -> Processes:
    return Processes()

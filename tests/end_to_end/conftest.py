"""A whole town for end-to-end tests: central as a process on loopback, and enrolled kiosks that are commands only."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from demo.processes import Processes
from tests.kit.loaded_commands import COMMANDS

BIN = Path(sys.executable).parent
COMMAND_TIMEOUT_S = 50


@dataclass
class Said:
    """What a command said and how it ended."""

    status: int
    out: str
    err: str

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Its result: one JSON object a line."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def row(self) -> dict[str, Any]:
        """Its only line."""
        (row,) = self.rows
        return row


def run(name: str, *words: str, given: str | None = None, fresh: bool = False) -> Said:
    """Run one of our commands to its end; `fresh` starts it as a user does, without what was loaded for others."""
    if fresh:
        done = subprocess.run(
            [str(BIN / name), *words], input=given or "", capture_output=True, text=True, timeout=COMMAND_TIMEOUT_S,
            check=False,
        )  # fmt: skip
    else:
        done = COMMANDS.run(name, *words, given=given, timeout_s=COMMAND_TIMEOUT_S)
    assert "Traceback" not in done.stderr, done.stderr
    return Said(done.returncode, done.stdout, done.stderr)


@dataclass
class KioskByCommand:
    """An enrolled kiosk, worked by its commands."""

    settings: Path
    fresh: bool = False

    def __call__(self, *words: str, given: str | None = None) -> Said:
        return run("kiosk", *words, "--config", str(self.settings), given=given, fresh=self.fresh)

    def done(self, *words: str, given: str | None = None) -> Said:
        """Run a command that must succeed."""
        said = self(*words, given=given)
        assert said.status == 0, said.err
        return said


@dataclass
class Town:
    """Central and its kiosks. `fresh`: each of their commands is started as a user does."""

    folder: Path
    processes: Processes
    url: str = ""
    fresh: bool = False
    kiosks: list[KioskByCommand] = field(default_factory=list)

    def central(self, *words: str, given: str | None = None) -> Said:
        """Run a command of central that must succeed."""
        said = run("central", *words, "--data", str(self.folder / "central"), given=given, fresh=self.fresh)
        assert said.status == 0, said.err
        return said

    def start_central(self, port: int = 0) -> None:
        """Start central and learn its address."""
        words = [str(BIN / "central"), "serve", "--data", str(self.folder / "central"), "--port", str(port), "--json"]
        self.url = json.loads(self.processes.start_and_read_line("central", words))["url"]

    def stop_central(self) -> None:
        """Stop central; its address stays known."""
        self.processes.stop("central")

    def settings(self, name: str, centre: str = "homs-main", extra: str = "") -> Path:
        """Write the settings of a kiosk that has no devices unless `extra` gives it some."""
        folder = self.folder / name
        folder.mkdir()
        path = folder / "kiosk.toml"
        path.write_text(
            f'[kiosk]\ncentre = "{centre}"\ndata_dir = "var"\n[central]\nurl = "{self.url}"\n{extra}', encoding="utf-8"
        )
        return path

    def enrol(self, name: str, centre: str = "homs-main", extra: str = "") -> KioskByCommand:
        """Enrol one more kiosk."""
        kiosk = KioskByCommand(self.settings(name, centre, extra), self.fresh)
        code = self.central("enrolment-code", "--centre", centre).row["code"]
        said = kiosk.done("enrol", "--central", self.url, "--code", code)
        assert set(said.row) == {"kiosk", "centre", "digit", "pin"}
        self.kiosks.append(kiosk)
        return kiosk


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    with Processes(tmp_path) as processes:
        found = Town(tmp_path, processes)
        found.start_central()
        yield found

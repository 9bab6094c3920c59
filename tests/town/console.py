"""Central's console: its own commands, run on its machine in a process beside the one that serves.

What a command prints is all that is taken from it: so nobody who asks looks into a table.
"""

import asyncio
import json
from pathlib import Path
from typing import Any, Final

from typer.testing import CliRunner

from central.base.config import CentralConfig
from central.commands.cli import app
from tests.town.central import TownCentral
from tests.town.loop import blocking

DONE: Final = 0
NOT_DONE: Final = 1  # it says why, and what it could do it has done


class NotDone(Exception):
    """A command ended otherwise than it had to."""


class Console:
    """An administrator at the console of central's machine."""

    def __init__(self, central: TownCentral) -> None:
        self._central = central
        self._one_at_a_time = asyncio.Lock()

    async def says(self, *words: str, ends: tuple[int, ...] = (DONE,)) -> list[dict[str, Any]]:
        """Run `central WORDS`, and return the objects that it prints, one a line. Raises NotDone.

        `ends`: the exit statuses that are expected.
        """
        async with self._one_at_a_time:  # each prints to the one standard output that there is
            return await self._central.on_it(blocking(_run, self._central.config, words, ends))

    async def with_payments(self, *words: str, ends: tuple[int, ...] = (DONE,)) -> list[dict[str, Any]]:
        """Run a command that reads the file of payers and billers too. Raises NotDone."""
        file = self._central.config.payments
        return await self.says(*words, *([] if file is None else ["--payments", str(file)]), ends=ends)

    def file(self, name: str, text: str | None = None) -> Path:
        """Return where a file of this name lies that a command reads or writes, and write it."""
        path = self._central.config.data_dir.parent / name
        if text is not None:
            path.write_text(text, encoding="utf-8")
        return path


def _run(config: CentralConfig, words: tuple[str, ...], ends: tuple[int, ...]) -> list[dict[str, Any]]:
    done = CliRunner().invoke(app, [*words, "--data", str(config.data_dir)])
    if done.exit_code not in ends:
        why = done.stderr.strip() or repr(done.exception)
        raise NotDone(f"central {' '.join(words)}: status {done.exit_code}: {why[-300:]}") from done.exception
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]

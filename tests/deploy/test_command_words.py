"""What `--help` says of each command of the three programs is recorded: scripts, units and guides rely on these words.

After a change that is meant, `COMMANDS=record` before the command of this test writes the record again; read what
changed in it, and whether CHANGELOG.md tells operators.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import typer.core
import typer.main
import typer.testing

from central.commands.cli import app as central
from hub.commands.cli import cli as hub
from kiosk.commands.cli import cli as kiosk

RECORD = Path(__file__).parent / "command_words.txt"
PROGRAMS = {"central": central, "hub": hub, "kiosk": kiosk}


def _commands(command: object, words: list[str]) -> Iterator[list[str]]:
    yield words
    if isinstance(command, typer.core.TyperGroup):
        for name, below in sorted(command.commands.items()):
            yield from _commands(below, [*words, name])


def _help(program: str, words: list[str]) -> str:
    runner = typer.testing.CliRunner(env={"COLUMNS": "118", "TERMINAL_WIDTH": "118"})
    said = runner.invoke(PROGRAMS[program], [*words, "--help"], prog_name=program)
    assert said.exit_code == 0, said.output
    lines = (line.strip(" │╭╮╰╯─") for line in said.output.splitlines() if "--help" not in line)
    return "".join(f"{line}\n" for line in lines if line)


def test_help_of_each_command_says_what_was_recorded() -> None:
    commands = {name: typer.main.get_command(program) for name, program in PROGRAMS.items()}
    told = "\n".join(_help(name, words) for name, command in commands.items() for words in _commands(command, []))
    if os.environ.get("COMMANDS") == "record":
        RECORD.write_text(told, encoding="utf-8")
    assert told.splitlines() == RECORD.read_text(encoding="utf-8").splitlines()

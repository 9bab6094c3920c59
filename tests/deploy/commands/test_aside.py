"""What no operator has to type is listed by `--help` behind all that one does."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from typer.main import get_command

from central.commands.cli import app as central
from common.machine.console import ASIDE
from hub.commands.cli import cli as hub
from kiosk.commands.cli import cli as kiosk

DEPLOY = Path(__file__).parents[3] / "deploy"
PROGRAMS = {"central": central, "hub": hub, "kiosk": kiosk}


def aside() -> Iterator[str]:
    for program, app in PROGRAMS.items():
        command: Any = get_command(app)
        yield from (f"{program} {name}" for name, one in command.commands.items() if one.rich_help_panel == ASIDE)


def test_commands_for_trials_and_other_names_stand_apart_and_no_guide_has_them_typed() -> None:
    found = sorted(aside())
    assert found == [
        "central order-code", "central purge", "central sandbox", "hub follow",
        "kiosk demo", "kiosk order", "kiosk pay", "kiosk sample",
    ]  # fmt: skip
    guides = "".join(path.read_text(encoding="utf-8") for path in DEPLOY.glob("*.md"))
    typed = "\n".join(re.findall(r"^ {4,}(\S.*)$", guides, re.MULTILINE))
    assert not [one for one in found if re.search(rf"\b{one}\b", typed)]

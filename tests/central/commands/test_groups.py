"""What is typed before a subcommand of central holds for it: whose data it takes, above all."""

from pathlib import Path
from typing import Final

import pytest
import typer.core
from typer.main import get_command
from typer.testing import CliRunner

from central.commands.cli import app

CENTRAL: Final = get_command(app)


def groups() -> dict[str, typer.core.TyperGroup]:
    assert isinstance(CENTRAL, typer.core.TyperGroup)
    return {name: one for name, one in CENTRAL.commands.items() if isinstance(one, typer.core.TyperGroup)}


@pytest.mark.parametrize(
    "words",
    [
        ("backup", "--data", "DATA", "head"), ("claim", "--data", "DATA", "cancel", "A1"),
        ("payments", "--data", "DATA", "books", "--day", "2026-11-22"),
        ("payments", "--data", "DATA", "--day", "2026-11-22", "books"),
        ("clerks", "--data", "DATA", "withdraw", "nobody", "--centre", "x"), ("rollout", "--data", "DATA", "stop"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_the_data_named_before_a_subcommand_are_its(
    words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere, named = tmp_path / "elsewhere", tmp_path / "named"
    monkeypatch.setenv("CENTRAL_DATA", str(elsewhere))
    done = CliRunner().invoke(app, [str(named) if word == "DATA" else word for word in words])
    assert done.exit_code != 2, done.output
    assert (named / "keys").is_dir()
    assert not elsewhere.exists()


def test_every_subcommand_of_a_group_that_takes_data_takes_them_too() -> None:
    found = groups()
    assert len(found) > 10
    for name, group in found.items():
        own = {one.opts[0] for one in group.params} & {"--data", "--database", "--json"}
        for sub, command in group.commands.items():
            assert own <= {one.opts[0] for one in command.params}, f"{name} {sub}"

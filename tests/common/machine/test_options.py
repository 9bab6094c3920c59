"""Options that several commands have in common."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import pytest
import typer
from typer.testing import CliRunner

from common.machine.options import Json, accepts_json, gathered

app = typer.Typer()


@dataclass(frozen=True)
class Call:
    folder: Annotated[str, typer.Option("--folder", envvar="FOLDER")] = "here"
    json: Json = False


@app.command()
@gathered(Call)
def greet(call: Call, name: str, loud: Annotated[bool, typer.Option("--loud")] = False) -> None:
    """Greet somebody."""
    print(f"{name} {loud} {call}")


@app.command("list")
@accepts_json
def list_(count: Annotated[int, typer.Option("--count")] = 1) -> None:
    """List things."""
    print(count)


group = typer.Typer()
app.add_typer(group, name="letters")


@group.callback(invoke_without_command=True)
@gathered(Call)
def letters(call: Call, context: typer.Context, kept: Annotated[Path, typer.Option("--kept")] = Path()) -> None:
    """Say how many there are."""
    if context.invoked_subcommand is None:
        print(f"{call} {kept}")


@group.command()
@gathered(Call)
def send(call: Call, to: str, kept: Annotated[Path, typer.Option("--kept")] = Path()) -> None:
    """Send one."""
    print(f"{to} {call} {kept!r}")


@group.command()
@gathered(Call)
def find(call: Call, box: Annotated[Path, typer.Option("--kept")]) -> None:
    """Find those of a box."""
    print(f"{call} {box!r}")


@group.command()
@gathered(Call)
def burn(call: Call) -> None:
    """Burn all."""
    print(call)


def said(*words: str) -> str:
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.output
    return done.stdout.strip()


def test_what_commands_have_in_common_is_their_first_argument() -> None:
    assert said("greet", "Rana") == f"Rana False {Call()}"
    assert said("greet", "--json", "Rana", "--folder", "there", "--loud") == f"Rana True {Call('there', True)}"
    assert "Greet somebody." in said("greet", "--help")


def test_json_changes_nothing_where_all_is_json() -> None:
    assert said("list", "--count", "3", "--json") == said("list", "--count", "3") == "3"
    assert "One JSON object a line." in said("list", "--help")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("--folder", "there", "send", "Rana"), f"Rana {Call('there')} {Path()!r}"),
        (("send", "Rana", "--folder", "there"), f"Rana {Call('there')} {Path()!r}"),
        (("--folder", "there", "send", "Rana", "--folder", "elsewhere"), f"Rana {Call('elsewhere')} {Path()!r}"),
        (("--json", "--kept", "box", "send", "Rana"), f"Rana {Call(json=True)} {Path('box')!r}"),
        (("--folder", "there"), f"{Call('there')} ."),
        (("--folder", "there", "burn"), str(Call("there"))),
        (("--kept", "box", "find"), f"{Call()} {Path('box')!r}"),
    ],
)
def test_what_stands_before_a_subcommand_holds_for_it(words: tuple[str, ...], expected: str) -> None:
    assert said("letters", *words) == expected


def test_what_means_nothing_to_a_subcommand_is_refused_before_it() -> None:
    done = CliRunner().invoke(app, ["letters", "--kept", "box", "burn"])
    assert done.exit_code == 2
    assert "--kept stands before burn" in " ".join(done.output.split())
    assert done.stdout == ""


def test_what_the_environment_says_gives_way_to_what_stands_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOLDER", "of the environment")
    assert said("letters", "burn") == str(Call("of the environment"))
    assert said("letters", "--folder", "there", "burn") == str(Call("there"))

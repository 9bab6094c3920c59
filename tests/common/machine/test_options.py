"""Options that several commands have in common."""

from dataclasses import dataclass
from typing import Annotated

import typer
from typer.testing import CliRunner

from common.machine.options import Json, accepts_json, gathered

app = typer.Typer()


@dataclass(frozen=True)
class Call:
    folder: Annotated[str, typer.Option("--folder")] = "here"
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

"""`kiosk demo`: a fault comes about by its name, and an unknown name is refused with those that are."""

from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner

import demo.show
from demo.faults.fault_names import FAULTS
from kiosk.commands.cli import cli


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What the demonstration was asked for, in place of the demonstration."""
    asked: list[dict[str, Any]] = []

    def show(**wanted: Any) -> Any:
        asked.append(wanted)
        return SimpleNamespace(as_dict=dict, text="done")

    monkeypatch.setattr(demo.show, "show", show)
    return asked


@pytest.mark.parametrize("fault", [None, *FAULTS])
def test_a_fault_comes_about_by_its_name(shown: list[dict[str, Any]], fault: str | None) -> None:
    done = CliRunner().invoke(cli, ["demo", "--headless", *(("--fault", fault) if fault else ())])
    assert (done.exit_code, [one["fault"] for one in shown]) == (0, [fault])


def test_a_name_that_is_none_is_refused_with_those_that_are(shown: list[dict[str, Any]]) -> None:
    done = CliRunner().invoke(cli, ["demo", "--headless", "--fault", "printer.unpluged"])
    assert (done.exit_code, shown) == (2, [])
    assert "printer.unplugged" in done.output

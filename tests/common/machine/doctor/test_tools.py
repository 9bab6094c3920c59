"""Units and tools of another version than the one that serves are named, once no version is on trial."""

from pathlib import Path

import pytest

from common.machine.doctor.tools import check_tools

BESIDE = "Package: homs-hub-{0}\nStatus: install ok installed\nVersion: {0}\n\n"


def lay_down(root: Path, tools: str | None, *, name: str = "hub") -> None:
    current = root / "opt" / name / "current"
    (current.parent / "releases").mkdir(parents=True)
    if current.exists():
        current.rename(current.parent / "releases/1.0.0")
    current.symlink_to("releases/1.0.0")
    own = f"Package: homs-{name}\nStatus: install ok installed\nArchitecture: all\nVersion: {tools}\nDepends: x\n\n"
    (root / "var/lib/dpkg").mkdir(parents=True, exist_ok=True)
    content = BESIDE.format("1.2.0") + (own if tools else "") + BESIDE.format("1.0.0")
    (root / "var/lib/dpkg/status").write_text(content, encoding="utf-8")


@pytest.mark.parametrize("tools", ["1.2.0", "0.9"])
def test_tools_of_another_version_are_named(tmp_path: Path, tools: str) -> None:
    lay_down(tmp_path, tools)
    (found,) = check_tools("hub", tmp_path)
    said = f"WARNING  tools: units and updater are of {tools}, and 1.0.0 serves"
    todo = "apt-get install --allow-downgrades homs-hub=1.0.0; where it is not offered: hub-update"
    assert found.line == f"{said} -> {todo}"


@pytest.mark.parametrize("tools", ["1.0.0", None])
def test_of_tools_that_fit_or_came_without_packages_nothing_is_said(tmp_path: Path, tools: str | None) -> None:
    lay_down(tmp_path, tools)
    assert list(check_tools("hub", tmp_path)) == []


def test_nothing_is_said_while_a_version_is_on_trial_or_where_nobody_knows(tmp_path: Path) -> None:
    assert list(check_tools("hub", tmp_path)) == []
    lay_down(tmp_path, "1.2.0")
    assert list(check_tools("kiosk", tmp_path)) == [], "of a program that is not here"
    (tmp_path / "var/lib/hub-update").mkdir()
    (tmp_path / "var/lib/hub-update/trial").write_text("1.2.0 1.0.0", encoding="utf-8")
    assert list(check_tools("hub", tmp_path)) == []

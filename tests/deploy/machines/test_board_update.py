"""`board-update`, typed on a machine whose curl, dpkg and apt are this test's."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from tools.scaffolds.tree import ROOT

BOARD = ROOT / "deploy/board/board-update"
TOOLS = {
    "curl": 'for url in "$@"; do :; done; hub=${url%/v1/hub}; cat "$FAKE/${hub##*/}" 2>/dev/null || exit 7',
    "dpkg-query": 'cat "$FAKE/installed"',
    "apt-get": 'echo "$@" >>"$FAKE/apt"; [ ! -e "$FAKE/held" ] || exit 100',
}


@pytest.fixture
def board(tmp_path: Path) -> Path:
    for name, text in TOOLS.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{text}\n")
        (tmp_path / name).chmod(0o755)
    (tmp_path / "board.env").write_text("BOARD_HUBS=https://one,https://two\nBOARD_LOOK=diagonal=43&lang=ar\n")
    (tmp_path / "installed").write_text("1.0.0")
    return tmp_path


def hub(board: Path, name: str, version: str, *, leading: bool, term: int = 1) -> None:
    said = {"leading": leading, "term": term, "version": version}
    (board / name).write_text(json.dumps(said, separators=(",", ":")))


def update(board: Path, *words: str) -> int:
    environment = {"PATH": f"{board}:{os.environ['PATH']}", "FAKE": str(board)}
    environment |= {"BOARD_SETTINGS": str(board / "board.env"), "BOARD_AUTHORITY": "ca"}
    return subprocess.run(["sh", str(BOARD), *words], env=environment, check=False).returncode


def installed(board: Path) -> list[str]:
    calls = (board / "apt").read_text().splitlines() if (board / "apt").exists() else []
    return [call.rpartition(" ")[2] for call in calls if " install " in call]


def test_a_board_takes_the_version_of_the_hub_that_leads_and_goes_back_with_it(board: Path) -> None:
    hub(board, "one", "1.2.0", leading=False)  # a standby has a new version first
    hub(board, "two", "1.1.0", leading=True)
    assert (update(board), installed(board)) == (0, ["homs-board=1.1.0"])
    (board / "installed").write_text("1.1.0")
    assert (update(board), installed(board)) == (0, ["homs-board=1.1.0"])
    hub(board, "two", "1.0.0", leading=True)
    assert (update(board), installed(board)[1:]) == (0, ["homs-board=1.0.0"])


@pytest.mark.parametrize("former", ["one", "two"])
def test_where_two_hubs_lead_the_greater_term_is_the_hall_s(board: Path, former: str) -> None:
    hub(board, "two" if former == "one" else "one", "1.2.0", leading=True, term=10)
    hub(board, former, "1.1.0", leading=True, term=9)
    assert (update(board), installed(board)) == (0, ["homs-board=1.2.0"])


@pytest.mark.parametrize("version", ["", "-y", "$(reboot)", "v1"])
def test_what_no_hub_says_as_a_version_is_not_installed(board: Path, version: str) -> None:
    hub(board, "one", version, leading=True)
    assert (update(board), installed(board)) == (1, [])


def test_without_a_hub_that_leads_it_waits_and_what_is_held_is_an_error(board: Path) -> None:
    hub(board, "one", "1.1.0", leading=False)
    assert (update(board), installed(board)) == (1, [])
    hub(board, "two", "1.1.0", leading=True)
    (board / "held").touch()
    assert update(board) == 100
    assert update(board, "1.1.0") == 2

"""`board-update`, typed on a machine whose curl, dpkg and apt are this test's."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from tools.scaffolds.tree import ROOT

BOARD = ROOT / "deploy/board/board-update"
TOOLS = {
    "curl": 'for url in "$@"; do :; done; case $url in */updates) echo "$@" >>"$FAKE/told"; exit ;; esac; '
    'hub=${url%/v1/hub}; cat "$FAKE/${hub##*/}" 2>/dev/null || exit 7',
    "systemctl": 'echo "$@" >>"$FAKE/asked"; [ ! -e "$FAKE/$2 $3" ]',
    "apt-mark": 'cat "$FAKE/kept" 2>/dev/null || true',
    "apt-cache": 'cat "$FAKE/policy"',
    "dpkg-query": 'cat "$FAKE/installed"',
    "apt-get": 'echo "$@" >>"$FAKE/apt"; case $* in *--simulate*) cat "$FAKE/newer" 2>/dev/null; exit 0 ;; '
    '*" upgrade"*) [ ! -e "$FAKE/broken" ] || exit 100; cat "${2#*=}" >"$FAKE/pins" ;; '
    'esac; [ ! -e "$FAKE/held" ] || exit 100',
}
POLICY = """homs-board:
  Installed: 1.0.0
  Version table:
 *** 1.0.0 500
        500 {source} ./ Packages
        100 /var/lib/dpkg/status
"""


@pytest.fixture
def board(tmp_path: Path) -> Path:
    for name, text in TOOLS.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{text}\n")
        (tmp_path / name).chmod(0o755)
    (tmp_path / "board.env").write_text("BOARD_HUBS=https://one,https://two\nBOARD_LOOK=diagonal=43&lang=ar\n")
    (tmp_path / "installed").write_text("1.0.0")
    (tmp_path / "stick").mkdir()
    (tmp_path / "stick/InRelease").touch()
    (tmp_path / "policy").write_text(POLICY.format(source=f"file:{tmp_path}/stick"))
    (tmp_path / "is-failed board-nightly.service").touch()  # systemctl says no
    return tmp_path


def hub(board: Path, name: str, version: str, *, leading: bool, term: int = 1) -> None:
    said = {"leading": leading, "term": term, "version": version}
    (board / name).write_text(json.dumps(said, separators=(",", ":")))


def update(board: Path, *words: str) -> int:
    environment = {"PATH": f"{board}:{os.environ['PATH']}", "FAKE": str(board)}
    environment |= {"BOARD_PROGRAMS": str(board), "BOARD_SETTINGS": str(board / "board.env"), "BOARD_AUTHORITY": "ca"}
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


def upgraded(board: Path) -> bool:
    calls = (board / "apt").read_text().splitlines() if (board / "apt").exists() else []
    (board / "apt").unlink(missing_ok=True)
    return any(call.endswith(" upgrade") for call in calls)


def test_by_night_it_takes_what_debian_has_mended_and_shows_the_picture_by_it(board: Path) -> None:
    hub(board, "one", "1.0.0", leading=True)
    assert (update(board, "--nightly"), upgraded(board)) == (0, False), "nothing is newer"
    (board / "newer").write_text("NOTE: only a simulation\nInst chromium [139.0-1] (140.0-1 Debian)\n")
    assert (update(board), upgraded(board)) == (0, False), "nobody looks at a dark screen by day"
    (board / "asked").unlink(missing_ok=True)
    assert (update(board, "--nightly"), upgraded(board)) == (0, True)
    assert "try-restart board.service" in (board / "asked").read_text()
    assert (board / "pins").read_text() == "Package: homs-*\nPin: release o=Homs kiosks\nPin-Priority: -1\n"
    (board / "broken").touch()
    assert (update(board, "--nightly"), upgraded(board)) == (100, True), "the night has failed, which is told"


def test_the_night_takes_debians_also_where_no_hub_leads_but_not_in_a_kiosks_or_hubs_place(board: Path) -> None:
    (board / "newer").write_text("Inst chromium [139.0-1] (140.0-1 Debian)\n")
    assert (update(board, "--nightly"), upgraded(board)) == (1, True)
    hub(board, "one", "1.0.0", leading=True)
    for program in ("kiosk", "hub"):
        current = board / program / "current"
        current.mkdir(parents=True)
        assert (update(board, "--nightly"), upgraded(board)) == (0, False)
        current.rmdir()


def told(board: Path) -> str:
    assert update(board, "--tell") == 0
    *_, body, url = (board / "told").read_text().splitlines()[-1].split(" ")
    assert url == "https://two/v1/boards/updates", "the hub that leads is told"
    return str(json.loads(body)["lacks"])


def test_it_tells_the_hub_that_leads_what_keeps_updates_away(board: Path) -> None:
    hub(board, "one", "1.1.0", leading=False)
    hub(board, "two", "1.1.0", leading=True)
    assert told(board) == "None"
    (board / "is-failed board-nightly.service").unlink()
    assert told(board) == "failed"
    (board / "stick/InRelease").unlink()
    assert told(board) == "source", "the stick has gone, apt's lists have not"
    (board / "policy").write_text(POLICY.format(source="https://central.example/packages"))
    assert told(board) == "failed"
    (board / "policy").write_text("homs-board:\n *** 1.0.0 100\n        100 /var/lib/dpkg/status\n")
    assert told(board) == "source"
    for verb in ("is-enabled", "is-active"):
        off = board / f"{verb} board-nightly.timer"
        off.touch()
        assert told(board) == "timer"
        off.unlink()
    (board / "kept").write_text("homs-board\n")
    assert told(board) == "held", "the hall has another version, and this one never takes it"
    assert installed(board) == []
    (board / "installed").write_text("1.1.0")
    assert told(board) == "None", "it is kept as it is on purpose, and is what the hall runs"
    hub(board, "two", "", leading=True)
    assert told(board) == "None", "which one the hall runs nobody says"


def test_where_no_hub_leads_it_tells_nobody(board: Path) -> None:
    hub(board, "one", "1.1.0", leading=False)
    assert update(board, "--tell") == 0
    assert not (board / "told").exists()

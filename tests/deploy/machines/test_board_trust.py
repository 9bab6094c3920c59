"""`board-trust`, typed where the browser's store is this test's: whom a board believes, and whence versions come."""

import os
import subprocess
from pathlib import Path

import pytest

from tools.scaffolds.tree import ROOT

STICK = "deb [signed-by=/etc/kiosk/release.gpg check-valid-until=no] file:/mnt/repository stable main\n"
OTHER = "deb http://debian.example/debian trixie main\n"


@pytest.fixture
def board(tmp_path: Path) -> Path:
    for folder in ("bin", "etc/apt/apt.conf.d", "etc/apt/sources.list.d"):
        (tmp_path / folder).mkdir(parents=True)
    for name in ("certutil", "systemctl"):
        (tmp_path / "bin" / name).write_text(f'#!/bin/sh\necho "{name} $@" >>"{tmp_path}/done"\n')
        (tmp_path / "bin" / name).chmod(0o755)
    (tmp_path / "centre-ca.crt").write_text("the centres'")
    (tmp_path / "central-ca.pem").write_text("central's")
    (tmp_path / "etc/apt/sources.list.d/kiosk.list").write_text(STICK + OTHER)
    script = (ROOT / "deploy/board/board-trust").read_text().replace("/etc/board", f"{tmp_path}/etc/board")
    (tmp_path / "board-trust").write_text(script.replace("/etc/apt", f"{tmp_path}/etc/apt"))
    return tmp_path


def trust(board: Path, *words: str) -> int:
    path = f"{board}/bin:{os.environ['PATH']}"
    return subprocess.run(["sh", "board-trust", *words], cwd=board, env={"PATH": path}, check=False).returncode


def apt(board: Path) -> dict[str, str]:
    return {one.name: one.read_text() for one in (board / "etc/apt").rglob("*") if one.is_file()}


@pytest.mark.parametrize("url", ["https://central.example", "https://central.example/", "https://central.example:8443"])
def test_with_central_its_versions_come_from_there_and_no_more_from_a_stick(board: Path, url: str) -> None:
    for _ in range(2):
        assert trust(board, "centre-ca.crt", url, "central-ca.pem") == 0
        assert apt(board) == {
            "52homs-board": f'Acquire::https::central.example::CAInfo "{board}/etc/board/central-ca.pem";\n',
            "homs-board.list": f"deb [signed-by=/etc/kiosk/release.gpg] {url.rstrip('/')}/packages stable main\n",
            "kiosk.list": f"# by stick: {STICK}{OTHER}",
        }
    assert (board / "etc/board/central-ca.pem").read_text() == "central's"
    assert (board / "etc/board/centre-ca.crt").read_text() == "the centres'"
    assert (board / "done").read_text().splitlines()[-1] == "systemctl try-restart board.service"


def test_the_centres_file_alone_leaves_the_sources_as_they_are(board: Path) -> None:
    assert trust(board, "centre-ca.crt") == 0
    assert apt(board) == {"kiosk.list": STICK + OTHER}


@pytest.mark.parametrize(
    "words",
    [
        (), ("none.crt",), ("centre-ca.crt", "https://central.example"),
        ("centre-ca.crt", "http://central.example", "central-ca.pem"),
        ("centre-ca.crt", "https://", "central-ca.pem"),
        ("centre-ca.crt", 'https://central.example"; x', "central-ca.pem"),
        ("centre-ca.crt", "https://central.example", "none.pem"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_what_cannot_be_meant_changes_nothing(board: Path, words: tuple[str, ...]) -> None:
    assert trust(board, *words) == 2
    assert apt(board) == {"kiosk.list": STICK + OTHER}
    assert not (board / "done").exists()

"""`hub-setup`, typed on a machine whose hub and systemd are this test's: what it leaves, and what it leaves alone."""

import os
import subprocess
from pathlib import Path

import pytest

from hub.settings import load
from tools.scaffolds.tree import ROOT

DEPLOY = ROOT / "deploy"
TOOLS = {
    "id": "echo ${USER_ID:-0}",
    "chgrp": "",
    "systemd-analyze": "exit 1",
    "systemctl": 'echo "systemctl $@" >>"$DONE"',
    "sleep": "",
    "hub": 'echo "hub $@" >>"$DONE"; [ ! -e "$DONE.refused" ]',
}
ALONE = ("--centre", "homs-new", "--central", "https://central.homs.example/", "--ca", "ca.pem")
ADDRESS = ("--address", "https://10.0.0.9:8090")


class Place:
    """A machine's files, and what was done there."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.hub, self.kiosk = folder, folder / "etc/hub", folder / "etc/kiosk"
        for made in (self.hub, self.kiosk, folder / "bin"):
            made.mkdir(parents=True)
        (folder / "ca.pem").write_text("the CA")
        for name, text in TOOLS.items():
            tool = folder / "bin" / name
            tool.write_text(f"#!/bin/sh\n{text}\n")
            tool.chmod(0o755)
        script = (DEPLOY / "hub-setup").read_text().replace("/usr/share/doc/homs-hub", str(DEPLOY))
        (folder / "hub-setup").write_text(script.replace("/etc/", f"{folder}/etc/"))

    def typed(self, *words: str, **surroundings: str) -> "subprocess.CompletedProcess[str]":
        path = {"PATH": f"{self.folder}/bin:{os.environ['PATH']}", "DONE": str(self.folder / "done")}
        command = ["/bin/sh", str(self.folder / "hub-setup"), *words]
        return subprocess.run(
            command, cwd=self.folder, env=path | surroundings, capture_output=True, text=True, check=False, timeout=60
        )

    def done(self) -> list[str]:
        lines = (self.folder / "done").read_text().splitlines()
        (self.folder / "done").unlink()
        return lines

    def left(self) -> dict[str, str]:
        return {one.name: one.read_text() for one in sorted(self.hub.iterdir())}


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def test_on_a_machine_of_its_own_one_line_is_a_hub_that_updates(place: Place) -> None:
    (place.kiosk / "release.gpg").write_text("the key")  # which apt was given
    done = place.typed("ABCD2345EFGH6723", *ADDRESS, *ALONE)
    assert (done.returncode, done.stderr) == (0, "")
    config = load(place.hub / "hub.toml")
    assert (config.hub.centre, config.address) == ("homs-new", "https://10.0.0.9:8090")
    assert (config.central.url, config.ca_file) == ("https://central.homs.example", place.hub / "central-ca.pem")
    left = place.left()
    assert sorted(left) == ["central-ca.pem", "hub.toml", "packages.url", "release.gpg"]
    assert left["packages.url"] == "https://central.homs.example/packages\n"
    assert (left["release.gpg"], left["central-ca.pem"]) == ("the key", "the CA")
    assert [oct((place.hub / name).stat().st_mode)[-3:] for name in sorted(left)] == ["644", "640", "644", "644"]
    assert place.done() == [
        "hub enrol --central https://central.homs.example --code ABCD2345EFGH6723",
        "systemctl enable --now hub hub-forward",
        "hub doctor", "hub doctor",
    ]  # fmt: skip


def test_on_a_kiosks_machine_the_kiosk_has_said_the_rest(place: Place) -> None:
    (place.kiosk / "kiosk.toml").write_text(
        '[kiosk]\ncentre = "homs-main"\n[http]\nurl = "https://no"\n[central]\nurl = "https://central.example"\n'
    )
    for name, text in (("central-ca.pem", "its CA"), ("release.gpg", "its key"), ("packages.url", "stick\n")):
        (place.kiosk / name).write_text(text)
    assert place.typed("CODE", *ADDRESS).returncode == 0
    config, left = load(place.hub / "hub.toml"), place.left()
    assert (config.hub.centre, config.central.url) == ("homs-main", "https://central.example")
    assert (left["central-ca.pem"], left["packages.url"], left["release.gpg"]) == ("its CA", "stick\n", "its key")


def test_typed_again_it_changes_what_is_named_and_leaves_what_somebody_has_written(place: Place) -> None:
    assert place.typed("CODE", *ADDRESS, *ALONE).returncode == 0
    with (place.hub / "hub.toml").open("a") as settings:
        settings.write('[http]\nurl = "http://127.0.0.1:9/"\ntoken_file = "token"\n')
    (place.hub / "packages.url").write_text("stick\n")
    (place.hub / "release.gpg").write_text("the next key")
    before, _ = place.left(), place.done()
    assert place.typed().returncode == 0
    assert place.left() == before
    assert place.done()[0] == "systemctl enable --now hub hub-forward", "without a code nobody is enrolled"
    assert place.typed("CODE2", "--central", "https://other.example").returncode == 0
    config, left = load(place.hub / "hub.toml"), place.left()
    assert (config.hub.centre, config.address) == ("homs-new", "https://10.0.0.9:8090")
    assert config.central.url == "https://other.example"
    assert config.http is not None
    assert config.http.url == "http://127.0.0.1:9/"
    assert left.pop("hub.toml.before") == before["hub.toml"]
    assert left | {"hub.toml": ""} == before | {"hub.toml": ""}
    assert place.done()[0] == "hub enrol --central https://other.example --code CODE2"


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("CODE",), 2, "hub-setup CODE --address"),
        (("CODE", *ADDRESS), 2, "hub-setup CODE --address"),  # no kiosk here that would know the rest
        (("CODE", "CODE2"), 2, "hub-setup CODE --address"),
        (("CODE", "--verbose"), 2, "hub-setup CODE --address"),
        (("CODE", "--ca"), 2, "hub-setup CODE --address"),
        (("CODE", "--address", "http://10.0.0.9:8090", *ALONE), 2, "https://… is expected"),
        (("CODE", *ADDRESS, *ALONE[2:], "--centre", 'x" y'), 2, "other letters"),
        (("CODE", *ADDRESS, *ALONE[:-1], "none.pem"), 1, "central's CA is not there"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_left(
    place: Place, words: tuple[str, ...], status: int, said: str
) -> None:
    done = place.typed(*words)
    assert (done.returncode, said in done.stderr) == (status, True), done.stderr
    assert place.left() == {}
    assert not (place.folder / "done").exists()


def test_a_machine_with_a_tpm_keeps_what_pins_are_guessed_by(place: Place) -> None:
    for name, text in (("systemd-analyze", "true"), ("systemd-creds", 'for out in "$@"; do :; done; cat >"$out"')):
        (place.folder / "bin" / name).write_text(f"#!/bin/sh\n{text}\n")
        (place.folder / "bin" / name).chmod(0o755)
    kept = set()
    for _ in range(2):
        assert place.typed("CODE", *ADDRESS, *ALONE).returncode == 0
        kept.add((place.hub / "pin-pepper.cred").read_bytes())
    assert [len(one) for one in kept] == [32]
    assert (place.hub / "pin-pepper.cred").stat().st_mode & 0o077 == 0
    assert "deploy/hub-setup " in (DEPLOY / "packages/hub/install").read_text()


def test_it_is_roots_and_says_how_it_is_typed(place: Place) -> None:
    assert "is root's" in place.typed("CODE", *ADDRESS, *ALONE, USER_ID="1000").stderr
    assert place.left() == {}
    assert "hub-setup CODE --address" in place.typed("--help").stdout


def test_where_central_does_not_enrol_it_nothing_is_started_and_its_status_says_so(place: Place) -> None:
    (place.folder / "done.refused").touch()
    assert place.typed("CODE", *ADDRESS, *ALONE).returncode == 1
    assert place.done() == ["hub enrol --central https://central.homs.example --code CODE"]
    (place.folder / "done.refused").unlink()
    assert place.typed("CODE", *ADDRESS, *ALONE).returncode == 0, "the same line again, once somebody has seen to it"

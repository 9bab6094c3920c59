"""What a doctor's findings, central's wish and the mains mean to an update."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.updater.scripted import Scripted
from updater import doctor, wanted
from updater.central import environment
from updater.errors import Refused
from updater.site import Site


def found(check: str, verdict: str, what: str = "x") -> dict[str, str]:
    return {"check": check, "verdict": verdict, "found": what, "todo": "y"}


STORE_OK = found("store", "ok")


@pytest.fixture
def here(tmp_path: Path) -> Scripted:
    return Scripted(tmp_path)


def looked(here: Scripted, *findings: dict[str, str] | str, **given: Any) -> tuple[bool, list[str]]:
    said: list[str] = []
    lines = "\n".join(one if isinstance(one, str) else json.dumps(one) for one in findings)
    here.answers = [("rehearse", str(here.root / "copy")), ("--data-dir", lines)]
    return doctor.is_healthy(here.site, here.root / "opt/releases/2.0", said.append, **given), said


@pytest.mark.parametrize(
    ("finding", "is_healthy", "is_said"),
    [
        (found("settings", "ok"), True, False),
        (found("settings", "skipped"), True, False),
        (found("settings", "warning"), True, True),
        (found("settings", "problem"), False, True),
        (found("printer", "problem"), True, True),
        (found("running", "problem"), True, False),
        (found("chain", "problem"), False, True),
        (found("free disk", "problem"), False, True),
    ],
)
def test_what_decides_is_a_problem_of_what_a_version_can_break(
    here: Scripted, finding: dict[str, str], is_healthy: bool, is_said: bool
) -> None:
    healthy, said = looked(here, STORE_OK, finding)
    assert healthy is is_healthy
    assert said == ([f"{finding['verdict']}  {finding['check']}: x → y"] if is_said else [])


def test_no_version_is_blamed_for_what_is_wrong_already(here: Scripted) -> None:
    before: Sequence[dict[str, str]] = [found("settings", "problem"), found("free disk", "problem", "5 MB")]
    now = [STORE_OK, found("settings", "problem"), found("free disk", "problem", "4 MB")]
    assert looked(here, *now, before=before) == (True, ["problem  free disk: 4 MB → y"])
    assert looked(here, STORE_OK, found("settings", "problem", "other"), before=before)[0] is False
    before = [found("free disk", "warning", "5 MB")]
    assert looked(here, STORE_OK, found("free disk", "problem"), before=before)[0] is False
    assert looked(here, STORE_OK, found("printer", "problem"), decisive=frozenset({"printer"}))[0] is False


def test_a_doctor_looks_at_a_copy_which_goes_again(here: Scripted) -> None:
    looked(here, STORE_OK)
    copy = here.root / "copy"
    program = here.root / "opt/releases/2.0/bin/kiosk"
    doctors = f"{program} doctor --config {here.root}/etc/kiosk.toml --data-dir {copy} --json"
    lines = here.lines()
    assert lines[1] == doctors
    assert [line.split()[-2] for line in (lines[0], lines[2])] == ["rehearse", "tidy"]
    assert len(lines) == 3


def test_a_doctor_that_did_not_look_at_the_store_has_not_looked(here: Scripted) -> None:
    here.answers = [("rehearse", "/copy"), ("--data-dir", (7, "\n".join(f"line {n}" for n in range(10))))]
    said: list[str] = []
    assert not doctor.is_healthy(here.site, here.root / "opt/releases/2.0", said.append)
    assert said == [
        "the doctor of 2.0 ended without having looked at the store (status 7):",
        *(f"  line {n}" for n in range(2, 10)),
    ]
    for broken in ("no JSON", "[]", '{"check": "store"}'):
        assert looked(here, broken)[0] is False


def test_what_is_done_in_the_programs_folder_its_user_does(here: Scripted) -> None:
    here.answers = [("accepted", " e 7 h7 \n")]
    assert doctor.ask(here.site, "accepted") == "e 7 h7"
    program = Path(doctor.__file__).with_name("store_copy.py")
    assert here.asked == [("/usr/bin/python3.13", "-I", str(program), "accepted", str(here.root / "var"))]
    for why, last in (("a\nlocked\n", "locked"), ("", "no reason was said"), ("x" * 400, "x" * 300)):
        here.answers = [("save", (1, why))]
        with pytest.raises(Refused) as error:
            doctor.ask(here.site, "save")
        assert str(error.value) == f"the store can't be looked at (save): {last}"


@pytest.mark.parametrize(
    ("said", "version", "due"),
    [
        ('{"version": "1.2.0", "due": true}', "1.2.0", True),
        ('{"version": "1.2.0", "due": false}', "1.2.0", False),
        ('{"version": "1.2.0", "due": 1}', "1.2.0", False),
        ('{"version": null, "due": true}', None, False),
        ('{"version": "-x; reboot", "due": true}', None, False),
        ('{"version": 12, "due": true}', None, False),
    ],
)
def test_all_that_is_believed_of_centrals_wish_is_a_version(
    here: Scripted, said: str, version: str | None, due: bool
) -> None:
    here.answers = [("wanted-version", said)]
    assert wanted.version_by_central(here.site) == (version, due)
    program = here.root / "opt/current/bin/kiosk"
    assert here.lines() == [f"{program} wanted-version --config {here.root}/etc/kiosk.toml"]


@pytest.mark.parametrize("said", ["", "[]", '{"version": "1.2.0"}', "7"])
def test_a_program_that_does_not_say_what_is_wanted_is_named(here: Scripted, said: str) -> None:
    here.answers = [("wanted-version", said)]
    with pytest.raises(Refused, match="kiosk doesn't say which version is wanted: "):
        wanted.version_by_central(here.site)


def test_how_an_update_went_is_written_down_and_a_failed_one_is_known(here: Scripted) -> None:
    assert not wanted.has_failed(here.site, "1.2.0")
    wanted.note(here.site, "1.2.0", "failed", "2026-11-26T02:00:00+00:00", "é" * 400)
    kept = here.root / "state/result.json"
    assert json.loads(kept.read_text()) == {
        "version": "1.2.0", "outcome": "failed", "at": "2026-11-26T02:00:00+00:00", "why": "é" * 300,
    }  # fmt: skip
    assert "é" in kept.read_text()
    assert [wanted.has_failed(here.site, one) for one in ("1.2.0", "1.3.0")] == [True, False]
    wanted.note(here.site, "1.2.0", "waiting", "", "")
    assert not wanted.has_failed(here.site, "1.2.0")
    for broken in ("[1]", "{", "7"):
        kept.write_text(broken)
        assert wanted.has_failed(here.site, "1.2.0") is False


def test_the_mains_are_away_where_one_of_the_first_four_ups_says_so(here: Scripted) -> None:
    here.answers = [("-l localhost", "a b c d e"), ("upsc", "OL CHRG")]
    assert not wanted.is_on_battery(here.site)
    assert here.lines() == [], "without its program there is no UPS"
    (here.root / "bin").mkdir()
    (here.root / "bin/upsc").touch()
    assert not wanted.is_on_battery(here.site)
    assert here.lines() == ["upsc -l localhost", *(f"upsc {name} ups.status" for name in "abcd")]
    here.answers[:0] = [("upsc e ", "OB DISCHRG")]
    assert not wanted.is_on_battery(here.site)
    here.answers[:0] = [("upsc d ", "OB DISCHRG")]
    assert wanted.is_on_battery(here.site)
    here.answers[:0] = [("upsc d ", "OBX")]
    assert not wanted.is_on_battery(here.site)


def test_a_program_lies_where_its_name_says(tmp_path: Path) -> None:
    kiosk, central = Site.of("kiosk"), Site.of("central")
    assert (kiosk.root, kiosk.state, kiosk.data, kiosk.etc, kiosk.user) == (
        Path("/opt/kiosk"), Path("/var/lib/kiosk-update"), Path("/var/lib/kiosk"), Path("/etc/kiosk"), "kiosk",
    )  # fmt: skip
    assert (kiosk.base, kiosk.services) == ("homs-kiosk", ("kiosk.service", "kiosk-forward.service"))
    assert (kiosk.config, central.config) == (Path("/etc/kiosk/kiosk.toml"), Path("/etc/central/central.env"))
    assert (kiosk.key, kiosk.backups) == (Path("/etc/kiosk/release.gpg"), Path("/var/backups/kiosk"))
    assert kiosk.program(Path("/opt/kiosk/current")) == "/opt/kiosk/current/bin/kiosk"
    hub = Scripted(tmp_path / "a", "hub", backups_folder=tmp_path).site
    assert hub.backups == tmp_path
    is_guest = [hub.is_guest]
    (tmp_path / "a/kiosk").mkdir()
    (tmp_path / "a/kiosk/packages.url").touch()
    assert [*is_guest, hub.is_guest] == [False, True]
    other = Scripted(tmp_path / "b", "kiosk").site
    (tmp_path / "b/kiosk").mkdir()
    (tmp_path / "b/kiosk/packages.url").touch()
    assert not other.is_guest


def test_a_command_says_what_it_said_and_one_that_is_missing_or_slow_is_named(tmp_path: Path) -> None:
    site = Site(tmp_path, tmp_path, tmp_path, tmp_path, user="nobody-of-this-name", path="/usr/bin:/bin")
    done = site.run("sh", "-c", 'pwd; env | sort; cat; echo "no" >&2; exit 3', stdin="in")
    assert (done.returncode, done.stderr) == (3, "no\n")
    lines = done.stdout.splitlines()
    assert lines[0] == "/"
    assert lines[-1] == "in"
    assert {"PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8", "DEBIAN_FRONTEND=noninteractive"} <= set(lines)
    assert not [line for line in lines if line.startswith("HOME=")]
    with pytest.raises(Refused, match="no-such-program is missing"):
        site.run("no-such-program")
    with pytest.raises(Refused, match="sleep took longer than 0 s"):
        site.run("sleep", "9", timeout_s=0.01)
    with pytest.raises(Refused, match="there is no user nobody-of-this-name: install the package homs-kiosk again"):
        site.run_as_user("true")


def test_centrals_surroundings_are_what_its_file_says(tmp_path: Path) -> None:
    here = Scripted(tmp_path, "central")
    with pytest.raises(Refused, match=r"central\.env is missing: central is not set up here"):
        environment(here.site)
    (tmp_path / "etc/central.env").write_text('# words\nA=1\nB="two words=2" # more\nexport\n')
    assert environment(here.site) == {"A": "1", "B": "two words=2", "CENTRAL_DATA": str(tmp_path / "var")}
    (tmp_path / "etc/central.env").write_text('A="')
    with pytest.raises(Refused, match=r"central\.env can't be read: No closing quotation"):
        environment(here.site)

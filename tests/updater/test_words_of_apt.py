"""What the updater asks of apt, dpkg and the program, and what it makes of each answer; no program is started."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from updater import packages, wanted
from updater.errors import Refused
from updater.packages import Repository
from updater.site import Site

SHOWN = "Package: x\nFilename: pool/x.deb\nSize: 1000\nInstalled-Size: 3\n"


class Said:
    """A site whose programs answer by the first of their words that is known here."""

    def __init__(self, folder: Path, name: str = "kiosk") -> None:
        folders = (folder / "opt", folder / "state", folder / "data", folder / "etc")
        for one in folders:
            one.mkdir()
        self.site = Site(*folders, user=name, name=name, path=str(folder / "bin"), patience_s=1.0)
        self.site.key.write_text("key")
        self.asked: list[tuple[str, ...]] = []
        self.answers: dict[str, tuple[int, str, str]] = {}
        object.__setattr__(self.site, "run", self.run)
        object.__setattr__(self.site, "run_as_user", self.run)

    def run(self, *words: str, timeout_s: float = 0) -> Any:
        del timeout_s
        self.asked.append(words)
        for known, (status, out, err) in self.answers.items():
            if known in " ".join(words):
                return SimpleNamespace(returncode=status, stdout=out, stderr=err)
        return SimpleNamespace(returncode=0, stdout="", stderr="")


@pytest.fixture
def said(tmp_path: Path) -> Said:
    return Said(tmp_path)


def settings_of(said: Said) -> dict[str, str]:
    lines = (said.site.state / "apt/apt.conf").read_text().splitlines()
    return {name: value.strip('";') for name, _, value in (line.partition(" ") for line in lines)}


def test_a_server_is_asked_slowly_and_its_old_lists_are_refused(said: Said) -> None:
    (said.site.etc / "central-ca.pem").touch()
    repository = Repository(said.site, "https://central.example/packages", limit_kbit=100)
    found = settings_of(said)
    assert found["Acquire::Check-Valid-Until"] == "true"
    assert found["Acquire::https::Dl-Limit"] == "12"
    assert found["Acquire::https::CAInfo"] == str(said.site.etc / "central-ca.pem")
    assert "APT::Sandbox::User" not in found
    assert repository.words == ("-c", str(said.site.state / "apt/apt.conf"))
    source = f"deb [signed-by={said.site.key}] https://central.example/packages stable main\n"
    assert (said.site.state / "apt/sources.list").read_text() == source
    Repository(said.site, "https://central.example/packages", limit_kbit=7)
    assert settings_of(said)["Acquire::https::Dl-Limit"] == "1"


def test_a_stick_is_copied_from_by_root_whatever_its_age_and_without_a_limit(said: Said) -> None:
    Repository(said.site, "file:/media/stick")
    found = settings_of(said)
    assert (found["Acquire::Check-Valid-Until"], found["APT::Sandbox::User"]) == ("false", "root")
    assert not {"Acquire::https::Dl-Limit", "Acquire::https::CAInfo"} & found.keys()
    assert " copy:/media/stick stable main\n" in (said.site.state / "apt/sources.list").read_text()


@pytest.mark.parametrize("url", ["http://a", "https://", "file:stick", "https://a b", "https://" + "a" * 301])
def test_what_is_no_place_of_packages_is_refused(said: Said, url: str) -> None:
    with pytest.raises(Refused, match="is no place of packages"):
        Repository(said.site, url)
    Repository(said.site, "https://" + "a" * 300)
    said.site.key.unlink()
    with pytest.raises(Refused, match="is missing"):
        Repository(said.site, "https://a")


def test_a_list_that_is_not_signed_is_not_taken_and_the_first_six_reasons_are_said(said: Said) -> None:
    repository = Repository(said.site, "https://a")
    repository.refresh()
    lines = [f"{sign} {n}" for n, sign in enumerate(("E:", "Err:", "W:", "Get:", "E:", "E:", "E:", "E:"))]
    said.answers["update"] = (100, "\n".join(lines[4:]), "\n".join(lines[:4]) + "\n")
    with pytest.raises(Refused) as refused:
        repository.refresh()
    assert str(refused.value).splitlines()[1:] == ["E: 0", "Err: 1", "W: 2", "E: 4", "E: 5", "E: 6"]


def test_versions_are_offered_oldest_first_and_only_those_that_can_be_fetched(said: Said) -> None:
    repository = Repository(said.site, "https://a")
    names = ["1.10.0", "1.2.0", "1.9.0", "tools", "1.2.0-x", "9" * 62]
    said.answers["pkgnames"] = (0, "\n".join(f"homs-kiosk-{one}" for one in names), "")
    said.answers["homs-kiosk-1.9.0=1.9.0"] = (0, "N: none", "")
    said.answers["show"] = (0, SHOWN, "")

    def compare(*words: str, timeout_s: float = 0) -> Any:
        if words[0] == "dpkg":
            older = [int(one) for one in words[2].split(".")] < [int(one) for one in words[4].split(".")]
            return SimpleNamespace(returncode=0 if older else 1)
        return said.run(*words, timeout_s=timeout_s)

    object.__setattr__(said.site, "run", compare)
    assert repository.offered() == ["1.2.0", "1.10.0"]
    assert repository.room_needed("1.2.0") == 1000 + 3 * 1024 + 200_000_000
    assert repository.room_needed("1.9.0") == 200_000_000


def test_tools_of_a_version_are_fetched_once_and_those_in_charge_kept_for_the_way_back(said: Said) -> None:
    repository = Repository(said.site, "https://a")
    archives, tools = said.site.state / "apt/archives", said.site.state / "tools"
    for version in ("1.0.0", "1.1.0"):
        (archives / f"homs-kiosk_{version}_all.deb").write_text(version)
    said.answers["dpkg-query"] = (0, "1.0.0\n", "")
    repository.install("1.1.0")
    assert {one.name: one.read_text() for one in tools.iterdir()} == {"1.1.0.deb": "1.1.0", "1.0.0.deb": "1.0.0"}
    fetched = [words for words in said.asked if "--download-only" in words]
    assert [words[-1] for words in fetched] == ["homs-kiosk=1.1.0", "homs-kiosk=1.0.0"]
    said.asked.clear()
    repository.install("1.1.0")
    assert [words[-1] for words in said.asked if words[0] == "apt-get"] == ["homs-kiosk-1.1.0=1.1.0"]
    said.answers["install"] = (100, "", "\n".join(f"line {n}" for n in range(20)))
    with pytest.raises(Refused) as refused:
        repository.install("1.2.0")
    head, *why = str(refused.value).splitlines()
    assert (head, why) == ("version 1.2.0 can't be installed:", [f"line {n}" for n in range(8, 20)])
    repository.tidy()
    assert said.asked[-1][-1] == "clean"


def test_packages_are_mended_only_where_something_is_broken(said: Said) -> None:
    packages.mend(said.site)
    assert [words[-1] for words in said.asked] == ["--force-confold", "check"]
    said.answers["check"] = (1, "", "")
    packages.mend(said.site)
    assert "--fix-broken" in said.asked[-1]
    said.answers["fix-broken"] = (1, "", "first\nlast\n")
    with pytest.raises(Refused, match="not in order: last\n"):
        packages.mend(said.site)
    said.answers["--configure"] = (1, "", "locked")
    said.asked.clear()
    with pytest.raises(Refused):
        packages.mend(said.site)
    assert [words[0] for words in said.asked] == ["dpkg", "apt-get"]  # check was not asked


def test_versions_on_this_machine_are_those_that_are_not_purged(said: Said) -> None:
    rows = {"1.0.0": "installed", "1.1.0": "half-configured", "0.9.0": "config-files", "0.8.0": "not-installed"}
    said.answers["dpkg-query"] = (0, "".join(f"homs-kiosk-{name} {state}\n" for name, state in rows.items()), "")
    assert packages.installed(said.site) == ["1.0.0", "1.1.0"]


def test_units_and_tools_follow_the_version_that_serves(said: Said) -> None:
    assert packages.put_in_charge(said.site, "1.1.0") == ""  # its tools were never kept
    assert [words[0] for words in said.asked] == ["dpkg-query"]
    kept = said.site.state / "tools/1.1.0.deb"
    kept.parent.mkdir()
    kept.touch()
    assert packages.put_in_charge(said.site, "1.1.0") == ""
    assert said.asked[-1][-2:] == ("install", str(kept))
    for told, why in (("", "no reason was said"), ("first\nlast\n", "last")):
        said.answers["install"] = (100, "", told)
        assert packages.put_in_charge(said.site, "1.1.0") == why
    said.answers = {"dpkg-query": (0, "1.1.0", "")}
    said.asked.clear()
    assert (packages.put_in_charge(said.site, "1.1.0"), len(said.asked)) == ("", 1)
    packages.remove(said.site, "1.1.0")
    assert (said.asked[-1], kept.exists()) == (("dpkg", "--purge", "homs-kiosk-1.1.0"), False)
    packages.remove(said.site, "1.1.0")


@pytest.mark.parametrize(("needed", "fits"), [(99, True), (100, True), (101, False)])
def test_room_is_enough_to_the_last_byte(monkeypatch: pytest.MonkeyPatch, needed: int, fits: bool) -> None:
    monkeypatch.setattr("updater.packages.shutil.disk_usage", lambda _: SimpleNamespace(free=100))
    if fits:
        packages.check_room([Path("a")], needed)
    else:
        with pytest.raises(Refused, match="no room on a: 0 MB are needed and 0 MB are free"):
            packages.check_room([Path("a")], needed)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ('{"version": "1.2.0", "due": true}', ("1.2.0", True)),
        ('{"version": "1.2.0", "due": 1}', ("1.2.0", False)),
        ('{"version": null, "due": true}', (None, False)),
        ('{"version": "../x", "due": true}', (None, False)),
    ],
)
def test_of_what_central_wants_a_version_alone_is_believed(
    said: Said, told: str, expected: tuple[str | None, bool]
) -> None:
    said.answers["wanted-version"] = (0, told, "")
    assert wanted.version_by_central(said.site) == expected
    for broken in ("", "[]", "{}", "null"):
        said.answers["wanted-version"] = (1, broken, "x" * 400 + "why")
        with pytest.raises(Refused) as refused:
            wanted.version_by_central(said.site)
        assert str(refused.value) == f"kiosk doesn't say which version is wanted: {'x' * 297}why"


def test_a_version_that_failed_is_known_again_whatever_lies_in_the_note(said: Said) -> None:
    assert wanted.has_failed(said.site, "1.2.0") is False
    for outcome, failed in (("failed", True), ("waiting", False)):
        wanted.note(said.site, "1.2.0", outcome, "now", "y" * 299 + "zz")
        assert [wanted.has_failed(said.site, one) for one in ("1.2.0", "1.3.0")] == [failed, False]
    kept = json.loads((said.site.state / "result.json").read_text())
    assert kept == {"version": "1.2.0", "outcome": "waiting", "at": "now", "why": "y" * 298 + "zz"}
    for broken in ("[1]", "{", '"failed"'):
        (said.site.state / "result.json").write_text(broken)
        assert wanted.has_failed(said.site, "1.2.0") is False


@pytest.mark.parametrize(("status", "expected"), [("OL", False), ("OB DISCHRG", True), ("OBX", False)])
def test_without_a_ups_the_mains_are_there(said: Said, status: str, expected: bool, tmp_path: Path) -> None:
    assert wanted.is_on_battery(said.site) is False
    assert said.asked == []
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/upsc").touch()
    said.answers = {"upsc -l": (0, "a b c d e", ""), "upsc d": (0, status, ""), "upsc e": (0, "OB", "")}
    assert wanted.is_on_battery(said.site) is expected

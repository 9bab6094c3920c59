"""The commands that build packages, a stick and a list of known faults: what each asks for, and what it says."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from release import __main__ as building
from release import stick
from release.errors import BuildFailed
from release.libraries import advisories
from release.libraries.advisories import Fault
from release.part import PARTS, Part
from release.source import ROOT
from tests.release.asked import Signs

DEMO = "signed with a key made for trials; KIOSK_SIGNING_KEY=FINGERPRINT signs with a real one\n"


class Build:
    """A build whose steps write down what they are asked for."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.target, self.steps, self.monkeypatch = root / "build/packages", list[Any](), monkeypatch
        self.signer = Signs(is_demo=True)
        self.fails = False
        for name in ("check_release", "copy_tree", "write_repository"):
            monkeypatch.setattr(building, name, lambda *given, name=name: self.step(name, *given))
        monkeypatch.setattr(building, "version", lambda: "1.2.0")
        monkeypatch.setattr(building, "epoch", lambda: 7)
        monkeypatch.setattr(building, "Signer", self.made_signer)
        monkeypatch.setattr(building, "build_part", self.part)
        monkeypatch.setattr(building, "build_plain", self.plain)
        clock = iter([100.0, 161.6])
        monkeypatch.setattr("release.__main__.time.monotonic", lambda: next(clock))

    def step(self, *what: Any) -> None:
        self.steps.append(what)
        if self.fails and what[0] == "check_release":
            raise BuildFailed("a revision was changed")

    def made_signer(self, folder: Path) -> Signs:
        self.step("signer", folder)
        return self.signer

    def part(self, part: Part, tree: Path, target: Path, signer: Signs) -> list[Path]:
        assert (tree.is_dir(), signer) == (True, self.signer)
        made = [target / f"{part.package}-1.2.0.deb", target / f"{part.package}.deb"]
        made[0].write_bytes(b"x" * 3_000_000)
        made[1].write_bytes(b"x" * 2_000_000)
        return made

    def plain(self, name: str, tree: Path, target: Path, named: str, born: int) -> Path:
        assert (tree.is_dir(), named, born) == (True, "1.2.0", 7)
        return target / f"homs-{name}.deb"

    def called(self, *words: str) -> int:
        self.monkeypatch.setattr(sys, "argv", ["release", "--into", str(self.target), *words])
        return building.main()


@pytest.fixture
def build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Build:
    return Build(tmp_path, monkeypatch)


def test_all_programs_are_built_into_one_repository(build: Build, capsys: pytest.CaptureFixture[str]) -> None:
    also = build.target.parent / "earlier"
    also.mkdir(parents=True)
    for name in ("b.deb", "a.deb", "notes.txt"):
        (also / name).touch()
    build.target.mkdir()
    (build.target / "of-before").touch()
    assert build.called("--also", str(also)) == 0
    names = [one for part in PARTS for one in (f"{part.package}-1.2.0.deb", f"{part.package}.deb")]
    packages = [build.target / name for name in (*names, "homs-board.deb")]
    checked, signer, copied, written = build.steps
    assert checked == ("check_release", ROOT)
    assert signer == ("signer", build.target.parent / "demo-signing-key")
    assert (copied[0], copied[2]) == ("copy_tree", "1.2.0")
    assert written[:5] == (
        "write_repository", [*packages, also / "a.deb", also / "b.deb"], build.target / "repository", build.signer, 7,
    )  # fmt: skip
    assert abs((datetime.now(UTC) - written[5]).total_seconds()) < 600
    assert not (build.target / "of-before").exists()
    sizes = "".join(f"{part.package} 1.2.0: 5 MB\n" for part in PARTS)
    said = f"{sizes}{DEMO}{build.target}: 7 packages and their repository in 62 s\n"
    assert capsys.readouterr() == (said, "")


@pytest.mark.parametrize(
    ("only", "names"), [("hub", ["homs-hub-1.2.0.deb", "homs-hub.deb"]), ("board", ["homs-board.deb"])]
)
def test_one_program_alone_is_built(
    build: Build, capsys: pytest.CaptureFixture[str], only: str, names: list[str]
) -> None:
    build.signer = Signs()
    assert build.called("--only", only) == 0
    assert build.steps[-1][1] == [build.target / name for name in names]
    assert DEMO not in capsys.readouterr().out


def test_what_fails_is_said_and_nothing_is_built(build: Build, capsys: pytest.CaptureFixture[str]) -> None:
    build.fails = True
    assert build.called() == 1
    assert (capsys.readouterr(), build.target.exists()) == (("", "a revision was changed\n"), False)


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """A stick whose steps write down what they are asked for."""
    steps: list[tuple[Any, ...]] = []

    def lay_out(*given: Any) -> None:
        steps.append(("lay_out", *given[:3]))
        (given[2] / "repository").mkdir(parents=True)
        (given[2] / "repository/x").write_bytes(b"x" * 4_000_000)

    def signer(folder: Path) -> Signs:
        steps.append(("signer", folder))
        return Signs(is_demo=True)

    monkeypatch.setattr(stick, "Signer", signer)
    monkeypatch.setattr(stick, "lay_out", lay_out)
    monkeypatch.setattr(stick, "write_image", lambda *given: steps.append(("image", *given)))
    return steps


def test_a_stick_is_laid_out_as_its_words_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], made: list[tuple[Any, ...]]
) -> None:
    packages, target, ca, iso = (tmp_path / name for name in ("p/packages", "stick", "ca.pem", "debian.iso"))
    words = ["--packages", str(packages), "--into", str(target), "--trial"]
    monkeypatch.setattr(sys, "argv", ["release.stick", *words])
    assert stick.main() == 0
    signer = ("signer", tmp_path / "p/demo-signing-key")
    assert made == [signer, ("lay_out", packages, stick.Choices(is_trial=True), target)]
    assert capsys.readouterr() == (f"{target}: 4 MB\n", "")
    made.clear()
    target = tmp_path / "other"
    words[3] = str(target)
    more = ["--central", "https://c", "--ca", str(ca), "--root-password", "$6$a$b", "--installer", str(iso)]
    monkeypatch.setattr(sys, "argv", ["release.stick", *words, *more])
    assert stick.main() == 0
    choices = stick.Choices("https://c", ca, "$6$a$b", is_trial=True)
    assert made == [signer, ("lay_out", packages, choices, target), ("image", iso, target, tmp_path / "other.iso")]


def test_a_stick_with_a_trials_key_is_refused_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], made: list[tuple[Any, ...]]
) -> None:
    monkeypatch.setattr(sys, "argv", ["release.stick", "--packages", str(tmp_path / "packages")])
    assert stick.main() == 1
    assert [one[0] for one in made] == ["signer"]
    assert capsys.readouterr().err.startswith("KIOSK_SIGNING_KEY names no key: with the one made for a trial only")


def test_known_faults_are_listed_and_counted(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    faults: list[Fault] = []
    monkeypatch.setattr(advisories, "find_faults", lambda folder: faults if folder == Path("db") else None)
    assert advisories.main(["db"]) == 0
    assert capsys.readouterr() == ("0 known faults in what is locked\n", "")
    faults += [Fault("a", "1", "X-1", "It falls.", ("kiosk", "hub")), Fault("b", "2", "X-2", "It leaks.", ("hub",))]
    assert advisories.main(["db"]) == 1
    said = "a 1 (kiosk, hub): X-1: It falls.\nb 2 (hub): X-2: It leaks.\n2 known faults in what is locked\n"
    assert capsys.readouterr() == (said, "")
    for words in ([], ["a", "b"]):
        assert advisories.main(words) == 2
        assert capsys.readouterr().err == (
            "usage: make advisories DB=FOLDER (advisories in the OSV format, a JSON file each)\n"
        )

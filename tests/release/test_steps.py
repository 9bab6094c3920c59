"""What lies on a stick, and which steps make the packages of a program, in their order."""

import sys
from pathlib import Path
from typing import Any

import pytest

from release import __main__ as building
from release import stick
from release.errors import BuildFailed
from release.part import PARTS, Part
from tests.release.asked import Signs


@pytest.mark.parametrize("is_full", [True, False])
def test_a_stick_holds_one_repository_the_installer_s_files_and_its_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, is_full: bool
) -> None:
    packages, target, ca = (tmp_path / name for name in ("packages", "stick", "ca.pem"))
    (packages / "repository").mkdir(parents=True)
    for name in ("homs-kiosk_1_amd64.deb", "homs-kiosk-1.0_1_amd64.deb", "homs-hub_1_amd64.deb"):
        (packages / name).touch()
    ca.write_text("a CA")
    target.mkdir()
    (target / "of-before").touch()
    asked: list[tuple[Any, ...]] = []

    def fetch(repository: Path, wanted: list[str], into: Path) -> list[Path]:
        asked.append((repository, wanted))
        return [into / "libc6.deb"]

    def write(given: list[Path], folder: Path, signer: Signs, born: int) -> None:
        folder.mkdir(parents=True)
        asked.append(([one.name for one in given], folder, signer, born))

    monkeypatch.setattr(stick, "fetch_debian", fetch)
    monkeypatch.setattr(stick, "write_repository", write)
    monkeypatch.setattr(stick, "epoch", lambda: 7)
    signer = Signs()
    plain = stick.Choices()
    full = stick.Choices("https://c", ca, "$6$a$bcdefghi", is_trial=True, packages=("homs-kiosk", "nut-client"))
    stick.lay_out(packages, full if is_full else plain, target, signer)
    names = list(full.packages if is_full else plain.packages)
    ours = ["homs-kiosk-1.0_1_amd64.deb", "homs-kiosk_1_amd64.deb"]
    assert asked == [
        (packages / "repository", names), ([*ours, "libc6.deb"], target / "repository", signer, 7),
    ]  # fmt: skip
    always = ["answers.toml", "choose-disk", "install-kiosk", "packages", "preseed.cfg", "repository"]
    assert sorted(one.name for one in target.iterdir()) == sorted(
        [*always, *(["central-ca.pem", "trial"] if is_full else [])]
    )
    told = 'central = "https://c"\nca_file = "/etc/kiosk/central-ca.pem"\n' if is_full else ""
    assert (target / "answers.toml").read_text() == told
    assert (target / "packages").read_text() == " ".join(names) + "\n"
    password = "$6$a$bcdefghi" if is_full else "!"
    assert f"passwd/root-password-crypted password {password}\n" in (target / "preseed.cfg").read_text()
    assert not is_full or (target / "central-ca.pem").read_text() == "a CA"
    (packages / "repository").rmdir()
    with pytest.raises(BuildFailed, match="holds no packages: make packages"):
        stick.lay_out(packages, plain, target, signer)


@pytest.mark.parametrize("password", ["secret", "", "$6$short", "$6$" + "x" * 201, "!!"])
def test_a_password_that_is_not_crypted_is_refused(tmp_path: Path, password: str) -> None:
    (tmp_path / "repository").mkdir()
    (tmp_path / "homs-kiosk_1.deb").touch()
    with pytest.raises(BuildFailed, match=r"^--root-password: found no crypted password; `openssl passwd -6` makes"):
        stick.lay_out(tmp_path, stick.Choices(root_password=password), tmp_path / "stick", Signs())
    with pytest.raises(BuildFailed, match=r"^--ca: /no/ca\.pem is no file; central's CA as PEM is meant$"):
        stick.lay_out(tmp_path, stick.Choices(ca_file=Path("/no/ca.pem")), tmp_path / "stick", Signs())
    assert not (tmp_path / "stick").exists()


def build_steps(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[tuple[Any, ...]]:
    """Let the steps of one package write down what they are asked for."""
    steps: list[tuple[Any, ...]] = []

    def noted(name: str, answer: Any = None) -> Any:
        def step(*given: Any) -> Any:
            steps.append((name, *given))
            return answer

        return step

    def bill(*given: Any) -> None:
        steps.append(("bill", *given))
        given[3].write_text("bill")

    for name, answer in (("check_it_loads", None), ("compile_all", None), ("lay_out_units", None)):
        monkeypatch.setattr(building, name, noted(name, answer))

    def lay_out(part: Part, named: str, tree: Path, stage: Path) -> Path:
        steps.append(("lay_out", part, named, tree))
        (stage / f"usr/share/doc/{part.package}-{named}").mkdir(parents=True)
        return stage / "venv"

    monkeypatch.setattr(building, "lay_out", lay_out)
    monkeypatch.setattr(building, "write_bill", bill)
    monkeypatch.setattr(building, "version", lambda: "1.2.0")
    monkeypatch.setattr(building, "epoch", lambda: 7)
    monkeypatch.setattr("release.__main__.debian.lay_out", noted("files"))

    def build(control: list[Path], stage: Path, *given: Any) -> Path:
        assert stage.is_dir()
        docs = stage / "usr/share/doc"
        bills = [one.read_text() for one in docs.rglob("*.cdx.json")]
        assert bills == (["bill"] if docs.exists() else [])
        steps.append(("build", control, stage, *given))
        return tmp_path / "made.deb"

    monkeypatch.setattr("release.__main__.debian.build", build)
    return steps


def test_a_program_becomes_a_package_of_its_version_and_one_of_all_around_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps, tree, part = build_steps(monkeypatch, tmp_path), tmp_path / "tree", PARTS[1]
    rings: list[Path] = []
    signer = Signs()
    monkeypatch.setattr(signer, "trusted_keys", rings.append)
    assert building.build_part(part, tree, tmp_path, signer) == [tmp_path / "made.deb"] * 2
    recipes, values = tree / "deploy/packages", {"VERSION": "1.2.0", "NAME": "hub", "RELEASE": part.release("1.2.0")}
    (loads,) = (one for one in steps if one[0] == "check_it_loads")
    stage, around = loads[2].parent, rings[0].parents[3]
    folder = loads[3]
    assert (stage, around) == (folder / "version", folder / "around")
    bill = tmp_path / "homs-hub_1.2.0.cdx.json"
    assert steps == [
        ("lay_out", part, "1.2.0", tree),
        ("check_it_loads", part, stage / "venv", folder),
        ("bill", part, "1.2.0", stage / "venv", bill, 7, Path(sys.executable).parent),
        ("compile_all", stage / "venv", stage),
        ("files", recipes / "version/install", tree, stage, values),
        ("lay_out_units", part, "1.2.0", tree, stage, around),
        ("files", recipes / "hub/install", tree, around, values),
        ("files", recipes / "papers", tree, around, {"PACKAGE": "homs-hub"}),
        ("build", [recipes / "version/common", recipes / "version/hub"], stage, values, tmp_path, 7),
        ("build", [recipes / "hub"], around, values, tmp_path, 7),
    ]
    assert rings == [around / "usr/share/homs-hub/release.gpg"]
    assert bill.read_text() == "bill"


def test_what_has_no_program_of_ours_becomes_one_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps, tree = build_steps(monkeypatch, tmp_path), tmp_path / "tree"
    assert building.build_plain("board", tree, tmp_path, "1.2.0", 7) == tmp_path / "made.deb"
    files, papers, built = steps
    recipe, stage = tree / "deploy/packages/board", files[3]
    assert stage.name == "board"
    assert files == ("files", recipe / "install", tree, stage, {"VERSION": "1.2.0"})
    assert papers == ("files", tree / "deploy/packages/papers", tree, stage, {"PACKAGE": "homs-board"})
    assert built == ("build", [recipe], stage, {"VERSION": "1.2.0"}, tmp_path, 7)

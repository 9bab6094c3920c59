"""What a release asks of other programs, word for word: a repository, a stick, an image, and signing again."""

import argparse
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from release import renew, repository, running, stick
from release.errors import BuildFailed
from release.signing import Signer
from tests.release.asked import Asked, Signs


@pytest.mark.parametrize("signed_at", [None, datetime(2026, 11, 25, 9, tzinfo=UTC)])
def test_a_repository_is_made_again_dated_and_signed(tmp_path: Path, asked: Asked, signed_at: datetime | None) -> None:
    folder, signer = tmp_path / "repository", Signs()
    folder.mkdir()
    (folder / "old").touch()
    package = tmp_path / "homs-kiosk_1_amd64.deb"
    package.write_text("package")
    asked.says = {" packages pool": "listed\n", " release ": "Origin: Homs kiosks\nDate: then\nSuite: stable\n"}
    repository.write_repository([package], folder, signer, 1_700_000_000, signed_at)
    release = folder / "dists/stable/Release"
    fields = "Origin=Homs kiosks", "Label=Homs kiosks", "Suite=stable", "Codename=stable"
    options = " ".join(
        f"-oAPT::FTPArchive::Release::{one}" for one in (*fields, "Architectures=amd64", "Components=main")
    )
    index = folder / "dists/stable/main/binary-amd64/Packages"
    assert asked.lines == [
        f"apt-ftparchive packages pool in {folder}",
        f"xz --keep --force {index}",
        f"apt-ftparchive {options} release {release.parent}",
    ]
    valid = "Valid-Until: Sun, 24 Jan 2027 09:00:00 UTC\n" if signed_at else ""
    assert release.read_text() == (f"Origin: Homs kiosks\nDate: Tue, 14 Nov 2023 22:13:20 UTC\n{valid}Suite: stable\n")
    assert signer.signed == [release]
    assert index.read_text() == "listed\n"
    assert (folder / "pool" / package.name).read_text() == "package"
    assert (folder / "homs-kiosk.gpg").read_text() == "key"
    assert not (folder / "old").exists()


def test_debians_packages_are_fetched_for_a_machine_that_has_nothing_yet(tmp_path: Path, asked: Asked) -> None:
    ours = tmp_path / "ours"
    status: list[str] = []

    def install(command: list[str]) -> str:
        told = dict(word.split("=", 1) for word in command if "=" in word)
        status.append(Path(told["Dir::State::status"]).read_text() + Path(told["Dir::Etc::SourceList"]).read_text())
        for name in ("b.deb", "a.deb", "partial/c.deb"):
            (Path(told["Dir::Cache::Archives"]) / name).write_text(name)
        return ""

    asked.says = {" install ": install}
    found = stick.fetch_debian(ours, ["homs-kiosk", "nut-client"], tmp_path / "into")
    assert found == [tmp_path / "into/a.deb", tmp_path / "into/b.deb"]
    assert [one.read_text() for one in found] == ["a.deb", "b.deb"]
    assert status == [f"deb [signed-by={ours}/homs-kiosk.gpg] file:{ours} stable main\n"]
    update, download = asked.lines
    assert update.endswith(" -o APT::Sandbox::User=root -o Acquire::Retries=5 -q update")
    assert download.endswith(" -qq --yes --no-install-recommends --download-only install homs-kiosk nut-client")


def test_the_key_made_for_a_trial_is_refused_but_for_a_trial() -> None:
    stick.check_key(Signs(), is_trial=False)
    stick.check_key(Signs(is_demo=True), is_trial=True)
    with pytest.raises(BuildFailed, match="KIOSK_SIGNING_KEY names no key"):
        stick.check_key(Signs(is_demo=True), is_trial=False)


def test_an_image_is_debians_with_our_folder_and_menus(tmp_path: Path, asked: Asked) -> None:
    installer, image = tmp_path / "debian.iso", tmp_path / "stick.iso"
    with pytest.raises(BuildFailed, match="--installer: found no file"):
        stick.write_image(installer, tmp_path / "stick", image)
    installer.touch()
    image.write_text("earlier")
    stick.write_image(installer, tmp_path / "stick", image)
    recipe = Path(stick.__file__).parents[1] / "deploy/stick"
    assert asked.lines == [
        (
            f"xorriso -report_about WARNING -indev stdio:{installer} -outdev stdio:{image} -boot_image any replay "
            f"-map {tmp_path}/stick /kiosk -map {recipe}/grub.cfg /boot/grub/grub.cfg "
            f"-map {recipe}/isolinux.cfg /isolinux/isolinux.cfg"
        )
    ]
    assert not image.exists()


def test_a_program_that_fails_is_told_with_the_end_of_what_it_said(tmp_path: Path) -> None:
    assert running.run(["sh", "-c", "pwd; echo $TZ $LC_ALL $X"], folder=tmp_path, extra={"X": "y"}) == (
        f"{tmp_path}\nUTC C.UTF-8 y\n"
    )
    with pytest.raises(BuildFailed) as error:
        running.run(["sh", "-c", "seq 20 >&2; echo out; exit 3", "d", "e"])
    first, *said = str(error.value).splitlines()
    assert first == "sh -c seq 20 >&2; echo out; exit 3 d … failed:"
    assert said == [str(n) for n in range(6, 21)]
    with pytest.raises(BuildFailed, match="no-such-program is missing: `make packages` installs what a build needs"):
        running.run(["no-such-program"])


@pytest.mark.parametrize("is_demo", [True, False])
def test_signing_again_says_until_when_it_is_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *, is_demo: bool
) -> None:
    made: list[tuple[Any, ...]] = []
    folder = tmp_path / "packages/repository"
    signer = Signs(is_demo=is_demo)

    def noted(*given: Any) -> Any:
        made.append(given)
        return signer if len(given) == 1 else 7

    for name in ("Signer", "renew", "with_debian"):
        monkeypatch.setattr(renew, name, noted)
    given = argparse.Namespace(repository=folder, cosign=False, debian=False, installed=None)
    monkeypatch.setattr(argparse.ArgumentParser, "parse_args", lambda _self: given)
    assert renew.main() == 0
    now = made[1][2]
    until = f"{folder}: believed until {now + repository.VALID_FOR:%Y-%m-%d}\n"
    demo = "signed with a key made for trials; KIOSK_SIGNING_KEY=FINGERPRINT signs with a real one\n" if is_demo else ""
    assert capsys.readouterr().out == demo + until
    assert made == [(tmp_path / "demo-signing-key",), (folder, signer, now)]
    given.debian = True
    assert renew.main() == 0
    assert made[3][:3] == (folder, signer, None)
    assert capsys.readouterr().out == f"7 packages of Debian's are in it\n{demo}{until}"

    def fails(_place: Path) -> Signer:
        raise BuildFailed("no key")

    monkeypatch.setattr(renew, "Signer", fails)
    assert renew.main() == 1
    assert capsys.readouterr() == ("", "no key\n")

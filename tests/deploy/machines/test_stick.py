"""The stick for a bare machine: the installer's answers, the choice of the disk, and what lies on it."""

import shutil
import subprocess
from pathlib import Path

import pytest

from release import stick
from release.errors import BuildFailed
from release.signing import Signer

RECIPE = Path(__file__).parents[3] / "deploy/stick"


def said(*command: str | Path, path: Path | None = None) -> str:
    surroundings = {"PATH": f"{path}:/usr/bin:/bin"} if path else None
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=True, env=surroundings)
    return done.stdout.strip()


@pytest.fixture
def laid_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A stick whose packages are made up: building them is the release's own proof."""
    packages = tmp_path / "packages"
    (packages / "repository").mkdir(parents=True)
    (packages / "homs-kiosk_1_amd64.deb").touch()
    (tmp_path / "ca.pem").write_text("a CA")
    monkeypatch.setattr(stick, "fetch_debian", lambda *_: [])
    monkeypatch.setattr(stick, "write_repository", lambda _packages, folder, *_: folder.mkdir(parents=True))
    choices = stick.Choices("https://central.example", tmp_path / "ca.pem", "$6$salt$crypted12")
    stick.lay_out(packages, choices, tmp_path / "stick", Signer.__new__(Signer))
    return tmp_path / "stick"


def test_everything_that_the_installer_asks_for_lies_on_the_stick(laid_out: Path) -> None:
    preseed = (laid_out / "preseed.cfg").read_text()
    subprocess.run(["debconf-set-selections", "--checkonly", laid_out / "preseed.cfg"], check=True)
    assert "password $6$salt$crypted12\n" in preseed
    assert "@" not in "".join(line for line in preseed.splitlines() if not line.startswith("#"))
    called = {line.split("/cdrom/kiosk/")[1].split(")")[0] for line in preseed.splitlines() if "/cdrom/kiosk/" in line}
    assert called == {"choose-disk", "install-kiosk"}
    assert all((laid_out / name).is_file() for name in called)
    assert (laid_out / "answers.toml").read_text() == (
        'central = "https://central.example"\nca_file = "/etc/kiosk/central-ca.pem"\n'
    )
    assert (laid_out / "packages").read_text().startswith("homs-kiosk ")
    for menu in ("grub.cfg", "isolinux.cfg"):
        assert "file=/cdrom/kiosk/preseed.cfg" in (RECIPE / menu).read_text()


@pytest.mark.parametrize(
    ("choices", "named"),
    [
        (stick.Choices(root_password="secret"), "--root-password: found no crypted password"),
        (stick.Choices(ca_file=Path("/no/such.pem")), "--ca: /no/such.pem is no file"),
    ],
)
def test_what_a_stick_cannot_be_made_of_is_named(
    laid_out: Path, tmp_path: Path, choices: stick.Choices, named: str
) -> None:
    with pytest.raises(BuildFailed, match=named):
        stick.lay_out(tmp_path / "packages", choices, laid_out, Signer.__new__(Signer))
    with pytest.raises(BuildFailed, match="holds no packages: make packages"):
        stick.lay_out(tmp_path, stick.Choices(), laid_out, Signer.__new__(Signer))
    with pytest.raises(BuildFailed, match="--installer: found no file"):
        stick.write_image(tmp_path / "none.iso", laid_out, tmp_path / "out.iso")


@pytest.mark.parametrize(
    ("disks", "stick_is", "chosen"),
    [
        ({"sda": 0}, "/dev/sdb1", "/dev/sda"),
        ({"sda": 0, "sdb": 0}, "/dev/sdb1", "/dev/sda"),  # a stick that says it is built in
        ({"sda": 0, "sdb": 0}, "/dev/sda", "/dev/sdb"),  # the whole stick is one file system
        ({"nvme0n1": 0, "sda": 1}, "/dev/sda1", "/dev/nvme0n1"),
        ({"mmcblk0": 0, "nvme0n1": 0}, "/dev/nvme0n1p1", "/dev/mmcblk0"),
        ({"sda": 0, "nvme0n1": 0}, "/dev/sdb1", ""),  # which of them, only a person can say
        ({"sdb": 1}, "/dev/sdb1", ""),
    ],
    ids=str,
)
def test_only_a_disk_that_is_alone_is_chosen(disks: dict[str, int], stick_is: str, chosen: str, tmp_path: Path) -> None:
    for name, removable in disks.items():
        (tmp_path / "block" / name).mkdir(parents=True)
        (tmp_path / "block" / name / "removable").write_text(f"{removable}\n")
    (tmp_path / "mounts").write_text(f"proc /proc proc rw 0 0\n{stick_is} /cdrom iso9660 ro 0 0\n")
    tool = tmp_path / "list-devices"
    tool.write_text("#!/bin/sh\nprintf '/dev/%s\\n' " + " ".join(disks) + "\n")
    tool.chmod(0o755)
    assert said("sh", RECIPE / "choose-disk", tmp_path, tmp_path / "mounts", path=tmp_path) == chosen


@pytest.mark.skipif(shutil.which("xorriso") is None, reason="make packages installs xorriso")
def test_the_image_of_the_installer_gets_the_stick_and_its_menus(laid_out: Path, tmp_path: Path) -> None:
    installer = tmp_path / "installer"
    for name in ("boot/grub/grub.cfg", "isolinux/isolinux.cfg", "install.amd/vmlinuz"):
        (installer / name).parent.mkdir(parents=True, exist_ok=True)
        (installer / name).write_text("Debian's")
    subprocess.run(
        ["xorriso", "-as", "mkisofs", "-quiet", "-r", "-o", f"stdio:{tmp_path / 'debian.iso'}", installer],
        check=True, capture_output=True,
    )  # fmt: skip
    stick.write_image(tmp_path / "debian.iso", laid_out, tmp_path / "kiosk.iso")
    out = tmp_path / "out"
    subprocess.run(
        ["xorriso", "-osirrox", "on", "-indev", f"stdio:{tmp_path / 'kiosk.iso'}", "-extract", "/", out],
        check=True, capture_output=True,
    )  # fmt: skip
    assert (out / "boot/grub/grub.cfg").read_text() == (RECIPE / "grub.cfg").read_text()
    assert (out / "isolinux/isolinux.cfg").read_text() == (RECIPE / "isolinux.cfg").read_text()
    assert (out / "install.amd/vmlinuz").read_text() == "Debian's"
    assert {path.name for path in (out / "kiosk").iterdir()} == {path.name for path in laid_out.iterdir()}


def test_the_key_made_for_a_trial_is_taken_only_for_one(
    laid_out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KIOSK_SIGNING_KEY", raising=False)
    signer = Signer(tmp_path / "key")
    with pytest.raises(BuildFailed, match="--trial"):
        stick.check_key(signer, is_trial=False)
    stick.check_key(signer, is_trial=True)
    assert not (laid_out / "trial").exists()
    stick.lay_out(tmp_path / "packages", stick.Choices(is_trial=True), tmp_path / "trial-stick", signer)
    assert (tmp_path / "trial-stick/trial").exists()
    signer.public_key(tmp_path / "release.gpg")
    assert b"demo@localhost" in (tmp_path / "release.gpg").read_bytes(), "by this kiosk-setup and the doctor know it"


@pytest.mark.parametrize(
    ("key", "words", "goes_on"), [("demo", [], False), ("demo", ["--trial"], True), ("own", [], True)]
)
def test_a_machine_is_set_up_by_a_trials_key_only_for_a_trial(
    tmp_path: Path, key: str, words: list[str], goes_on: bool
) -> None:
    script = (RECIPE.parent / "kiosk-setup").read_text(encoding="utf-8")
    checked = script.split("work=/run/kiosk-setup")[0].replace("/etc/kiosk", str(tmp_path))
    (tmp_path / "setup").write_text(f"id() {{ echo 0; }}\n{checked}\necho went on with $#\n")
    (tmp_path / "release.gpg").write_bytes(b"\x99\x00<" + key.encode() + b"@localhost>\xff")
    for said in (words, []):  # --trial is kept: a first start that fails is repeated
        done = subprocess.run(["sh", tmp_path / "setup", *said], capture_output=True, text=True, check=False)
        assert (done.returncode == 0, "went on with 0" in done.stdout) == (goes_on, goes_on)
        assert ("made for a trial" in done.stderr) is not goes_on

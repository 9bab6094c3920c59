"""`python -m release.stick`: a stick that a machine without any network is installed from.

It holds one signed repository: our packages, and all of Debian's that they need, as Debian's own archive signed them.
"""

import argparse
import json
import re
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from release.errors import BuildFailed
from release.repository import KEY, SUITE, write_repository
from release.running import run
from release.signing import SETTING, Signer
from release.source import ROOT, epoch

_RECIPE: Final = ROOT / "deploy/stick"
_CRYPTED: Final = re.compile(r"!|\$[0-9a-z]+\$[A-Za-z0-9./$=,]{8,200}")


@dataclass(frozen=True)
class Choices:
    """What the maker of a stick decides; without central's address the sheet's code has to be scanned."""

    central: str = ""
    ca_file: Path | None = None
    root_password: str = "!"  # noqa: S105 - as in shadow(5): no password opens it
    is_trial: bool = False
    packages: tuple[str, ...] = ("homs-kiosk", "network-manager", "polkitd", "nut-client", "nut-server")


def fetch_debian(repository: Path, wanted: list[str], target: Path) -> list[Path]:
    """Fetch every package of Debian's that `wanted` need, from the archive that this machine itself takes them from.

    Args:
        repository: a repository of ours.
        wanted: names of packages.
        target: the folder to put them into.

    Returns:
        The packages' files.
    """
    with tempfile.TemporaryDirectory(prefix="apt-") as folder:
        place = Path(folder)
        for name in ("lists/partial", "archives/partial"):
            (place / name).mkdir(parents=True)
        # Of a machine that has nothing yet: what is on this one doesn't count.
        (place / "status").touch()
        source = f"deb [signed-by={repository / KEY}] file:{repository} {SUITE} main\n"
        (place / "ours.list").write_text(source, encoding="utf-8")
        settings = {
            "Dir::Etc::SourceList": place / "ours.list",
            "Dir::State::Lists": place / "lists",
            "Dir::State::status": place / "status",
            "Dir::Cache::Archives": place / "archives",
            "Dir::Cache::pkgcache": "",
            "Dir::Cache::srcpkgcache": "",
            "APT::Sandbox::User": "root",
            "Acquire::Retries": 5,
        }
        words = [word for name, value in settings.items() for word in ("-o", f"{name}={value}")]
        run(["apt-get", *words, "-q", "update"])
        run(["apt-get", *words, "-qq", "--yes", "--no-install-recommends", "--download-only", "install", *wanted])
        target.mkdir(parents=True, exist_ok=True)
        return [Path(shutil.move(one, target / one.name)) for one in sorted((place / "archives").glob("*.deb"))]


def lay_out(packages: Path, choices: Choices, target: Path, signer: Signer) -> None:
    """Lay a stick out in `target`, from what `make packages` built in `packages`."""
    ours = sorted(one for name in choices.packages for one in packages.glob(f"{name}*.deb"))
    if not ours or not (packages / "repository").is_dir():
        raise BuildFailed(f"{packages} holds no packages: make packages")
    if choices.ca_file is not None and not choices.ca_file.is_file():
        raise BuildFailed(f"--ca: {choices.ca_file} is no file; central's CA as PEM is meant")
    if not _CRYPTED.fullmatch(choices.root_password):
        raise BuildFailed("--root-password: found no crypted password; `openssl passwd -6` makes one")
    shutil.rmtree(target, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix="debian-") as folder:
        theirs = fetch_debian(packages / "repository", list(choices.packages), Path(folder))
        write_repository([*ours, *theirs], target / "repository", signer, epoch())
    for name in ("choose-disk", "install-kiosk"):
        shutil.copy(_RECIPE / name, target / name)
    answers = (_RECIPE / "preseed.cfg").read_text(encoding="utf-8")
    filled = answers.replace("@ROOT_PASSWORD@", choices.root_password)
    (target / "preseed.cfg").write_text(filled, encoding="utf-8")
    (target / "packages").write_text(" ".join(choices.packages) + "\n", encoding="utf-8")
    told = [f"central = {json.dumps(choices.central)}"] if choices.central else []
    if choices.ca_file is not None:
        shutil.copyfile(choices.ca_file, target / "central-ca.pem")
        told.append('ca_file = "/etc/kiosk/central-ca.pem"')
    if choices.is_trial:
        (target / "trial").touch()
    (target / "answers.toml").write_text("\n".join([*told, ""]), encoding="utf-8")


def check_key(signer: Signer, *, is_trial: bool) -> None:
    """Refuse the key that is made for a trial: its folder makes anybody root on every kiosk, for good."""
    if signer.is_demo and not is_trial:
        raise BuildFailed(
            f"{SETTING} names no key: with the one made for a trial only where --trial says that it is one"
        )


def write_image(installer: Path, stick: Path, image: Path) -> None:
    """Put a stick's folder and its boot menus into an image of Debian's installer, which boots as it did before."""
    if not installer.is_file():
        raise BuildFailed(f"--installer: found no file {installer}; Debian's own image is meant, netinst for amd64")
    image.unlink(missing_ok=True)
    # stdio: files, wherever they lie: in a folder below /dev, which may be in memory, it would look for a burner.
    words = ["-indev", f"stdio:{installer}", "-outdev", f"stdio:{image}", "-boot_image", "any", "replay"]
    words += ["-map", str(stick), "/kiosk", "-map", str(_RECIPE / "grub.cfg"), "/boot/grub/grub.cfg"]
    words += ["-map", str(_RECIPE / "isolinux.cfg"), "/isolinux/isolinux.cfg"]
    run(["xorriso", "-report_about", "WARNING", *words])


def main() -> int:
    """Lay the stick out; return the exit status."""
    words = argparse.ArgumentParser(prog="release.stick", description=__doc__)
    words.add_argument("--packages", type=Path, default=ROOT / "build/packages", help="what make packages built")
    words.add_argument("--into", type=Path, default=ROOT / "build/stick", help="the folder to lay out")
    words.add_argument("--central", default="", metavar="URL", help="central's address, so that a code is all to type")
    words.add_argument("--ca", type=Path, metavar="FILE", help="central's CA as PEM")
    words.add_argument(
        "--root-password", default="!", metavar="HASH", help="from openssl passwd -6; else none opens it"
    )
    words.add_argument("--trial", action="store_true", help="take the key made for a trial: for no machine in service")
    words.add_argument("--installer", type=Path, metavar="ISO", help="Debian's netinst image; makes INTO.iso of it")
    told = words.parse_args()
    target: Path = told.into.absolute()
    choices = Choices(told.central, told.ca, told.root_password, told.trial)
    packages: Path = told.packages.absolute()
    try:
        signer = Signer(packages.parent / "demo-signing-key")
        check_key(signer, is_trial=told.trial)
        lay_out(packages, choices, target, signer)
        if told.installer is not None:
            write_image(told.installer, target, target.with_suffix(".iso"))
    except BuildFailed as failed:
        print(failed, file=sys.stderr)
        return 1
    size = sum(path.stat().st_size for path in target.rglob("*") if path.is_file())
    print(f"{target}: {size / 1e6:.0f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())

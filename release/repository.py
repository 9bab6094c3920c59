"""A signed repository of files: the same on a stick, in a folder, and behind central's web server."""

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from release.running import run
from release.signing import Signer

SUITE: Final = "stable"
KEY: Final = "homs-kiosk.gpg"
"""The public key, which belongs into /etc/kiosk/release.gpg of every machine."""


def write_repository(packages: list[Path], folder: Path, signer: Signer, epoch: int) -> None:
    """Make the repository anew from these packages.

    Args:
        packages: what it offers.
        folder: where; what lay there is replaced.
        signer: signs its list.
        epoch: the time that the list bears, in seconds.
    """
    shutil.rmtree(folder, ignore_errors=True)
    pool, index = folder / "pool", folder / "dists" / SUITE / "main" / "binary-amd64"
    pool.mkdir(parents=True)
    index.mkdir(parents=True)
    for package in packages:
        shutil.copyfile(package, pool / package.name)
    listed = run(["apt-ftparchive", "packages", "pool"], folder=folder)
    (index / "Packages").write_text(listed, encoding="utf-8")
    run(["xz", "--keep", "--force", str(index / "Packages")])
    release = folder / "dists" / SUITE / "Release"
    fields = {"Origin": "Homs kiosks", "Label": "Homs kiosks", "Suite": SUITE, "Codename": SUITE}
    fields |= {"Architectures": "amd64", "Components": "main", "Date": _date(epoch)}
    words = [f"-oAPT::FTPArchive::Release::{name}={value}" for name, value in fields.items()]
    text = run(["apt-ftparchive", *words, "release", str(release.parent)])
    # Its own clock is that of the machine which builds: the list bears the time of the sources.
    lines = [f"Date: {_date(epoch)}" if line.startswith("Date:") else line for line in text.splitlines()]
    release.write_text("\n".join(lines) + "\n", encoding="utf-8")
    signer.sign(release)
    signer.public_key(folder / KEY)


def _date(epoch: int) -> str:
    return datetime.fromtimestamp(epoch, UTC).strftime("%a, %d %b %Y %H:%M:%S UTC")

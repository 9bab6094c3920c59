"""A signed repository of files: the same on a stick, in a folder, and behind central's web server."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from release.errors import BuildFailed
from release.running import run
from release.signing import Signer

SUITE: Final = "stable"
KEY: Final = "homs-kiosk.gpg"
"""The public key, which belongs into /etc/kiosk/release.gpg of every machine."""


VALID_FOR: Final = timedelta(days=60)
"""So long a list behind a web server is believed: an old one, rightly signed, would keep kiosks at an old version."""


def write_repository(
    packages: list[Path], folder: Path, signer: Signer, epoch: int, signed_at: datetime | None = None
) -> None:
    """Make the repository again from these packages.

    Args:
        packages: what it offers.
        folder: where; what lay there is replaced.
        signer: signs its list.
        epoch: the time that the list bears, in seconds.
        signed_at: from then on the list is believed for `VALID_FOR`; None: for ever, as on a stick.
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
    fields |= {"Architectures": "amd64", "Components": "main"}
    words = [f"-oAPT::FTPArchive::Release::{name}={value}" for name, value in fields.items()]
    text = run(["apt-ftparchive", *words, "release", str(release.parent)])
    # Its own clock is that of the machine which builds: the list bears the time of the sources.
    release.write_text(_dated(text, datetime.fromtimestamp(epoch, UTC), signed_at), encoding="utf-8")
    signer.sign(release)
    signer.public_key(folder / KEY)


def renew(folder: Path, signer: Signer, now: datetime) -> None:
    """Sign a repository's list again, for `VALID_FOR` from now. Raises BuildFailed where there is no list."""
    release = folder / "dists" / SUITE / "Release"
    if not release.is_file():
        raise BuildFailed(f"{folder} is no repository: {release} is missing")
    release.write_text(_dated(release.read_text(encoding="utf-8"), now, now), encoding="utf-8")
    signer.sign(release)


def _dated(text: str, date: datetime, signed_at: datetime | None) -> str:
    """Return a list with its dates."""
    lines = [line for line in text.splitlines() if not line.startswith(("Date:", "Valid-Until:"))]
    dates = [f"Date: {_written(date)}"] + ([f"Valid-Until: {_written(signed_at + VALID_FOR)}"] if signed_at else [])
    return "\n".join([*lines[:1], *dates, *lines[1:], ""])


def _written(moment: datetime) -> str:
    return f"{moment:%a, %d %b %Y %H:%M:%S} UTC"

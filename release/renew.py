"""`python -m release.renew`: sign a repository's list again, each month, so that kiosks go on believing it.

With `--debian` it gets Debian's newest packages for machines without the internet: those that ours need, and those that
a machine's own list names.
"""

import argparse
import shutil
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from release.errors import BuildFailed
from release.repository import SUITE, VALID_FOR, renew, write_repository
from release.signing import SETTING, Signer
from release.source import ROOT
from release.stick import fetch_debian


def with_debian(folder: Path, signer: Signer, installed: Path | None, now: datetime) -> int:
    """Make a repository again, of our packages and Debian's newest; return how many are Debian's.

    Raises:
        BuildFailed: there is no repository, no such list, or Debian's archive lacks one of these.
    """
    ours = sorted((folder / "pool").glob("homs-*.deb"))
    if not ours:
        raise BuildFailed(f"{folder} is no repository of ours: {folder / 'pool'} has no package homs-…")
    if installed is not None and not installed.is_file():
        raise BuildFailed(f"--installed: found no file {installed}")
    theirs = set() if installed is None else set(installed.read_text(encoding="ascii").split())
    bases = {one.name.split("_")[0] for one in ours if one.name.split("_")[0].count("-") == 1}
    wanted = sorted(bases | {one for one in theirs if not one.startswith("homs-")})
    with tempfile.TemporaryDirectory(prefix="debian-") as made:
        kept = Path(made) / "ours"
        kept.mkdir()
        fetched = fetch_debian(folder, wanted, Path(made) / "debian")
        debian = [one for one in fetched if not one.name.startswith("homs-")]
        moved = [Path(shutil.copy(one, kept)) for one in ours]  # the folder is made again
        write_repository([*moved, *debian], folder, signer, int(now.timestamp()), now)
    return len(debian)


def main() -> int:
    """Sign it; return the exit status."""
    words = argparse.ArgumentParser(prog="release.renew", description=__doc__)
    words.add_argument("repository", type=Path, nargs="?", default=ROOT / "build/packages/repository")
    words.add_argument("--debian", action="store_true", help="with Debian's newest, from this machine's own archive")
    cosign = "add this key's signature to those of others, to the list as it is"
    words.add_argument("--cosign", action="store_true", help=cosign)
    listed = "what a machine has, a name a line: dpkg-query -W -f '${Package}\\n'"
    words.add_argument("--installed", type=Path, metavar="FILE", help=listed)
    told = words.parse_args()
    folder: Path = told.repository.absolute()
    now = datetime.now(UTC)
    try:
        signer = Signer(folder.parent.parent / "demo-signing-key")
        if told.cosign:
            signer.cosign(folder / "dists" / SUITE / "Release")
            print(f"{folder}: signed by this key too")
            return 0
        if told.debian:
            print(f"{with_debian(folder, signer, told.installed, now)} packages of Debian's are in it")
        else:
            renew(folder, signer, now)
    except BuildFailed as failed:
        print(failed, file=sys.stderr)
        return 1
    if signer.is_demo:
        print(f"signed with a key made for trials; {SETTING}=FINGERPRINT signs with a real one")
    print(f"{folder}: believed until {now + VALID_FOR:%Y-%m-%d}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

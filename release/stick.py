"""`python -m release.stick`: a stick that a machine without any network is installed from.

It holds one signed repository: our packages, and all of Debian's that they need, as Debian's own archive signed them.
"""

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from release.errors import BuildFailed
from release.repository import KEY, SUITE, write_repository
from release.running import run
from release.signing import Signer
from release.source import ROOT, epoch


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


def lay_out(packages: Path, wanted: list[str], target: Path, signer: Signer) -> None:
    """Lay a stick out in `target`, from what `make packages` built in `packages`."""
    ours = sorted(packages.glob("*.deb"))
    if not ours or not (packages / "repository").is_dir():
        raise BuildFailed(f"{packages} holds no packages: make packages")
    shutil.rmtree(target, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix="debian-") as folder:
        theirs = fetch_debian(packages / "repository", wanted, Path(folder))
        write_repository([*ours, *theirs], target / "repository", signer, epoch())


def main() -> int:
    """Lay the stick out; return the exit status."""
    words = argparse.ArgumentParser(prog="release.stick", description=__doc__)
    words.add_argument("--packages", type=Path, default=ROOT / "build/packages", help="what make packages built")
    words.add_argument("--into", type=Path, default=ROOT / "build/stick", help="the folder to copy to the stick")
    words.add_argument("--for", dest="wanted", nargs="+", default=["homs-kiosk"], metavar="PACKAGE")
    told = words.parse_args()
    target: Path = told.into
    try:
        lay_out(
            told.packages.absolute(), told.wanted, target, Signer(told.packages.absolute().parent / "demo-signing-key")
        )
    except BuildFailed as failed:
        print(failed, file=sys.stderr)
        return 1
    size = sum(path.stat().st_size for path in target.rglob("*") if path.is_file())
    print(f"{target}: {size / 1e6:.0f} MB; what is in it goes to the stick as it is")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Who builds the packages on another machine gets the same bytes: nobody has to believe the one who signed them."""

import os
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from release.signing import Signer
from release.source import ROOT
from tests.kit.memory import on_disk

YEARS_S = 400 * 24 * 3600
# As another person's machine is set up: who may read, where it is, which language, which order of a set.
ELSEWHERE = {"TZ": "Pacific/Auckland", "LC_ALL": "C", "LANG": "ar_SY.UTF-8", "PYTHONHASHSEED": "5"}


@pytest.mark.proof
@pytest.mark.timeout(900)
def test_packages_are_equal_byte_for_byte_wherever_and_whenever_they_are_built() -> None:
    with on_disk("reproducible") as folder:
        here, there = folder / "here", folder / "a place with another name/there"
        for one in (here, there):
            one.mkdir(parents=True)
        Signer(here / "demo-signing-key")
        shutil.copytree(here / "demo-signing-key", there / "demo-signing-key", ignore=shutil.ignore_patterns("S.*"))
        checkout = _another_checkout(there / "checkout")
        made = [_built(ROOT, here, 0o022), _built(checkout, there, 0o077, **ELSEWHERE, HOME=str(there))]
        assert len(made[0]) == 2 * 3 + 1
        assert made[0] == made[1]


def _another_checkout(target: Path) -> Path:
    """Copy what git knows of this one, as it lies here, with other times."""
    subprocess.run(["git", "clone", "--quiet", "--no-hardlinks", ROOT, target], check=True)
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    for name in subprocess.run(listed, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\0"):
        if name and (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, target / name)
            os.utime(target / name, (YEARS_S, YEARS_S))
    return target


def _built(checkout: Path, folder: Path, umask: int, **settings: str) -> dict[str, str]:
    """Build all packages; return the digest of each."""
    work = folder / "work"
    work.mkdir()
    command = [sys.executable, "-m", "release", "--into", str(folder / "packages")]
    surroundings = {**os.environ, **settings, "TMPDIR": str(work), "KIOSK_VERSION": "1.0.0"}
    done = subprocess.run(
        command, cwd=checkout, env=surroundings, umask=umask, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
    return {one.name: sha256(one.read_bytes()).hexdigest() for one in (folder / "packages").glob("*.deb")}

"""What is built: the files that git knows, its version and its time, so that a build says from what it was made."""

import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Final

from release.errors import BuildFailed

ROOT: Final = Path(__file__).parents[1]
_VERSION: Final = re.compile(r"\d+(\.\d+){1,3}(\+[a-z0-9.]{1,40})?")


def version() -> str:
    """Return the version: `KIOSK_VERSION`, the tag of this commit (`v1.2.0`), else the last one and how far it is."""
    told = os.environ.get("KIOSK_VERSION") or _described()
    if not _VERSION.fullmatch(told):
        raise BuildFailed(f'the version "{told}" is none: digits with dots, such as 1.2.0, and a part after "+"')
    return told


def epoch() -> int:
    """Return the time that all files bear, in seconds: `SOURCE_DATE_EPOCH`, else that of the commit."""
    told = os.environ.get("SOURCE_DATE_EPOCH") or _git("log", "-1", "--format=%ct")
    if not told.isdecimal():
        raise BuildFailed(f'SOURCE_DATE_EPOCH is "{told}": seconds since 1970 are meant')
    return int(told)


def copy_tree(target: Path, release: str) -> None:
    """Copy what git knows of this checkout, as it lies there, and write the version into it."""
    for name in _git("ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0"):
        source = ROOT / name
        if name and source.is_file():  # deleted and not committed: no part of what is built
            path = target / name
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, path)
    settings = target / "pyproject.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(re.sub(r'(?m)^version = "[^"]*"$', f'version = "{release}"', text, count=1), encoding="utf-8")


def _described() -> str:
    written = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    try:
        tag, commits, commit = _git("describe", "--tags", "--long", "--match", "v[0-9]*").rsplit("-", 2)
    except BuildFailed:  # no release was tagged yet
        return str(written)
    return tag[1:] if commits == "0" else f"{tag[1:]}+{commits}.{commit}"


def _git(*words: str) -> str:
    done = subprocess.run(["git", "-C", str(ROOT), *words], capture_output=True, text=True, check=False)  # noqa: S603, S607
    if done.returncode:
        raise BuildFailed(f"git {words[0]}: {done.stderr.strip() or 'failed'}: packages are built from a git checkout")
    return done.stdout.strip()

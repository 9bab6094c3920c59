"""What a release owes those before it: their databases still open, and operators read what changes.

`released.sha256` beside this file holds the digest of each revision that a release brought, as `sha256sum` writes it.
"""

import hashlib
import re
import subprocess
from pathlib import Path
from typing import Final

from release.errors import BuildFailed

_REVISIONS: Final = "migrations/versions"
_CHANGES: Final = "CHANGELOG.md"
_DIGESTS: Final = "release/released.sha256"


def check_release(root: Path) -> None:
    """Refuse to build what machines with a released version could not take.

    A revision of a database that a release brought stays as it was: the suite opens a database of each revision, and
    so of each release. A commit with a tag of its own has its section in the list of changes, and its revisions among
    those that are held.

    Raises:
        BuildFailed: which revisions differ from those of a release, or what is missing for this one.
    """
    tags = _git(root, "tag", "--list", "v[0-9]*").split()
    wrong = [f"{path}, as {tag} has it" for tag in tags for path in _changed(root, tag)]
    wrong += [f"{path}, as {_DIGESTS} has it" for path in changed_since_held(root)]
    if wrong:
        told = "\n".join(wrong[:10])
        raise BuildFailed(f"databases of released versions would not open: revisions were changed or removed:\n{told}")
    changes = (root / _CHANGES).read_text(encoding="utf-8")
    for tag in _git(root, "tag", "--points-at", "HEAD", "--list", "v[0-9]*").split():
        if not re.search(rf"^## {re.escape(tag[1:])} – \d{{4}}-\d\d-\d\d$", changes, re.MULTILINE):
            raise BuildFailed(
                f'{_CHANGES} has no section "## {tag[1:]} – DATE" for this release: what is under "## Next" is it'
            )
        if missing := sorted(set(_revisions(root, tag)) - _held(root).keys()):
            raise BuildFailed(f"a release holds its revisions: sha256sum {' '.join(missing)} >> {_DIGESTS}")


def changed_since_held(root: Path) -> list[str]:
    """Return the revisions that are no longer as their digest says."""
    return [path for path, digest in _held(root).items() if _digest(root / path) != digest]


def _held(root: Path) -> dict[str, str]:
    lines = (root / _DIGESTS).read_text(encoding="utf-8").splitlines()
    return {path: digest for digest, path in (line.split(maxsplit=1) for line in lines)}


def _digest(file: Path) -> str | None:
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else None


def _changed(root: Path, tag: str) -> list[str]:
    return [path for path in _revisions(root, tag) if not _is_same(root, tag, path)]


def _revisions(root: Path, tag: str) -> list[str]:
    listed = _git(root, "ls-tree", "-r", "--name-only", tag).splitlines()
    return [path for path in listed if _REVISIONS in path and path.endswith(".py")]


def _is_same(root: Path, tag: str, path: str) -> bool:
    here = root / path
    return here.is_file() and here.read_text(encoding="utf-8") == _git(root, "show", f"{tag}:{path}")


def _git(root: Path, *words: str) -> str:
    done = subprocess.run(["git", "-C", str(root), *words], capture_output=True, text=True, check=False)  # noqa: S603, S607
    if done.returncode:
        raise BuildFailed(f"git {words[0]}: {done.stderr.strip() or 'failed'}")
    return done.stdout

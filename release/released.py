"""What a release owes those before it: their databases still open, and operators read what changes."""

import subprocess
from pathlib import Path
from typing import Final

from release.errors import BuildFailed

_REVISIONS: Final = "migrations/versions"
_CHANGES: Final = "CHANGELOG.md"


def check_release(root: Path) -> None:
    """Refuse to build what machines with a released version could not take.

    A revision of a database that a release brought stays as it was: the suite opens a database of each revision, and
    so of each release. A commit with a tag of its own has its section in the list of changes.

    Raises:
        BuildFailed: which revisions differ from those of a release, or which section is missing.
    """
    tags = _git(root, "tag", "--list", "v[0-9]*").split()
    wrong = [f"{path}, as {tag} has it" for tag in tags for path in _changed(root, tag)]
    if wrong:
        told = "\n".join(wrong[:10])
        raise BuildFailed(f"databases of released versions would not open: revisions were changed or removed:\n{told}")
    changes = (root / _CHANGES).read_text(encoding="utf-8").splitlines()
    for tag in _git(root, "tag", "--points-at", "HEAD", "--list", "v[0-9]*").split():
        if f"## {tag[1:]}" not in changes:
            raise BuildFailed(
                f'{_CHANGES} has no section "## {tag[1:]}" for this release: what is under "## Next" is it'
            )


def _changed(root: Path, tag: str) -> list[str]:
    listed = _git(root, "ls-tree", "-r", "--name-only", tag).splitlines()
    revisions = [path for path in listed if _REVISIONS in path and path.endswith(".py")]
    return [path for path in revisions if not _is_same(root, tag, path)]


def _is_same(root: Path, tag: str, path: str) -> bool:
    here = root / path
    return here.is_file() and here.read_text(encoding="utf-8") == _git(root, "show", f"{tag}:{path}")


def _git(root: Path, *words: str) -> str:
    done = subprocess.run(["git", "-C", str(root), *words], capture_output=True, text=True, check=False)  # noqa: S603, S607
    if done.returncode:
        raise BuildFailed(f"git {words[0]}: {done.stderr.strip() or 'failed'}")
    return done.stdout

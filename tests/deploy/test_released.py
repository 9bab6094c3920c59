"""A release can be taken by machines with any version released before, and says what changes."""

import subprocess
from pathlib import Path

import pytest

from release.errors import BuildFailed
from release.released import check_release

ROOT = Path(__file__).parents[2]
FIRST = "store/migrations/versions/0001_first.py"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with one release, 1.0.0, and one change since."""
    git(tmp_path, "init", "--quiet")
    put(tmp_path, FIRST, "revision = '0001'\n")
    put(tmp_path, "CHANGELOG.md", "# Changes\n\n## 1.0.0\n")
    commit(tmp_path, "v1.0.0")
    put(tmp_path, "store/migrations/versions/0002_second.py", "revision = '0002'\n")
    commit(tmp_path)
    return tmp_path


def git(folder: Path, *words: str) -> None:
    who = ["-c", "user.name=Trial", "-c", "user.email=trial@localhost"]
    subprocess.run(["git", "-C", str(folder), *who, *words], check=True, capture_output=True)


def put(folder: Path, name: str, text: str) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text)


def commit(folder: Path, tag: str | None = None) -> None:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", "--message", "a change")
    if tag:
        git(folder, "tag", tag)


def test_a_new_revision_beside_the_released_ones_is_taken(project: Path) -> None:
    check_release(project)


def test_a_released_revision_that_was_changed_or_removed_is_named(project: Path) -> None:
    put(project, FIRST, "revision = '0001'\nother = True\n")
    with pytest.raises(BuildFailed, match=rf"{FIRST}, as v1\.0\.0 has it"):
        check_release(project)
    (project / FIRST).unlink()
    with pytest.raises(BuildFailed, match=FIRST):
        check_release(project)


def test_a_release_has_its_section_in_the_list_of_changes(project: Path) -> None:
    git(project, "tag", "v1.1.0")
    with pytest.raises(BuildFailed, match=r'no section "## 1\.1\.0"'):
        check_release(project)
    put(project, "CHANGELOG.md", "# Changes\n\n## 1.1.0\n\n## 1.0.0\n")
    check_release(project)


def test_this_project_may_be_released() -> None:
    check_release(ROOT)

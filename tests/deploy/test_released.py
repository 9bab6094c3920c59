"""A release can be taken by machines with any version released before, and says what changes."""

import hashlib
import subprocess
from pathlib import Path

import pytest

from release.errors import BuildFailed
from release.released import changed_since_held, check_release

ROOT = Path(__file__).parents[2]
FIRST = "store/migrations/versions/0001_first.py"
SECOND = "store/migrations/versions/0002_second.py"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with one release, 1.0.0, and one change since."""
    git(tmp_path, "init", "--quiet")
    put(tmp_path, FIRST, "revision = '0001'\n")
    put(tmp_path, "CHANGELOG.md", "# Changes\n\n## 1.0.0 – 2026-11-28\n")
    put(tmp_path, "release/released.sha256", line_of(tmp_path, FIRST))
    commit(tmp_path, "v1.0.0")
    put(tmp_path, SECOND, "revision = '0002'\n")
    commit(tmp_path)
    return tmp_path


def git(folder: Path, *words: str) -> None:
    who = ["-c", "user.name=Trial", "-c", "user.email=trial@localhost"]
    subprocess.run(["git", "-C", str(folder), *who, *words], check=True, capture_output=True)


def put(folder: Path, name: str, text: str) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text)


def line_of(folder: Path, name: str) -> str:
    return f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n"


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


def test_a_held_revision_is_as_it_was_released_also_where_no_tag_is_known(project: Path) -> None:
    git(project, "tag", "--delete", "v1.0.0")
    assert changed_since_held(project) == []
    put(project, FIRST, "revision = '0001'\nother = True\n")
    assert changed_since_held(project) == [FIRST]
    with pytest.raises(BuildFailed, match=rf"{FIRST}, as release/released\.sha256 has it"):
        check_release(project)
    (project / FIRST).unlink()
    assert changed_since_held(project) == [FIRST]


def test_a_release_holds_its_revisions(project: Path) -> None:
    put(project, "CHANGELOG.md", "# Changes\n\n## 1.1.0 – 2027-02-01\n\n## 1.0.0 – 2026-11-28\n")
    commit(project, "v1.1.0")
    with pytest.raises(BuildFailed, match=rf"sha256sum {SECOND} >> release/released\.sha256"):
        check_release(project)
    put(project, "release/released.sha256", line_of(project, FIRST) + line_of(project, SECOND))
    check_release(project)


def test_a_release_has_its_section_in_the_list_of_changes(project: Path) -> None:
    git(project, "tag", "v1.1.0")
    with pytest.raises(BuildFailed, match=r'no section "## 1\.1\.0 – DATE"'):
        check_release(project)
    put(project, "release/released.sha256", line_of(project, FIRST) + line_of(project, SECOND))
    put(project, "CHANGELOG.md", "# Changes\n\n## 1.1.0\n\n## 1.0.0 – 2026-11-28\n")
    with pytest.raises(BuildFailed, match="DATE"):
        check_release(project)
    put(project, "CHANGELOG.md", "# Changes\n\n## 1.1.0 – 2027-02-01\n\n## 1.0.0 – 2026-11-28\n")
    check_release(project)


def test_this_project_may_be_released() -> None:
    check_release(ROOT)

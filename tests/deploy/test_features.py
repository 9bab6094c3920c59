"""No file outside a feature's folder and its tests names it, but those that a table of docs/features.md says why."""

import re
import subprocess
from pathlib import Path
from typing import Final

from common.feature import installed

ROOT: Final = Path(__file__).parents[2]
MOST_ROWS: Final = 30
ROW: Final = re.compile(r"^\| `([\w./-]+)` \| (\w+) \| \S.*\|$", re.MULTILINE)


def rows() -> list[tuple[str, str]]:
    """Return the table's rows: a file, or a folder and all in it, and the feature."""
    page = (ROOT / "docs/features.md").read_text(encoding="utf-8")
    return ROW.findall(page.partition("\n## What names a feature")[2])


def naming() -> set[tuple[str, str]]:
    """Return each file that names a feature, and the feature."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\0")
    found = set()
    for name in filter(None, listed):
        if name.startswith(("features/", "tests/features/")) or not (ROOT / name).is_file():
            continue
        said = (ROOT / name).read_bytes().lower()
        found |= {(name, one.name) for one in installed() if re.search(rf"\b{one.name}(?:\b|_)".encode(), said)}
    return found


def test_no_file_names_a_feature_that_no_row_allows_and_no_row_is_without_need() -> None:
    allowed, here = rows(), {one.name for one in installed()}
    assert 0 < len(allowed) <= MOST_ROWS
    assert len(set(allowed)) == len(allowed)

    def allows(row: tuple[str, str], one: tuple[str, str]) -> bool:
        return row == one or (row[1] == one[1] and row[0].endswith("/") and one[0].startswith(row[0]))

    named = naming()
    assert sorted(one for one in named if not any(allows(row, one) for row in allowed)) == []
    assert [row for row in allowed if row[1] in here and not any(allows(row, one) for one in named)] == []

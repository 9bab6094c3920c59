"""What a test left in its databases, whole, beside what it was when somebody last found it good.

A test names the few values that it is about. This holds all the others too, by a short hash in `left.txt` beside the
tests: a column that is written otherwise, a row that is missing or too many. What was left is printed in full, so that
two runs can be compared. Ids and tokens, which differ each time, are left out, and so is the order of rows.

`LEFT=record .venv/bin/pytest -n 3 FOLDER` takes what is left now as good: read first what a run without it says.
`LEFT=again` then marks what chance decides after all (`~`), so that it is not compared; nor is a test that is new.
"""

import fcntl
import hashlib
import os
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

CHANCE: Final = "~"
"""Stands for what chance decides: a moment of the real clock, a race."""
_ALWAYS_ANOTHER: Final = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{16,}|\b[0-9a-f]{8}\b"
    r"|[A-Za-z0-9+/_-]{22,}={0,2}|/\S*/pytest-\d+/(?:popen-gw\d+/)?[^/\s\"']+|\b(?:127\.0\.0\.1|localhost):\d+"
)
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|\+00:00)|\b(\d{10})(?:\d{3}|\d{6}|\d{9})?\b")
_NOW: Final = timedelta(minutes=15)
"""What lies so near the real clock was taken from it, unless it is a moment of the test's own that has come."""
# The tables of central's first epoch and of revisions are written once for all tests.
_TABLES: Final = """
    SELECT name FROM sqlite_master WHERE type = 'table'
    AND name NOT LIKE 'sqlite%' AND name NOT LIKE '%alembic%' AND name <> 'feed_epochs'
"""
_DIGITS: Final = 4


class Record:
    """The record of one folder of tests: a line a test, with the mark of what it left."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lines = self._read()

    def _read(self) -> dict[str, str]:
        lines = self._file.read_text("utf-8").splitlines() if self._file.exists() else []
        return {test: mark for test, _, mark in (line.rpartition(": ") for line in lines)}

    def compare(self, test: str, folder: Path) -> None:
        """Fail where a test left other rows in the databases below its folder than in the record."""
        kept, mode = self._lines.get(test), os.environ.get("LEFT")
        if (kept is None and mode != "record") or kept == CHANCE:
            return
        found = [f"{table} {row}" for file in folder.rglob("*.db") for table, row in _rows(file)]
        rows = sorted(_told(row, _unless_now) for row in found)
        mark = _mark(rows)
        if kept in (mark, _mark(sorted(_told(row, _unless_broken) for row in found))):
            return
        if mode is not None:
            self._keep(test, mark if mode == "record" else CHANCE)
            return
        raise AssertionError(f"left otherwise than recorded (tests/kit/left.py):\n{'\n'.join(rows)}")

    def _keep(self, test: str, mark: str) -> None:
        with self._file.open("a") as held:
            fcntl.flock(held, fcntl.LOCK_EX)  # other workers of the run keep theirs
            lines = self._read() | {test: mark}
            self._file.write_text("".join(f"{name}: {lines[name]}\n" for name in sorted(lines)), "utf-8")


def _rows(file: Path) -> Iterator[tuple[str, dict[str, object]]]:
    """Yield each row with its table's name; without what is NULL, lest a new column change all of them."""
    with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as opened:
        opened.row_factory, opened.text_factory = sqlite3.Row, bytes
        for table in [name.decode() for (name,) in opened.execute(_TABLES)]:
            for row in opened.execute(f'SELECT * FROM "{table}"'):
                named = zip(row.keys(), row, strict=True)
                yield table, {name: _readable(value) for name, value in named if value is not None}


def _readable(value: object) -> object:
    """Return bytes as text, or, where they are sealed or a hash, how many there are."""
    if not isinstance(value, bytes):
        return value
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return f"{len(value)} bytes"


def _mark(rows: list[str]) -> str:
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()[:_DIGITS]


def _told(row: str, told: Callable[[re.Match[str]], str]) -> str:
    return _ALWAYS_ANOTHER.sub("…", _MOMENT.sub(told, row))


def _unless_now(found: re.Match[str]) -> str:
    try:
        moment = datetime.fromtimestamp(int(found[1]), UTC) if found[1] else datetime.fromisoformat(found[0])
    except ValueError:  # such as a thirteenth month, which a test tells
        return found[0]
    return "now" if abs(moment - datetime.now(UTC)) < _NOW else found[0]


def _unless_broken(found: re.Match[str]) -> str:
    """Read it where the real clock stands at a moment of the test's own: that has no fraction of a second."""
    return found[0] if re.search(r"^\d{10}$|\.0*Z|:\d\dZ|000$", found[0]) else _unless_now(found)

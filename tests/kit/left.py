"""What a test left behind, whole: each answer of a hub, each line of the log, each row of a database.

A test names the few values that it is about. This holds all the others too, by a short hash of each kind in `left.txt`
beside the tests: a column that is written otherwise, a field that an answer lacks, a line that is not logged any more.
What was left is printed in full, so that two runs can be compared. Ids and tokens, which differ each time, are left
out, and so is the order: what goes on at one moment may end in any.

`LEFT=record .venv/bin/pytest -n 3 FOLDER` takes what is left now as good: read first what a run without it says.
`LEFT=again` then marks what chance decides after all (`~`), so that it is not compared.
"""

import fcntl
import hashlib
import os
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import httpx
import structlog

ROOT: Final = Path(__file__).parents[2]
CHANCE: Final = "~"
"""Stands for what chance decides: a moment of the real clock, a race."""
_ALWAYS_ANOTHER: Final = re.compile(
    rf"{re.escape(str(ROOT))}|(?<=\.py:)\d+"
    r"|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{16,}|\b[0-9a-f]{8}\b"
    r"|[A-Za-z0-9+/_-]{22,}={0,2}|/\S*/pytest-\d+/(?:popen-gw\d+/)?[^/\s\"']+|\b(?:127\.0\.0\.1|localhost):\d+"
)
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|\+00:00)|\b(\d{10})(?:\d{3}|\d{6}|\d{9})?\b")
_NOW: Final = timedelta(minutes=15)
"""What lies so near the real clock was taken from it: the moments of a test's own clock are all in the past."""
# The tables of central's first epoch and of revisions are written once for all tests.
_TABLES: Final = """
    SELECT name FROM sqlite_master WHERE type = 'table'
    AND name NOT LIKE 'sqlite%' AND name NOT LIKE '%alembic%' AND name <> 'feed_epochs'
"""
_HEADERS: Final = ("content-type", "cache-control", "retry-after", "location")
_DIGITS: Final = 4

_noted: list[tuple[str, str]] = []


async def note_answer(response: httpx.Response) -> None:
    """Keep what was answered until the test has ended: an event hook of httpx."""
    await response.aread()
    asked = f"{response.request.method} {response.request.url.raw_path.decode()}"
    headers = {name: response.headers.get(name) for name in _HEADERS}
    note("answer", f"{asked} {response.status_code} {headers} {response.text}")


def note_event(_: object, level: str, event: Mapping[str, Any]) -> Mapping[str, Any]:
    """Keep a line of the log: a processor of structlog."""
    note("log", f"{level} {sorted((key, str(value)) for key, value in event.items() if key != 'ms')}")
    return event


def note_rows(folder: Path) -> None:
    """Keep each row of the SQLite databases below a folder."""
    for file in sorted(folder.rglob("*.db")):
        for table, row in _rows(file):
            note("rows", f"{table} {row}")


def note(kind: str, told: str) -> None:
    """Keep what a test was told, or what it left, until it has ended."""
    _noted.append((kind, _ALWAYS_ANOTHER.sub("…", _MOMENT.sub(_unless_now, told))))


def _unless_now(found: re.Match[str]) -> str:
    try:
        moment = datetime.fromtimestamp(int(found[1]), UTC) if found[1] else datetime.fromisoformat(found[0])
    except ValueError:  # such as a thirteenth month, which a test tells
        return found[0]
    return "now" if abs(moment - datetime.now(UTC)) < _NOW else found[0]


def _rows(file: Path) -> Iterator[tuple[str, dict[str, object]]]:
    """Yield each row with its table's name; without what is NULL, lest a new column change all of them."""
    try:
        with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as opened:
            opened.row_factory, opened.text_factory = sqlite3.Row, bytes
            for table in [name.decode() for (name,) in opened.execute(_TABLES)]:
                for row in opened.execute(f'SELECT * FROM "{table}"'):
                    named = zip(row.keys(), row, strict=True)
                    yield table, {name: _readable(value) for name, value in named if value is not None}
    except (sqlite3.Error, UnicodeDecodeError):  # a test that breaks its database says itself what it wants of it
        return


def _readable(value: object) -> object:
    """Return bytes as text, or, where they are sealed or a hash, how many there are."""
    if not isinstance(value, bytes):
        return value
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return f"{len(value)} bytes"


def forget() -> None:
    """Begin a test."""
    _noted.clear()
    processors = structlog.get_config()["processors"]
    if note_event not in processors:
        processors.insert(0, note_event)


class Record:
    """The record of one folder of tests: a line a test, a mark for each kind of what it left."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lines = self._read()

    def _read(self) -> dict[str, dict[str, str]]:
        lines = self._file.read_text("utf-8").splitlines() if self._file.exists() else []
        split = (line.rpartition(": ") for line in lines)
        return {test: dict(_pair(one) for one in marks.split()) for test, _, marks in split}

    def compare(self, test: str) -> None:
        """Fail where a test left otherwise than in the record."""
        left: dict[str, Counter[str]] = {}
        for kind, told in _noted:
            left.setdefault(kind, Counter())[told] += 1
        marks = {kind: _mark(told) for kind, told in sorted(left.items())}
        kept, mode = self._lines.get(test), os.environ.get("LEFT")
        if mode == "record":
            self._keep(test, marks)
        if kept is None or mode == "record":
            return
        differing = [kind for kind in sorted(marks.keys() | kept) if kept.get(kind) not in (CHANCE, marks.get(kind))]
        if mode == "again":
            if differing:
                self._keep(test, kept | dict.fromkeys(differing, CHANCE))
            return
        said = "\n".join(f"{kind}: {told}" for kind in differing for told in left.get(kind, ["nothing"]))
        assert not differing, f"left otherwise than recorded (tests/kit/left.py):\n{said}"

    def _keep(self, test: str, marks: dict[str, str]) -> None:
        with self._file.open("a") as held:
            fcntl.flock(held, fcntl.LOCK_EX)  # other workers of the run keep theirs
            lines = self._read()
            by_chance = {kind: CHANCE for kind, mark in lines.get(test, {}).items() if mark == CHANCE}
            lines[test] = marks | by_chance
            told = (f"{name}: {_line(lines[name])}\n" for name in sorted(lines) if lines[name])
            self._file.write_text("".join(told), "utf-8")


def _pair(text: str) -> tuple[str, str]:
    kind, _, mark = text.partition("=")
    return kind, mark


def _line(marks: dict[str, str]) -> str:
    return " ".join(f"{kind}={mark}" for kind, mark in sorted(marks.items()))


def _mark(told: Counter[str]) -> str:
    return hashlib.sha256(repr(sorted(told.items())).encode()).hexdigest()[:_DIGITS]

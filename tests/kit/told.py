"""What a scripted visit asked and showed, whole, beside what it was when somebody last read it and found it good.

A script names the prompts that it expects and the fields that its test is about. This holds all the other fields too:
of each prompt, notice, look and strip a short hash, in `told.txt` beside the tests. What differs is printed in full.
`TOLD=record .venv/bin/pytest -p no:randomly FOLDER` takes what is told now as good: read first what a run without it
says. Ids, tokens and folders of tests, which differ each time, are left out, and so is how often the same was drawn
again with nothing in between: on a busy machine that is less often.
"""

import dataclasses
import hashlib
import itertools
import os
import re
from collections.abc import Mapping
from enum import Enum
from pathlib import Path
from typing import Final

from kiosk.prompts.ui import Notice, Prompt

_ALWAYS_ANOTHER: Final = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{32,}|\b[0-9a-f]{8}\b"
    r"|/\S*/pytest-\d+/(?:popen-gw\d+/)?[^/\s]+"
)
_OF_A_PROMPT: Final = (
    "spoken", "chime", "is_personal", "is_patient", "has_back", "has_help", "is_aside", "takes_code",
)  # fmt: skip
_OF_A_NOTICE: Final = ("spoken", "chime")
_DIGITS: Final = 6

_noted: list[tuple[str, str]] = []


def note(shown: object) -> None:
    """Keep what was asked or shown until the test has ended."""
    _noted.append((type(shown).__name__, whole(shown)))


def taken() -> list[tuple[str, str]]:
    """Return what was noted, each with its kind, and forget it."""
    noted = list(_noted)
    _noted.clear()
    return noted


def whole(value: object) -> str:
    """Return a value with all its fields, those too that its `repr` hides."""
    match value:
        case str() if not isinstance(value, Enum):
            return repr(_ALWAYS_ANOTHER.sub("…", value))
        case Mapping():
            return "{" + ", ".join(f"{whole(key)}: {whole(one)}" for key, one in value.items()) + "}"
        case tuple() | list():
            return "[" + ", ".join(map(whole, value)) + "]"
        case _ if dataclasses.is_dataclass(value) and not isinstance(value, type):
            names = [field.name for field in dataclasses.fields(value)]
            names += (
                _OF_A_PROMPT if isinstance(value, Prompt) else _OF_A_PROMPT[:2] if isinstance(value, Notice) else ()
            )
            return f"{type(value).__name__}({', '.join(f'{name}={whole(getattr(value, name))}' for name in names)})"
        case _ if callable(value):
            return "…"
        case _:
            return repr(value)


class Record:
    """The record of one folder of tests: a line a test, each with what it told."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lines = dict(line.split(": ", 1) for line in self._read())

    def _read(self) -> list[str]:
        return self._file.read_text("utf-8").splitlines() if self._file.exists() else []

    def compare(self, test: str, told: list[tuple[str, str]]) -> None:
        """Fail where a test told otherwise than in the record; with `TOLD=record` put it there."""
        if not told:
            return
        marks = [_mark(kind, said) for kind, said in told]
        if os.environ.get("TOLD") == "record":
            self._lines = dict(line.split(": ", 1) for line in self._read()) | {test: ", ".join(marks)}
            self._file.write_text("".join(f"{name}: {self._lines[name]}\n" for name in sorted(self._lines)), "utf-8")
            return
        if test not in self._lines:
            return
        marks, kept = _each_once(marks), _each_once(self._lines[test].split(", "))
        differing = [one for one in told if _mark(*one) not in kept]
        which = ", ".join(kind for kind, _ in differing)
        shown = "\n".join(said for _, said in differing)
        assert marks == kept, f"told otherwise than recorded (tests/kit/told.py): {which}\n{shown}"


def _mark(kind: str, said: str) -> str:
    return f"{kind} {hashlib.sha256(said.encode()).hexdigest()[:_DIGITS]}"


def _each_once(marks: list[str]) -> list[str]:
    return [mark for mark, _ in itertools.groupby(marks)]

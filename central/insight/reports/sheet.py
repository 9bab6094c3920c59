"""What a report's sheets are made of: titles, definitions and columns in one language; cells as people read them."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from central.insight.public.texts import Language, tell, texts

FOLDER: Final = Path(__file__).parent / "locale"
Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table. `definition` says in plain words how its figures were counted."""

    key: str
    title: str
    definition: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


class Words:
    """What a report is called by, in one language."""

    def __init__(self, language: Language, names: dict[str, dict[str, str]]) -> None:
        """Speak a language; `names` are services' by their code."""
        self.language: Language = language
        self._names = names

    def say(self, text_id: str, **values: object) -> str:
        """Return a text."""
        return tell(self.language, text_id, None, folder=FOLDER, **values)

    def word(self, group: str, code: str) -> str:
        """Return what a machine's word is called; the word itself where it is none of ours."""
        text_id = f"{group}.{code}"
        return self.say(text_id) if text_id in texts(self.language, FOLDER) else code

    def service(self, code: str) -> str:
        """Return a service's name; its code where the catalogue in force does not have it."""
        return self._names.get(code, {}).get(self.language) or code

    def sheet(self, key: str, columns: Iterable[str], rows: Iterable[tuple[Cell, ...]]) -> Sheet:
        """Lay a table out under its title."""
        named = tuple(self.say(f"column.{column}") for column in columns)
        return Sheet(key, self.say(f"{key}.title"), self.say(f"{key}.definition"), named, tuple(rows))


def minutes(seconds: int | None) -> float | None:
    """Return minutes with one decimal."""
    return None if seconds is None else round(seconds / 60, 1)


def length(seconds: int) -> str:
    """Return a length to the second, `H:MM:SS`."""
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def share(part: int, whole: int) -> float | None:
    """Return per cent with one decimal; None of nothing."""
    return round(100 * part / whole, 1) if whole else None

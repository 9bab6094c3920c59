"""What a report's sheets are made of: titles, definitions and columns in one language; cells as people read them."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy.ext.asyncio import AsyncConnection

from central.insight.public.texts import Language, tell, texts
from common.feature import brought, locales

if TYPE_CHECKING:
    from central.insight.reports.month import Month

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
        return tell(self.language, text_id, None, folder=self._folder_of(text_id), **values)

    def word(self, group: str, code: str) -> str:
        """Return what a machine's word is called; the word itself where it is none of ours."""
        text_id = f"{group}.{code}"
        return self.say(text_id) if text_id in texts(self.language, FOLDER) else code

    def _folder_of(self, text_id: str) -> Path:
        """Return where a text is said: a feature says what its own sheets are called."""
        return next((one for one in locales("central") if text_id in texts(self.language, one)), FOLDER)

    def service(self, code: str) -> str:
        """Return a service's name; its code where the catalogue in force does not have it."""
        return self._names.get(code, {}).get(self.language) or code

    def sheet(self, key: str, columns: Iterable[str], rows: Iterable[tuple[Cell, ...]]) -> Sheet:
        """Lay a table out under its title."""
        named = tuple(self.say(f"column.{column}") for column in columns)
        return Sheet(key, self.say(f"{key}.title"), self.say(f"{key}.definition"), named, tuple(rows))


@dataclass(frozen=True, slots=True)
class Figures:
    """What is counted; `Month.of_features` holds it by name.

    Attributes:
        name: the feature's.
        read: counts it for a centre, from one business day to another.
        together: adds up what several centres have; None for one that has nothing.
        sheet: lays it out.
        column: a column of the sheet of interruptions, and its cell for a service.
    """

    name: str
    read: Callable[[AsyncConnection, str, str, str], Awaitable[Any]]
    together: Callable[[Iterable[Any]], Any]
    sheet: Callable[["Month", Words], Sheet]
    column: tuple[str, Callable[["Month", str], Cell]]


def of_features() -> tuple[Figures, ...]:
    """Return what the installed features count."""
    return brought("central", Figures)


def minutes(seconds: int | None) -> float | None:
    """Return minutes with one decimal."""
    return None if seconds is None else round(seconds / 60, 1)


def length(seconds: int) -> str:
    """Return a length to the second, `H:MM:SS`."""
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def share(part: int, whole: int) -> float | None:
    """Return per cent with one decimal; None of nothing."""
    return round(100 * part / whole, 1) if whole else None

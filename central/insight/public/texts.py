"""Texts of central's pages and papers; the hub has its own."""

from datetime import date
from pathlib import Path
from typing import Final, get_args

from babel import Locale

from common.city.catalogue import Weekday
from common.web import page_texts
from common.web.page_texts import LANGUAGES, Language, Texts, chosen, direction, following

FOLDER: Final = Path(__file__).parent / "locale"
_WEEKDAYS: Final = get_args(Weekday)

__all__ = ["FOLDER", "LANGUAGES", "Language", "chosen", "direction", "following", "tell", "texts", "weekday"]


def texts(language: Language, folder: Path = FOLDER) -> Texts:
    """Return all texts of a language."""
    return page_texts.texts(language, folder)


def weekday(day: date, language: Language) -> str:
    """Name the weekday of a date."""
    return tell(language, f"centres.day_{_WEEKDAYS[day.weekday()]}")


def tell(language: Language, text_id: str, n: int | None = None, *, folder: Path = FOLDER, **values: object) -> str:
    """Return a text in words, with its values; `n` chooses among plural forms."""
    said = texts(language, folder)[text_id]
    if not isinstance(said, str):
        said = said[Locale.parse(language).plural_form(n or 0)]
    return said.format(n=n, **values)

"""Texts of central's pages and papers; the hub has its own."""

from datetime import datetime
from pathlib import Path
from typing import Final

from babel import Locale

from central.base import clock
from common.city.spoken_day import spoken_day
from common.web import page_texts
from common.web.page_texts import LANGUAGES, Language, Texts, chosen, direction, following

FOLDER: Final = Path(__file__).parent / "locale"

__all__ = ["FOLDER", "LANGUAGES", "Language", "chosen", "direction", "following", "moment_said", "tell", "texts"]


def texts(language: Language, folder: Path = FOLDER) -> Texts:
    """Return all texts of a language."""
    return page_texts.texts(language, folder)


def moment_said(moment: datetime, now: datetime, language: Language) -> str:
    """Return a moment by the clock of the hall; with its day where that is not today."""
    moment, now = moment.astimezone(clock.CENTRE_TIME), now.astimezone(clock.CENTRE_TIME)
    hour = f"{moment:%H:%M}"
    return hour if moment.date() == now.date() else f"{hour} {spoken_day(moment, language)}"


def tell(language: Language, text_id: str, n: int | None = None, *, folder: Path = FOLDER, **values: object) -> str:
    """Return a text in words, with its values; `n` chooses among plural forms."""
    said = texts(language, folder)[text_id]
    if not isinstance(said, str):
        said = said[Locale.parse(language).plural_form(n or 0)]
    return said.format(n=n, **values)

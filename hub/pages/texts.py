"""The texts of the hub's pages."""

from pathlib import Path
from typing import Final

from common.web import page_texts
from common.web.page_texts import LANGUAGES, Language, Texts

DIRECTIONS: Final[dict[Language, str]] = {"ar": "rtl", "en": "ltr"}
FOLDER: Final = Path(__file__).parent / "locale"

__all__ = ["DIRECTIONS", "FOLDER", "LANGUAGES", "Language", "texts"]


def texts(language: Language) -> Texts:
    """Return all texts of a language."""
    return page_texts.texts(language, FOLDER)

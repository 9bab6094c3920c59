"""The texts of the pages, from one catalogue a language; plural forms travel to the page by CLDR's names."""

from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

Language = Literal["ar", "en"]
LANGUAGES: Final[tuple[Language, ...]] = ("ar", "en")
DIRECTIONS: Final[dict[Language, str]] = {"ar": "rtl", "en": "ltr"}
FOLDER: Final = Path(__file__).parent / "locale"
_CATEGORIES: Final = ("zero", "one", "two", "few", "many", "other")

Texts = dict[str, str | dict[str, str]]
"""Each text by its id; one with plural forms by category, as Intl.PluralRules names it in the browser."""


@cache
def texts(language: Language) -> Texts:
    """Return all texts of a language."""
    return {str(message.id if isinstance(message.id, str) else message.id[0]): _forms(language, message.string)
            for message in catalogue(language) if message.id}  # fmt: skip


@cache
def catalogue(language: Language) -> Catalog:
    """Read the catalogue of a language."""
    with (FOLDER / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language)


def _forms(language: Language, said: Any) -> str | dict[str, str]:
    if isinstance(said, str):
        return said
    # The order of gettext's forms in these catalogues is CLDR's, of those categories that the language has.
    rules = Locale.parse(language).plural_form.tags | {"other"}
    return dict(zip([name for name in _CATEGORIES if name in rules], said, strict=True))

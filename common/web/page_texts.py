"""The texts of pages, from one catalogue a language; plural forms go by CLDR's categories, as browsers name them."""

from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, get_args

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

Language = Literal["ar", "en"]
LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)
"""The first is shown until somebody has chosen, and says what another one's catalogue lacks."""
_CATEGORIES: Final = ("zero", "one", "two", "few", "many", "other")

Texts = dict[str, str | dict[str, str]]
"""Each text by its id; one with plural forms by category, as Intl.PluralRules names it in the browser."""


@cache
def texts(language: Language, folder: Path) -> Texts:
    """Return all texts of a language, from the catalogue that a folder holds; what it lacks is in the first one."""
    own = {
        str(one.id if isinstance(one.id, str) else one.id[0]): _forms(language, one.string)
        for one in catalogue(language, folder)
        if one.id
    }
    return own if language == LANGUAGES[0] else texts(LANGUAGES[0], folder) | own


def chosen(wanted: str | None) -> Language:
    """Return the language that somebody asks for, or the first where it is none of ours."""
    return next((one for one in LANGUAGES if one == wanted), LANGUAGES[0])


def following(language: Language) -> Language:
    """Return the language that the page's button leads to: the next of them, and the first after the last."""
    return LANGUAGES[(LANGUAGES.index(language) + 1) % len(LANGUAGES)]


def direction(language: Language) -> Literal["rtl", "ltr"]:
    """Return the base direction of its lines."""
    return "rtl" if Locale.parse(language).text_direction == "rtl" else "ltr"


@cache
def catalogue(language: Language, folder: Path) -> Catalog:
    """Read the catalogue of a language."""
    with (folder / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language)


def _forms(language: Language, said: Any) -> str | dict[str, str]:
    if isinstance(said, str):
        return said
    # The order of gettext's forms in these catalogues is CLDR's, of those categories that the language has.
    rules = Locale.parse(language).plural_form.tags | {"other"}
    return dict(zip([name for name in _CATEGORIES if name in rules], said, strict=True))

"""Texts of central's pages and papers, from one catalogue a language; the hub has its own."""

from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from babel import Locale
from babel.messages.pofile import read_po

Language = Literal["ar", "en"]
LANGUAGES: Final[tuple[Language, ...]] = ("ar", "en")
FOLDER: Final = Path(__file__).parent / "locale"
_CATEGORIES: Final = ("zero", "one", "two", "few", "many", "other")


@cache
def texts(language: Language, folder: Path = FOLDER) -> dict[str, str | dict[str, str]]:
    """Return all texts of a language by id; one with plural forms by CLDR's category."""
    with (folder / f"{language}.po").open("rb") as file:
        catalogue = read_po(file, locale=language)
    return {
        str(one.id if isinstance(one.id, str) else one.id[0]): _forms(language, one.string)
        for one in catalogue
        if one.id
    }


def tell(language: Language, text_id: str, n: int | None = None, *, folder: Path = FOLDER, **values: object) -> str:
    """Return a text in words, with its values; `n` chooses among plural forms."""
    said = texts(language, folder)[text_id]
    if not isinstance(said, str):
        said = said[Locale.parse(language).plural_form(n or 0)]
    return said.format(n=n, **values)


def _forms(language: Language, said: Any) -> str | dict[str, str]:
    if isinstance(said, str):
        return said
    rules = Locale.parse(language).plural_form.tags | {"other"}
    return dict(zip([name for name in _CATEGORIES if name in rules], said, strict=True))

"""Text in the citizen's language: catalogue texts with values and plurals, dates, direction.

The catalogues are the gettext files in `kiosk/locale` and those of features; they are read as they are and compiled in
memory, so that no compiled file can be out of date. Digits are Western in every language, and dates are written with
`/`.
"""

import datetime
import gettext
import io
from collections.abc import Mapping
from functools import cache, cached_property
from itertools import chain
from pathlib import Path
from typing import Final, Literal, get_args

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po

from common.city.brand.brand import brand
from common.city.spoken_day import spoken_day
from common.feature import locales
from common.protocol.setting_values import Complete

FOLDER: Final = Path(__file__).parent / "locale"
_COMPLETE: Final = frozenset(get_args(Complete))
_REST: Final = "ar"
"""What a draft doesn't say yet is said in Arabic: its readers read that too."""
_LEFT_TO_RIGHT_ISOLATE: Final = "\u2066"
_RIGHT_TO_LEFT_ISOLATE: Final = "\u2067"
_POP_ISOLATE: Final = "\u2069"
_LEFT_TO_RIGHT_MARK: Final = "\u200e"
_NO_BREAK_SPACE: Final = "\u00a0"


class LanguageError(Exception):
    """A catalogue can't be read, or lacks a text that the programme needs; the message says which."""


class Language:
    """One language of the kiosk.

    Args:
        code: two letters (ISO 639-1), such as `ar`.
        folder: where `<code>.po` lies.

    Raises:
        LanguageError: no such catalogue, or it is no gettext file.
    """

    def __init__(self, code: str, folder: Path = FOLDER) -> None:
        self.code = code
        self._folder = folder
        self._texts = _load(code, folder)
        self._locale = Locale.parse(code)

    @cached_property
    def direction(self) -> Literal["rtl", "ltr"]:
        """The base direction of its lines."""
        return "rtl" if self._locale.text_direction == "rtl" else "ltr"

    @property
    def own_name(self) -> str:
        """The language's name in itself, for the language button; which dialect it is stands nowhere on it."""
        name = str(self._locale.get_language_name()).split(" (")[0]
        return name[:1].upper() + name[1:]

    def text(self, msgid: str, **values: object) -> str:
        """Return a text with its placeholders filled in.

        A whole number `n` chooses the plural form where the text has one; `app` is the citizens' app, by the brand. A
        value that is a mapping by language code gives its text in this language, one that is a date its day as `day`
        writes it.

        Raises:
            LanguageError: the text or a value for one of its placeholders is missing.
        """
        number = values.get("n")
        # ngettext first: gettext would answer with the singular of a text that has plurals.
        found = self._texts.ngettext(msgid, msgid, number) if isinstance(number, int) else msgid
        if found == msgid:
            found = self._texts.gettext(msgid)
        if found == msgid and (fallback := self._fallback) is not None:
            return self._set_apart(fallback.text(msgid, **values), fallback)
        if found == msgid:
            raise LanguageError(f"{self.code}.po has no text {msgid!r}")
        try:
            filled = {name: self._value(value) for name, value in values.items()}
            return found.format_map({"app": self.words(brand().app.names), **filled})
        except (KeyError, IndexError, ValueError) as error:
            raise LanguageError(f"{self.code}.po, {msgid!r}: no value for placeholder {error}") from error

    @cached_property
    def _fallback(self) -> "Language | None":
        """The language that says what a draft doesn't say yet, text by text; a complete one needs none."""
        return None if self.code in _COMPLETE else Language(_REST, self._folder)

    def _set_apart(self, text: str, other: "Language") -> str:
        """Keep a text of the other direction together within a line of this one (UAX #9, isolates)."""
        if other.direction == self.direction:
            return text
        return f"{_RIGHT_TO_LEFT_ISOLATE if other.direction == 'rtl' else _LEFT_TO_RIGHT_ISOLATE}{text}{_POP_ISOLATE}"

    def has(self, msgid: str) -> bool:
        """Return whether the catalogue has this text."""
        return self._texts.gettext(msgid) != msgid

    def words(self, texts: Mapping[str, str]) -> str:
        """Return a text that comes from data, in this language, else in Arabic, else in the first it is given in."""
        return texts.get(self.code) or texts.get("ar") or next(iter(texts.values()), "")

    def day(self, day: datetime.date) -> str:
        """Return a day as one says it: its name, its number, and the month as it is called in this region."""
        return spoken_day(day, self.code)

    def date(self, day: datetime.date) -> str:
        """Return a day as 2026/11/24, which bidirectional text leaves in order."""
        return f"{day:%Y/%m/%d}"

    def date_time(self, moment: datetime.datetime) -> str:
        """Return a moment as 2026/11/24 09:05, in the time zone it carries."""
        return f"{moment:%Y/%m/%d %H:%M}"

    def left_to_right(self, code: str) -> str:
        """Mark a phone number or code so that its parts keep their order within an Arabic line."""
        return _LEFT_TO_RIGHT_MARK + code if self.direction == "rtl" else code

    def order_number(self, number: str) -> str:
        """Return an order's ten digits in groups (4-3-3), in order within any line and never broken across two."""
        return self.left_to_right(_NO_BREAK_SPACE.join(grouped(number)))

    def _value(self, value: object) -> object:
        if isinstance(value, datetime.date):
            return self.day(value)
        return self.words(value) if isinstance(value, Mapping) else value


def grouped(number: str) -> tuple[str, ...]:
    """Group the ten digits of an order number 4-3-3, which is easier to compare; another text stays whole."""
    is_ten_digits = len(number) == 10 and number.isdigit()
    return (number[:4], number[4:7], number[7:]) if is_ten_digits else (number,)


def parted(number: str, mark: str = "·") -> str:
    """Part a ticket's number as people read and hear it, so that A1001 is the first of its kiosk and not a thousand.

    Args:
        number: the whole number, such as `B2014`.
        mark: what stands between the kiosk's digit and the counter.

    Returns:
        The number with the mark in it, such as `B2·014`.
    """
    head = 2 if number[:1].isalpha() else 1
    return f"{number[:head]}{mark}{number[head:]}" if len(number) > head else number


def catalogue(code: str, folder: Path = FOLDER) -> Catalog:
    """Return a language's texts: those of `folder`, and those that features have in it. Raises LanguageError."""
    whole = _read(folder / f"{code}.po", code)
    others = [one / f"{code}.po" for one in locales("kiosk")]
    for message in chain.from_iterable(_read(one, code) for one in others if code in _COMPLETE or one.exists()):
        if message.id:
            whole[message.id] = message
    return whole


@cache
def _load(code: str, folder: Path) -> gettext.GNUTranslations:
    compiled = io.BytesIO()
    write_mo(compiled, catalogue(code, folder))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def _read(path: Path, code: str) -> Catalog:
    try:
        with path.open("rb") as file:
            return read_po(file, locale=code, abort_invalid=True)
    except (OSError, UnicodeDecodeError, PoFileError, ValueError) as error:
        raise LanguageError(f"{path.name} can't be read: {error}") from error

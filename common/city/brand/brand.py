"""What makes a system that of one municipality: names, money, time, app and look, from one file that all ends read.

Homs as shipped (`brand.toml` beside this module); another one's file is laid over it field by field. One brand is in
force in a process, as one time zone is: `use` says which, before anything is composed.
"""

import struct
import tomllib
from collections.abc import Mapping
from datetime import datetime, timedelta, tzinfo
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from babel import Locale, UnknownLocaleError, localedata
from msgspec import Meta, Struct

from common.city.brand.look import look_of, unreadable
from common.machine.settings_advice import explain

SHIPPED: Final = Path(__file__).with_name("brand.toml")
MAX_PICTURE_BYTES: Final = 200_000
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_SIDES_PX: Final = (64, 1024)

Line = Annotated[str, Meta(min_length=1, max_length=80, pattern=r"^[^\x00-\x1f\x7f]*\S[^\x00-\x1f\x7f]*\Z")]
LanguageCode = Annotated[str, Meta(pattern=r"^[a-z]{2}\Z")]
Words = Annotated[dict[LanguageCode, Line], Meta(description='a text in both: { ar = "...", en = "..." }')]
CATEGORIES: Final = ("zero", "one", "two", "few", "many", "other")
Forms = dict[str, Line]
_FORMS: Final = 'by language how so many are called: en = { one = "{n} coin", other = "{n} coins" }'
Counted = Annotated[dict[LanguageCode, Forms], Meta(description=_FORMS)]
Colour = Annotated[str, Meta(pattern=r"^#[0-9A-Fa-f]{6}\Z", description='a colour such as "#0A4F45"')]
FileName = Annotated[
    str, Meta(pattern=r"^([A-Za-z0-9][A-Za-z0-9._-]{0,79})?\Z", description='a PNG beside this file, or ""')
]


class BrandError(Exception):
    """The brand can't be used; the message says what is wrong and what would be right."""


class App(Struct, frozen=True, forbid_unknown_fields=True):
    """The citizens' app: its names, and who signs its order codes."""

    issuer: Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9.-]{0,63}\Z", description='a word such as "muamalati"')]
    names: Words


class Currency(Struct, frozen=True, forbid_unknown_fields=True):
    """What fees are in: `exponent` decimal places; `former` of an older money of this code that circulates make one.

    `counted` and `former_counted` say how so many of each are called, by language and CLDR's category of the number;
    where a language has none, it is the number and the name.
    """

    code: Annotated[str, Meta(pattern=r"^[A-Z]{3}\Z", description='a currency such as "SYP"')]
    exponent: Annotated[int, Meta(ge=0, le=4, description="decimal places from 0 to 4")]
    names: Words
    former: Annotated[int, Meta(ge=2, le=10**6, description="2 or more former units, or nothing")] | None = None
    counted: Counted = {}
    former_counted: Counted = {}

    def __post_init__(self) -> None:
        for name, counted in (("counted", self.counted), ("former_counted", self.former_counted)):
            for language, forms in counted.items():
                if not localedata.exists(language):
                    right = "right would be a language such as ar or en"
                    raise ValueError(f"{name}.{language} lacks CLDR's rule of how its numbers are counted; {right}")
                if "{n}" not in forms.get("other", "") or not forms.keys() <= set(CATEGORIES):
                    right = f'right would be other = "{{n}} coins", and of {", ".join(CATEGORIES)} what differs from it'
                    raise ValueError(f"{name}.{language} lacks a form for every number; {right}")
        if self.former:
            _require_both("former_counted", self.former_counted)

    def check(self, minor: int, code: str, pound: str | None) -> None:
        """Refuse an amount that doesn't say which of two moneys of one code it means. Raises ValueError."""
        is_own = code in ("", self.code)
        if is_own and self.former and minor and pound is None:
            said = f'says pound = "new" or "old": {self.former} old ones are 1 new one'
            raise ValueError(f"a fee in {self.code} {said}")
        if pound is not None and not (is_own and self.former):
            raise ValueError(f"a fee in {code or self.code} says no pound: there is but one money of that name")
        if pound == "old" and self.former and minor % self.former:
            raise ValueError("a fee in old pounds is a whole number of hundredths of a new one")

    def due(self, minor: int, pound: str | None) -> int:
        """Return what is to be paid, in minor units of the money that counts now."""
        return minor // self.former if pound == "old" and self.former else minor

    def amount(self, minor: int) -> str:
        """Return an amount of minor units as it is written; whole ones without their fractions."""
        whole, rest = divmod(minor, 10**self.exponent)
        return f"{whole:,}" + (f".{rest:0{self.exponent}}" if rest else "")


class Colours(Struct, frozen=True, forbid_unknown_fields=True):
    """`primary` is the band above and all that can be done; `primary_low` what a button stands on. None is as usual."""

    primary: Colour | None = None
    primary_low: Colour | None = None
    tint: Colour | None = None
    pressed: Colour | None = None
    ground: Colour | None = None

    @property
    def look(self) -> dict[str, str]:
        """Return all colours by name, these laid over the usual ones."""
        return look_of({name: own for name in self.__struct_fields__ if (own := getattr(self, name)) is not None})


class Brand(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One municipality's own. `emblem` and `ornament` name pictures beside the file; empty for none."""

    region: Annotated[str, Meta(pattern=r"^[A-Z]{2}\Z", description='two capital letters such as "SY"')]
    time_zone: Annotated[str, Meta(pattern=r"^[A-Za-z0-9_+/-]{1,64}\Z", description='one such as "Asia/Damascus"')]
    languages: Annotated[list[LanguageCode], Meta(min_length=1, max_length=8, description='such as ["ar", "en"]')]
    app: App
    currency: Currency
    emblem: FileName = ""
    ornament: FileName = ""
    authority: Words | None = None
    colours: Colours = Colours()
    pictures: dict[str, bytes] = {}
    """What `emblem` and `ornament` name, read with the file."""

    def __post_init__(self) -> None:
        for name, words in (("app.names", self.app.names), ("currency.names", self.currency.names)):
            _require_both(name, words)
        if self.authority is not None:
            _require_both("authority", self.authority)
        if faults := unreadable(self.colours.look):
            raise ValueError(f"colours: {'; '.join(faults[:3])}")
        try:
            ZoneInfo(self.time_zone)
        except (OSError, ValueError, ZoneInfoNotFoundError):
            raise ValueError(f'time_zone is "{self.time_zone}"; right would be one such as "Asia/Damascus"') from None

    def locale(self, language: str) -> Locale:
        """Return a language as it is spoken there: plain Arabic has other months, نوفمبر for تشرين الثاني."""
        try:
            return Locale.parse(f"{language}_{self.region}")
        except UnknownLocaleError:
            return Locale.parse(language)

    def picture(self, name: str) -> bytes | None:
        """Return the PNG that `emblem` or `ornament` names, None where it names none."""
        return self.pictures.get(name)


class _CentreTime(tzinfo):
    """The time zone of the brand in force, whichever that is by then."""

    def utcoffset(self, moment: datetime | None) -> timedelta | None:
        return _zone().utcoffset(moment)

    def dst(self, moment: datetime | None) -> timedelta | None:
        return _zone().dst(moment)

    def tzname(self, moment: datetime | None) -> str | None:
        return _zone().tzname(moment)

    def fromutc(self, moment: datetime) -> datetime:
        return _zone().fromutc(moment.replace(tzinfo=_zone())).replace(tzinfo=self)


CENTRE_TIME: Final[tzinfo] = _CentreTime()
"""The time that the centres' clocks show."""

_in_force: list[Brand] = []


def brand() -> Brand:
    """Return the brand in force: the shipped one until `use` says another."""
    return _in_force[-1] if _in_force else _shipped()


def use(chosen: Brand) -> None:
    """Put a brand in force for this process."""
    _in_force[:] = [chosen]


def load_brand(path: Path) -> Brand:
    """Read a municipality's file, laid over the shipped one, with its pictures looked at. Raises BrandError."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        own = tomllib.loads(text)
    except OSError as error:
        raise BrandError(f"{path}: can't be read: {error.strerror}") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise BrandError(f"{path}: not valid TOML: {str(error)[:200]}") from error
    # Another town has no emblem rather than this one's; a table of its own stands in place of the whole one.
    return _checked(path, text, {"emblem": "", "ornament": "", **own})


@cache
def _shipped() -> Brand:
    return _checked(SHIPPED, "", {})


def _checked(path: Path, text: str, own: dict[str, Any]) -> Brand:
    shipped = tomllib.loads(SHIPPED.read_text(encoding="utf-8"))
    raw = {**shipped, **own, "pictures": {}}
    if "currency" in own:
        raw["currency"] = _counted_as_shipped(own["currency"], shipped["currency"])
    try:
        found = msgspec.convert(raw, Brand)
    except msgspec.ValidationError as error:
        said = str(error)
        is_ours = "right would be" in said
        raise BrandError(f"{path}: {said}" if is_ours else explain(Brand, path, text, raw, said)) from error
    named = {name: file for name in ("emblem", "ornament") if (file := getattr(found, name))}
    pictures = {name: _read_picture(path.parent / file, name) for name, file in named.items()}
    return msgspec.structs.replace(found, pictures=pictures)


def _counted_as_shipped(own: Any, shipped: dict[str, Any]) -> Any:
    """Return a currency table, which an earlier version wrote without the forms that the shipped one has by now."""
    if not isinstance(own, dict) or own.get("code") != shipped["code"]:
        return own
    forms = {"counted": shipped["counted"]} if own.get("names") == shipped["names"] else {}
    if own.get("former"):
        forms["former_counted"] = shipped["former_counted"]
    return forms | own


def _read_picture(path: Path, name: str) -> bytes:
    try:
        with path.open("rb") as file:
            found = file.read(MAX_PICTURE_BYTES + 1)
    except OSError as error:
        raise BrandError(f"{path}: {name} can't be read: {error.strerror}") from error
    least, most = _SIDES_PX
    right = f"right would be a PNG of {least} to {most} dots a side and at most {MAX_PICTURE_BYTES} bytes"
    if not found.startswith(_PNG) or len(found) > MAX_PICTURE_BYTES or len(found) < 24:
        raise BrandError(f"{path}: {name} is no PNG of this size; {right}")
    width, height = struct.unpack(">II", found[16:24])
    if not (least <= width <= most and least <= height <= most):
        raise BrandError(f"{path}: {name} is {width} x {height} dots; {right}")
    if name == "emblem" and width != height:
        raise BrandError(f"{path}: {name} is {width} x {height} dots; right would be as wide as high")
    return found


def _require_both(name: str, words: Mapping[str, object]) -> None:
    if missing := [code for code in ("ar", "en") if code not in words]:
        raise ValueError(f"{name} lacks {' and '.join(missing)}; right would be each text in ar and en")


def _zone() -> ZoneInfo:
    return ZoneInfo(brand().time_zone)  # which keeps those that it has made

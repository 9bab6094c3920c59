"""What msgspec says of a wrong message, in words for its author: no regular expression, no Python type."""

import re
from collections.abc import Callable
from typing import Final

import msgspec

PATTERNS: Final = {
    r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\Z": "a UUID in small letters",
    r"^([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{32})\Z": "the id of a ticket or a claim",
    r"^SY1:[0-9A-Z $%*+./:-]{1,696}\Z": "a code such as SY1:…",
    r"^[0-9]{8}\Z": "8 digits",
    r"^[1-9]\Z": "a kiosk's digit, 1 to 9",
    r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}\Z": "up to 64 letters, digits, - and _",
    r"^[a-z0-9][a-z0-9_-]{0,63}\Z": "up to 64 small letters, digits, - and _",
    r"^[a-z0-9][a-z0-9-]{0,39}\Z": "up to 40 small letters, digits and hyphens, such as civil-affairs",
    r"^[!-~]{1,128}\Z": "1 to 128 characters of ASCII without blanks",
    r"^[!-~]{1,65536}\Z": "characters of ASCII without blanks",
    r"^\+[1-9][0-9]{7,14}\Z": "a telephone number with its country, such as +963944000111",
    r"^[ -~]{1,64}\Z": "1 to 64 characters of ASCII",
    r"^[A-Za-z0-9+/]*={0,2}\Z": "base64",
    r"^[A-Za-z0-9+/]+={0,2}\Z": "base64",
    r"^[A-Za-z0-9+/]{43}=\Z": "base64 of 32 bytes",
    r"^[^\x00-\x1f\x7f]{0,500}\Z": "one line of at most 500 characters",
    r"^[^\x00-\x1f\x7f]{0,80}\Z": "one line of at most 80 characters",
    r"^[^\x00-\x1f\x7f]{1,120}\Z": "one line of at most 120 characters",
    r"^[^\x00-\x1f\x7f]*\S[^\x00-\x1f\x7f]*\Z": "one line that is not blank",
    r"^[A-Z]\Z": "one capital letter",
    r"^[A-Z]?\Z": "one capital letter, or nothing",
    r"^[A-Z]{3}\Z": "a currency in three capital letters, such as SYP",
    r"^[a-z]{2}\Z": "a language in two small letters, such as ar",
    r"^[0-9a-f]{4}\Z": "4 hex digits in small letters, such as 00ff",
    r"^[0-9a-f]{8}\Z": "8 hex digits in small letters",
    r"^[0-9a-f]{16}\Z": "16 hex digits in small letters",
    r"^[0-9a-f]{32}\Z": "32 hex digits in small letters",
    r"^[0-9a-f]{64}\Z": "64 hex digits in small letters",
    r"^[0-9]{2}\Z": "2 digits",
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}\Z": "a date such as 2026-11-25",
    r"^([01][0-9]|2[0-3]):[0-5][0-9]\Z": "a time of day such as 08:00",
}
"""Every pattern of a field that somebody writes by hand, and what it means."""
_KINDS: Final = {
    "str": "a text", "int": "a whole number", "float": "a number", "bool": "true or false", "array": "a list",
    "object": "an object", "null": "null", "bytes": "base64",
}  # fmt: skip
_AMOUNT: Final = {">=": "at least", "<=": "at most", ">": "more than", "<": "less than"}


def in_words(error: msgspec.ValidationError) -> str:
    """Return `FIELD: what was found or expected`, the field as in `services[0].hours.opens`."""
    # msgspec: "Expected `int`, got `str` - at `$.serial`", or "- at `key` in `$.names`".
    text, _, place = str(error).partition(" - at ")
    *_, path = place.rpartition("`$")
    field = path.rstrip("`").removeprefix(".")
    if "`key` in" in place:
        text = f"a name in it: {_plain(text)}"
    return f"{field}: {_plain(text)}" if field else _plain(text)


def read_json[T](content: bytes, kind: type[T]) -> T:
    """Return what somebody wrote by hand. Raises ValueError in words for its author."""
    try:
        return msgspec.json.decode(content, type=kind)
    except msgspec.ValidationError as error:
        raise ValueError(in_words(error)) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"not JSON: {error}") from error


def _plain(text: str) -> str:
    for pattern, words in _RULES:
        found = re.fullmatch(pattern, text)
        if found:
            return words(found)
    return text


def _kinds(names: str) -> str:
    return " or ".join(_KINDS.get(name, name) for name in re.findall(r"\w+", names))


def _length(found: re.Match[str]) -> str:
    unit = "of them" if found[1] != "str" else "character" if found[3] == "1" else "characters"
    return f"expected {_AMOUNT[found[2]]} {found[3]} {unit}"


_RULES: Final[tuple[tuple[str, Callable[[re.Match[str]], str]], ...]] = (
    (
        r"Expected `str` matching regex (?P<told>'.*'|\".*\")",
        lambda found: f"expected {PATTERNS.get(found['told'][1:-1].replace(chr(92) * 2, chr(92)), 'another form')}",
    ),
    (r"Expected `(\w+)` of length ([<>]=?) (\d+)", _length),
    (r"Expected `(\w+)` ([<>]=?) (\S+)", lambda found: f"expected {_KINDS[found[1]]}, {_AMOUNT[found[2]]} {found[3]}"),
    (r"Expected `([^`]+)`, got `(\w+)`", lambda found: f"expected {_kinds(found[1])}, found {_kinds(found[2])}"),
    (r"Invalid enum value (.*)", lambda found: f"found {found[1]}, which is none of the words that may stand here"),
    (r"Object contains unknown field `(.*)`", lambda found: f"there is no field {found[1]}"),
    (r"Object missing required field `(.*)`", lambda found: f"the field {found[1]} is missing"),
)

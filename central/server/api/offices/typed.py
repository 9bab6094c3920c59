"""Days, months and times that are typed into forms: read as the acts take them, or refused in the page's own words."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from central.base import clock
from common.web.request import date_typed, time_typed


class Mistyped(ValueError):
    """A field holds nothing that it can be read as; the text `text_id` says what to type, and the page shows it."""

    def __init__(self, text_id: str) -> None:
        super().__init__(text_id)
        self.text_id = text_id


def day(typed: str) -> str:
    """Return a day such as 2026-12-01. Raises Mistyped."""
    return _day(date_typed(typed), "typed.day")


def month(typed: str) -> str:
    """Return a month such as 2026-12. Raises Mistyped."""
    return _day(f"{date_typed(typed)}-01", "typed.month")[:7]


def time_of_day(typed: str) -> str:
    """Return a time such as 08:30, or nothing where nothing is typed. Raises Mistyped."""
    said = time_typed(typed)
    if said and not re.fullmatch("([01][0-9]|2[0-3]):[0-5][0-9]", said):
        raise Mistyped("typed.time")
    return said


def _day(text: str, text_id: str) -> str:
    if not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise Mistyped(text_id)
    try:
        return clock.day_of(text).isoformat()
    except ValueError as error:
        raise Mistyped(text_id) from error


@dataclass(frozen=True, slots=True)
class Asked:
    """What a page shows: `value` of that day or month; its field holds `typed`, and `wrong` says why that is not it."""

    value: str
    typed: str
    wrong: str | None = None


def asked(read: Callable[[str], str], typed: str, now: str) -> Asked:
    """Return what somebody asks to see, read by `day` or `month`; `now` where that is nothing readable."""
    if not typed:
        return Asked(now, now)
    try:
        value = read(typed)
    except Mistyped as error:
        return Asked(now, typed[:20], error.text_id)
    return Asked(value, value)

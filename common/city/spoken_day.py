"""A day as people say it: 12/04 is 12 April to some and 4 December to others, and months have names of the region."""

import datetime
from typing import Final

from babel.dates import format_date

from common.city.brand.brand import brand

_NAMED: Final = "EEEE d MMMM"
_SHORT: Final = "d MMMM"
_MONTH: Final = "MMMM y"


def spoken_day(day: datetime.date, language: str) -> str:
    """Return its weekday, number and month: Friday 4 December."""
    return format_date(day, _NAMED, locale=brand().locale(language))


def short_day(day: datetime.date, language: str) -> str:
    """Return its number and month, for a text of few letters: 4 December."""
    return format_date(day, _SHORT, locale=brand().locale(language))


def spoken_month(day: datetime.date, language: str) -> str:
    """Return a day's month and year: December 2026."""
    return format_date(day, _MONTH, locale=brand().locale(language))

"""A calendar of closed and short days, from JSON or a table, judged before any kiosk hears of it."""

from collections import Counter
from datetime import date
from typing import Any, Final

import msgspec
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from central import feed
from central.base import clock
from central.feed import EVERYONE, Audience
from central.publishing import spreadsheet
from central.publishing.in_force import whole_centre
from common.machine.plain_words import read_json
from common.protocol.feed_message import Calendar, CalendarDay

COLUMNS: Final = ("date", "opens", "closes", "name_ar", "name_en")
_YEARS_AHEAD: Final = 2
_LONGEST_NAME: Final = 40


class CalendarToPublish(Struct, frozen=True, forbid_unknown_fields=True):
    """What an operator publishes. `year` where it can't be told from the days: to take a year's days back."""

    days: list[CalendarDay]
    centre: str | None = None
    year: int | None = None


async def publish(connection: AsyncConnection, content: bytes, audience: Audience = EVERYONE) -> int:
    """Tell the kiosks of a centre, or all, a year's special days; a year's calendar takes the place of its former one.

    Returns the id of the last message. Raises ValueError with every day that is wrong.
    """
    told = read_json(content, CalendarToPublish)
    centre = await whole_centre(connection, told.centre, audience)
    years = _by_year(told)
    for year, days in years.items():
        body, its_kiosks = Calendar(centre, year, days), Audience(centre=centre)
        number = await feed.append(connection, "calendar", body, key=f"{centre or ''}/{year}", audience=its_kiosks)
    return number


def read_table(name: str, content: bytes) -> bytes:
    """Turn a table (CSV or XLSX) into the JSON that `publish` takes: a day without times is closed.

    Raises SpreadsheetRefused.
    """
    heading, *lines = spreadsheet.lines_of(name, content) or [[]]
    if tuple(cell.lower() for cell in heading if cell) != COLUMNS:
        raise spreadsheet.SpreadsheetRefused(f"line 1: found {heading}, expected the heading {','.join(COLUMNS)}")
    days: list[dict[str, Any]] = []
    for line in lines:
        if any(line):
            day, opens, closes, name_ar, name_en = (*line, "", "", "", "", "")[: len(COLUMNS)]
            # A spreadsheet's own times and dates come with seconds, and with midnight.
            hours = {"opens": opens[:5] or None, "closes": closes[:5] or None} if opens or closes else {"closed": True}
            days.append({"date": day[:10], **hours, "names": {"ar": name_ar, "en": name_en}})
    return msgspec.json.encode({"days": days})


def _by_year(told: CalendarToPublish) -> dict[int, list[CalendarDay]]:
    faults = [f"days[{index}] ({day.date}): {why}" for index, day in enumerate(told.days) if (why := _fault(day))]
    twice = [day for day, times in Counter(day.date for day in told.days).items() if times > 1]
    faults += [f"{day} stands twice" for day in twice]
    if faults:
        raise ValueError("\n".join(faults[:20]))
    years: dict[int, list[CalendarDay]] = {} if told.year is None else {told.year: []}
    for day in sorted(told.days, key=lambda one: one.date):
        years.setdefault(int(day.date[:4]), []).append(day)
    if not years:
        raise ValueError("days: found none, expected some, or the year whose days are taken back")
    if told.year is not None and len(years) > 1:
        raise ValueError(f"year: found {told.year}, and days of {max(years)} too")
    return years


def _fault(day: CalendarDay) -> str | None:
    try:
        when = date.fromisoformat(day.date)
    except ValueError:
        return "expected a date such as 2026-12-25"
    if when.year > clock.now().year + _YEARS_AHEAD:
        return f"expected a day up to {clock.now().year + _YEARS_AHEAD}"
    if day.closed == (day.opens is not None and day.closes is not None) or day.closed == bool(day.opens or day.closes):
        return 'expected either "closed": true, or both opens and closes'
    if day.opens is not None and day.closes is not None and day.opens >= day.closes:
        return f"opens {day.opens} is not before closes {day.closes}"
    if missing := [language for language in ("ar", "en") if not day.names.get(language, "").strip()]:
        return f"expected a name in {' and '.join(missing)} too"
    if long := [name for name in day.names.values() if len(name) > _LONGEST_NAME]:
        return f"found {long[0]!r}, expected at most {_LONGEST_NAME} letters: it stands in one line of the screen"
    return None

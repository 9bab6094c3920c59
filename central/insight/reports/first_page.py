"""The first page of a month's report: what matters in a few sentences and three charts, before the tables."""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from babel.dates import format_date

from central.insight.public.texts import Language
from central.insight.reports.counted import median, p90
from central.insight.reports.month import Month
from central.insight.reports.sheet import Words
from common.city.brand.brand import brand

_MOST_SERVICES: Final = 8
_UNSERVED: Final = ("carried", "expired")
_HOUR_S: Final = 3600


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of those that are read first, as written, and what it is."""

    value: str
    words: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its value, what stands below or beside it, and its length against the longest, 0 to 1."""

    value: int
    label: str
    length: float


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart under its title; `key` is what is counted: `days`, `hours`, `centres` or `services`."""

    key: str
    title: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class FirstPage:
    """What is read first."""

    figures: tuple[Figure, ...]
    charts: tuple[Chart, ...]


def first_page_of(month: Month, words: Words, centres: Sequence[tuple[str, int]] = ()) -> FirstPage:
    """Compose the first page; a month without any visitor has no chart. `centres` are visitors of each by its name."""
    charts = (
        _chart("days", words, _days(month)),
        _chart("hours", words, _hours(month)),
        _chart("centres", words, centres),
        _chart("services", words, _services(month, words)),
    )
    return FirstPage(tuple(_figures(month, words)), tuple(chart for chart in charts if chart.bars))


def name_of_month(month: str, language: Language) -> str:
    """Name a month (`YYYY-MM`) as it is called in this country."""
    first = date.fromisoformat(f"{month}-01")
    return format_date(first, "LLLL y", locale=brand().locale(language))


def _figures(month: Month, words: Words) -> list[Figure]:
    unserved = sum(month.ends.get(end, 0) for end in _UNSERVED)
    stood_still_s = sum(one.seconds for one in month.interruptions.values())
    documents = sum(served.documents for served in month.services.values())
    told = [
        ("visitors", f"{month.issued:,}"),
        ("documents", f"{documents:,}"),
        ("days", str(len(month.by_day))),
        ("wait", _minutes(median(month.waits_s))),
        ("nine_of_ten", _minutes(p90(month.waits_s))),
        ("unserved", f"{unserved:,}"),
        ("cut", f"{month.cut_s / _HOUR_S:.1f}"),
        ("stood_still", f"{stood_still_s / _HOUR_S:.1f}"),
    ]
    return [Figure(value, words.say(f"first.{name}")) for name, value in told]


def _minutes(seconds: int | None) -> str:
    return "–" if seconds is None else str(round(seconds / 60))


def _chart(key: str, words: Words, values: Sequence[tuple[str, int]]) -> Chart:
    most = max((value for _, value in values), default=0)
    bars = tuple(Bar(value, label, value / most) for label, value in values) if most else ()
    return Chart(key, words.say(f"first.by_{key}"), bars)


def _days(month: Month) -> list[tuple[str, int]]:
    """Return each day of the month, also those without a visitor."""
    year, number = map(int, month.month.split("-"))
    days = range(1, calendar.monthrange(year, number)[1] + 1)
    return [(str(day), month.by_day.get(f"{month.month}-{day:02}", 0)) for day in days]


def _hours(month: Month) -> list[tuple[str, int]]:
    """Return each hour from the first to the last in which a number was given."""
    hours = range(min(month.by_hour), max(month.by_hour) + 1) if month.by_hour else ()
    return [(f"{hour}:00", month.by_hour.get(hour, 0)) for hour in hours]


def _services(month: Month, words: Words) -> list[tuple[str, int]]:
    """Return the services that most came for, and all others together."""
    ordered = sorted(month.services.items(), key=lambda pair: (-pair[1].visitors, pair[0]))
    told = [(words.service(code), served.visitors) for code, served in ordered[:_MOST_SERVICES] if served.visitors]
    others = sum(served.visitors for _, served in ordered[_MOST_SERVICES:])
    return [*told, (words.say("first.others"), others)] if others else told

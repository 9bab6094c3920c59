"""A month as sheets for people: every figure with its words, its unit and its definition, whatever the format."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from central.base import clock
from central.insight.public.texts import Language
from central.insight.reports import served_or_not
from central.insight.reports.counted import Served, median, p90
from central.insight.reports.first_page import FirstPage, first_page_of, name_of_month
from central.insight.reports.month import Month, together
from central.insight.reports.sheet import Cell, Sheet, Words, length, minutes, of_features, share
from common.city.brand.brand import brand


@dataclass(frozen=True, slots=True)
class Report:
    """A month of one centre or all, in one language: what matters, then all sheets."""

    title: str
    centre: str
    made: str
    language: Language
    first: FirstPage
    sheets: tuple[Sheet, ...]


def report_of(
    month: Month, names: dict[str, dict[str, str]], language: Language, made_at: datetime, centre: str | None = None
) -> Report:
    """Lay a month out.

    Args:
        month: what was counted.
        names: each service's names by language, as far as the catalogue in force has them; others show their code.
        language: of titles and definitions.
        made_at: when it was counted, aware.
        centre: the centre's name; its code where none is given.
    """
    words = Words(language, names)
    sheets = (
        _visitors(month, words),
        _services(month, words),
        _times(month, words),
        _counted("days", words, [(_day(day), n) for day, n in sorted(month.by_day.items())]),
        _counted("hours", words, [(f"{hour:02d}:00", n) for hour, n in sorted(month.by_hour.items())]),
        _counted("ends", words, [(words.say(f"end.{name}"), n) for name, n in _most_first(month.ends)]),
        _counted("priority", words, [(words.say(f"priority.{name}"), n) for name, n in _most_first(month.priority)]),
        _orders(month, words),
        _machines(month, words),
        served_or_not.interruptions(month, words),
        *(one.sheet(month, words) for one in of_features()),
        _messages(month, words),
        served_or_not.claims(month, words),
        served_or_not.payments(month, words),
    )
    made = f"{made_at.astimezone(clock.CENTRE_TIME):%Y/%m/%d %H:%M}"
    return Report(
        words.say("report.title", month=name_of_month(month.month, language)),
        centre or month.centre,
        words.say("report.made", at=made),
        language,
        first_page_of(month, words),
        sheets,
    )


def report_of_all(
    months: Sequence[Month],
    names: dict[str, dict[str, str]],
    language: Language,
    made_at: datetime,
    centres: dict[str, str],
) -> Report:
    """Lay the month of all centres out: a line a centre, then all of them together as one centre's report has it.

    Args:
        months: a month of each centre.
        names: as in `report_of`.
        language: of titles and definitions.
        made_at: when it was counted, aware.
        centres: each centre's name by its code.
    """
    words = Words(language, names)
    columns = (
        "centre", "visitors", "documents", "wait_median", "wait_p90", "service_median", "missed_share", "cut",
        "interrupted",
    )  # fmt: skip
    rows = [(centres.get(one.centre) or one.centre, *_of_centre(one)) for one in months]
    month = together(months)
    whole = report_of(month, names, language, made_at, words.say("report.all"))
    visitors = [(centres.get(one.centre) or one.centre, one.issued) for one in months]
    first = first_page_of(month, words, sorted(visitors, key=lambda pair: -pair[1]))
    return replace(whole, first=first, sheets=(words.sheet("centres", columns, rows), *whole.sheets))


def _of_centre(month: Month) -> tuple[Cell, ...]:
    return (
        month.issued,
        sum(served.documents for served in month.services.values()),
        minutes(median(month.waits_s)),
        minutes(p90(month.waits_s)),
        minutes(median(month.service_s)),
        share(month.ends.get("missed", 0), month.issued),
        length(month.cut_s),
        length(sum(one.seconds for one in month.interruptions.values())),
    )


def _messages(month: Month, words: Words) -> Sheet:
    """Lay out what became of messages to citizens; sent is what a channel took over."""
    rows = []
    for kind, one in month.messages.items():
        others = (one.states.get(state, 0) for state in ("failed", "dropped", "unknown"))
        cost = brand().currency.amount(one.cost) if one.cost else None
        rows.append((words.say(f"message.{kind}"), one.sent, *others, cost))
    return words.sheet("messages", ("message", "sent", "failed", "dropped", "unsure", "cost"), rows)


def _most_first(counts: dict[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def _day(iso: str) -> str:
    """Write a day as bidirectional text leaves it in order."""
    return iso.replace("-", "/")


def _visitors(month: Month, words: Words) -> Sheet:
    busiest_day = max(month.by_day, key=month.by_day.__getitem__, default=None)
    busiest_hour = max(month.by_hour, key=month.by_hour.__getitem__, default=None)
    rows: list[tuple[Cell, ...]] = [
        (words.say("visitors.issued"), month.issued),
        (words.say("visitors.documents"), sum(served.documents for served in month.services.values())),
        (words.say("visitors.days"), len(month.by_day)),
        (words.say("visitors.per_day"), median(list(month.by_day.values()))),
        (words.say("visitors.busiest_day"), None if busiest_day is None else _day(busiest_day)),
        (words.say("visitors.busiest_hour"), None if busiest_hour is None else f"{busiest_hour:02d}:00"),
    ]
    return words.sheet("visitors", ("figure", "value"), rows)


def _services(month: Month, words: Words) -> Sheet:
    columns = ("service", "visitors", "documents", "wait_median", "wait_p90", "service_median", "missed_share")
    ordered = sorted(month.services.items(), key=lambda pair: (-pair[1].visitors, pair[0]))
    return words.sheet("services", columns, [(words.service(code), *_of_service(served)) for code, served in ordered])


def _of_service(served: Served) -> tuple[Cell, ...]:
    return (
        served.visitors,
        served.documents,
        minutes(median(served.waits_s)),
        minutes(p90(served.waits_s)),
        minutes(median(served.service_s)),
        share(served.missed, served.visitors),
    )


def _times(month: Month, words: Words) -> Sheet:
    told, said = month.ranges.get("told", 0), month.words
    rows: list[tuple[Cell, ...]] = [
        (words.say(f"times.{name}"), len(values), minutes(median(values)), minutes(p90(values)))
        for name, values in (
            ("wait", month.waits_s),
            ("wait_without_cuts", month.waits_without_cuts_s),
            ("priority_wait", month.priority_waits_s),
            ("service", month.service_s),
        )
    ]
    rows += [
        (words.say("times.wrong_clocks"), month.wrong_clocks, None, None),
        (words.say("times.ranges_told"), told, None, None),
        (words.say("times.ranges_held"), share(month.ranges.get("held", 0), told), None, None),
        (words.say("times.ranges_too_little"), share(month.ranges.get("too_little", 0), told), None, None),
        (words.say("times.today_called"), share(said.get("sure_called", 0), said.get("sure", 0)), None, None),
        (words.say("times.today_warned"), share(said.get("warned", 0), said.get("uncalled", 0)), None, None),
    ]
    return words.sheet("times", ("figure", "value", "median", "p90"), rows)


def _counted(key: str, words: Words, counts: Iterable[tuple[str, int]]) -> Sheet:
    return words.sheet(key, (f"of_{key}", "numbers"), list(counts))


def _orders(month: Month, words: Words) -> Sheet:
    rows: list[tuple[Cell, ...]] = [(words.word("order", name), n) for name, n in _most_first(month.orders)]
    rows += [(words.say(f"order_state.{name}"), n) for name, n in _most_first(month.order_states)]
    return words.sheet("orders", ("of_orders", "numbers"), rows)


def _machines(month: Month, words: Words) -> Sheet:
    rows: list[tuple[Cell, ...]] = [
        (words.say("machines.restarts"), month.restarts),
        (words.say("machines.cut_minutes"), minutes(month.cut_s)),
        *(
            (words.say(f"paper.{state}"), month.papers.get(state, 0))
            for state in ("printed", "not_printed", "unknown", "copies")
        ),
    ]
    return words.sheet("machines", ("figure", "value"), rows)

"""A month as sheets for people: every figure with its words, its unit and its definition, whatever the format."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final

from central.base import clock
from central.insight.feedback.counts import Answers
from central.insight.public.texts import Language, tell
from central.insight.reports.counted import Served, median, p90
from central.insight.reports.month import Month, together
from common.protocol.feedback import ANSWERS, GLAD, SAD

FOLDER: Final = Path(__file__).parent / "locale"
Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table. `definition` says in plain words how its figures were counted."""

    key: str
    title: str
    definition: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Report:
    """All sheets of a month, of one centre or all, in one language."""

    title: str
    made: str
    language: Language
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
    words = _Words(language, names)
    sheets = (
        _visitors(month, words),
        _services(month, words),
        _times(month, words),
        _counted("days", words, [(_day(day), n) for day, n in sorted(month.by_day.items())]),
        _counted("hours", words, [(f"{hour:02d}:00", n) for hour, n in sorted(month.by_hour.items())]),
        _counted("ends", words, [(words.say(f"end.{name}"), n) for name, n in _most_first(month.ends)]),
        _counted("priority", words, [(words.say(f"priority.{name}"), n) for name, n in _most_first(month.priority)]),
        _feedback(month, words),
        _orders(month, words),
        _machines(month, words),
    )
    made = f"{made_at.astimezone(clock.CENTRE_TIME):%Y/%m/%d %H:%M}"
    return Report(
        words.say("report.title", centre=centre or month.centre, month=month.month.replace("-", "/")),
        words.say("report.made", at=made),
        language,
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
    words = _Words(language, names)
    columns = ("centre", "visitors", "documents", "wait_median", "wait_p90", "service_median", "missed_share")
    rows = [(centres.get(one.centre) or one.centre, *_of_centre(one)) for one in months]
    whole = report_of(together(months), names, language, made_at, words.say("report.all"))
    return replace(whole, sheets=(words.sheet("centres", columns, rows), *whole.sheets))


def _of_centre(month: Month) -> tuple[Cell, ...]:
    return (
        month.issued,
        sum(served.documents for served in month.services.values()),
        _minutes(median(month.waits_s)),
        _minutes(p90(month.waits_s)),
        _minutes(median(month.service_s)),
        _share(month.ends.get("missed", 0), month.issued),
    )


class _Words:
    def __init__(self, language: Language, names: dict[str, dict[str, str]]) -> None:
        self._language: Language = language
        self._names = names

    def say(self, text_id: str, **values: object) -> str:
        return tell(self._language, text_id, None, folder=FOLDER, **values)

    def service(self, code: str) -> str:
        return self._names.get(code, {}).get(self._language) or code

    def sheet(self, key: str, columns: Iterable[str], rows: Iterable[tuple[Cell, ...]]) -> Sheet:
        named = tuple(self.say(f"column.{column}") for column in columns)
        return Sheet(key, self.say(f"{key}.title"), self.say(f"{key}.definition"), named, tuple(rows))


def _most_first(counts: dict[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def _minutes(seconds: int | None) -> float | None:
    return None if seconds is None else round(seconds / 60, 1)


def _day(iso: str) -> str:
    """Write a day as bidirectional text leaves it in order."""
    return iso.replace("-", "/")


def _share(part: int, whole: int) -> float | None:
    return round(100 * part / whole, 1) if whole else None


def _visitors(month: Month, words: _Words) -> Sheet:
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


def _services(month: Month, words: _Words) -> Sheet:
    columns = ("service", "visitors", "documents", "wait_median", "wait_p90", "service_median", "missed_share")
    ordered = sorted(month.services.items(), key=lambda pair: (-pair[1].visitors, pair[0]))
    return words.sheet("services", columns, [(words.service(code), *_of_service(served)) for code, served in ordered])


def _of_service(served: Served) -> tuple[Cell, ...]:
    return (
        served.visitors,
        served.documents,
        _minutes(median(served.waits_s)),
        _minutes(p90(served.waits_s)),
        _minutes(median(served.service_s)),
        _share(served.missed, served.visitors),
    )


def _times(month: Month, words: _Words) -> Sheet:
    told = month.ranges.get("told", 0)
    rows: list[tuple[Cell, ...]] = [
        (words.say(f"times.{name}"), len(values), _minutes(median(values)), _minutes(p90(values)))
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
        (words.say("times.ranges_held"), _share(month.ranges.get("held", 0), told), None, None),
        (words.say("times.ranges_too_little"), _share(month.ranges.get("too_little", 0), told), None, None),
    ]
    return words.sheet("times", ("figure", "value", "median", "p90"), rows)


def _counted(key: str, words: _Words, counts: Iterable[tuple[str, int]]) -> Sheet:
    return words.sheet(key, (f"of_{key}", "numbers"), list(counts))


def _orders(month: Month, words: _Words) -> Sheet:
    rows: list[tuple[Cell, ...]] = [(words.say(f"order.{name}"), n) for name, n in _most_first(month.orders)]
    rows += [(words.say(f"order_state.{name}"), n) for name, n in _most_first(month.order_states)]
    return words.sheet("orders", ("of_orders", "numbers"), rows)


def _feedback(month: Month, words: _Words) -> Sheet:
    """Lay out what visitors said: all together, then by service, none of fewer answers than may be told."""
    whole = Answers()
    for one in month.answers.values():
        whole.add(one)
    asked = {code: served.asked for code, served in month.services.items()}
    lines = [(words.say("feedback.all"), whole, sum(asked.values()))]
    ordered = sorted(month.answers.items(), key=lambda pair: (-pair[1].total, pair[0]))
    lines += [(words.service(code), one, asked.get(code, 0)) for code, one in ordered]
    columns = ("service", "answers", "answers_share", *(f"served_{name}" for name in ANSWERS), "glad", "sad")
    rows = [(name, *_of_answers(one, among)) for name, one, among in lines if one.is_told]
    return words.sheet("feedback", columns, rows)


def _of_answers(answers: Answers, asked: int) -> tuple[Cell, ...]:
    shares = [_share(answers.served.get(name, 0), answers.total) for name in ANSWERS]
    faces = [_share(answers.faces.get(face, 0), answers.total) for face in (GLAD, SAD)]
    return (answers.total, _share(answers.total, max(asked, answers.total)), *shares, *faces)


def _machines(month: Month, words: _Words) -> Sheet:
    rows: list[tuple[Cell, ...]] = [
        (words.say("machines.restarts"), month.restarts),
        (words.say("machines.cut_minutes"), _minutes(month.cut_s)),
        *(
            (words.say(f"paper.{state}"), month.papers.get(state, 0))
            for state in ("printed", "not_printed", "unknown", "copies")
        ),
    ]
    return words.sheet("machines", ("figure", "value"), rows)

"""The month's sheet of what visitors said, and how many said that the system was down."""

from collections.abc import Iterable
from typing import Final

from central.insight.reports.month import Month
from central.insight.reports.sheet import Cell, Figures, Sheet, Words, share
from features.feedback.central.counts import Answers, read
from features.feedback.wire import ANSWERS, GLAD, SAD

_NAME: Final = "feedback"


def _of(month: Month) -> dict[str, Answers]:
    found: dict[str, Answers] = month.of_features.get(_NAME, {})
    return found


def _together(months: Iterable[dict[str, Answers] | None]) -> dict[str, Answers]:
    whole: dict[str, Answers] = {}
    for of_month in months:
        for service, answers in (of_month or {}).items():
            whole.setdefault(service, Answers()).add(answers)
    return whole


def _sheet(month: Month, words: Words) -> Sheet:
    """Lay out what visitors said: all together, then by service, none of fewer answers than may be told."""
    whole = Answers()
    for one in _of(month).values():
        whole.add(one)
    asked = {code: served.asked for code, served in month.services.items()}
    lines = [(words.say("all_services"), whole, sum(asked.values()))]
    ordered = sorted(_of(month).items(), key=lambda pair: (-pair[1].total, pair[0]))
    lines += [(words.service(code), one, asked.get(code, 0)) for code, one in ordered]
    columns = ("service", "answers", "answers_share", *(f"served_{name}" for name in ANSWERS), "glad", "sad")
    rows = [(name, *_cells(one, among)) for name, one, among in lines if one.is_told]
    return words.sheet("feedback", columns, rows)


def _cells(answers: Answers, asked: int) -> tuple[Cell, ...]:
    shares = [share(answers.served.get(name, 0), answers.total) for name in ANSWERS]
    faces = [share(answers.faces.get(face, 0), answers.total) for face in (GLAD, SAD)]
    return (answers.total, share(answers.total, max(asked, answers.total)), *shares, *faces)


def _said_down(month: Month, service: str) -> Cell:
    said = _of(month).get(service, Answers())
    return said.served.get("down", 0) if said.is_told else None


FIGURES: Final = Figures(_NAME, read, _together, _sheet, ("said_down", _said_down))

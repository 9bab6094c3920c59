"""The month's sheet of answers and the column beside interruptions: told of twenty answers, added up over centres."""

from datetime import UTC, datetime

from central.insight.reports.counted import Served
from central.insight.reports.interruptions import Interrupted
from central.insight.reports.month import Month, together
from central.insight.reports.sheet import Sheet
from central.insight.reports.sheets import report_of
from features.feedback.central.counts import Answers

MADE = datetime(2026, 12, 1, 7, 30, tzinfo=UTC)
NAMES = {"clearance": {"en": "Clearance"}, "plan-copy": {"en": "Plan copy"}}


def a_month(centre: str, answers: dict[str, Answers]) -> Month:
    services = {"plan-copy": Served(400, 3), "clearance": Served(400, 5, [60, 90, 150], [30, 90], 10, 30)}
    stopped = {(code, "power"): Interrupted(1, seconds) for code, seconds in (("clearance", 9), ("plan-copy", 5))}
    return Month(
        centre,
        "2026-02",
        services=services,
        interruptions=stopped,
        of_features={"feedback": answers} if answers else {},
    )


def sheets(month: Month) -> dict[str, Sheet]:
    return {one.key: one for one in report_of(month, NAMES, "en", MADE).sheets}


ANSWERED = {
    "clearance": Answers({"yes": 12, "down": 8}, {3: 15, 2: 1, 1: 4}),
    "plan-copy": Answers({"yes": 11, "down": 8}, {3: 19}),
    "old": Answers({"yes": 40}, {1: 40}),
}


def test_what_visitors_said_is_laid_out_where_twenty_have_said_it() -> None:
    found = sheets(a_month("homs-main", ANSWERED))
    assert found["feedback"].rows == (
        ("All services", 79, 100.0, 79.7, 0.0, 20.3, 0.0, 0.0, 43.0, 55.7),
        ("old", 40, 100.0, 100.0, 0.0, 0.0, 0.0, 0.0, 0.0, 100.0),
        ("Clearance", 20, 66.7, 60.0, 0.0, 40.0, 0.0, 0.0, 75.0, 20.0),
    )
    assert list(found)[list(found).index("interruptions") + 1] == "feedback"
    interruptions = found["interruptions"]
    assert [row[-1] for row in interruptions.rows] == [None, 8, None]
    assert interruptions.columns[-1] == "Answered: system down"


def test_centres_add_up_and_one_without_an_answer_adds_nothing() -> None:
    both = together([a_month("homs-main", ANSWERED), a_month("homs-new", {}), a_month("homs-far", ANSWERED)])
    assert both.of_features["feedback"]["clearance"] == Answers({"yes": 24, "down": 16}, {3: 30, 2: 2, 1: 8})
    assert sheets(both)["feedback"].rows[0][1] == 158
    assert sheets(a_month("homs-new", {}))["feedback"].rows == ()

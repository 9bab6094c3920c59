"""A small month laid out in full: every sheet's rows, the first page's figures and charts, and the same as a table."""

import base64
import csv
import io
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from PIL import Image

from central.insight.receipts.month import PaidOfMonth
from central.insight.reports import sheet
from central.insight.reports.counted import Served
from central.insight.reports.first_page import Bar, Figure
from central.insight.reports.interruptions import Interrupted
from central.insight.reports.month import Month
from central.insight.reports.sheets import Report, report_of, report_of_all
from central.insight.reports.writers import as_csv, as_html
from central.insight.written import Written
from common.city.brand.brand import brand

pytestmark = pytest.mark.usefixtures("core_alone")

MADE = datetime(2026, 12, 1, 7, 30, tzinfo=UTC)
NAMES = {"clearance": {"ar": "مخالصة", "en": "Clearance"}, "plan-copy": {"ar": "مخطط", "en": "Plan copy"}}


def a_month(centre: str = "homs-main") -> Month:
    """Return a month in which everything happened a little."""
    return Month(
        centre, "2026-02", issued=1600, by_day={"2026-02-03": 700, "2026-02-04": 900}, by_hour={9: 1200, 11: 400},
        ends={"done": 1000, "expired": 20, "carried": 1030, "missed": 40},
        services={"plan-copy": Served(400, 3), "clearance": Served(400, 5, [60, 90, 150], [30, 90], 10, 30),
                  "old": Served(0, 0)},
        waits_s=[60, 90, 150, 210], waits_without_cuts_s=[60, 120], priority_waits_s=[33], service_s=[30, 90],
        wrong_clocks=4, priority={"elderly": 2, "disabled": 3, "pregnant": 2},
        ranges={"told": 8, "held": 5, "too_little": 1},
        words={"sure": 7, "sure_called": 6, "uncalled": 3, "warned": 1}, orders={"accepted": 4, "accepted_unpaid": 9},
        order_states={"ready": 3}, papers={"printed": 11, "not_printed": 2, "unknown": 1, "copies": 5}, restarts=6,
        cut_s=5402, interruptions={("clearance", "power"): Interrupted(2, 3661), ("old", "x"): Interrupted(1, 3662),
                                   ("plan-copy", "power"): Interrupted(3, 59)},
        reasons={"power": {"ar": "كهرباء", "en": "No power"}},
        messages={"order-ready": Written({"handed": 3, "delivered": 4, "failed": 1, "dropped": 2, "unknown": 5}, 1250),
                  "near": Written({"handed": 1})},
        claims={"booked_arrived": 5, "booked_missed": 3, "afar_missed": 1},
        waits_by_claim={"booked": [60], "others": [30, 90]},
        payments={
            "a": PaidOfMonth("shamcash", "water", "SYP", "new", {"en": "ShamCash"}, {"en": "Water"}, 9,
                             {"marked": 4, "open": 1}, {"marked": 12_500, "open": 100}),
            "b": PaidOfMonth("cash", "power", "SYP", "old", {}, {}, 2, {"refunded": 2}, {"refunded": 300}),
        },
    )  # fmt: skip


def rows_of(report: Report) -> dict[str, Any]:
    return {one.key: one.rows for one in report.sheets}


def test_every_sheet_of_a_month_has_its_rows() -> None:
    report = report_of(a_month(), NAMES, "en", MADE)
    assert (report.title, report.centre) == ("Report of February 2026", "homs-main")
    assert report.made == "Made at 2026/12/01 10:30 from what had reached central by then"
    assert rows_of(report) == {
        "visitors": (
            ("Numbers given", 1600), ("Documents and services done", 8), ("Days on which numbers were given", 2),
            ("Median of numbers a day", 800), ("Busiest day", "2026/02/04"), ("Busiest hour", "09:00"),
        ),
        "services": (
            ("Clearance", 400, 5, 1.5, 2.3, 1.0, 2.5), ("Plan copy", 400, 3, None, None, None, 0.0),
            ("old", 0, 0, None, None, None, None),
        ),
        "times": (
            ("Wait", 4, 2.0, 3.2), ("Wait without the minutes of cuts", 2, 1.5, 1.9),
            ("Wait of those with priority", 1, 0.6, 0.6), ("Service", 2, 1.0, 1.4),
            ("Times left out, since a clock was wrong", 4, None, None),
            ("Ranges of waiting that were told", 8, None, None), ("Ranges that held (%)", 62.5, None, None),
            ("Waited longer than told (%)", 12.5, None, None),
            ("Called, of those whose turn was sure to come that day (%)", 85.7, None, None),
            ("Told on arrival that it may not come, of those not called (%)", 33.3, None, None),
        ),
        "days": (("2026/02/03", 700), ("2026/02/04", 900)),
        "hours": (("09:00", 1200), ("11:00", 400)),
        "ends": (
            ("Carried over to a later day", 1030), ("Done", 1000), ("Called twice, not there", 40),
            ("The day ended first", 20),
        ),
        "priority": (("Disabled", 3), ("Elderly", 2), ("Pregnant, or with an infant", 2)),
        "orders": (("To be paid at the cashier", 9), ("Paid or free", 4), ("Ready", 3)),
        "machines": (
            ("Restarts", 6), ("Minutes in which nobody could be called", 90.0), ("Papers printed", 11),
            ("Papers not printed", 2), ("Papers that may have come out", 1), ("Copies among them", 5),
        ),
        "interruptions": (
            ("All services", "Power cut, or the hub stopped", None, "1:30:02"),
            ("old", "x", 1, "1:01:02"), ("Clearance", "No power", 2, "1:01:01"),
            ("Plan copy", "No power", 3, "0:00:59"),
        ),
        "messages": (("Order ready", 7, 1, 2, 5, "12.50"), ("Turn is near", 1, 0, 0, 0, None)),
        "claims": (
            ("With an appointment", 8, 3, 37.5, 1.0, 1.0), ("Number from afar", 1, 1, 100.0, None, None),
            ("Without an appointment", None, None, None, 1.0, 1.4),
        ),
        "payments": (
            ("ShamCash", "Water", 9, 4, "125 new Syrian pounds", 0, None, 1, "1 new Syrian pound"),
            ("In cash", "power", 2, 0, None, 2, "3 old Syrian pounds", 0, None),
        ),
    }  # fmt: skip


def test_the_first_page_has_its_figures_and_charts() -> None:
    first = report_of(a_month(), NAMES, "en", MADE).first
    assert first.figures == (
        Figure("1,600", "numbers given"),
        Figure("8", "documents and services done"),
        Figure("2", "days on which numbers were given"),
        Figure("2", "minutes: half of all people waited less"),
        Figure("3", "minutes: nine of ten waited less"),
        Figure("1,050", "whose turn did not come that day"),
        Figure("1.5", "hours in which calling stood still"),
        Figure("2.1", "hours in which services stood still"),
    )
    days, hours, services = first.charts
    expected = [Bar(0, str(day), 0.0) for day in range(1, 29)]
    expected[2:4] = Bar(700, "3", 7 / 9), Bar(900, "4", 1.0)
    assert (days.key, days.title, list(days.bars)) == ("days", "Numbers on each day of the month", expected)
    assert hours.bars == (Bar(1200, "9:00", 1.0), Bar(0, "10:00", 0.0), Bar(400, "11:00", 1 / 3))
    assert services.bars == (Bar(400, "Clearance", 1.0), Bar(400, "Plan copy", 1.0))


def test_of_a_month_without_anybody_there_are_zeros_dashes_and_no_chart() -> None:
    empty = report_of(Month("homs-main", "2026-02"), {}, "en", MADE)
    assert [one.value for one in empty.first.figures] == ["0", "0", "0", "–", "–", "0", "0.0", "0.0"]
    assert empty.first.charts == ()
    counted = Month("homs-main", "2026-02", ranges={"told": 4}, words={"sure": 2, "uncalled": 2})
    assert {key: rows for key, rows in rows_of(report_of(counted, {}, "en", MADE)).items() if rows} == {
        "visitors": (
            ("Numbers given", 0), ("Documents and services done", 0), ("Days on which numbers were given", 0),
            ("Median of numbers a day", None), ("Busiest day", None), ("Busiest hour", None),
        ),
        "times": (
            ("Wait", 0, None, None), ("Wait without the minutes of cuts", 0, None, None),
            ("Wait of those with priority", 0, None, None), ("Service", 0, None, None),
            ("Times left out, since a clock was wrong", 0, None, None),
            ("Ranges of waiting that were told", 4, None, None), ("Ranges that held (%)", 0.0, None, None),
            ("Waited longer than told (%)", 0.0, None, None),
            ("Called, of those whose turn was sure to come that day (%)", 0.0, None, None),
            ("Told on arrival that it may not come, of those not called (%)", 0.0, None, None),
        ),
        "machines": (
            ("Restarts", 0), ("Minutes in which nobody could be called", 0.0), ("Papers printed", 0),
            ("Papers not printed", 0), ("Papers that may have come out", 0), ("Copies among them", 0),
        ),
        "interruptions": (("All services", "Power cut, or the hub stopped", None, "0:00:00"),),
        "claims": (
            ("With an appointment", 0, 0, None, None, None), ("Number from afar", 0, 0, None, None, None),
            ("Without an appointment", None, None, None, None, None),
        ),
    }  # fmt: skip


def test_the_paper_bears_the_emblem_in_its_colour() -> None:
    found = re.findall(r"data:image/png;base64,([A-Za-z0-9+/=]+)", as_html(report_of(a_month(), NAMES, "en", MADE)))
    with (
        Image.open(io.BytesIO(base64.b64decode(found[0]))) as drawn,
        Image.open(io.BytesIO(brand().picture("emblem") or b"")) as own,
    ):
        assert drawn.getchannel("A").tobytes() == own.convert("RGBA").getchannel("A").tobytes()
        colour = "#" + "".join(f"{part:02x}" for part in drawn.getpixel((0, 0))[:3])  # type: ignore[index]
    assert (len(found), colour) == (1, brand().colours.look["primary"].lower())


def test_all_centres_have_a_line_each_and_a_chart_the_fullest_first() -> None:
    months = [a_month(), Month("homs-new", "2026-02", issued=1700)]
    report = report_of_all(months, NAMES, "en", MADE, {"homs-main": "Main"})
    assert (report.title, report.centre) == ("Report of February 2026", "all centres")
    assert report.sheets[0].rows == (
        ("Main", 1600, 8, 2.0, 3.2, 1.0, 2.5, "1:30:02", "2:03:02"),
        ("homs-new", 1700, 0, None, None, None, 0.0, "0:00:00", "0:00:00"),
    )
    assert report.first.figures[0] == Figure("3,300", "numbers given")
    (of_centres,) = (one for one in report.first.charts if one.key == "centres")
    assert of_centres.bars == (Bar(1700, "homs-new", 1.0), Bar(1600, "Main", 16 / 17))


def test_of_more_than_eight_services_the_rest_stand_together() -> None:
    month = Month("homs-main", "2026-02", services={f"s{n}": Served(n) for n in range(9)})
    assert [bar.label for bar in report_of(month, {}, "en", MADE).first.charts[-1].bars] == [
        *(f"s{n}" for n in range(8, 0, -1))
    ]
    month.services["s9"] = Served(9)
    last = report_of(month, {}, "en", MADE).first.charts[-1].bars[-1]
    assert (last.label, last.value, last.length) == ("Other services", 1, 1 / 9)


def test_a_table_has_a_blank_line_before_each_sheet_its_title_definition_and_columns() -> None:
    report = report_of(a_month(), NAMES, "en", MADE)
    rows = list(csv.reader(io.StringIO(as_csv(report).decode("utf-8-sig"), newline="")))
    one = next(one for one in report.sheets if one.key == "days")
    at = rows.index(["Day", "Count"])
    assert rows[at - 3 : at + 4] == [
        [], [one.title], [one.definition], ["Day", "Count"], ["2026/02/03", "700"], ["2026/02/04", "900"], [],
    ]  # fmt: skip
    assert rows[:4] == [[report.title], [report.centre], [report.made], []]


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(0, "0:00:00"), (59, "0:00:59"), (60, "0:01:00"), (3599, "0:59:59"), (3600, "1:00:00"), (360_061, "100:01:01")],
)
def test_a_length_is_written_to_the_second(seconds: int, expected: str) -> None:
    assert sheet.length(seconds) == expected


def test_minutes_and_shares_have_one_decimal_and_are_none_of_nothing() -> None:
    assert [sheet.minutes(one) for one in (None, 0, 3, 61, 90)] == [None, 0.0, 0.1, 1.0, 1.5]
    assert [sheet.share(*one) for one in ((0, 0), (1, 0), (0, 3), (1, 3), (3, 3))] == [None, None, 0.0, 33.3, 100.0]

"""What is told of every centre, whole: of one that speaks, one that is silent and one that is closed."""

from datetime import timedelta
from typing import Any

import pytest

from central.base import clock
from central.insight.centres.now import CentreLine, centres_now, is_closed
from common.city.calendar import CentreHours
from common.city.catalogue import Hours
from common.protocol.feed_message import CalendarDay
from common.protocol.queue.service_now import GroupNow, ServiceNow
from tests.central.insight.centres.town import (
    FEAST,
    NOON,
    SINCE,
    WORKING,
    both,
    known,
    main_centre,
    new_centre,
    plain,
    told,
)

HEARD_NEW = clock.as_text(NOON - timedelta(seconds=40))
CLOSED: dict[str, Any] = {"reason": None, "reason_names": None, "since": None, "until": None, "also_at": []}


def line_of(*centres: Any, code: str = "homs-main") -> CentreLine:
    return next(one for one in centres_now(known(*centres)).centres if one.centre == code)


def test_each_centre_is_told_with_its_groups_services_and_where_else_these_work() -> None:
    found = plain(centres_now(known(main_centre(), new_centre())))
    assert found == {
        "as_of": clock.as_text(NOON),
        "centres": [
            {
                "centre": "homs-main", "names": both("Main"), "state": "open", "heard_at": clock.as_text(NOON),
                "opens": "08:00", "closes": "14:00",
                "groups": [
                    {"group": "A", "waiting": "few", "low_min": None, "high_min": None, "today": "yes"},
                    {"group": "B", "waiting": 3, "low_min": 10, "high_min": 26, "today": "doubtful"},
                ],
                "services": [
                    {"service": "card", "names": both("Card"), "state": "interrupted", "reason": "registry-line",
                     "reason_names": {"ar": "خط السجل", "en": "Registry line"}, "since": SINCE, "until": "13:30",
                     "also_at": [{"centre": "homs-new", "as_of": HEARD_NEW}]},
                    {"service": "birth", "names": both("Birth"), "state": "interrupted", "reason": "other",
                     "reason_names": None, "since": "2026-11-24T06:40:00Z", "until": "12:00", "also_at": []},
                    {"service": "tax", "names": both("Tax"), "state": "interrupted", "reason": None,
                     "reason_names": None, "since": None, "until": None,
                     "also_at": [{"centre": "homs-new", "as_of": HEARD_NEW}]},
                    {"service": "plain", "names": both("Plain"), "state": "unknown"} | CLOSED,
                ],
            },
            {
                "centre": "homs-new", "names": both("New"), "state": "open", "heard_at": HEARD_NEW, "opens": None,
                "closes": None, "groups": [],
                "services": [
                    {"service": "card", "names": both("Card"), "state": "working"} | CLOSED,
                    {"service": "birth", "names": both("Birth"), "state": "unknown"} | CLOSED,
                    {"service": "tax", "names": both("Tax"), "state": "working"} | CLOSED,
                    {"service": "plain", "names": both("Plain"), "state": "unknown"} | CLOSED,
                ],
            },
        ],
    }  # fmt: skip


@pytest.mark.parametrize(("ago_s", "is_known"), [(40, True), (40.5, False), (-40, True), (-40.5, False)])
def test_a_word_is_of_now_for_forty_seconds_whichever_clock_is_ahead(ago_s: float, is_known: bool) -> None:
    heard = NOON - timedelta(seconds=ago_s)
    word = told(ServiceNow(service="card"), at=heard, A=GroupNow(waiting=9))
    line = line_of(main_centre(told=word))
    assert (line.state, line.heard_at) == ("open" if is_known else "unknown", clock.as_text(heard))
    assert [one.waiting for one in line.groups] == ([9] if is_known else [])
    assert line.services[0].state == ("working" if is_known else "unknown")


def test_of_a_centre_that_never_spoke_nothing_is_known_and_nothing_works_there() -> None:
    line = line_of(main_centre(), new_centre(told=None), code="homs-new")
    assert (line.state, line.heard_at, line.groups) == ("unknown", None, ())
    assert {one.state for one in line.services} == {"unknown"}
    assert [one.also_at for one in line_of(main_centre(), new_centre(told=None)).services] == [[], [], [], ()]


def test_a_closed_centre_tells_of_no_queue_and_nothing_works_there_for_others() -> None:
    shut = CentreHours(Hours("08:00", "12:00"))  # it closes at this minute
    lines = centres_now(known(main_centre(), new_centre(hours=shut))).centres
    assert (lines[1].state, lines[1].opens, lines[1].closes, lines[1].groups) == ("closed", "08:00", "12:00", ())
    assert {one.state for one in lines[1].services} == {"closed"}
    assert [list(one.also_at) for one in lines[0].services] == [[], [], [], []]


def test_a_service_that_stands_still_elsewhere_too_is_not_said_to_work_there() -> None:
    also = told(ServiceNow(service="card", state="interrupted"), ServiceNow(service="tax", state="closed"))
    assert [list(one.also_at) for one in line_of(main_centre(), new_centre(told=also)).services] == [[], [], [], []]


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        (CentreHours(), ("open", None, None)),
        (CentreHours(Hours("12:00", "12:01")), ("open", "12:00", "12:01")),
        (CentreHours(Hours("12:01", "13:00")), ("closed", "12:01", "13:00")),
        (
            CentreHours(None, {"2026-11-25": CalendarDay("2026-11-25", closed=True, names=FEAST)}),
            ("closed", None, None),
        ),
        (
            CentreHours(None, {"2026-11-25": CalendarDay("2026-11-25", opens="10:00", closes="13:00", names=FEAST)}),
            ("open", "10:00", "13:00"),
        ),
    ],
)
def test_hours_and_calendar_decide_what_is_open(hours: CentreHours, expected: tuple[str, str, str]) -> None:
    line = line_of(new_centre(hours=hours, told=WORKING), code="homs-new")
    assert (line.state, line.opens, line.closes) == expected
    assert is_closed(new_centre(hours=hours), NOON) is (expected[0] == "closed")


def test_a_hub_that_says_closed_shows_no_queue_and_one_that_stands_shows_it() -> None:
    for state, shown in (("closed", 0), ("standing", 1)):
        line = line_of(main_centre(told=told(state=state, A=GroupNow(waiting=5))))
        assert (line.state, len(line.groups)) == (state, shown)


@pytest.mark.parametrize(
    ("waiting", "seconds", "expected"),
    [
        (0, (0, 0), ("few", 0, 0)),
        (2, (59, 60), ("few", 0, 1)),
        (3, (60, 61), (3, 1, 2)),
        (4, (None, None), (4, None, None)),
        (4, (119, 119), (4, 1, 2)),
    ],
)
def test_fewer_than_three_are_few_and_a_range_is_rounded_outwards(
    waiting: int, seconds: tuple[int | None, int | None], expected: tuple[int | str, int | None, int | None]
) -> None:
    low, high = seconds
    (group,) = line_of(main_centre(told=told(A=GroupNow(waiting=waiting, low_s=low, high_s=high)))).groups
    assert (group.waiting, group.low_min, group.high_min) == expected

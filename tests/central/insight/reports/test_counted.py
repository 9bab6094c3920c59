"""A month is the sum of its days: what was counted adds up in every figure, and the parts are left as they were."""

from copy import deepcopy
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from central.insight.receipts.month import PaidOfMonth
from central.insight.reports.counted import Counted, Served, median, more, p90
from central.insight.reports.half_hours import HalfHours
from central.insight.reports.month import Month, together
from central.insight.written import Written

MONDAY = Counted(
    issued=3, by_day={"2026-11-23": 3}, by_hour={8: 2, 9: 1}, ends={"done": 2, "left": 1},
    services={"clearance": Served(3, 2, [60, 70], [300], 1, 2)}, waits_s=[60, 70], waits_without_cuts_s=[50, 70],
    service_s=[300], wrong_clocks=1, priority={"elderly": 1}, priority_waits_s=[70], ranges={"told": 2, "held": 1},
    words={"sure": 2}, orders={"accepted": 1}, papers={"printed": 4}, cut_s=10, waits_by_half_hour={"08:00": [60, 70]},
    unserved_by_half_hour={"08:00": 1}, waiting_by_half_hour={"08:00": [2]}, claims={"booked_arrived": 1},
    waits_by_claim={"booked": [60], "others": [70]},
)  # fmt: skip
TUESDAY = Counted(
    issued=2, by_day={"2026-11-24": 2}, by_hour={9: 2}, ends={"done": 1, "open": 1},
    services={"clearance": Served(1, 1, [80], [400], 2, 1), "plan-copy": Served(1)}, waits_s=[80],
    waits_without_cuts_s=[75], service_s=[400], wrong_clocks=2, priority={"elderly": 2, "disabled": 1},
    priority_waits_s=[80], ranges={"told": 1, "too_little": 1}, words={"sure": 1, "uncalled": 1},
    orders={"accepted": 2, "accepted_unpaid": 1}, papers={"printed": 1, "copies": 1}, cut_s=5,
    waits_by_half_hour={"08:00": [80], "09:00": [0]}, unserved_by_half_hour={"09:00": 1},
    waiting_by_half_hour={"08:00": [1], "08:30": [1]}, claims={"booked_arrived": 1, "afar_missed": 1},
    waits_by_claim={"booked": [80], "afar": [0]},
)  # fmt: skip


def test_days_add_up_in_every_figure_and_stay_what_they_were() -> None:
    whole, before = Counted(), deepcopy((MONDAY, TUESDAY))
    whole.add(MONDAY)
    whole.add(TUESDAY)
    assert whole == Counted(
        issued=5, by_day={"2026-11-23": 3, "2026-11-24": 2}, by_hour={8: 2, 9: 3},
        ends={"done": 3, "left": 1, "open": 1},
        services={"clearance": Served(4, 3, [60, 70, 80], [300, 400], 3, 3), "plan-copy": Served(1)},
        waits_s=[60, 70, 80], waits_without_cuts_s=[50, 70, 75], service_s=[300, 400], wrong_clocks=3,
        priority={"elderly": 3, "disabled": 1}, priority_waits_s=[70, 80],
        ranges={"told": 3, "held": 1, "too_little": 1}, words={"sure": 3, "uncalled": 1},
        orders={"accepted": 3, "accepted_unpaid": 1}, papers={"printed": 5, "copies": 1}, cut_s=15,
        waits_by_half_hour={"08:00": [60, 70, 80], "09:00": [0]}, unserved_by_half_hour={"08:00": 1, "09:00": 1},
        waiting_by_half_hour={"08:00": [2, 1], "08:30": [1]}, claims={"booked_arrived": 2, "afar_missed": 1},
        waits_by_claim={"booked": [60, 80], "others": [70], "afar": [0]},
    )  # fmt: skip
    assert before == (MONDAY, TUESDAY)


def month_of(centre: str, day: Counted) -> Month:
    month = Month(centre, "2026-11", order_states={"ready": 1, centre: 2}, restarts=3)
    month.add(day)
    month.reasons = {centre: {"ar": centre}, "power": {"ar": "كهرباء"}}
    month.messages = {"order-ready": Written({"handed": 2, "delivered": 1}, 7), centre: Written({"dropped": 1})}
    month.payments = {"of-one": PaidOfMonth("shamcash", "water", "SYP", "new", {"en": "ShamCash"}, {"en": "Water"})}
    return month


@pytest.mark.usefixtures("core_alone")
def test_centres_add_up_in_every_figure() -> None:
    main, new = month_of("homs-main", MONDAY), month_of("homs-new", TUESDAY)
    both = Month("", "2026-11", order_states={"ready": 2, "homs-main": 2, "homs-new": 2}, restarts=6)
    both.add(MONDAY)
    both.add(TUESDAY)
    both.payments = main.payments
    both.reasons = {"homs-main": {"ar": "homs-main"}, "homs-new": {"ar": "homs-new"}, "power": {"ar": "كهرباء"}}
    both.messages = {
        "order-ready": Written({"handed": 4, "delivered": 2}, 14),
        "homs-main": Written({"dropped": 1}),
        "homs-new": Written({"dropped": 1}),
    }
    assert together([main, new]) == both
    assert together([]) == Month("", "")
    assert [one.sent for one in both.messages.values()] == [6, 0, 0]


@pytest.mark.parametrize("nothing", [Counted(), Served(), Written()])
def test_where_nothing_was_counted_every_figure_is_nought(nothing: msgspec.Struct) -> None:
    assert not any(msgspec.structs.astuple(nothing))


def test_a_quiet_day_and_service_take_no_room_in_the_database() -> None:
    assert msgspec.json.encode([Counted(), Served()]) == b"[{},{}]"


def test_what_was_never_counted_has_no_entry() -> None:
    counts = {"a": 1}
    more(counts, "b", 0)
    more(counts, "a")
    more(counts, "c", 4)
    assert counts == {"a": 2, "c": 4}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([], (None, None)),
        ([7], (7, 7)),
        ([10, 20], (15, 19)),
        ([30, 10, 20], (20, 28)),
        (list(range(1, 102)), (51, 91)),
    ],
)
def test_the_middle_and_what_nine_of_ten_stay_below(values: list[int], expected: tuple[int | None, int | None]) -> None:
    assert (median(values), p90(values)) == expected


EIGHT = datetime(2026, 11, 24, 5, tzinfo=UTC)  # in Damascus


def waiting(*waits: tuple[float, float]) -> dict[str, list[int]]:
    """Count who waited, each from so many minutes after eight until so many."""
    counted, half_hours = Counted(), HalfHours()
    for since, until in waits:
        issued, called = EIGHT + timedelta(minutes=since), EIGHT + timedelta(minutes=until)
        half_hours.add(counted, issued, called, "done", is_called=True)
    half_hours.count_waiting(counted)
    return counted.waiting_by_half_hour


@pytest.mark.parametrize(
    ("waits", "expected"),
    [
        ((), {}),
        (((0, 15.1), (0, 15)), {"08:00": [1]}),  # who is called in the middle waits no more
        (((15, 46), (15.1, 46)), {"08:00": [1], "08:30": [2]}),  # who comes in the middle does
        (((29, 30),), {"08:00": [0], "08:30": [0]}),
        (((0, 59.9),), {"08:00": [1], "08:30": [1]}),
        (((0, 60),), {"08:00": [1], "08:30": [1], "09:00": [0]}),
    ],
)
def test_who_waits_in_the_middle_of_a_half_hour(
    waits: tuple[tuple[float, float], ...], expected: dict[str, list[int]]
) -> None:
    assert waiting(*waits) == expected


def test_a_pause_of_sixteen_hours_is_counted_through_and_a_longer_one_is_of_another_clock() -> None:
    sixteen = 30 + 16 * 60
    through = waiting((0, 1), (sixteen, sixteen + 1))
    assert (len(through), sum(map(sum, through.values()))) == (34, 0)
    assert waiting((0, 1), (sixteen + 0.1, sixteen + 20)) == {"08:00": [0], "00:30": [1]}


def test_only_who_was_called_has_a_wait_and_only_who_stayed_to_the_end_was_not_served() -> None:
    counted, half_hours = Counted(), HalfHours()
    for end, is_called in (("done", True), ("carried", True), ("expired", False), ("carried", False), ("left", False)):
        half_hours.add(counted, EIGHT, EIGHT + timedelta(seconds=90.6), end, is_called=is_called)
    assert counted == Counted(waits_by_half_hour={"08:00": [91, 91]}, unserved_by_half_hour={"08:00": 2})

"""What a centre usually is like: told of six days at least, ranks by its own past, and no query for a visitor."""

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from math import inf
from typing import Any

import msgspec
import pytest
from sqlalchemy import insert

from central.base import clock
from central.base.tables.visited import counted_days
from central.insight.centres.usual import Day, QuietHour, spans, usual_of
from central.insight.reports import counted_days as counting
from central.insight.reports.counted import Counted
from common.protocol.envelope import QueueBody, TicketBody
from tests.central.conftest import Stage
from tests.kit.statements import asked_for

TODAY = datetime(2026, 11, 25, 6, 0, tzinfo=UTC)  # a Wednesday
HOURS = [f"{8 + n // 2:02}:{n % 2 * 30:02}" for n in range(12)]
#: A morning's peak, as minutes of waiting by half hour: 12:30 and what follows is quiet.
PEAK = [20, 45, 60, 60, 50, 45, 40, 35, 25, 10, 12, 15]


def days(n: int, wait_of: Callable[[int, int], float] = lambda day, hour: PEAK[hour] * 60) -> dict[date, Day]:
    """Return so many working days before today (no Fridays or Saturdays), each half hour with five alike."""
    found: dict[date, Day] = {}
    day = TODAY.date()
    while len(found) < n:
        day -= timedelta(days=1)
        if day.isoweekday() not in (5, 6):
            waits = {one: [int(wait_of(len(found), hour))] * 5 for hour, one in enumerate(HOURS)}
            found[day] = Day(waits, {}, {one: [hour] for hour, one in enumerate(HOURS)})
    return dict(sorted(found.items()))


def test_a_half_hour_is_told_of_six_days_and_more_alone() -> None:
    assert usual_of(days(5 * 5)).slots == []
    slots = usual_of(days(5 * 6)).slots
    assert {one.weekday for one in slots} == {7, 1, 2, 3, 4}
    first = next(one for one in slots if (one.weekday, one.from_) == (2, "09:00"))
    assert (first.waiting_p50, first.wait_p50_min, first.wait_p80_min) == (2, 60, 60)


def test_who_was_never_called_waited_for_ever() -> None:
    day = Day({"09:00": [600] * 6}, {"09:00": 4}, {"09:00": [9]})
    wednesdays = {date(2026, 9, 30) + timedelta(weeks=n): day for n in range(8)}
    (slot,) = usual_of(wednesdays).slots
    assert (slot.wait_p50_min, slot.wait_p80_min) == (10, None)
    worse = msgspec.structs.replace(day, unserved_by_half_hour={"09:00": 60})
    (slot,) = usual_of(dict.fromkeys(wednesdays, worse)).slots
    assert (slot.wait_p50_min, slot.wait_p80_min) == (None, None)


def test_the_quietest_are_three_within_the_day_and_never_told_of_five_days() -> None:
    assert usual_of(days(5)).quietest == []
    assert [one.from_ for one in usual_of(days(6)).quietest] == ["12:30", "13:00", "12:00"]
    assert spans(usual_of(days(6)).quietest) == [("12:00", "13:30")]
    assert spans([QuietHour("13:00", "13:30"), QuietHour("09:00", "09:30")]) == [("09:00", "09:30"), ("13:00", "13:30")]


def test_how_often_it_was_right_is_tried_on_each_day_by_those_before_it() -> None:
    steady = usual_of(days(20)).right
    assert (steady.of_days, steady.share) == (12, 1.0)
    turned = usual_of(days(20, lambda day, hour: PEAK[::-1][hour] if day < 6 else PEAK[hour])).right
    assert turned.share is not None
    assert turned.share < 0.8, "six days that went the other way"
    chance = random.Random(7)
    noisy = usual_of(days(40, lambda day, hour: max(0, PEAK[hour] * 60 + chance.gauss(0, 420)))).right
    assert noisy.share is not None
    assert noisy.share >= 0.8
    assert usual_of(days(8)).right.share is None


def test_a_half_hour_in_which_nobody_was_served_is_no_quiet_one() -> None:
    full = {when: msgspec.structs.replace(day, unserved_by_half_hour={"12:30": 50}) for when, day in days(8).items()}
    assert "12:30" not in [one.from_ for one in usual_of(full).quietest]
    assert inf not in [one.wait_p50_min for one in usual_of(full).slots]


async def keep(stage: Stage, known: dict[date, Day], centre: str = "homs-main") -> None:
    rows = [
        {
            "centre": centre, "business_day": when.isoformat(), "changes": 1, "counted_changes": 1,
            "counted": msgspec.json.encode(Counted(**msgspec.structs.asdict(day))).decode(),
        }
        for when, day in known.items()
    ]  # fmt: skip
    async with stage.engine.begin() as connection:
        await connection.execute(insert(counted_days), rows)


async def usual(stage: Stage, centre: str = "homs-main") -> dict[str, Any]:
    answer = await stage.client.get(f"/v1/centres/{centre}/usual")
    assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (200, "*")
    found: dict[str, Any] = answer.json()
    return found


async def test_it_is_told_as_data_and_as_a_rank_on_the_page(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    assert await usual(stage) == {
        "made_of_days": 0,
        "slots": [],
        "quietest": [],
        "right": {"of_days": 0, "share": None},
    }
    await keep(stage, days(40))
    monkeypatch.setattr(clock, "now", lambda: TODAY + timedelta(hours=2))
    found = await usual(stage)
    assert (found["made_of_days"], found["right"]) == (40, {"of_days": 32, "share": 1.0})
    assert found["slots"][0] == {
        "weekday": 1, "from": "08:00", "waiting_p50": 0, "wait_p50_min": 20, "wait_p80_min": 20,
    }  # fmt: skip
    assert found["quietest"][0] == {"from": "12:30", "to": "13:00"}
    page = (await stage.client.get("/centres/homs-main")).text
    assert "الأهدأ عادة: من 12:00 إلى 13:30" in page
    assert "الأهدأ" not in (await stage.client.get("/centres/homs-new")).text
    assert (await usual(stage, "homs-new"))["made_of_days"] == 0
    assert (await stage.client.get("/v1/centres/homs-nowhere/usual")).status_code == 404


async def test_what_was_often_wrong_is_said_to_nobody(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    await keep(stage, days(20, lambda day, hour: PEAK[::-1][hour] if day < 6 else PEAK[hour]))
    monkeypatch.setattr(clock, "now", lambda: TODAY + timedelta(hours=2))
    assert "Usually" not in (await stage.client.get("/centres/homs-main?lang=en")).text


async def test_no_visitor_costs_a_query(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    moment = TODAY + timedelta(hours=2)
    monkeypatch.setattr(clock, "now", lambda: moment)
    await usual(stage)
    with asked_for("counted_days") as asked:
        for _ in range(20):
            moment += timedelta(minutes=2, seconds=50)
            await usual(stage)
        assert asked == []
        moment += timedelta(minutes=10)
        await usual(stage)
        assert len(asked) == 1


async def test_a_day_is_counted_by_half_hours_as_by_hand(stage: Stage) -> None:
    """Of five who came at 09:05 one is called at 09:20, one at 09:50; one leaves at 10:00, one is carried at 14:00."""
    kiosk, hub = await stage.enrolled(), await stage.enrolled_hub()
    given = [
        kiosk.item(TicketBody(f"A10{n:02}", "clearance", "2026-11-24"), "ticket", wall_time="2026-11-24T06:05:00Z")
        for n in range(5)
    ]
    await stage.deliver(kiosk, *given)
    told = (("called", "06:20"), ("called", "06:50"), ("left", "07:00"), ("carried", "11:00"), ("voided", "06:06"))
    for ticket, (name, at) in zip(given, told, strict=True):
        body = QueueBody(name, kiosk.kiosk, ticket.id)
        await stage.deliver(hub, hub.item(body, "queue", wall_time=f"2026-11-24T{at}:00Z"))
    await counting.catch_up(stage.engine)
    await counting.count_changed(stage.engine, "homs-main", "2026-11-24", "2026-11-24")
    (row,) = await stage.all(counted_days.select())
    counted = msgspec.json.decode(row.counted, type=Counted)
    assert {one: sorted(waits) for one, waits in counted.waits_by_half_hour.items()} == {"09:00": [15 * 60, 45 * 60]}
    assert counted.unserved_by_half_hour == {"09:00": 1}
    waiting = counted.waiting_by_half_hour
    assert {one: waiting[one] for one in ("09:00", "09:30", "10:00", "13:30")} == {
        "09:00": [4], "09:30": [3], "10:00": [1], "13:30": [1],
    }  # fmt: skip

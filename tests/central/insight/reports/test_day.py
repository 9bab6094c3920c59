"""A centre's day counted whole: every figure of visits at both edges of each rule, by rows as hubs' items make them."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from central.base import clock
from central.base.tables.claimed import claims
from central.base.tables.visited import boots, outcomes
from central.insight.reports.counted import Counted, Served
from tests.central.insight.reports.hall import CENTRE, DAY, Hall, at, ranged


async def test_a_served_visit_counts_in_every_figure_that_is_about_it(day_engine: AsyncEngine) -> None:
    hall = Hall()
    hall.visit(
        at("07:00"),
        ("called", at("07:20"), {"counter": 3, "today": "yes", **ranged(1200, 1500)}),
        ("came", at("07:21"), {}),
        ("done", at("07:27", 31), {"documents": {"civil-affairs": 2, "clearance": 1}}),
    )
    assert await hall.counted(day_engine) == Counted(
        issued=1,
        by_day={DAY: 1},
        by_hour={10: 1},
        ends={"done": 1},
        services={
            "civil-affairs": Served(1, 2, waits_s=[1200], service_s=[391], asked=1),
            "clearance": Served(documents=1),
        },
        waits_s=[1200],
        waits_without_cuts_s=[1200],
        service_s=[391],
        ranges={"told": 1, "held": 1},
        words={"sure": 1, "sure_called": 1},
        waits_by_half_hour={"10:00": [1200]},
        waiting_by_half_hour={"10:00": [1]},
        waits_by_claim={"others": [1200]},
    )


async def test_who_has_priority_waits_in_a_figure_of_his_own_and_nothing_was_promised_to_him(
    day_engine: AsyncEngine,
) -> None:
    hall = Hall()
    hall.visit(
        at("07:05"),
        ("called", at("07:45"), {"today": "yes", **ranged(600, 2399)}),
        ("missed", at("07:50"), {}),
        priority="elderly",
    )
    hall.visit(at("07:40"), ("expired", at("11:00"), {}), priority="disabled", service="clearance")
    hall.visit(at("07:40"), ("voided", at("07:41"), {"today": "yes"}), is_voided=True, service="clearance")
    hall.visit(at("21:30"), service="clearance")
    assert await hall.counted(day_engine) == Counted(
        issued=4,
        by_day={DAY: 4},
        by_hour={10: 3, 0: 1},
        ends={"missed": 1, "expired": 1, "voided": 1, "open": 1},
        services={
            "civil-affairs": Served(1, waits_s=[2400], missed=1),
            "clearance": Served(3, asked=1),
        },
        waits_s=[2400],
        waits_without_cuts_s=[2400],
        priority={"elderly": 1, "disabled": 1},
        priority_waits_s=[2400],
        ranges={"told": 1, "too_little": 1},
        waits_by_half_hour={"10:00": [2400]},
        unserved_by_half_hour={"10:30": 1},
        waiting_by_half_hour={
            "10:00": [1], "10:30": [1], "11:00": [1], "11:30": [1], "12:00": [1], "12:30": [1], "13:00": [1],
            "13:30": [1], "14:00": [0],
        },
        waits_by_claim={"others": [2400]},
    )  # fmt: skip


async def test_the_minutes_of_a_cut_are_left_out_of_one_figure_alone(day_engine: AsyncEngine) -> None:
    hall = Hall()
    hall.visit(at("07:00"), ("called", at("07:30"), {}))
    hall.visit(at("07:15"), ("called", at("07:50"), {}))
    spans = (("b1", "06:00", "07:10"), ("b2", "07:20", "07:40"), ("b3", "07:40", "09:00"), ("b4", "08:00", "08:30"))
    rows = [
        {"kiosk": "h1", "business_day": DAY, "boot_id": boot, "first_at": at(first), "last_at": at(last)}
        for boot, first, last in (*spans, ("b5", "09:00", "10:00"))
    ]
    rows += [rows[0] | {"kiosk": "k1"}, rows[0] | {"kiosk": "k1", "boot_id": "far", "first_at": at("12:00")}]
    rows += [rows[0] | {"business_day": "2026-11-24", "first_at": at("03:00"), "last_at": at("03:00")}]
    async with day_engine.begin() as connection:
        await connection.execute(insert(boots), rows)
    found = await hall.counted(day_engine)
    assert (found.cut_s, found.waits_s, found.waits_without_cuts_s) == (600, [1800, 2100], [1200, 1800])


async def test_orders_and_papers_count_by_what_became_of_them(day_engine: AsyncEngine) -> None:
    became: list[tuple[str, str, str, bool, int]] = [
        ("k1", "order", "accepted", False, 2), ("k1", "order", "accepted_unpaid", False, 1),
        ("k1", "print", "printed", False, 3), ("k1", "print", "printed", True, 2), ("k1", "print", "unknown", True, 1),
        ("k1", "print", "not_printed", False, 1), ("k2", "print", "printed", False, 7),
    ]  # fmt: skip
    rows = [
        {"kiosk": kiosk, "item": f"{kind}-{outcome}-{copy}-{n}", "business_day": DAY, "kind": kind,
         "outcome": outcome, "is_copy": copy}
        for kiosk, kind, outcome, copy, times in became for n in range(times)
    ]  # fmt: skip
    other_day = rows[0] | {"item": "another", "business_day": "2026-11-24"}
    async with day_engine.begin() as connection:
        await connection.execute(insert(outcomes), [*rows, other_day])
    assert await Hall().counted(day_engine) == Counted(
        orders={"accepted": 2, "accepted_unpaid": 1},
        papers={"printed": 5, "copies": 3, "unknown": 1, "not_printed": 1},
    )


@pytest.mark.parametrize(
    ("today", "missed"), [("2026-11-26T00:59", {}), ("2026-11-26T01:00", {"booked_missed": 2, "afar_missed": 1})]
)
async def test_who_stayed_away_is_known_when_the_day_is_over(
    day_engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch, today: str, missed: dict[str, int]
) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime.fromisoformat(today).replace(tzinfo=UTC))
    made: list[dict[str, Any]] = [
        {"kind": "booked", "state": "booked"}, {"kind": "booked", "state": "missed"},
        {"kind": "booked", "state": "arrived"}, {"kind": "afar", "state": "arrived"},
        {"kind": "afar", "state": "missed"}, {"kind": "afar", "state": "cancelled"},
        {"kind": "booked", "state": "booked", "off": "closed"}, {"kind": "booked", "state": "arrived", "off": "closed"},
        {"kind": "booked", "state": "arrived", "centre": "homs-new"},
        {"kind": "booked", "state": "arrived", "day": "2026-11-24"},
    ]  # fmt: skip
    usual: dict[str, Any] = {
        "centre": CENTRE, "service": "civil-affairs", "queue": "A", "day": DAY, "at": at("07:30"), "minutes": 15,
        "people": 1, "credit_min": 10, "made_by": "desk", "made_on": DAY, "made_at": at("06:00"), "off": None,
    }  # fmt: skip
    rows = [usual | one | {"id": f"c{n}", "change": n} for n, one in enumerate(made)]
    async with day_engine.begin() as connection:
        await connection.execute(insert(claims), rows)
    assert (await Hall().counted(day_engine)).claims == {"booked_arrived": 1, "afar_arrived": 1} | missed


async def test_a_wait_for_an_appointment_begins_with_it_and_for_a_number_from_afar_at_once(
    day_engine: AsyncEngine,
) -> None:
    usual: dict[str, Any] = {
        "centre": CENTRE, "service": "civil-affairs", "queue": "A", "day": DAY, "at": at("07:30"), "minutes": 15,
        "people": 1, "credit_min": 10, "made_by": "desk", "made_on": DAY, "made_at": at("06:00"), "state": "arrived",
    }  # fmt: skip
    async with day_engine.begin() as connection:
        rows = [
            usual | {"id": name, "kind": kind, "change": n}
            for n, (name, kind) in enumerate((("c1", "booked"), ("c2", "booked"), ("c3", "afar"), ("c4", "booked")))
        ]
        await connection.execute(insert(claims), rows)
    hall = Hall()
    hall.visit(at("07:10"), ("called", at("07:36"), {}), claim="c1")
    hall.visit(at("07:40"), ("called", at("07:45"), {}), claim="c2")
    hall.visit(at("07:00"), ("called", at("07:20"), {}), claim="c3")
    hall.visit(at("07:05"), ("called", at("07:25"), {}), claim="c4")  # called before his time: he did not wait
    hall.visit(at("07:00"), ("called", at("07:50"), {}), claim="unheard-of")
    found = await hall.counted(day_engine)
    assert found.waits_by_claim == {"afar": [1200], "others": [3000], "booked": [0, 360, 300]}
    assert found.waits_by_half_hour == {"10:00": [1200, 3000, 0], "10:30": [360, 300]}
    assert found.claims == {"booked_arrived": 3, "afar_arrived": 1}

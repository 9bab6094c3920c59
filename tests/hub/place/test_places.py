"""Where a ticket is placed, to the microsecond: by its boot, by a wall clock, or between its neighbours."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from common.machine.stamp import rfc3339
from common.protocol.queue.call import QueuedTicket
from hub.log import tables
from hub.place.arrival import Place, learn_boot, place_tickets
from tests.hub.hall import Hall
from tests.hub.kept_tickets import keep

S = 1_000_000
HOUR = 3600 * S
LINE = 200 * HOUR
EPOCH = "0e8f3b9a-0000-4000-8000-000000000001"


def offset(hall: Hall, kiosk: str = "kiosk-1", boot: str = "b") -> tuple[int, int] | None:
    columns = tables.kiosk_boots.c
    with hall.hub.store.read() as connection:
        query = select(columns.offset_us, columns.seen_line).where(columns.kiosk == kiosk, columns.boot_id == boot)
        row = connection.execute(query).one_or_none()
    return None if row is None else (row.offset_us, row.seen_line)


def learn(hall: Hall, boot_s: float, line_us: int, *, booted_us: int = 0, boot: str = "b") -> None:
    with hall.hub.store.write() as connection:
        learn_boot(connection, "kiosk-1", boot, int(boot_s * 1e9), line_us, booted_us)


def test_the_least_offset_of_a_boot_is_the_truest_until_the_hub_boots(hall: Hall) -> None:
    learn(hall, 10, 100 * S)
    assert offset(hall) == (90 * S, 100 * S)
    learn(hall, 20, 112 * S)
    assert offset(hall) == (90 * S, 112 * S)
    learn(hall, 30, 119 * S, booted_us=112 * S)
    assert offset(hall) == (89 * S, 119 * S)
    learn(hall, 40, 140 * S, booted_us=119 * S + 1)
    assert offset(hall) == (100 * S, 140 * S), "what a former boot learned is forgotten"
    assert offset(hall, boot="other") is None


def ticket(hall: Hall, seq: int, **changed: Any) -> QueuedTicket:
    plain: dict[str, Any] = {"seq": seq, "epoch": EPOCH, "boot_id": "unheard", "clock": "untrusted"}
    return hall.kiosks[0].ticket("A", **plain | changed)


def placed(hall: Hall, *tickets: QueuedTicket, line_us: int = LINE) -> list[Place]:
    with hall.hub.store.write() as connection:
        found = place_tickets(connection, "kiosk-1", tickets, line_us, hall.clock.now())
    return [found[one.id] for one in tickets]


def test_a_ticket_is_as_old_as_its_boot_clock_says_and_not_of_the_future(hall: Hall) -> None:
    learn(hall, 100, LINE - S)
    one = {"boot_id": "b"}
    found = placed(
        hall, ticket(hall, 1, boot_time_ns=40 * 10**9, **one), ticket(hall, 2, boot_time_ns=500 * 10**9, **one)
    )
    assert found == [Place(LINE - 61 * S, True), Place(LINE, True)]


@pytest.mark.parametrize(("before_us", "is_certain"), [(1, True), (0, False)])
def test_what_was_issued_before_this_hub_booted_counts_by_a_boot_learned_then(
    hall: Hall, before_us: int, is_certain: bool
) -> None:
    booted_us = LINE - hall.clock.now().boot_time_ns // 1000
    learn(hall, 100, booted_us - 5 * S)
    at = 105 * 10**9 - before_us * 1000
    (found,) = placed(hall, ticket(hall, 1, boot_id="b", boot_time_ns=at))
    assert found == Place(booted_us - before_us, is_certain)


@pytest.mark.parametrize(
    ("age_s", "clock", "trust", "place"),
    [
        (60, "synced", "synced", Place(LINE - 60 * S, True)),
        (60, "restored", "synced", Place(LINE - 60 * S, False)),
        (60, "synced", "restored", Place(LINE - 60 * S, False)),
        (60, "restored", "restored", Place(LINE - 60 * S, False)),
        (0, "synced", "synced", Place(LINE, True)),
        (48 * 3600, "synced", "synced", Place(LINE - 48 * HOUR, True)),
        (48 * 3600 + 1, "synced", "synced", Place(LINE - HOUR // 2, False)),
        (-1, "synced", "synced", Place(LINE - HOUR // 2, False)),
        (60, "untrusted", "synced", Place(LINE - HOUR // 2, False)),
        (60, "synced", "unknown", Place(LINE - HOUR // 2, False)),
    ],
)
def test_a_wall_clock_that_is_trusted_at_both_ends_places_where_the_boot_is_not_known(
    hall: Hall, age_s: float, clock: str, trust: Any, place: Place
) -> None:
    hall.clock.trust = trust
    wall = rfc3339(hall.clock.wall - timedelta(seconds=age_s))
    assert [one[:2] for one in placed(hall, ticket(hall, 1, clock=clock, wall_time=wall))] == [place[:2]]


@pytest.mark.parametrize("wall", ["yesterday", "2026-11-25T09:00:00", "9999-12-31T23:59:59-23:00"])
def test_a_wall_time_that_cannot_be_read_places_nothing(hall: Hall, wall: str) -> None:
    assert placed(hall, ticket(hall, 1, clock="synced", wall_time=wall)) == [Place(LINE - HOUR // 2, False, LINE)]


def known(hall: Hall, *places: tuple[int, int]) -> None:
    """Numbers of this kiosk and epoch that were placed before, by seq, in seconds before now."""
    rows = [
        {"kiosk": "kiosk-1", "epoch": EPOCH, "kiosk_seq": seq, "arrived_line": LINE - ago * S} for seq, ago in places
    ]
    keep(hall, *rows)


def seconds_ago(found: list[Place]) -> list[float]:
    assert not any(one.is_certain for one in found)
    return [(LINE - one.line_us) / S for one in found]


def test_what_nothing_is_known_of_lies_evenly_between_its_neighbours(hall: Hall) -> None:
    known(hall, (1, 1000), (5, 400), (9, 100))
    assert seconds_ago(placed(hall, *(ticket(hall, seq) for seq in (2, 3)))) == [800, 600]
    assert seconds_ago(placed(hall, *(ticket(hall, seq) for seq in (4, 6, 7, 10)))) == [700, 300, 200, 50]
    assert seconds_ago(placed(hall, ticket(hall, 10), ticket(hall, 11), ticket(hall, 12))) == [75, 50, 25]


def test_the_first_of_all_lie_within_an_hour_before_the_next(hall: Hall) -> None:
    known(hall, (5, 400))
    assert seconds_ago(placed(hall, ticket(hall, 3), ticket(hall, 4))) == [400 + 2400, 400 + 1200]


def test_the_order_of_issue_rules_over_what_a_clock_says(hall: Hall) -> None:
    known(hall, (1, 100), (9, 50))
    learn(hall, 1000, LINE)
    one = {"boot_id": "b"}
    by_boot = [
        ticket(hall, seq, boot_time_ns=(1000 - ago) * 10**9, **one)
        for seq, ago in ((2, 200), (3, 70), (4, 80), (5, 10))
    ]
    found = placed(hall, *by_boot)
    assert [(LINE - one.line_us) / S for one in found] == [100, 70, 70, 50]
    assert all(one.is_certain for one in found)
    mixed = [ticket(hall, 2), ticket(hall, 3, boot_time_ns=940 * 10**9, **one), ticket(hall, 4)]
    assert [(LINE - one.line_us) / S for one in placed(hall, *mixed)] == [80, 60, 55]


def test_epochs_are_placed_each_for_itself(hall: Hall) -> None:
    known(hall, (1, 100))
    other = "0e8f3b9a-0000-4000-8000-000000000002"
    found = placed(hall, ticket(hall, 1, epoch=other), ticket(hall, 2))
    assert seconds_ago(found) == [1800, 50]

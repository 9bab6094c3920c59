"""The row of a business day, whole, by whom it was opened and what the chain says of it; and when a clock opens one."""

import base64
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select, update

from common.machine.stamp import Trust, unix_us
from offline_store.chain.chain import read_head
from offline_store.delivery.outbox import waiting_items
from offline_store.disk import tables
from offline_store.disk.database import Store
from offline_store.issuing.business_day import (
    BusinessDay,
    apply_feed_day,
    current_day,
    date_due,
    open_day,
    open_day_by_manager,
)
from offline_store.issuing.intake import TicketRequest, accept_ticket
from tests.kit.store import later, stamp

DAY_US = 86_400_000_000


def said(store: Store) -> list[Any]:
    """What the chain says, after what it began with."""
    with store.read() as connection:
        bodies = [json.loads(base64.b64decode(one.item.body)) for one in waiting_items(connection)]
    found = [(body["event"], body["detail"]) for body in bodies if "event" in body]
    return [one for one in found if "day" in one[0]]


def by_feed(store: Store, label: str, serial: int) -> BusinessDay | None:
    with store.write() as connection:
        opened = apply_feed_day(connection, label, serial, stamp())
        assert opened is None or opened == current_day(connection)
        return opened


def today(store: Store) -> BusinessDay | None:
    with store.read() as connection:
        return current_day(connection)


def seen(store: Store) -> int:
    with store.read() as connection:
        return int(connection.execute(select(tables.feed.c.business_day_serial)).scalar_one())


def test_a_new_store_has_no_day(store: Store) -> None:
    assert today(store) is None


def test_what_the_feed_opens_and_relabels_is_told_whole(store: Store) -> None:
    assert by_feed(store, "2026-11-25", 5) == BusinessDay(1, "2026-11-25", "feed", 0, 5)
    assert by_feed(store, "2026-11-25", 5) is None
    assert by_feed(store, "2026-11-27", 5) == BusinessDay(1, "2026-11-27", "feed", 0, 5)
    assert by_feed(store, "2026-11-28", 4) is None
    assert by_feed(store, "2026-11-28", 6) == BusinessDay(2, "2026-11-28", "feed", 0, 6)
    assert seen(store) == 6
    assert said(store) == [
        ("business-day-opened", {"date": "2026-11-25", "by": "feed", "day": 1}),
        ("business-day-relabelled", {"date": "2026-11-27", "was": "2026-11-25", "day": 1}),
        ("business-day-opened", {"date": "2026-11-28", "by": "feed", "day": 2}),
    ]


def test_a_serial_of_an_earlier_date_is_seen_and_does_nothing_else(store: Store) -> None:
    by_feed(store, "2026-11-25", 5)
    assert by_feed(store, "2026-11-24", 9) is None
    assert seen(store) == 9
    assert today(store) == BusinessDay(1, "2026-11-25", "feed", 0, 5)
    assert by_feed(store, "2026-11-26", 9) is None, "of no day that is here"
    assert by_feed(store, "2026-11-25", 10) is None
    assert today(store) == BusinessDay(1, "2026-11-25", "feed", 0, 10), "known by central's serial from then on"


def test_what_a_manager_opens_is_told_whole(store: Store) -> None:
    assert open_day_by_manager(store, "20261125", stamp(), "t-1") == BusinessDay(1, "2026-11-25", "manager")
    assert today(store) == BusinessDay(1, "2026-11-25", "manager")
    assert said(store) == [
        ("manager-opens-day", {"date": "2026-11-25", "technician": "t-1"}),
        ("business-day-opened", {"date": "2026-11-25", "by": "manager", "day": 1}),
    ]


@pytest.mark.parametrize("opened_by", ["clock", "feed"])
def test_the_number_before_the_first_of_the_next_day_counts_once(store: Store, opened_by: str) -> None:
    with store.write() as connection:
        connection.execute(update(tables.store).values(next_day_base=400))
        first, head = open_day(connection, read_head(connection), "2026-11-25", opened_by, stamp())
        assert head == read_head(connection)
        second, _ = open_day(connection, head, "2026-11-26", opened_by, stamp())
    assert [first, second] == [BusinessDay(1, "2026-11-25", opened_by, 400), BusinessDay(2, "2026-11-26", opened_by)]


@pytest.mark.parametrize(("opened_by", "base"), [("clock", 3), ("feed", 0), ("manager", 0)])
def test_only_a_clock_that_was_set_lets_numbers_go_on(store: Store, opened_by: str, base: int) -> None:
    for n, letter in enumerate("BBBA"):
        accept_ticket(store, TicketRequest("clearance", letter), intention=f"{n}", stamp=stamp(boot_time_s=100 + n))
    with store.write() as connection:
        opened, _ = open_day(
            connection, read_head(connection), "2026-11-26", opened_by, stamp(later(days=1), boot_time_s=160)
        )
    assert opened == BusinessDay(2, "2026-11-26", opened_by, base)


@pytest.mark.parametrize("opened_by", ["clock", "hub", "feed", "manager"])
@pytest.mark.parametrize("trust", ["restored", "file", "unknown"])
@pytest.mark.parametrize(("hours_since", "base"), [(11.9, 1), (12, 0)])
def test_who_came_lately_by_a_clock_that_was_not_right_keeps_his_number_alone(
    store: Store, opened_by: str, trust: Trust, hours_since: float, base: int
) -> None:
    """No matter who sets the date: a dead clock began at midnight, so that its own dates say nothing of the day."""
    with store.write() as connection:
        open_day(connection, read_head(connection), "2026-11-25", "manager", stamp())
    dead = stamp(datetime(1970, 1, 1, 1, 50, tzinfo=UTC), trust=trust, boot_time_s=100)
    accept_ticket(store, TicketRequest("clearance", "B"), intention="one", stamp=dead)
    at = stamp(later(days=1), boot_time_s=100 + hours_since * 3600)
    with store.write() as connection:
        opened, _ = open_day(connection, read_head(connection), "2026-11-26", opened_by, at)
    assert opened.counter_base == base


@pytest.mark.parametrize(
    ("hours_since", "base"), [(0, 1), (15.9997, 1), (16, 0), (24, 0)]
)  # from noon until four in the morning
def test_by_the_running_time_it_is_the_same_day_until_four(store: Store, hours_since: float, base: int) -> None:
    accept_ticket(store, TicketRequest("clearance", "B"), intention="one", stamp=stamp(boot_time_s=100))
    at = stamp(later(days=3), boot_time_s=100 + hours_since * 3600)
    with store.write() as connection:
        opened, _ = open_day(connection, read_head(connection), "2026-11-28", "clock", at)
    assert opened.counter_base == base


@pytest.mark.parametrize(
    ("age_us", "due"), [(0, True), (-1, False), (45 * DAY_US, True), (45 * DAY_US + 1, False), (44 * DAY_US, True)]
)
def test_a_restored_clock_opens_a_day_up_to_forty_five_days_after_the_last_true_time(age_us: int, due: bool) -> None:
    at = stamp(trust="restored")
    assert (date_due(at, unix_us(at.wall_time) - age_us, None) is not None) is due


@pytest.mark.parametrize(
    ("label", "due"),
    [(None, "2026-11-25"), ("2026-11-24", "2026-11-25"), ("2026-11-25", None), ("2026-11-26", None)],
)
def test_only_a_later_date_than_the_day_s_is_due(label: str | None, due: str | None) -> None:
    assert date_due(stamp(), None, label) == due

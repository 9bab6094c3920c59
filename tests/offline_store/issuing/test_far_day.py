"""A clock far ahead opens no day by itself, and one that was believed wrongly is set right by central's time."""

from datetime import datetime

import pytest
from sqlalchemy import select

from common.protocol.envelope import AuditBody, decode_body
from offline_store.disk import tables
from offline_store.disk.database import Store
from offline_store.issuing.business_day import BusinessDay, apply_feed_day, current_day, open_day_by_manager
from offline_store.issuing.far_day import set_right, waiting_day
from offline_store.queue.changes import HUB, changes_for, note_told
from tests.kit.clock import NOON
from tests.kit.store import later, stamp
from tests.offline_store.issuing.test_business_day import take


@pytest.fixture
def signed(store: Store) -> Store:
    """A store whose time central signed at noon, and which gave two numbers then."""
    store.note_trusted_time(NOON, boot_time_ns=1, boot_id="first")
    for n in range(2):
        take(store, stamp(boot_time_s=100 + n))
    return store


def day_of(store: Store) -> str | None:
    with store.read() as connection:
        day = current_day(connection)
    return None if day is None else day.date


def right(store: Store, moment: datetime) -> str | None:
    with store.write() as connection:
        day = set_right(connection, moment, stamp(moment))
    return None if day is None else day.date


def waiting(store: Store, days: float) -> str | None:
    with store.read() as connection:
        return waiting_day(connection, stamp(later(days=days), boot_id="second"))


@pytest.mark.parametrize(("days", "opens"), [(1, True), (14, True), (15, False), (300, False), (399, False)])
def test_a_clock_opens_no_day_over_a_fortnight_after_centrals_last_word(signed: Store, days: int, opens: bool) -> None:
    ahead = stamp(later(days=days), boot_id="second")
    assert waiting(signed, days) == (None if opens else ahead.wall_time.date().isoformat())
    given = take(signed, ahead)
    assert given.business_day == (later(days=days).date().isoformat() if opens else "2026-11-25")
    assert given.number == ("B2001" if opens else "B2003"), "no number begins again on one real day"


def test_a_manager_or_central_opens_a_far_day_and_the_clock_goes_on_from_there(signed: Store) -> None:
    assert open_day_by_manager(signed, "2027-01-10", stamp(later(days=46)), "Rana") is not None
    assert take(signed, stamp(later(days=50), boot_id="second")).business_day == "2027-01-14"
    with signed.write() as connection:
        assert apply_feed_day(connection, "2027-03-01", 1, stamp(later(days=50))) is not None
    assert take(signed, stamp(later(days=100), boot_id="second")).business_day == "2027-03-05"


def test_centrals_time_gives_a_day_its_true_date_and_its_numbers_go_on(signed: Store) -> None:
    ahead = take(signed, stamp(later(days=10), boot_id="second"))
    note_told(signed, HUB, "hub-1", 1, changes_for(signed, HUB, "hub-1", 1).through)
    assert (ahead.business_day, ahead.number) == ("2026-12-05", "B2001")
    with signed.write() as connection:
        day = set_right(connection, later(hours=2), stamp(later(hours=2)))
        body = connection.scalars(select(tables.items.c.body).order_by(tables.items.c.row.desc())).first()
    assert day == BusinessDay(2, "2026-11-25", "signed time", counter_base=2)
    detail: dict[str, str | int | None] = {"was": "2026-12-05", "day": 2, "by": "signed time"}
    assert decode_body("audit", body or "") == AuditBody("business-day-relabelled", detail | {"date": "2026-11-25"})
    again = take(signed, stamp(later(hours=2), boot_id="second"))
    assert (again.business_day, again.number) == ("2026-11-25", "B2003"), "above what the hall holds already"
    told = [(one.number, one.business_day) for one in changes_for(signed, HUB, "hub-1", 1).tickets]
    assert told == [("B2001", "2026-11-25"), ("B2003", "2026-11-25")]
    tomorrow = take(signed, stamp(later(days=1), boot_id="second", boot_time_s=90_000))
    assert (tomorrow.business_day, tomorrow.number) == ("2026-11-26", "B2001")


def test_several_days_that_a_clock_opened_ahead_all_get_the_true_date(signed: Store) -> None:
    for days in (3, 9):
        take(signed, stamp(later(days=days), boot_id=f"boot {days}"))
    assert right(signed, later(hours=1)) == "2026-11-25"
    with signed.read() as connection:
        assert set(connection.scalars(select(tables.business_days.c.date))) == {"2026-11-25"}
    assert take(signed, stamp(later(days=3), boot_id="last")).number == "B2001"


def test_a_day_that_central_or_a_manager_opened_and_one_that_is_right_stay(signed: Store) -> None:
    assert right(signed, later(hours=8)) is None
    just_before_four = later(hours=15, minutes=55)
    take(signed, stamp(later(hours=16), boot_time_s=60_000))
    assert day_of(signed) == "2026-11-26"
    assert right(signed, just_before_four) is None, "two clocks that are both right"
    open_day_by_manager(signed, "2026-12-01", stamp(), "Rana")
    assert right(signed, later(hours=1)) is None
    assert day_of(signed) == "2026-12-01"

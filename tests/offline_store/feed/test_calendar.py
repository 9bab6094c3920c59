"""The calendar as a kiosk keeps it: a year's newest, its centre's before that of all, gone with what took it back."""

import msgspec
import pytest

from common.protocol.feed_message import Calendar, CalendarDay
from common.protocol.feed_page import FeedMessage, FeedPage
from offline_store.disk.database import Store
from offline_store.feed import feed
from offline_store.feed.calendar import special_days
from tests.kit.clock import HandClock
from tests.kit.store import IDENTITY


def hear(store: Store, number: int, *calendars: Calendar, snapshot: bool = False) -> None:
    messages = [
        FeedMessage(number + index, "calendar", msgspec.Raw(msgspec.json.encode(one)))
        for index, one in enumerate(calendars)
    ]
    page = FeedPage(messages, f"e.{number}", "e", number + len(messages), snapshot=snapshot)
    assert feed.apply_page(store, page, HandClock().now())


def days(store: Store) -> dict[str, CalendarDay]:
    with store.read() as connection:
        return special_days(connection)


@pytest.fixture
def heard(store: Store) -> Store:
    closed = CalendarDay("2026-12-25", closed=True)
    hear(store, 1, Calendar(None, 2026, [closed]), Calendar(None, 2027, [CalendarDay("2027-01-01", closed=True)]),
         snapshot=True)  # fmt: skip
    return store


def test_what_is_said_of_this_centre_goes_before_what_is_said_of_all(heard: Store) -> None:
    short = CalendarDay("2026-12-25", opens="10:00", closes="12:00")
    hear(heard, 10, Calendar(IDENTITY.centre, 2026, [short]))
    assert days(heard)["2026-12-25"] == short
    assert set(days(heard)) == {"2026-12-25", "2027-01-01"}
    hear(heard, 20, Calendar(IDENTITY.centre, 2026, []))
    assert days(heard)["2026-12-25"].closed


def test_another_centres_is_set_aside(heard: Store) -> None:
    hear(heard, 10, Calendar("elsewhere", 2026, []))
    assert set(days(heard)) == {"2026-12-25", "2027-01-01"}


def test_a_snapshot_without_it_takes_it_away(heard: Store) -> None:
    hear(heard, 30, snapshot=True)
    assert days(heard) == {}

"""Notices as a kiosk or hub keeps them, and which of them stand now."""

from datetime import UTC, datetime

import msgspec
import pytest

from common.protocol.feed_page import FeedMessage, FeedPage
from common.protocol.notice import Notice, Notices, Place, standing
from offline_store.disk.database import Store
from offline_store.feed import feed
from offline_store.feed.notices import notices_told
from tests.kit.clock import HandClock
from tests.kit.store import IDENTITY

NOON = datetime(2026, 11, 25, 9, tzinfo=UTC)


def notice(
    name: str, text: str, until: str = "2026-11-25T12:00:00+03:00", where: tuple[str, ...] = ("kiosk",)
) -> Notice:
    return Notice(name, "2026-11-25T08:00:00+03:00", until, {"ar": text, "en": text}, list(where))


def hear(store: Store, number: int, *told: Notices, snapshot: bool = False) -> None:
    messages = [
        FeedMessage(number + index, "notices", msgspec.Raw(msgspec.json.encode(one))) for index, one in enumerate(told)
    ]
    page = FeedPage(messages, f"e.{number}", "e", number + len(messages), snapshot=snapshot)
    assert feed.apply_page(store, page, HandClock().now())


def said(store: Store, now: datetime, place: Place = "kiosk") -> list[str]:
    with store.read() as connection:
        return [texts["ar"] for texts in standing(notices_told(connection), place, now)]


def test_each_stands_from_its_first_moment_up_to_its_last(store: Store) -> None:
    hear(store, 1, Notices(None, [notice("card", "A")]), snapshot=True)
    assert said(store, NOON.replace(hour=4, minute=59)) == []
    assert said(store, NOON.replace(hour=5)) == ["A"]
    assert said(store, NOON.replace(hour=8, minute=59)) == ["A"]
    assert said(store, NOON) == []
    assert said(store, NOON.replace(hour=6), "board") == []


def test_the_centres_own_come_first_and_go_before_those_of_all_by_their_id(store: Store) -> None:
    late = "2026-11-26T00:00:00+03:00"
    hear(store, 1, Notices(None, [notice("card", "A", late), notice("lift", "B", late)]), snapshot=True)
    hear(store, 10, Notices(IDENTITY.centre, [notice("door", "C", late), notice("card", "D", late)]))
    assert said(store, NOON) == ["C", "D", "B"]
    hear(store, 20, Notices(IDENTITY.centre, []))
    assert said(store, NOON) == ["A", "B"]
    hear(store, 30, Notices("elsewhere", [notice("door", "C", late)]))
    assert said(store, NOON) == ["A", "B"]
    hear(store, 40, snapshot=True)
    assert said(store, NOON) == []


@pytest.mark.parametrize("until", ["2026-02-30T00:00:00+03:00"])
def test_a_moment_that_no_calendar_has_is_never(store: Store, until: str) -> None:
    hear(store, 1, Notices(None, [notice("card", "A", until)]), snapshot=True)
    assert said(store, NOON.replace(hour=6)) == []

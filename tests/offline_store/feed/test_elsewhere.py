"""Where services work that stand still here: the newest word is kept, a snapshot that does not say it takes it away."""

import msgspec

from common.protocol.feed_page import FeedMessage, FeedPage
from common.protocol.queue.service_now import CentreElsewhere, Elsewhere, ServiceElsewhere
from offline_store.alarms import list_alarms
from offline_store.disk.database import Store
from offline_store.feed import feed
from offline_store.feed.standstill import said_elsewhere
from tests.kit.clock import HandClock

AT = "2026-11-25T09:00:00Z"
NAMES = {"ar": "مركز حمص الجديدة", "en": "New Homs centre"}


def word(names: dict[str, str], *services: str) -> Elsewhere:
    return Elsewhere(AT, [ServiceElsewhere(one, [CentreElsewhere("homs-new", names, AT)]) for one in services])


def hear(store: Store, number: int, *told: Elsewhere, snapshot: bool = False) -> None:
    messages = [
        FeedMessage(number + index, "centre-now", msgspec.Raw(msgspec.json.encode(one)))
        for index, one in enumerate(told)
    ]
    page = FeedPage(messages, f"e.{number}", "e", number + len(messages), snapshot=snapshot)
    assert feed.apply_page(store, page, HandClock().now())


def said(store: Store) -> Elsewhere | None:
    with store.read() as connection:
        return said_elsewhere(connection)


def test_a_newer_word_takes_the_place_of_all_before(store: Store) -> None:
    assert said(store) is None
    hear(store, 1, word(NAMES, "clearance", "plan-copy"), snapshot=True)
    hear(store, 10, word(NAMES, "plan-copy"))
    assert said(store) == word(NAMES, "plan-copy")
    hear(store, 20, word(NAMES))
    assert said(store) == word(NAMES)
    hear(store, 30, snapshot=True)
    assert said(store) is None


def test_a_centre_without_its_names_is_set_aside_and_the_former_word_stays(store: Store) -> None:
    hear(store, 1, word(NAMES, "clearance"), snapshot=True)
    hear(store, 10, word({"ar": "مركز"}, "clearance"))
    assert said(store) == word(NAMES, "clearance")
    assert [one.code for one in list_alarms(store)] == ["feed-message-set-aside"]

"""Reasons for which a service may stand still, as a kiosk or hub keeps them: a newer word takes the place of all."""

import msgspec
import pytest

from common.protocol.feed_page import FeedMessage, FeedPage
from common.protocol.queue.service_now import ReasonRecord, Reasons
from offline_store.disk.database import Store
from offline_store.feed import feed
from offline_store.feed.standstill import said_reasons
from tests.kit.clock import HandClock

LINE = ReasonRecord("line", {"ar": "الخط", "en": "The line"})
POWER = ReasonRecord("power", {"ar": "الكهرباء", "en": "Power"})


def hear(store: Store, number: int, *reasons: ReasonRecord, snapshot: bool = False) -> None:
    message = FeedMessage(number, "reasons", msgspec.Raw(msgspec.json.encode(Reasons(list(reasons)))))
    feed.apply_page(store, FeedPage([message], f"e.{number}", "e", number, snapshot=snapshot), HandClock().now())


def said(store: Store) -> dict[str, dict[str, str]]:
    with store.read() as connection:
        return said_reasons(connection)


def test_a_newer_word_takes_the_place_of_all(store: Store) -> None:
    assert said(store) == {}
    hear(store, 1, LINE, POWER, snapshot=True)
    assert said(store) == {"line": LINE.names, "power": POWER.names}
    hear(store, 2, POWER)
    assert said(store) == {"power": POWER.names}


@pytest.mark.parametrize(
    "wrong",
    [
        [POWER, ReasonRecord("power", {"ar": "ت", "en": "x"})],
        [POWER, ReasonRecord("water", {"ar": "الماء"})],
        [POWER, ReasonRecord("water", {"en": "Water"})],
        [POWER, ReasonRecord("water", {"ar": "", "en": "Water"})],
    ],
)
def test_one_that_is_named_twice_or_lacks_a_language_changes_nothing(store: Store, wrong: list[ReasonRecord]) -> None:
    hear(store, 1, LINE, snapshot=True)
    hear(store, 2, *wrong)
    assert said(store) == {"line": LINE.names}

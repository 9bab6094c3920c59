"""A hub whose store is damaged or gone while the internet is away knows who works there, and by which rules."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from common.protocol.feed_message import (
    ClerkRecord,
    Clerks,
    CounterRecord,
    Counters,
    HubRecord,
    Hubs,
    KioskRecord,
    Kiosks,
    QueueRules,
)
from common.protocol.feed_page import FeedMessage, FeedPage
from hub.engine.opening import open_hub
from offline_store.feed.feed import apply_page
from offline_store.identity import Identity
from offline_store.opening import open_store_in
from tests.kit.clock import HandClock
from tests.kit.store import MACHINE, SEALING_KEY

WORDS: dict[str, Any] = {
    "hubs": Hubs("homs-main", [HubRecord(one, "http://127.0.0.1:1", "AAAA") for one in ("hub-0001", "hub-0002")]),
    "kiosks": Kiosks("homs-main", [KioskRecord("kiosk-0001", 1, "AAAA")]),
    "counters": Counters("homs-main", [CounterRecord(1, {"ar": "1"}, ["B"])], QueueRules(help_after_s=60)),
    "clerks": Clerks("homs-main", [ClerkRecord("c-1", "Ali", "clerk", "11", "$argon2id$x")]),
}
IDENTITY = Identity("hub-0001", "homs-main", 0, (SEALING_KEY,))


def tear_first_page(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(bytes(4096))


def lose(path: Path) -> None:
    path.unlink()


@pytest.mark.parametrize("damage", [tear_first_page, lose], ids=lambda one: one.__name__)
def test_without_central_a_hub_knows_its_centre_again(tmp_path: Path, damage: Callable[[Path], None]) -> None:
    clock = HandClock()

    def known() -> list[object]:
        with open_store_in(tmp_path, IDENTITY, stamp=clock.now(), machine=MACHINE) as store:
            page = FeedPage(
                [
                    FeedMessage(number, kind, msgspec.Raw(msgspec.json.encode(body)))
                    for number, (kind, body) in enumerate(WORDS.items(), start=1)
                ],
                "e.4", "e", 4, snapshot=True,
            )  # fmt: skip
            if is_first:
                assert apply_page(store, page, clock.now())
            with open_hub(store, clock, term=1).read() as look:
                centre = look.centre
                assert centre.is_set_up
                return [centre.hubs, centre.kiosks, centre.counters, centre.clerks, centre.rules]

    is_first = True
    before = known()
    assert all(before)
    damage(tmp_path / "store.db")
    is_first = False
    assert known() == before

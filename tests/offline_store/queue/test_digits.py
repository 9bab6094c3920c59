"""Eight digits on their way to the hub and back: answered once, and what was typed is removed."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from common.protocol.queue.claim import ClaimFound
from kiosk.delivery.hub import claim_by_digits
from offline_store.disk.database import Store
from offline_store.queue import digits
from tests.offline_store.queue.hubs import Place

FOUND = ClaimFound("ab" * 16, "booked", "clearance", 1_800_000_000, 15, 1_800_100_000, used=False)


@pytest.fixture
def place(store: Store) -> Iterator[Place]:
    one = Place(store)
    one.listener.step()
    yield one
    one.listener.close()


@pytest.mark.parametrize("known", [FOUND, None])
async def test_the_hub_says_what_they_are(place: Place, known: ClaimFound | None) -> None:
    if known is not None:
        place.hubs["hub-1"].claims["12345674"] = known

    async def listener_steps(_: float) -> None:
        place.listener.step()

    assert await claim_by_digits(place.store.data_dir, "12345674", listener_steps) == known
    assert digits.asked(place.store.data_dir) is None


async def test_a_hub_that_is_away_says_nothing_and_leaves_nothing_behind(place: Place) -> None:
    place.hubs["hub-1"].is_away = True

    async def listener_steps(_: float) -> None:
        place.listener.step()

    assert await claim_by_digits(place.store.data_dir, "12345674", listener_steps) is None
    assert digits.asked(place.store.data_dir) is None


def test_an_answer_is_to_its_own_question(tmp_path: Path) -> None:
    asked = digits.DigitsAsked(str(uuid.uuid4()), "12345674")
    digits.answer(tmp_path, digits.DigitsFound(str(uuid.uuid4()), FOUND))
    assert digits.found(tmp_path, asked.id) is None
    (tmp_path / digits.FOUND).write_text("{")
    assert digits.found(tmp_path, asked.id) is None

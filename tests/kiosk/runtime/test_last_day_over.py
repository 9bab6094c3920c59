"""How far a hub's word is believed that a day is over."""

import pytest

from kiosk.runtime.surroundings import _last_day_over
from offline_store.queue.word import HubWord
from tests.kit.clock import HandClock


@pytest.mark.parametrize("is_fresh", [True, False])
@pytest.mark.parametrize("is_trusted", [True, False])
@pytest.mark.parametrize(
    ("closed_day", "is_believed"),
    [(None, True), ("2026-11-24", True), ("2026-11-25", True), ("2026-11-26", True), ("2026-11-27", False)],
)
def test_a_silent_hub_is_believed_of_a_day_up_to_tomorrow_and_by_no_clock_of_any(
    closed_day: str | None, is_believed: bool, is_trusted: bool, is_fresh: bool
) -> None:
    clock = HandClock()
    said = clock.now()
    word = HubWord(
        hub="hub-1", term=1, boot_id=said.boot_id, heard_boot_ns=said.boot_time_ns, wall_time=said.text,
        closed_day=closed_day,
    )  # fmt: skip
    if not is_fresh:
        clock.pass_time(minutes=5)
    if not is_trusted:
        clock.trust = "unknown"
    told = closed_day or ""
    assert _last_day_over(word, clock.now()) == (told if is_believed or is_fresh or not is_trusted else "")


def test_where_no_hub_has_said_anything_no_day_is_over() -> None:
    assert _last_day_over(None, HandClock().now()) == ""

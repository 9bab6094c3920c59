"""From a clerk's press to tile, board and public page, and from a hub's silence to "no news", by the clock.

Central, hub, both forwarders and their files are those of a centre; the times are promises, not speed.
"""

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.end_to_end.town import SERVICE, Town, town_in, within

pytestmark = [pytest.mark.proof, pytest.mark.timeout(300)]
TILE_S, BOARD_S, PUBLIC_S, SILENT_S = 5, 2, 15, 60
TIMES: Final = 6


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    with town_in(tmp_path) as found:
        yield found


def becomes(read: Callable[[], object], wanted: object) -> Callable[[], bool]:
    return lambda: read() == wanted


def test_a_press_is_seen_at_tile_board_and_public_page_in_time(town: Town) -> None:
    for turn in range(TIMES):
        is_stopped = turn % 2 == 0
        wish = {"state": "interrupted", "reason": "registry-line"} if is_stopped else {"state": "working"}
        assert town.page.client.put(f"/v1/services/{SERVICE}", json=wish).status_code == 200
        pressed = time.monotonic()

        def left(promised_s: float, since: float = pressed) -> float:
            return promised_s - (time.monotonic() - since)

        within(left(BOARD_S), becomes(town.at_the_board, is_stopped))
        within(left(TILE_S), becomes(town.at_the_kiosk, is_stopped))
        within(left(PUBLIC_S), becomes(town.service_outside, wish["state"]))
        within(left(PUBLIC_S), becomes(town.on_the_page, is_stopped))


def test_what_central_stops_stands_still_in_the_hall_within_half_a_minute(town: Town) -> None:
    town.there.command("interrupt", SERVICE, "--reason", "registry-line")
    within(30, lambda: town.at_the_board() and town.at_the_kiosk())
    found = next(json.loads(line) for line in town.there.command("now").splitlines() if "homs-main" in line)
    assert found["centre"] == "homs-main"
    within(PUBLIC_S, lambda: town.service_outside() == "interrupted")
    town.there.command("works-again", SERVICE)
    within(30, lambda: not town.at_the_board())


def test_a_hub_that_says_nothing_is_no_news_within_a_minute(town: Town) -> None:
    town.processes.kill("hub-forward")
    within(SILENT_S, lambda: town.outside()["state"] == "unknown")
    found = town.outside()
    assert (found["groups"], {one["state"] for one in found["services"]}) == ([], {"unknown"})

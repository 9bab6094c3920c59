"""From a clerk's press to tile, board and public page, and from a hub's silence to "no news", by the clock.

Central, hub, both forwarders and their files are those of a centre; the times are promises, not speed.
"""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from common.machine.clock import SystemClock
from demo.processes import Processes
from kiosk.delivery.hub import HubNews
from tests.end_to_end.conftest import BIN
from tests.end_to_end.test_canary import enrolled_kiosk
from tests.hub.commands.processes import Central, HubPlace, Page, central, enrolled_hub

pytestmark = [pytest.mark.proof, pytest.mark.timeout(300)]
SERVICE: Final = "civil-affairs"
TILE_S, BOARD_S, PUBLIC_S, SILENT_S = 5, 2, 15, 60
TIMES: Final = 6


@dataclass
class Town:
    """A centre with one kiosk, and central."""

    there: Central
    hub: HubPlace
    data_dir: Path
    processes: Processes
    page: Page

    def at_the_kiosk(self) -> bool:
        hall = HubNews(self.data_dir, SystemClock()).hall()
        return hall is not None and SERVICE in hall.stopped

    def at_the_board(self) -> bool:
        return SERVICE in self.page.client.get("/v1/state").json()["stopped"]

    def outside(self) -> dict[str, Any]:
        centres = httpx.get(f"{self.there.url}/v1/centres", timeout=10).json()["centres"]
        return next(one for one in centres if one["centre"] == "homs-main")

    def service_outside(self) -> str:
        return str(next(one["state"] for one in self.outside()["services"] if one["service"] == SERVICE))

    def on_the_page(self) -> bool:
        return "متوقفة" in httpx.get(f"{self.there.url}/centres", timeout=10).text


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    with ExitStack() as alive:
        there = alive.enter_context(central(tmp_path))
        hub = enrolled_hub(tmp_path / "hub", there)
        pin = there.pin("رنا")
        kiosk, _ = enrolled_kiosk(tmp_path / "kiosk", there)
        hub.command("forward", "--once")
        alive.enter_context(hub.serving())
        processes = alive.enter_context(Processes(tmp_path))
        kiosk.done("issue", "--no-print", "--service", SERVICE)
        processes.start("kiosk-forward", [str(BIN / "kiosk"), "forward", "--config", str(kiosk.settings)])
        processes.start("hub-forward", [str(BIN / "hub"), "forward", "--config", hub.config])
        page = alive.enter_context(Page(hub.url, 1, pin))
        page.press("open")
        found = Town(there, hub, tmp_path / "kiosk" / "var", processes, page)
        within(60, lambda: found.outside()["state"] == "open")
        within(60, lambda: HubNews(found.data_dir, SystemClock()).hall() is not None)
        yield found


def within(seconds: float, holds: Callable[[], bool]) -> float:
    """Wait until something holds; return how long that took. Fails where it is later than promised."""
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < seconds, f"not within {seconds} s"
        time.sleep(0.05)
    return time.monotonic() - began


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

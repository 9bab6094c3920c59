"""A centre with one kiosk and central, as their programs are, and where a service that stands still is seen."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx2

from common.machine.clock import SystemClock
from demo.processes import Processes
from kiosk.delivery.hub import HubNews
from tests.end_to_end.conftest import BIN
from tests.end_to_end.test_canary import enrolled_kiosk
from tests.hub.commands.processes import Central, HubPlace, Page, central, enrolled_hub

SERVICE: Final = "civil-affairs"


@dataclass
class Town:
    """A centre with one kiosk, and central."""

    there: Central
    hub: HubPlace
    data_dir: Path
    processes: Processes
    page: Page
    manager: Page

    def starts_telling(self) -> None:
        """Start the hub's forwarder, and wait until central has heard of the centre."""
        self.processes.start("hub-forward", [str(BIN / "hub"), "forward", "--config", self.hub.config])
        within(60, lambda: self.outside()["state"] == "open")

    def at_the_kiosk(self) -> bool:
        hall = HubNews(self.data_dir, SystemClock()).hall()
        return hall is not None and SERVICE in hall.stopped

    def at_the_board(self) -> bool:
        return SERVICE in self.page.client.get("/v1/state").json()["stopped"]

    def outside(self) -> dict[str, Any]:
        centres = httpx2.get(f"{self.there.url}/v1/centres", timeout=10).json()["centres"]
        return next(one for one in centres if one["centre"] == "homs-main")

    def service_outside(self) -> str:
        return str(next(one["state"] for one in self.outside()["services"] if one["service"] == SERVICE))

    def on_the_page(self) -> bool:
        return "متوقفة" in httpx2.get(f"{self.there.url}/centres", timeout=10).text


@contextmanager
def town_in(tmp_path: Path) -> Iterator[Town]:
    """Run them until the centre is open and the kiosk has heard of it."""
    with ExitStack() as alive:
        there = alive.enter_context(central(tmp_path))
        hub = enrolled_hub(tmp_path / "hub", there)
        pin, manager_pin = there.pin("رنا"), there.pin("سامر", "manager")
        kiosk, _ = enrolled_kiosk(tmp_path / "kiosk", there)
        hub.command("forward", "--once")
        alive.enter_context(hub.serving())
        processes = alive.enter_context(Processes(tmp_path))
        kiosk.done("issue", "--no-print", "--service", SERVICE)
        processes.start("kiosk-forward", [str(BIN / "kiosk"), "forward", "--config", str(kiosk.settings)])
        page = alive.enter_context(Page(hub.url, 1, pin))
        page.press("open")
        manager = alive.enter_context(Page(hub.url, None, manager_pin))
        found = Town(there, hub, tmp_path / "kiosk" / "var", processes, page, manager)
        found.starts_telling()
        within(60, lambda: HubNews(found.data_dir, SystemClock()).hall() is not None)
        yield found


def within(seconds: float, holds: Callable[[], bool]) -> float:
    """Wait until something holds; return how long that took. Fails where it is later than promised."""
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < seconds, f"not within {seconds} s"
        time.sleep(0.05)
    return time.monotonic() - began

"""A centre's first week, day by day, with none, one or a few of each thing: every page is there, evening and morning.

What is divided by, averaged or taken the greatest of is nothing yet, in one place or another, on each of these days.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

import httpx2
import pytest
from structlog.testing import capture_logs

from hub.api.live.ticking import Seconds
from hub.api.server.server import Serving
from hub.delivery.forwarding import WaitingNow
from hub.doctor.queue import check_centre, check_queue
from hub.engine.status import status
from hub.settings import CentralSection, HubConfig, HubSection
from tests.hub.api.conftest import HUB_KEY, MANAGER_PIN, Stage, named
from tests.hub.api.live.test_streams import listening, message
from tests.hub.engine.promised.promises import Promises, shown
from tests.hub.hall import CENTRE, open_hall
from tests.hub.services.test_now import published
from tests.kit.clock import HandClock

EIGHT = datetime(2026, 11, 25, 5, 0, tzinfo=UTC)  # in Homs, on a Wednesday
DAYS = 7
COUNTERS = {1: ["A", "B"], 2: ["A"], 3: ["A", "C"]}
AMOUNTS = (0, 1, 3)
PAGES = (
    "/board",
    "/counter",
    "/manager",
    "/what-if",
    "/groups.css",
    "/voice/script",
    "/v1/state",
    "/v1/hub",
    "/metrics",
)
UNFORESEEN = ("second-interrupted", "hub-store-unavailable")


class Day(NamedTuple):
    """How many counters open, how many people take a number, with an appointment or order too, and are called."""

    counters: int
    numbers: int
    called: int


WEEKS = [
    Day(counters, numbers, called)
    for counters, numbers, called in product(AMOUNTS, repeat=3)
    if called <= numbers and (counters or not called)
]


@dataclass
class Centre:
    """A hub that serves, what it does by itself each second, and central's word on appointments."""

    stage: Stage
    seconds: Seconds
    promises: Promises

    async def lives(self, day: Day) -> None:
        """Live through a day: counters open, people come and are called, counters close."""
        hall, label = self.stage.hall, self.stage.hall.clock.wall.date().isoformat()
        await self.seconds.next()
        opened = range(1, day.counters + 1)
        for counter in opened:
            hall.press(counter, "open")
        hall.works(bool(day.counters))
        claims = [self.promises.claim(in_s=600.0 * n) for n in range(day.numbers)]
        if claims:
            self.promises.expect(*claims)
        for n, claim in enumerate(claims):
            more: tuple[dict[str, Any], ...] = {}, {"order_id": "0" * 31 + str(n)}, {"claim": shown(claim)}
            for kind in more:
                hall.kiosks[n].give("A", business_day=label, **kind)
                hall.passes(60)
        for n in range(day.called):
            self._is_served(1 + n % day.counters, n)
        for counter in opened:
            hall.press(counter, "close")
        hall.works(False)

    def _is_served(self, counter: int, n: int) -> None:
        """Call one, who is served, is missed twice, or goes for a copy and stays away."""
        hall = self.stage.hall
        assert hall.called(counter) is not None
        hall.passes(61)
        if n == 1:
            hall.press(counter, "not-here")
        elif n == 2:
            hall.press(counter, "park", where="copies")
        else:
            hall.press(counter, "came")
            hall.passes(300)
            hall.press(counter, "done")

    async def is_seen_whole(self) -> None:
        """Ask for each page, stream, list and answer, and have the doctor and the hub itself look round."""
        stage = self.stage
        with capture_logs() as logged:
            for _ in range(6):
                await self.seconds.next()
            clerk = await stage.session(1, take_over=True)
            manager = await stage.session(None, MANAGER_PIN)
            for page in (*PAGES, "/v1/waiting"):
                answer = await stage.client.get(page, headers=manager)
                assert answer.status_code == 200, (page, answer.text)
            asked = [("/v1/what-if", manager, {}), ("/v1/counters/1/waiting", clerk, {"reason": "فقد الورقة"})]
            for path, session, body in asked:
                answer = await stage.client.post(path, headers=session, json=body)
                assert answer.status_code == 200, (path, answer.text)
            for view, session in (("board", {}), ("counter", clerk), ("manager", manager)):
                async with stage.client.stream("GET", f"/v1/stream?view={view}", headers=session) as stream:
                    assert stream.status_code == 200, view
                    assert (await message(aiter(stream.aiter_lines())))["data"].startswith("{")
            findings = [*check_centre(stage.hall.hub), *check_queue(stage.hall.hub)]
            with stage.hall.hub.read() as standing:
                assert status(standing).business_day is not None
            assert WaitingNow(stage.hall.hub, lambda: False).read() is not None
        assert findings
        assert not [one for one in logged if one["event"] in UNFORESEEN]

    def wakes_on(self, day: int) -> None:
        self._waits_until(EIGHT + timedelta(days=day))

    def closes(self) -> None:
        self._waits_until(self.stage.hall.clock.wall.replace(hour=11, minute=30))

    def _waits_until(self, moment: datetime) -> None:
        clock = self.stage.hall.clock
        clock.sleep(max(0.0, (moment - clock.wall).total_seconds()))


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[Centre]:
    """Open a hub that serves on a real port, its clock moved by hand."""
    hall = open_hall(folder / "hub", HandClock(wall=EIGHT))
    hall.set_up(COUNTERS)
    named(hall)
    published(hall, opens="08:00", closes="14:00")
    hall.hub.asks_first = False
    config = HubConfig(hub=HubSection(centre=CENTRE), central=CentralSection(url="http://127.0.0.1:1"))
    serving = Serving(hall.hub, config, HUB_KEY)
    async with httpx2.AsyncClient(timeout=30) as client:
        stage = Stage(hall, serving, client)
        async with listening(stage) as url:
            client.base_url = httpx2.URL(url)
            yield Centre(stage, Seconds(serving), Promises(hall))
    hall.hub.store.close()


@pytest.fixture
async def centre(tmp_path: Path) -> AsyncIterator[Centre]:
    async with opened(tmp_path) as made:
        yield made


@pytest.mark.parametrize("first", WEEKS, ids=lambda day: f"{day.counters}-{day.numbers}-{day.called}")
async def test_each_page_is_there_on_each_evening_and_the_next_morning(centre: Centre, first: Day) -> None:
    """The week begins with two days alike; then a day of each other amount."""
    at = WEEKS.index(first)
    week = [first, first, *(WEEKS[(at + n) % len(WEEKS)] for n in range(1, DAYS - 1))]
    for number, day in enumerate(week):
        centre.wakes_on(number)
        await centre.is_seen_whole()
        await centre.lives(day)
        centre.closes()
        await centre.is_seen_whole()
    assert len(week) == DAYS

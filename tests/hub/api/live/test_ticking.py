"""What the hub does each second by itself."""

import asyncio
from typing import cast
from unittest import mock

import pytest
from structlog.testing import capture_logs

from common.machine.errors import StoreUnavailable
from common.protocol.feed_message import HubRecord
from hub.api.live import ticking
from hub.api.server.server import Serving
from hub.log.event import Event
from hub.settings import CentralSection, HubConfig, HubSection
from hub.takeover.peers import Peer, Statement
from hub.takeover.replica import LogPage
from tests.hub.api.conftest import HUB_KEY, URL, Stage
from tests.hub.hall import CENTRE, Hall


async def runs(stage: Stage, *, running: bool) -> None:
    async with asyncio.timeout(30):
        while stage.hall.hub.work.is_running != running:  # noqa: ASYNC110 (a thread lets it run)
            await asyncio.sleep(0.02)


async def test_working_time_runs_while_a_take_over_waits_for_its_counters(stage: Stage) -> None:
    with stage.hall.act() as act:
        act.connection.exec_driver_sql(
            "INSERT INTO hub_counters (number, state, version, must_resume) VALUES (1, 'open', 1, 1)"
        )
    await runs(stage, running=True)
    with stage.hall.act() as act:
        act.connection.exec_driver_sql("UPDATE hub_counters SET must_resume = 0")
    await runs(stage, running=False)


class Newer:
    """A hub that leads, of a version whose log says what this one cannot read."""

    record = HubRecord("hub-0002", URL, "")

    def __init__(self) -> None:
        self.asked = 0

    def statement(self) -> Statement:
        self.asked += 1
        return Statement("hub-0002", 2, True, URL, 1)

    def pull(self, _after: int) -> LogPage:
        event = Event(
            seq=1, term=2, kind="called", day=1, line_us=1, work_us=1, wall_time="", boot_time_ns=1, boot_id="",
            clock="synced", body='{"ticket":{"state":"of a later version"}}',
        )  # fmt: skip
        return LogPage("hub-0002", 2, True, 1, 1, None, [event])

    def close(self) -> None:
        pass


async def test_a_log_that_cannot_be_read_does_not_end_what_the_hub_does_by_itself(stage: Stage) -> None:
    follower, newer = stage.serving.follower, Newer()
    follower._peers = {"hub-0002": cast("Peer", newer)}
    with mock.patch.object(follower, "_others", return_value=follower._peers):
        async with asyncio.timeout(30):
            while newer.asked < 3:  # noqa: ASYNC110 (it is asked each second)
                await asyncio.sleep(0.02)


class Over(BaseException):
    """The seconds of a test are over."""


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (ValueError(), ("second-interrupted", None, "ValueError")),
        (StoreUnavailable("x" * 301), ("hub-store-unavailable", "x" * 300, None)),
    ],
)
async def test_seconds_that_fail_are_told_once_until_one_succeeds(
    hall: Hall, monkeypatch: pytest.MonkeyPatch, error: Exception, line: tuple[str | None, ...]
) -> None:
    seconds = iter([error, error, None, error, Over()])
    read_mark = ticking._read_mark

    def marked(serving: Serving) -> object:
        if (fault := next(seconds)) is not None:
            raise fault
        return read_mark(serving)

    monkeypatch.setattr(ticking, "_read_mark", marked)
    monkeypatch.setattr(ticking, "TICK_S", 0)
    hall.hub.asks_first = False
    config = HubConfig(hub=HubSection(centre=CENTRE), central=CentralSection(url="http://127.0.0.1:1"))
    with capture_logs() as logged, pytest.raises(Over):
        await ticking.tick(Serving(hall.hub, config, HUB_KEY))
    warned = [one for one in logged if one["log_level"] == "warning"]
    assert [(one["event"], one.get("detail"), one.get("error")) for one in warned] == [line, line]

"""What ends together ends in the order in which it began: a set of tasks has the order of their places in memory."""

import asyncio
from collections.abc import Coroutine
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any, Final

from tests.town.loop import TownLoop
from tests.town.machine import Machine
from tests.town.net import HERE, Net, Unheard

MANY: Final = 60


class _Box(Machine):
    """A machine whose process is nothing."""

    async def _open(self) -> None:
        """Open nothing."""

    async def _close(self) -> None:
        """Close nothing."""


def _in_a_town(what: Coroutine[Any, Any, None]) -> None:
    loop = TownLoop(datetime(2026, 11, 22, tzinfo=UTC))
    try:
        loop.run_until_complete(what)
    finally:
        loop.close()


def test_calls_of_a_process_that_dies_end_in_the_order_in_which_they_came() -> None:
    began, ended = [], []

    async def app(scope: dict[str, Any], _receive: Any, _send: Any) -> None:
        began.append(scope["path"])
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(scope["path"])

    async def whole() -> None:
        HERE.set("office")
        net = Net(Random(1))
        net.listen("http://hub", "hub", app)
        asked = [asyncio.ensure_future(net.ask("GET", f"http://hub/{n}", {})) for n in range(MANY)]
        await asyncio.sleep(1)
        net.fall_silent("http://hub")
        said = await asyncio.gather(*asked, return_exceptions=True)
        assert all(isinstance(one, Unheard) for one in said)

    _in_a_town(whole())
    assert len(ended) == MANY
    assert ended == began


def test_what_runs_on_a_machine_ends_in_the_order_in_which_it_began(tmp_path: Path) -> None:
    ended = []

    async def runs(number: int) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(number)

    async def whole() -> None:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, TownLoop)
        (tmp_path / "disk-0").mkdir()
        box = _Box(loop, Net(Random(1)), tmp_path, "box", "right")
        await box.start(boots=True)
        for number in range(MANY):
            box.run(runs(number))
        await asyncio.sleep(1)
        await box.stop(power=True)

    _in_a_town(whole())
    assert ended == list(range(MANY))

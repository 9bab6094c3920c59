"""Processes that open side by side: none waits for another, and an order still goes to the item that came first."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pytest
from sqlalchemy import func, select

from central.base.config import CentralConfig
from central.base.tables import inbox
from central.intake.orders import orders
from central.intake.unsealing import shares, unsealing
from central.intake.unsealing.process import OpeningProcess, SealedItem, Unsealed
from central.server.api.app import create_app
from tests.central.conftest import Stage
from tests.central.intake.unsealing.test_unsealing import ticket_of


@dataclass
class Held:
    """An opening process that holds its answer until it is let go."""

    real: OpeningProcess
    asked: list[str] = field(default_factory=list)
    began: asyncio.Event = field(default_factory=asyncio.Event)
    go: asyncio.Event = field(default_factory=asyncio.Event)

    async def open(self, items: Sequence[SealedItem]) -> list[Unsealed]:
        self.asked += [item.id for item in items]
        self.began.set()
        await self.go.wait()
        return await self.real.open(items)


@pytest.mark.parametrize("config", ["postgresql"], indirect=True)
async def test_two_processes_open_different_shares_at_one_time(idle_stage: Stage) -> None:
    sender = await idle_stage.enrolled()
    await idle_stage.deliver(sender, *[ticket_of(sender) for _ in range(80)])
    slow, quick = Held(idle_stage.opening), OpeningProcess(idle_stage.config.keys_dir)
    async with asyncio.TaskGroup() as group:
        step = group.create_task(unsealing.unseal_some(idle_stage.engine, idle_stage.ring, slow))  # type: ignore[arg-type]
        await slow.began.wait()
        opened = 0
        while found := await unsealing.unseal_some(idle_stage.engine, idle_stage.ring, quick):
            opened += found
        waiting = {row.id for row in await idle_stage.all(select(inbox.c.id).where(inbox.c.seal_state == "waiting"))}
        assert waiting == set(slow.asked), "all the rest is open, and nothing was opened twice"
        assert 0 < len(waiting) < 80
        slow.go.set()
    assert step.result() + opened == 80
    await quick.close()


@pytest.mark.parametrize("config", ["postgresql"], indirect=True)
async def test_two_items_of_one_order_are_in_one_share(idle_stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(orders, "SETTLE_TIMEOUT_S", 0)  # nobody opens here, so nothing settles
    one, other = await idle_stage.enrolled(), await idle_stage.enrolled()
    for number in range(12):
        order_id = f"{number:032x}"
        await idle_stage.deliver(one, one.order("SY1:no-code", order_id))
        await idle_stage.deliver(other, other.order("SY1:no-code", order_id))
    query = select(func.count(shares._SHARE.distinct())).group_by(inbox.c.order_id)
    assert {row[0] for row in await idle_stage.all(query)} == {1}
    assert len({row[0] for row in await idle_stage.all(select(shares._SHARE))}) > 1


@pytest.mark.parametrize("unseals", [True, False])
async def test_a_server_may_leave_the_opening_to_others(config: CentralConfig, unseals: bool) -> None:
    app, ended = create_app(replace(config, unseals=unseals)), asyncio.Event()

    async def openers() -> list[str]:
        async with app.lifespan():
            names = [str(task.get_coro()) for task in asyncio.all_tasks()]
        ended.set()
        return [name for name in names if "Unsealer.run" in name]

    assert len(await openers()) == unseals
    assert ended.is_set()

"""Several processes over one database: one at a time opens sealed parts, so that an order goes to what came first."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pytest

from central.base.config import CentralConfig
from central.intake.unsealing import unsealing
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
async def test_one_process_at_a_time_opens_and_no_other_waits_for_it(idle_stage: Stage) -> None:
    sender = await idle_stage.enrolled()
    await idle_stage.deliver(sender, *[ticket_of(sender) for _ in range(8)])
    slow, quick = Held(idle_stage.opening), OpeningProcess(idle_stage.config.keys_dir)
    async with asyncio.TaskGroup() as group:
        step = group.create_task(unsealing.unseal_some(idle_stage.engine, idle_stage.ring, slow))  # type: ignore[arg-type]
        await slow.began.wait()
        assert await unsealing.unseal_some(idle_stage.engine, idle_stage.ring, quick) == 0
        await idle_stage.deliver(sender, ticket_of(sender))
        slow.go.set()
    assert step.result() == 8
    assert await unsealing.unseal_some(idle_stage.engine, idle_stage.ring, quick) == 1
    await quick.close()


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

"""What the hub does each second by itself."""

import asyncio

from tests.hub.api.conftest import Stage


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

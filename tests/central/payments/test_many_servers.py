"""Several processes of central over one database: each step of a payment is done by one of them."""

import asyncio
import gc
from types import SimpleNamespace
from typing import Any

import pytest

from central.payments import bills, keeping, running, settings, setup
from central.payments.running import Payments
from tests.central.conftest import URL
from tests.central.payments.conftest import Town


async def _another(town: Town) -> tuple[keeping.Worker, Payments]:
    """Return the worker of another process, with ports of its own."""
    assert town.stage.config.payments is not None
    found = settings.load(town.stage.config.payments)
    desk = running.opened(found, town.stage.engine, town.stage.ring, URL)
    await setup.begin(town.stage.engine, town.stage.ring, desk)
    return keeping.Worker(town.stage.engine, town.stage.ring, desk), desk


async def test_four_processes_make_one_bill_and_one_mark(town: Town) -> None:
    others = [await _another(town) for _ in range(3)]
    tasks = [asyncio.create_task(worker.run()) for worker, _ in others]
    try:
        said = await town.opened()
        number = said["answer"]["bill_no"]
        town.wallet.pay(number)
        await town.tell(number)
        await town.until(said["answer"]["payment"], "marked")
    finally:
        for worker, _ in others:
            worker.stop()
        await asyncio.gather(*tasks)
    assert town.wallet.asked["createBill"] == 1
    assert town.biller.asked["/v1/marks"] == 1
    assert len({desk.addresses["shamcash"] for _, desk in others}) == 1
    assert await town.events(said["answer"]["payment"]) == ["inquired", "opened", "paid", "marked"]


async def test_what_is_begun_in_the_moment_of_the_stop_is_left_undone_and_says_nothing(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []  # also by the worker of the stage, whose desk is another

    async def due(*_: Any) -> list[SimpleNamespace]:
        return [SimpleNamespace(kiosk="kiosk-1", inquiry="one")]

    async def ask(_engine: Any, _ring: Any, desk: Payments, _row: Any) -> None:
        asked.append(desk)

    worker, desk = await _another(town)
    with monkeypatch.context() as patched:
        patched.setattr(bills, "due", due)
        patched.setattr(bills, "ask", ask)
        await worker.act()
        worker.stop()
        await worker.run()
    gc.collect()
    assert desk not in asked

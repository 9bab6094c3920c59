"""Several processes of central over one database: each step of a payment is done by one of them."""

import asyncio

from central.payments import keeping, running, settings, setup
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

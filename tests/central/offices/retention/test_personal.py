"""`central retention` of personal data: only what is over its time goes, and only when somebody says so."""

from datetime import timedelta

from sqlalchemy import func, select, update

from central.base import clock
from central.base.tables.ordered import opened, orders
from central.base.tables.received import inbox
from central.offices import operations
from central.offices.retention.keeping import keep
from tests.central.conftest import Stage
from tests.central.intake.unsealing.test_unsealing import ticket_of


async def _count(stage: Stage) -> tuple[int, int]:
    ((items,),) = await stage.all(select(func.count()).select_from(opened))
    ((blocks,),) = await stage.all(select(func.count()).select_from(orders).where(orders.c.personal.is_not(None)))
    return items, blocks


async def test_personal_data_goes_when_its_days_are_over_and_the_sealed_evidence_stays(stage: Stage) -> None:
    sender = await stage.enrolled()
    items = [ticket_of(sender) for _ in range(3)]
    await stage.deliver(sender, *items)
    await stage.unseal()
    long_ago = clock.as_text(clock.now() - timedelta(days=40))
    values = {"item": items[0].id, "kiosk": sender.kiosk, "number": "1", "service": "s", "centre": "homs-main"}
    async with stage.engine.begin() as connection:
        await connection.execute(update(opened).where(opened.c.item == items[0].id).values(opened_at=long_ago))
        for order, at in (("old", long_ago), ("new", clock.as_text(clock.now()))):
            one = values | {"order_id": order, "at": at, "personal": "ليلى", "item": order}
            await connection.execute(orders.insert().values(one))

    async def purge(days: int, really: bool) -> tuple[int, int]:
        over = await keep(stage.engine, "personal", days, really=really, operator=operations.CONSOLE)
        return over.counts["opened"], over.counts["orders"]

    assert await purge(30, really=False) == (1, 1)
    assert await _count(stage) == (3, 2), "a dry run deletes nothing"
    assert await purge(41, really=True) == (0, 0)
    assert await purge(30, really=True) == (1, 1)
    assert await _count(stage) == (2, 1)
    assert await purge(30, really=True) == (0, 0)
    kept = {row.id: row.body for row in await stage.all(select(inbox.c.id, inbox.c.body))}
    assert kept == {item.id: item.body for item in items}

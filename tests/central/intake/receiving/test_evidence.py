"""`central verify`: what a kiosk signed is proven from the database alone, and what somebody altered is named."""

import pytest
from sqlalchemy import update

from central.base.tables.received import batches, inbox
from central.intake.receiving import evidence
from tests.central.conftest import Stage


async def _delivered(stage: Stage) -> None:
    sender = await stage.enrolled()
    await stage.deliver(sender, *[sender.ticket() for _ in range(3)])
    await stage.deliver(sender, sender.ticket(), health={"version": "1"})
    await stage.deliver(sender, health={"version": "2"})


async def test_batches_are_proven_with_their_items_or_by_their_signature(stage: Stage) -> None:
    await _delivered(stage)
    found = await evidence.verify(stage.engine)
    assert (found.batches, found.items, found.whole, found.signed) == (3, 4, 1, 2)
    assert found.wrong == []


@pytest.mark.parametrize(
    ("table", "changes", "said"),
    [
        (inbox, {"body": "e30="}, "does not bear its hash"),
        (batches, {"content_digest": f"sha-256=:{'A' * 43}=:"}, "is not signed so"),
        (batches, {"target": "http://central.test/v1/kiosks/another/batches"}, "is not signed so"),
        (batches, {"target": None}, "is not signed so"),
    ],
)
async def test_what_was_altered_afterwards_is_named(  # type: ignore[no-untyped-def]
    stage: Stage, table, changes: dict[str, str | None], said: str
) -> None:
    await _delivered(stage)
    async with stage.engine.begin() as connection:
        await connection.execute(update(table).values(changes))
    found = await evidence.verify(stage.engine)
    assert found.wrong
    assert all(said in one for one in found.wrong)


async def test_an_item_of_another_batch_is_not_proven_by_this_one(stage: Stage) -> None:
    await _delivered(stage)
    async with stage.engine.begin() as connection:
        await connection.execute(update(inbox).where(inbox.c.seq == 3).values(batch=1))
    found = await evidence.verify(stage.engine)
    assert (found.whole, found.signed) == (0, 3)

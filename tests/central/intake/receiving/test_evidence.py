"""`central verify`: what a kiosk signed is proven from the database alone, and what somebody altered is named."""

import pytest
from sqlalchemy import delete, insert, select, update

from central.base.tables.kept import retention
from central.base.tables.received import GONE, batches, inbox
from central.intake.receiving import evidence
from central.intake.receiving.evidence import Verified
from tests.central.conftest import Stage


async def _delivered(stage: Stage) -> None:
    sender = await stage.enrolled()
    await stage.deliver(sender, *[sender.ticket() for _ in range(3)])
    await stage.deliver(sender, sender.ticket(), health={"version": "1"})
    await stage.deliver(sender, health={"version": "2"})


async def test_batches_are_proven_with_their_items_or_by_their_signature(stage: Stage) -> None:
    await _delivered(stage)
    found = await evidence.verify(stage.engine)
    assert found == Verified(batches=3, items=4, whole=1, signed=2)
    (kiosk,) = {row.kiosk for row in await stage.all(select(inbox.c.kiosk))}
    assert await evidence.verify(stage.engine, kiosk) == found
    assert await evidence.verify(stage.engine, "kiosk-00000000") == Verified()


async def test_content_that_a_rule_took_proves_nothing_and_what_none_took_is_named(stage: Stage) -> None:
    await _delivered(stage)
    (first,) = await stage.all(select(batches).where(batches.c.id.in_(select(inbox.c.batch).where(inbox.c.seq == 1))))
    async with stage.engine.begin() as connection:
        await connection.execute(update(inbox).where(inbox.c.batch == first.id).values(body=GONE))
        await connection.execute(delete(retention))
    lacks = f"batch {first.id} of {first.kiosk} lacks items' contents, and no rule deleted them"
    assert await evidence.verify(stage.engine) == Verified(batches=3, items=1, signed=3, gone=3, wrong=[lacks])
    for kind, before, wrong in (
        ("ticket", first.received_at, [lacks]),
        ("orders", "9999", [lacks]),
        ("ticket", "9999", []),
        ("items", "9999", []),
    ):
        async with stage.engine.begin() as connection:
            await connection.execute(delete(retention))
            await connection.execute(insert(retention).values(kind=kind, days=1, gone_before=before))
        assert (await evidence.verify(stage.engine)).wrong == wrong


async def test_as_many_faults_are_named_as_a_person_reads(stage: Stage) -> None:
    sender = await stage.enrolled()
    await stage.deliver(sender, *[sender.ticket() for _ in range(21)])
    async with stage.engine.begin() as connection:
        await connection.execute(update(inbox).values(body="e30="))
    found = await evidence.verify(stage.engine)
    assert (found.items, len(found.wrong)) == (21, 20)


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

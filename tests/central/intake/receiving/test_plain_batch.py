"""The batch that one statement takes: it says and keeps what item by item would, or leaves no trace."""

import asyncio
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from sqlalchemy import func, select, text

from central.base.tables import batches, chains, findings, inbox
from central.intake.receiving import inbox as receiving
from central.intake.receiving import plain_batch
from common.protocol.envelope import Item
from tests.central.base.database.test_indexes import ROWS
from tests.central.conftest import Stage
from tests.kit.sender import Sender

pytestmark = pytest.mark.parametrize("config", ["postgresql"], indirect=True)


@pytest.fixture
def item_by_item(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many items each batch had that was looked at item by item."""
    looked_at: list[int] = []
    receive = receiving._receive

    async def counted(connection: Any, delivery: Any) -> Any:
        looked_at.append(len(delivery.arrivals))
        return await receive(connection, delivery)

    monkeypatch.setattr(receiving, "_receive", counted)
    return looked_at


async def begun(stage: Stage, looked_at: list[int], centre: str = "homs-main") -> Sender:
    """A kiosk whose chain has its first item."""
    sender = await stage.enrolled(centre)
    await stage.deliver(sender, sender.ticket())
    looked_at.clear()
    return sender


async def test_items_that_follow_the_head_are_taken_at_once_in_whatever_order_they_lie(
    stage: Stage, item_by_item: list[int]
) -> None:
    sender = await begun(stage, item_by_item)
    items = [sender.ticket(), sender.order("SY1:NO", "0" * 32), sender.audit()]
    answer = await stage.deliver(sender, *reversed(items))
    assert item_by_item == []
    assert [(one.id, one.result) for one in answer.results] == [(item.id, "applied") for item in reversed(items)]
    assert answer.acked_through == 4
    arrived = await stage.all(select(inbox.c.id).order_by(inbox.c.arrival))
    assert [row.id for row in arrived][1:] == [item.id for item in items]


async def test_it_keeps_what_item_by_item_keeps(
    stage: Stage, item_by_item: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = []
    for plainly in (True, False):
        sender = await begun(stage, item_by_item)
        if not plainly:
            monkeypatch.setattr(plain_batch, "_in_line", lambda _: None)
        items = [sender.ticket(), sender.order("SY1:NO", "0" * 32)]
        await stage.deliver(sender, *items)
        assert bool(item_by_item) is not plainly
        rows = (await stage.all(select(inbox).where(inbox.c.kiosk == sender.kiosk).order_by(inbox.c.seq)))[1:]
        (evidence,) = await stage.all(select(batches).where(batches.c.id == rows[0].batch))
        assert {row.batch for row in rows} == {evidence.id}
        assert (evidence.kiosk, sender.batches_path in evidence.target) == (sender.kiosk, True)
        assert evidence.content_digest.startswith("sha-256=:")
        (chain,) = await stage.all(select(chains).where(chains.c.kiosk == sender.kiosk))
        assert (chain.head_seq, chain.head_hash, chain.max_seq) == (3, items[-1].hash, 3)
        assert [row.hash for row in rows] == [item.hash for item in items]
        assert [row.body for row in rows] == [item.body for item in items]
        same = ("seq", "kind", "clock", "result", "reason", "order_id", "boot_time_ns")
        kept.append([tuple(getattr(row, name) for name in same) for row in rows])
    assert kept[0] == kept[1]


OTHERWISE: dict[str, Callable[[Sender, Item], list[Item]]] = {
    "sent before": lambda _, item: [item],
    "in part sent before": lambda sender, item: [item, sender.ticket()],
    "a gap": lambda sender, _: [sender.ticket(), sender.ticket()][1:],
    "a broken link": lambda sender, _: [sender.rehashed(sender.ticket(), prev_hash="1" * 64)],
    "an id of its own again": lambda sender, item: [sender.ticket(), sender.rehashed(sender.ticket(), id=item.id)],
    "one id twice": lambda sender, _: [sender.ticket()] * 2,
    "of a kind that is not known": lambda sender, _: [sender.rehashed(sender.ticket(), kind="wish")],
    "altered": lambda sender, _: [sender.ticket(), msgspec.structs.replace(sender.ticket(), hash="0" * 64)],
}


@pytest.mark.parametrize("how", OTHERWISE)
async def test_whatever_is_otherwise_is_looked_at_item_by_item_and_leaves_one_trace(
    stage: Stage, item_by_item: list[int], how: str
) -> None:
    sender = await stage.enrolled()
    before = sender.ticket()
    await stage.deliver(sender, before)
    item_by_item.clear()
    items = OTHERWISE[how](sender, before)
    answer = await stage.deliver(sender, *items)
    assert item_by_item == [len(items)]
    assert await _count(stage, batches) == 2
    applied = sum(one.result == "applied" for one in answer.results)
    assert await _count(stage, inbox) == 1 + applied + sum(one.result == "quarantined" for one in answer.results)


async def test_a_link_that_is_broken_within_a_batch_is_named(stage: Stage, item_by_item: list[int]) -> None:
    sender = await begun(stage, item_by_item)
    first, second = sender.ticket(), sender.ticket()
    broken = sender.rehashed(second, prev_hash="1" * 64)
    assert await stage.results(sender, first, broken) == [("applied", None)] * 2
    assert item_by_item == [2]
    (found,) = await stage.all(select(findings))
    assert (found.code, found.item) == ("broken-link", broken.id)


async def test_a_gap_within_a_batch_is_seen(stage: Stage, item_by_item: list[int]) -> None:
    sender = await begun(stage, item_by_item)
    first, _, third = (sender.ticket() for _ in range(3))
    answer = await stage.deliver(sender, first, third)
    assert item_by_item == [2]
    assert answer.acked_through == 2
    (chain,) = await stage.all(select(chains))
    assert (chain.head_seq, chain.max_seq) == (2, 4)


async def test_an_id_that_another_kiosk_has_used_is_named(stage: Stage, item_by_item: list[int]) -> None:
    thief, honest = await begun(stage, item_by_item), await begun(stage, item_by_item, "homs-new")
    real = honest.ticket()
    assert await stage.results(thief, thief.rehashed(thief.ticket(), id=real.id)) == [("applied", None)]
    assert item_by_item == []
    assert await stage.results(honest, real) == [("applied", None)]
    assert item_by_item == [1]
    assert [row.code for row in await stage.all(select(findings.c.code))] == ["id-of-two-kiosks"]


async def test_a_revoked_kiosk_is_never_taken_plainly(stage: Stage, item_by_item: list[int]) -> None:
    sender = await begun(stage, item_by_item)
    await stage.revoke(sender)
    assert await stage.results(sender, sender.ticket()) == [("quarantined", "kiosk-revoked")]
    assert item_by_item == [1]


async def test_one_batch_from_several_senders_at_once_is_applied_once(stage: Stage, item_by_item: list[int]) -> None:
    sender = await begun(stage, item_by_item)
    for _ in range(10):
        items = [sender.ticket() for _ in range(5)]
        found = await asyncio.gather(*(stage.results(sender, *items) for _ in range(4)))
        assert sorted(found) == [[("applied", None)] * 5] + [[("duplicate", None)] * 5] * 3


async def test_two_batches_that_follow_each_other_may_come_at_once(stage: Stage, item_by_item: list[int]) -> None:
    sender = await begun(stage, item_by_item)
    for number in range(10):
        first, second = ([sender.ticket() for _ in range(5)] for _ in range(2))
        for results in await asyncio.gather(stage.results(sender, *first), stage.results(sender, *second)):
            assert results == [("applied", None)] * 5
        (chain,) = await stage.all(select(chains))
        assert (chain.head_seq, chain.max_seq) == (1 + 10 * (number + 1),) * 2


async def test_an_inbox_of_which_nothing_is_known_yet_is_not_read_whole(stage: Stage, item_by_item: list[int]) -> None:
    await begun(stage, item_by_item)
    statement = plain_batch._TAKE.compile(stage.engine.sync_engine)
    nothing = ", ".join(["NULL"] * len(statement.positiontup or ()))
    async with stage.engine.begin() as connection:
        await connection.execute(text(ROWS))
        await connection.exec_driver_sql("SET LOCAL plan_cache_mode = force_generic_plan")
        await connection.exec_driver_sql(f"PREPARE take AS {statement}")
        plan = "\n".join((await connection.exec_driver_sql(f"EXPLAIN EXECUTE take ({nothing})")).scalars())
        await connection.exec_driver_sql("DEALLOCATE take")
    assert "on inbox" in plan
    assert "Seq Scan on inbox" not in plan


async def _count(stage: Stage, table: Any) -> int:
    (row,) = await stage.all(select(func.count()).select_from(table))
    return int(row[0])

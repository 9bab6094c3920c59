"""What a delivery leaves in the database, however many senders bring it at one time."""

import asyncio
import uuid
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from sqlalchemy import func, select, text

from central.base.tables.received import batches, chains, findings, inbox
from central.intake.receiving.inbox import among
from common.protocol.envelope import Item, TicketBody
from tests.central.base.database.test_indexes import ROWS
from tests.central.conftest import Stage
from tests.kit.sender import Sender


async def begun(stage: Stage, centre: str = "homs-main") -> Sender:
    """A kiosk whose chain has its first item."""
    sender = await stage.enrolled(centre)
    await stage.deliver(sender, sender.ticket())
    return sender


async def test_items_that_follow_the_head_are_taken_at_once_in_whatever_order_they_lie(stage: Stage) -> None:
    sender = await begun(stage)
    items = [sender.ticket(), sender.order("SY1:NO", "0" * 32), sender.audit()]
    answer = await stage.deliver(sender, *reversed(items))
    assert [(one.id, one.result) for one in answer.results] == [(item.id, "applied") for item in reversed(items)]
    assert answer.acked_through == 4
    arrived = await stage.all(select(inbox.c.id).order_by(inbox.c.arrival))
    assert [row.id for row in arrived][1:] == [item.id for item in items]


async def test_each_item_is_kept_as_sent_beside_one_row_of_evidence(stage: Stage) -> None:
    sender = await begun(stage)
    items = [sender.ticket(), sender.order("SY1:NO", "0" * 32)]
    await stage.deliver(sender, *items)
    rows = (await stage.all(select(inbox).order_by(inbox.c.seq)))[1:]
    (evidence,) = await stage.all(select(batches).where(batches.c.id == rows[0].batch))
    assert {row.batch for row in rows} == {evidence.id}
    assert (evidence.kiosk, sender.batches_path in evidence.target) == (sender.kiosk, True)
    assert evidence.content_digest.startswith("sha-256=:")
    (chain,) = await stage.all(select(chains))
    assert (chain.head_seq, chain.head_hash, chain.max_seq) == (3, items[-1].hash, 3)
    kept = [Item(**{name: getattr(row, name) for name in Item.__struct_fields__}) for row in rows]
    assert kept == items
    assert [(row.result, row.reason, row.order_id, row.seal_state) for row in rows] == [
        ("applied", None, None, None),
        ("applied", None, "0" * 32, "waiting"),
    ]


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
async def test_whatever_is_otherwise_leaves_one_trace(stage: Stage, how: str) -> None:
    sender = await stage.enrolled()
    before = sender.ticket()
    await stage.deliver(sender, before)
    items = OTHERWISE[how](sender, before)
    answer = await stage.deliver(sender, *items)
    assert await _count(stage, batches) == 2
    applied = sum(one.result == "applied" for one in answer.results)
    assert await _count(stage, inbox) == 1 + applied + sum(one.result == "quarantined" for one in answer.results)


async def test_a_link_that_is_broken_within_a_batch_is_named(stage: Stage) -> None:
    sender = await begun(stage)
    first, second = sender.ticket(), sender.ticket()
    broken = sender.rehashed(second, prev_hash="1" * 64)
    assert await stage.results(sender, first, broken) == [("applied", None)] * 2
    (found,) = await stage.all(select(findings))
    assert (found.code, found.item) == ("broken-link", broken.id)


async def test_of_two_items_that_claim_one_place_in_a_batch_one_is_taken(stage: Stage) -> None:
    sender = await begun(stage)
    ticket = sender.ticket()
    one, other = sorted((ticket, sender.rehashed(ticket, id=str(uuid.uuid4()))), key=lambda item: item.id)
    assert await stage.results(sender, other, one) == [("conflict", "sequence-taken"), ("applied", None)]
    (found,) = await stage.all(select(findings))
    assert (found.code, found.seq, found.item) == ("sequence-taken", one.seq, f"{other.id} {one.id}")


async def test_an_id_that_comes_twice_at_a_taken_place_and_at_a_free_one_costs_no_batch(stage: Stage) -> None:
    sender = await begun(stage)
    first, second, third = (sender.ticket() for _ in range(3))
    assert await stage.results(sender, first) == [("applied", None)]
    twice = str(uuid.uuid4())
    again = [sender.rehashed(first, id=twice), sender.rehashed(third, id=twice)]
    results = await stage.results(sender, again[0], second, again[1])
    assert results[0][0] == "conflict"
    assert results[1] == ("applied", None)


async def test_a_gap_that_closes_moves_the_head_over_all_that_came_before_it(stage: Stage) -> None:
    sender = await begun(stage)
    lost, *others = (sender.ticket() for _ in range(4))
    broken = sender.rehashed(others[1], prev_hash="1" * 64)
    answers = [await stage.deliver(sender, item) for item in (others[0], broken, others[2], lost)]
    assert [one.acked_through for one in answers] == [1, 1, 1, 5]
    found = await stage.all(select(findings.c.code, findings.c.seq).order_by(findings.c.seq))
    assert [tuple(row) for row in found] == [("broken-link", broken.seq), ("broken-link", others[2].seq)]


async def test_a_gap_within_a_batch_is_seen(stage: Stage) -> None:
    sender = await begun(stage)
    first, _, third = (sender.ticket() for _ in range(3))
    answer = await stage.deliver(sender, first, third)
    assert answer.acked_through == 2
    (chain,) = await stage.all(select(chains))
    assert (chain.head_seq, chain.max_seq) == (2, 4)


async def test_an_id_that_another_kiosk_has_used_is_named(stage: Stage) -> None:
    thief, honest = await begun(stage), await begun(stage, "homs-new")
    real = honest.ticket()
    assert await stage.results(thief, thief.rehashed(thief.ticket(), id=real.id)) == [("applied", None)]
    assert await stage.results(honest, real) == [("applied", None)]
    assert [row.code for row in await stage.all(select(findings.c.code))] == ["id-of-two-kiosks"]


async def test_one_batch_from_several_senders_at_once_is_applied_once(stage: Stage) -> None:
    sender = await begun(stage)
    for _ in range(10):
        items = [sender.ticket() for _ in range(5)]
        found = await asyncio.gather(*(stage.results(sender, *items) for _ in range(4)))
        assert sorted(found) == [[("applied", None)] * 5] + [[("duplicate", None)] * 5] * 3


async def test_two_batches_that_follow_each_other_may_come_at_once(stage: Stage) -> None:
    sender = await begun(stage)
    for number in range(10):
        first, second = ([sender.ticket() for _ in range(5)] for _ in range(2))
        for results in await asyncio.gather(stage.results(sender, *first), stage.results(sender, *second)):
            assert results == [("applied", None)] * 5
        (chain,) = await stage.all(select(chains))
        assert (chain.head_seq, chain.max_seq) == (1 + 10 * (number + 1),) * 2


@pytest.mark.parametrize("config", ["postgresql"], indirect=True)
async def test_an_inbox_of_which_nothing_is_known_yet_is_not_read_whole(stage: Stage) -> None:
    sender = await begun(stage)
    async with stage.engine.begin() as connection:
        await connection.execute(text(ROWS))
        named = select(inbox.c.id).where(among(connection, inbox.c.id, [str(one) for one in range(200)]))
        statement = named.compile(stage.engine.sync_engine)
        await connection.exec_driver_sql("SET LOCAL plan_cache_mode = force_generic_plan")
        await connection.exec_driver_sql(f"PREPARE named AS {statement}")
        plan = "\n".join((await connection.exec_driver_sql("EXPLAIN EXECUTE named (NULL)")).scalars())
        await connection.exec_driver_sql("DEALLOCATE named")
    assert "on inbox" in plan
    assert "Seq Scan on inbox" not in plan
    assert await stage.results(sender, sender.ticket()) == [("applied", None)]


async def _count(stage: Stage, table: Any) -> int:
    (row,) = await stage.all(select(func.count()).select_from(table))
    return int(row[0])


async def test_a_number_with_another_kiosks_digit_is_kept_and_is_a_finding(stage: Stage) -> None:
    first, second = await stage.enrolled(), await stage.enrolled()
    body = TicketBody(number=f"B{first.digit}014", service="plan-copy", business_day="2026-11-25")
    wrong = second.item(body, "ticket")
    answer = await stage.deliver(second, second.ticket(), wrong)
    await stage.deliver(second, wrong)
    assert [one.result for one in answer.results] == ["applied", "applied"]
    found = await stage.all(select(findings.c.kiosk, findings.c.code, findings.c.item))
    assert [tuple(row) for row in found] == [(second.kiosk, "wrong-digit", wrong.id)]


async def test_numbers_that_a_kiosk_gave_before_it_was_moved_are_its_own(stage: Stage) -> None:
    await stage.enrolled("homs-new")
    moved = await stage.enrolled()
    former = moved.ticket()
    moved = await stage.enrolled("homs-new", moved)
    assert moved.digit == 2
    await stage.deliver(moved, former, moved.ticket())
    assert await stage.all(select(findings.c.code)) == []

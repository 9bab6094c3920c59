"""One id from two kiosks: ids stand on paper, and anyone who uses one first must not turn the real ticket away."""

from sqlalchemy import select

from central.base.tables.ordered import opened, orders
from central.base.tables.received import findings, inbox
from tests.central.conftest import Stage

CANARY = {"name": "Rima"}


async def test_an_id_that_another_kiosk_sent_first_is_no_conflict_and_is_named(stage: Stage) -> None:
    thief, honest = await stage.enrolled(), await stage.enrolled("homs-new")
    real = honest.ticket()
    forged = thief.rehashed(thief.ticket(), id=real.id)
    assert await stage.results(thief, forged) == [("applied", None)]
    assert await stage.results(honest, real) == [("applied", None)]
    assert await stage.results(honest, real) == [("duplicate", None)]
    kept = await stage.all(select(inbox.c.kiosk, inbox.c.hash).where(inbox.c.id == real.id))
    assert {tuple(row) for row in kept} == {(thief.kiosk, forged.hash), (honest.kiosk, real.hash)}
    (found,) = await stage.all(select(findings))
    assert (found.kiosk, found.code, found.item) == (honest.kiosk, "id-of-two-kiosks", f"{real.id} {thief.kiosk}")


async def test_within_one_kiosk_another_body_is_a_conflict_as_ever(stage: Stage) -> None:
    sender = await stage.enrolled()
    item = sender.ticket()
    await stage.deliver(sender, item)
    other = sender.rehashed(sender.ticket(), id=item.id)
    assert await stage.results(sender, other) == [("conflict", "id-taken")]


async def test_sealed_parts_of_both_are_opened_and_kept_apart(stage: Stage) -> None:
    one, other = await stage.enrolled(), await stage.enrolled("homs-new")
    first = one.order("SY1:NO", None)
    second = other.order("SY1:NO", None, first.id)
    await stage.deliver(one, first)
    await stage.deliver(other, second)
    await stage.unseal()
    rows = await stage.all(select(opened.c.kiosk, opened.c.item))
    assert {tuple(row) for row in rows} == {(one.kiosk, first.id), (other.kiosk, first.id)}
    assert {row.seal_state for row in await stage.all(select(inbox.c.seal_state))} == {"opened"}
    assert await stage.all(select(orders)) == []

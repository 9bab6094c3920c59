"""What was kept and not applied is listed with its reason, and applied once a person says so, never more."""

import uuid
from datetime import timedelta

import pytest
from msgspec.structs import replace
from sqlalchemy import select

from central.base import clock
from central.base.tables.ordered import opened, orders
from central.base.tables.received import findings, inbox
from central.intake.receiving import quarantine
from central.intake.receiving.quarantine import StaysPut
from common.protocol.envelope import Item, TicketBody, item_hash
from tests.central.conftest import Stage
from tests.central.intake.unsealing.test_unsealing import ticket_of
from tests.kit.sender import Sender


async def release(stage: Stage, item_id: str) -> None:
    async with stage.engine.begin() as connection:
        await quarantine.release(connection, item_id)


async def listed(stage: Stage) -> list[tuple[str, str]]:
    return [(row.id, row.reason) for row in await stage.all(quarantine.listing)]


async def test_a_revoked_kiosks_late_items_are_applied_when_released_and_their_seals_opened(stage: Stage) -> None:
    sender = await stage.enrolled()
    sealed, plain = ticket_of(sender), sender.ticket()
    await stage.revoke(sender)
    await stage.deliver(sender, sealed, plain)
    assert set(await listed(stage)) == {(plain.id, "kiosk-revoked"), (sealed.id, "kiosk-revoked")}
    await release(stage, sealed.id)
    await stage.unseal()
    assert await listed(stage) == [(plain.id, "kiosk-revoked")]
    assert [row.item for row in await stage.all(select(opened))] == [sealed.id]
    said = [(row.code, row.item) for row in await stage.all(select(findings)) if row.code == "released"]
    assert said == [("released", sealed.id)]
    assert await stage.results(sender, plain, sealed) == [("duplicate", "kiosk-revoked"), ("duplicate", None)]


async def test_all_of_a_kiosk_are_released_at_once_and_nobody_elses(stage: Stage) -> None:
    late, other = await stage.enrolled(), await stage.enrolled()
    items = [late.ticket() for _ in range(3)]
    for sender, sent in ((late, items), (other, [other.ticket()])):
        await stage.revoke(sender)
        await stage.deliver(sender, *sent)
    async with stage.engine.begin() as connection:
        released, stayed = await quarantine.release_all_of(connection, late.kiosk)
    assert (released, stayed) == ([item.id for item in items], [])
    assert len(await listed(stage)) == 1
    applied = await stage.all(select(inbox.c.id).where(inbox.c.result == "applied"))
    assert {row.id for row in applied} == {item.id for item in items}


def unknown_clock(sender: Sender) -> object:
    odd = replace(sender.ticket(), clock="guessed")
    return replace(odd, hash=item_hash(sender.kiosk, odd))


async def test_what_still_can_t_be_read_stays_and_says_why(stage: Stage) -> None:
    sender = await stage.enrolled()
    odd = unknown_clock(sender)
    await stage.deliver(sender, odd)  # type: ignore[arg-type]
    with pytest.raises(StaysPut, match="unknown-clock"):
        await release(stage, odd.id)  # type: ignore[attr-defined]
    assert len(await listed(stage)) == 1
    async with stage.engine.begin() as connection:
        released, stayed = await quarantine.release_all_of(connection, sender.kiosk)
    assert (released, len(stayed)) == ([], 1)


async def test_nothing_is_released_twice_or_out_of_nothing(stage: Stage) -> None:
    sender = await stage.enrolled()
    good = sender.ticket()
    await stage.deliver(sender, good)
    with pytest.raises(StaysPut, match="applied already"):
        await release(stage, good.id)
    with pytest.raises(StaysPut, match="no item"):
        await release(stage, str(uuid.uuid4()))
    assert await stage.all(select(orders)) == []


async def test_of_a_kiosk_that_there_is_not_nothing_is_said_to_be_released(stage: Stage) -> None:
    async with stage.engine.begin() as connection:
        with pytest.raises(StaysPut, match="no kiosk 'kiosk-typo' is enrolled here"):
            await quarantine.release_all_of(connection, "kiosk-typo")


async def test_a_kiosks_release_leaves_what_a_person_has_to_judge_by_itself(stage: Stage) -> None:
    kiosk = await stage.enrolled()
    far = (clock.business_date(clock.now()) + timedelta(days=60)).isoformat()
    harmful, unlikely, late = kiosk.ticket(), ahead(kiosk, far), kiosk.ticket()
    await stage.deliver(kiosk, harmful, unlikely)
    async with stage.engine.begin() as connection:
        await quarantine.set_apart(connection, harmful.id, None, "ends a reader")
    await stage.revoke(kiosk)
    both = ahead(kiosk, far)
    await stage.deliver(kiosk, late, both)
    async with stage.engine.begin() as connection:
        released, stayed = await quarantine.release_all_of(connection, kiosk.kiosk)
    assert released == [late.id]
    named = {sentence.split()[0]: sentence for sentence in stayed}
    assert set(named) == {harmful.id, unlikely.id, both.id}
    assert "set-apart: ends a reader" in named[harmful.id]
    assert all("(unlikely-day)" in named[one.id] for one in (unlikely, both))
    for one in (harmful, unlikely, both):
        await release(stage, one.id)
    assert await listed(stage) == []


def ahead(kiosk: Sender, day: str) -> Item:
    return kiosk.item(TicketBody("A1001", "civil-affairs", day), "ticket")

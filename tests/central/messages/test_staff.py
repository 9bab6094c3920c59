"""Whom of the staff a hub writes to: told to that hub alone, sealed to it, and only to one that knows the kind."""

import asyncio
import base64

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select

from central.base.tables.told import feed
from central.offices import staff
from central.offices.operators import Operator
from central.publishing.messages import tell_hubs
from common.protocol.staff import SUITE, Staff, StaffRecord, opening_key_of, sealing_key_of, staff_info
from tests.central.conftest import Stage
from tests.central.messages.conftest import PHONE
from tests.kit.sender import Sender

ONE = {"number": PHONE, "name": "Umm Samir", "kinds": ["paper-out"]}
ALL = {"number": "+963944000222", "name": "Abu Ali", "kinds": ["staff-alarm"]}


def rules(centre: str | None, *people: object) -> dict[str, object]:
    return {"centre": centre, "kinds": ["near"], "hours": {"from": "08:00", "to": "21:00"}, "staff": people}


async def heard(stage: Stage, hub: Sender) -> list[Staff]:
    page = await stage.feed(hub)
    return [msgspec.json.decode(one.body, type=Staff) for one in page.messages if one.kind == "staff"]


def opened(hub: Sender, told: Staff, key: Ed25519PrivateKey | None = None) -> list[str]:
    info = staff_info(told.centre, hub.kiosk)
    content = SUITE.decrypt(base64.b64decode(told.sealed), opening_key_of(key or hub.key), info=info)
    return [one.name for one in msgspec.json.decode(content, type=list[StaffRecord])]


async def test_each_hub_hears_its_centres_and_everybodys_and_no_other_can_read_it(stage: Stage) -> None:
    here, there, kiosk = await stage.enrolled_hub(), await stage.enrolled_hub("homs-new"), await stage.enrolled()
    for hub in (here, there, kiosk):
        await stage.deliver(hub, health={"version": "1.1.0"})
    await stage.publish("messages", rules("homs-main", ONE))
    await stage.publish("messages", rules(None, ALL))
    assert opened(here, (await heard(stage, here))[-1]) == ["Umm Samir", "Abu Ali"]
    assert opened(there, (await heard(stage, there))[-1]) == ["Abu Ali"]
    assert await heard(stage, kiosk) == []
    bodies = [row.body for row in await stage.all(select(feed.c.body).where(feed.c.kind == "staff"))]
    assert not [body for body in bodies if PHONE in body or "Samir" in body]


async def test_a_hub_before_it_says_its_version_is_not_told_and_afterwards_hears_all(stage: Stage) -> None:
    await stage.publish("messages", rules("homs-main", ONE))
    hub = await stage.enrolled_hub()
    async with stage.engine.begin() as connection:  # as central does by itself for a hub that comes later
        await tell_hubs(connection, stage.ring.vault())
        assert await tell_hubs(connection, stage.ring.vault()) == 0
    page = await stage.feed(hub)
    assert "staff" not in [one.kind for one in page.messages]
    await stage.deliver(hub, health={"version": "0.9.0"})
    assert not (await stage.feed(hub, f"?after={page.cursor}")).messages
    await stage.deliver(hub, health={"version": "1.1.0"})
    after = await stage.feed(hub, f"?after={page.cursor}")
    assert after.snapshot
    assert [one.kind for one in after.messages].count("staff") == 1


def test_what_is_sealed_to_a_hubs_key_opens_with_that_key_alone() -> None:
    for seed in (b"\x00", b"\x7f", b"\xff"):
        key = Ed25519PrivateKey.from_private_bytes(seed * 32)
        public = sealing_key_of(key.public_key().public_bytes_raw())
        assert opening_key_of(key).public_key().public_bytes_raw() == public.public_bytes_raw()


@pytest.mark.parametrize("config", ["postgresql"], indirect=True)
async def test_of_two_operators_who_name_somebody_at_once_neither_takes_the_others_away(stage: Stage) -> None:
    rana, vault = Operator("Rana", "manager"), stage.ring.vault()

    async def add(name: str, number: str) -> None:
        async with stage.engine.begin() as connection:
            record = StaffRecord(number=number, name=name, kinds=["paper-out"], language="ar")
            await staff.add(connection, vault, rana, "homs-main", record)

    await asyncio.gather(*(add(f"Clerk {n}", f"+96394400022{n}") for n in range(8)))
    async with stage.engine.begin() as connection:
        told = await staff.read(connection, vault, rana)
    assert sorted(one.name for one in told) == [f"Clerk {n}" for n in range(8)]

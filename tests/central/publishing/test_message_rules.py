"""Rules of messages: when citizens are written to, what holds in a centre, and slips by the name of their field."""

import base64
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base.config import CentralConfig
from central.base.database.engine import open_engine
from central.base.tables.enrolled import kiosks
from central.base.tables.told import feed
from central.keys.at_rest import Vault
from central.keys.keys import KeyRing
from central.publishing import messages
from central.publishing.messages import Hours, Rules
from common.messages.kind import ALARMS
from common.protocol.staff import SUITE, Staff, StaffRecord, opening_key_of, staff_info
from tests.kit.sender import Sender

ONE = StaffRecord(number="+963944000111", name="Umm Samir", kinds=["paper-out"])
OTHER = StaffRecord(number="+963944000222", name="Abu Ali", kinds=["staff-alarm"], language="en")


class Rulers:
    """A connection to central's database, and the vault of its keys."""

    def __init__(self, connection: AsyncConnection, vault: Vault) -> None:
        self.connection, self.vault = connection, vault

    async def publish(self, **content: Any) -> int:
        return await messages.publish(self.connection, msgspec.json.encode(content), self.vault)

    async def hub(self, name: str, centre: str, *, is_revoked: bool = False) -> Sender:
        sender = Sender("", "http://central.test")
        known = {"digit": 1, "enrolled_at": "", "signing_kid": "", "enrolment_kid": "", "public_key": sender.public_key}
        revoked = {"revoked_at": "2026-11-25T09:00:00.000Z"} if is_revoked else {}
        row = {"id": name, "centre": centre, "role": "hub", **known, **revoked}
        await self.connection.execute(insert(kiosks).values(row))
        sender.kiosk = name
        return sender

    async def told(self) -> list[Any]:
        return list(await self.connection.execute(select(feed).where(feed.c.kind == "staff").order_by(feed.c.id)))


@pytest.fixture
async def city(config: CentralConfig) -> AsyncIterator[Rulers]:
    engine = open_engine(config.database_url)
    async with engine.begin() as connection:
        yield Rulers(connection, KeyRing(config.keys_dir).vault())
    await engine.dispose()


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        ("2026-11-25T04:59:59", "2026-11-25T08:00:00+03:00"),  # 7:59 in the centre
        ("2026-11-25T05:00:00", None),
        ("2026-11-25T17:59:59", None),
        ("2026-11-25T18:00:00", "2026-11-26T08:00:00+03:00"),
        ("2026-12-31T20:30:00", "2027-01-01T08:00:00+03:00"),
        ("2026-11-25T21:30:00", "2026-11-26T08:00:00+03:00"),  # after midnight there
    ],
)
def test_citizens_are_written_to_from_the_first_minute_to_the_last(now: str, opens: str | None) -> None:
    found = Hours().next_open(datetime.fromisoformat(now).replace(tzinfo=UTC))
    assert (None if found is None else found.isoformat()) == opens


async def test_a_centres_own_rules_hold_before_those_of_all_and_those_before_the_shipped(city: Rulers) -> None:
    assert await messages.rules_of(city.connection, "homs-main") == Rules()
    of_all, own = {"from": "09:00", "to": "20:00"}, {"from": "10:00", "to": "10:01"}
    assert await city.publish(centre=None, kinds=["near"], hours=of_all) == 0, "there is no hub to tell"
    await city.publish(centre="homs-main", kinds=[], hours=own)
    assert [await messages.rules_of(city.connection, centre) for centre in ("homs-main", "homs-new", None)] == [
        Rules((), Hours("10:00", "10:01")),
        Rules(("near",), Hours("09:00", "20:00")),
        Rules(("near",), Hours("09:00", "20:00")),
    ]
    await messages.set_staff(city.connection, city.vault, "homs-main", [ONE])
    await messages.set_staff(city.connection, city.vault, "homs-new", [OTHER])
    assert [await messages.rules_of(city.connection, centre) for centre in ("homs-main", "homs-new")] == [
        Rules((), Hours("10:00", "10:01")),
        Rules(("near",), Hours("09:00", "20:00")),
    ]
    assert await messages.staff_by_centre(city.connection, city.vault) == {
        "": [], "homs-main": [ONE], "homs-new": [OTHER],
    }  # fmt: skip


async def test_each_hub_in_service_is_told_its_list_once_and_again_where_it_differs(city: Rulers) -> None:
    here, there = await city.hub("hub-1", "homs-main"), await city.hub("hub-2", "homs-new")
    await city.hub("hub-3", "homs-main", is_revoked=True)
    people = [{"number": ONE.number, "name": ONE.name, "kinds": ONE.kinds}]
    number = await city.publish(centre="homs-main", kinds=["near"], staff=people)
    first = await city.told()
    assert number == first[-1].id
    assert [(row.kiosk, row.centre, row.key) for row in first] == [("hub-1", None, "hub-1"), ("hub-2", None, "hub-2")]
    bodies = [msgspec.json.decode(row.body, type=Staff) for row in first]
    assert [(one.centre, one.hub) for one in bodies] == [("homs-main", "hub-1"), ("homs-new", "hub-2")]
    opened = [
        SUITE.decrypt(base64.b64decode(one.sealed), opening_key_of(hub.key), info=staff_info(one.centre, one.hub))
        for one, hub in zip(bodies, (here, there), strict=True)
    ]
    assert [msgspec.json.decode(one, type=list[StaffRecord]) for one in opened] == [[ONE], []]
    assert await messages.tell_hubs(city.connection, city.vault) == 0
    assert await city.publish(centre="homs-new", kinds=[], staff=[]) == 0, "an empty list is what it had"
    await messages.set_staff(city.connection, city.vault, "homs-new", [OTHER])
    assert [row.kiosk for row in (await city.told())[len(first) :]] == ["hub-2"]


MANY = [StaffRecord(number=f"+9639440001{n:02}", name="Samir", kinds=[]) for n in range(51)]


async def test_a_list_is_as_long_as_a_hub_takes_it_and_no_longer(city: Rulers) -> None:
    hub = await city.hub("hub-1", "homs-main")
    await messages.set_staff(city.connection, city.vault, "homs-main", MANY[:50])
    with pytest.raises(ValueError, match=r"^staff: found 51, at most 50 of a centre are told$"):
        await messages.set_staff(city.connection, city.vault, "homs-main", MANY)
    await city.publish(centre=None, kinds=[], staff=[msgspec.to_builtins(OTHER)])
    body = msgspec.json.decode((await city.told())[-1].body, type=Staff)
    content = SUITE.decrypt(
        base64.b64decode(body.sealed), opening_key_of(hub.key), info=staff_info(body.centre, body.hub)
    )
    assert msgspec.json.decode(content, type=list[StaffRecord]) == MANY[:50], "its own come first"


async def test_a_slip_in_the_rules_is_named_and_nothing_is_kept(city: Rulers) -> None:
    kinds = "staff-alarm, needs, " + ", ".join(ALARMS)
    one = msgspec.to_builtins(ONE)
    for change, named in (
        ({"hours": {"from": "09:00", "to": "09:00"}}, "hours: from 09:00 is not before to 09:00"),
        ({"hours": {"from": "10:00", "to": "09:00"}}, "hours: from 10:00 is not before to 09:00"),
        ({"staff": [one, one | {"kinds": ["paper-out", "fire"]}]},
         f"staff[1].kinds: found 'fire', expected one of {kinds}"),
        ({"centre": "homs-mian"}, "there is no centre 'homs-mian'"),
    ):  # fmt: skip
        with pytest.raises(ValueError, match=re.escape(named)):
            await city.publish(**({"centre": None, "kinds": []} | change))
    with pytest.raises(ValueError, match="there is no centre 'homs-mian'"):
        await messages.set_staff(city.connection, city.vault, "homs-mian", [ONE])
    with pytest.raises(ValueError, match=r"staff\[0\].kinds: found 'fire'"):
        await messages.set_staff(city.connection, city.vault, "homs-main", [StaffRecord(ONE.number, "x", ["fire"])])
    assert await messages.staff_by_centre(city.connection, city.vault) == {}

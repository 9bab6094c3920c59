"""What holds at a kiosk of all that was published: for all, for its centre or for itself, the newest each time."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.config import CentralConfig
from central.base.database.engine import open_engine
from central.base.tables.told import feed
from central.feed import EVERYONE, Audience
from central.keys.keys import KeyRing
from central.kiosks import enrolment
from central.publishing import in_force, publication
from central.publishing.in_force import CatalogueInForce
from common.city.catalogue import Published
from common.protocol.feed_message import CalendarDay
from tests.central.conftest import Stage

HERE, THERE = Audience("homs-main"), Audience("homs-new")
NAMES = {"ar": "رخصة", "en": "Permit"}
PERMIT: dict[str, Any] = {"code": "permit", "group": "B", "prefix": "B", "names": NAMES}


class City:
    """What an operator publishes, and the connection that it is read on."""

    def __init__(self, connection: AsyncConnection, ring: KeyRing) -> None:
        self.connection, self.ring = connection, ring

    async def publish(self, kind: str, content: object, audience: Audience = EVERYONE) -> int:
        return await publication.publish(self.connection, kind, msgspec.json.encode(content), self.ring, audience)


@pytest.fixture
async def city(config: CentralConfig, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[City]:
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 25, 9, tzinfo=UTC))
    engine = open_engine(config.database_url)
    async with engine.begin() as connection:
        yield City(connection, KeyRing(config.keys_dir))
    await engine.dispose()


async def test_the_newest_setting_of_each_name_holds_where_it_is_heard(city: City) -> None:
    for settings, audience in (
        ({"screen.brightness": 10, "kiosk.opens": "08:00", "kiosk.closes": "14:00"}, EVERYONE),
        ({"screen.brightness": 20, "kiosk.paperless": True}, HERE),
        ({"kiosk.closes": None}, THERE),
    ):
        await city.publish("settings", settings, audience)
    of_all = {"kiosk.closes": "14:00", "kiosk.opens": "08:00", "screen.brightness": 10}
    of_each = [await in_force.settings(city.connection, audience) for audience in (EVERYONE, HERE, THERE)]
    assert of_each == [
        of_all,
        of_all | {"screen.brightness": 20, "kiosk.paperless": True},
        {"kiosk.opens": "08:00", "screen.brightness": 10},
    ]
    assert [list(found) for found in of_each] == [sorted(found) for found in of_each]
    with pytest.raises(ValueError, match="there is no centre 'homs-mian'"):
        await in_force.settings(city.connection, Audience("homs-mian"))


async def test_the_newest_catalogue_holds_that_a_centre_hears_for_all_or_for_it_alone(city: City) -> None:
    assert await in_force.catalogue(city.connection, HERE) is None
    assert await in_force.catalogues(city.connection, HERE) == []
    assert await in_force.catalogues(city.connection, EVERYONE) == []
    group = {"names": {"ar": "الرخص", "en": "Permits"}, "mark": {"colour": "#1B4585", "sign": "cross"}}
    desk = {"names": {"ar": "استعلامات", "en": "Information"}, "prefix": "X"}
    said = {"services": [{"code": "clearance"}], "groups": {"E": group}, "desks": {"information": desk}}
    former = await city.publish("catalogue", said)
    own = await city.publish("catalogue", {"services": [PERMIT]}, HERE)
    at = "2026-11-25T09:00:00.000Z"
    rows = {row.id: row for row in await city.connection.execute(select(feed))}
    of_all = CatalogueInForce(former, rows[former].at, EVERYONE, msgspec.json.decode(rows[former].body))
    of_here = CatalogueInForce(own, rows[own].at, HERE, msgspec.json.decode(rows[own].body))
    assert rows[own].at.startswith(at[:19])
    assert await in_force.catalogue(city.connection, HERE) == of_here
    assert await in_force.catalogue(city.connection, THERE) == of_all
    assert await in_force.catalogues(city.connection, EVERYONE) == [of_here, of_all]
    assert await in_force.catalogues(city.connection, THERE) == [of_all]
    assert of_all.published == Published([{"code": "clearance"}], {"E": group}, {"information": desk})
    assert CatalogueInForce(1, at, EVERYONE, {"services": [PERMIT]}).published == Published([PERMIT], {}, {})
    names = await in_force.service_names(city.connection, "homs-main")
    assert (names["permit"], "permit" in await in_force.service_names(city.connection, "homs-new")) == (NAMES, False)


async def test_a_table_of_services_keeps_what_it_has_no_cell_for(city: City) -> None:
    document = {"code": "copy", "names": NAMES}
    taken: dict[str, Any] = {"fee": None, "hours": None, "daily_quota": None, "papers": []}
    before = PERMIT | {"documents": [document], "numbers": "stop", "main": True} | taken
    quota = {"code": "clearance", "daily_quota": 7, "fee": None}
    await city.publish("catalogue", {"services": [before, quota]})
    table: dict[str, Any] = {
        "services": [{"code": "permit", "names": {"ar": "إذن", "en": "Permission"}, "daily_quota": 3}, {"code": "new"}],
        "groups": {},
    }
    whole = await in_force.whole_table(city.connection, msgspec.json.encode(table), HERE)
    kept = {"documents": [document], "numbers": "stop", "fee": None, "hours": None, "papers": []}
    assert msgspec.json.decode(whole) == {"services": [kept | table["services"][0], {"code": "new"}], "groups": {}}
    again = {"services": [{"code": "clearance"}, {"code": "permit"}]}
    whole = await in_force.whole_table(city.connection, msgspec.json.encode(again), HERE)
    assert msgspec.json.decode(whole)["services"] == [
        {"code": "clearance", "fee": None},  # a quota is a cell, and an empty one says nothing
        {"code": "permit", "documents": [document], "numbers": "stop"} | taken,
    ]


async def test_a_table_before_any_catalogue_says_what_stands_in_it(city: City) -> None:
    table = msgspec.json.encode({"services": [PERMIT]})
    assert msgspec.json.decode(await in_force.whole_table(city.connection, table, EVERYONE)) == {"services": [PERMIT]}


async def test_the_newest_calendar_and_notices_of_each_key_hold_for_all_and_a_centre(city: City) -> None:
    def feast(date: str, name: str) -> dict[str, Any]:
        return {"date": date, "closed": True, "names": {"ar": name, "en": name}}

    def notice(name: str) -> dict[str, Any]:
        of = {"from": "2026-11-25", "until": "2026-11-26", "texts": {"ar": name, "en": name}, "where": ["page"]}
        return {"id": name} | of

    for centre, days in (
        (None, [feast("2026-12-25", "first")]),
        ("homs-main", [feast("2026-12-26", "own"), feast("2027-01-06", "own")]),
        (None, [feast("2026-12-25", "second")]),
        ("homs-new", [feast("2026-12-27", "other")]),
    ):
        await city.publish("calendar", {"centre": centre, "days": days})
    for centre, name in ((None, "first"), ("homs-main", "own"), (None, "second"), ("homs-new", "other")):
        await city.publish("notices", {"centre": centre, "notices": [notice(name)]})
    of_all = {"2026-12-25": CalendarDay(**feast("2026-12-25", "second"))}
    own = {date: CalendarDay(**feast(date, "own")) for date in ("2026-12-26", "2027-01-06")}
    assert await in_force.special_days(city.connection, None) == of_all
    assert await in_force.special_days(city.connection, "homs-main") == of_all | own
    told = [await in_force.notices(city.connection, centre) for centre in (None, "homs-main")]
    assert [[(one.centre, one.notices[0].id) for one in lists] for lists in told] == [
        [(None, "second")],
        [(None, "second"), ("homs-main", "own")],
    ]


async def test_a_centre_or_kiosk_that_nobody_knows_is_named(stage: Stage) -> None:
    kiosk = Audience(kiosk=(await stage.enrolled("homs-new")).kiosk)
    async with stage.engine.begin() as connection:
        await in_force.check_audience(connection, EVERYONE)
        await in_force.check_audience(connection, kiosk)
        with pytest.raises(ValueError, match="there is no centre 'homs-mian'"):
            await in_force.check_audience(connection, Audience("homs-mian"))
        unknown = f"--kiosk: found '{'k' * 60}', which isn't enrolled here; `central kiosks` lists them"
        with pytest.raises(ValueError, match=unknown):
            await in_force.check_audience(connection, Audience(kiosk="k" * 61))
        assert await in_force.unknown_to_hubs(connection, kiosk.kiosk or "", ["permit"]) is None, "no hub is there"
    hub = await stage.enrolled_hub("homs-new")
    async with stage.engine.begin() as connection:
        assert await in_force.unknown_to_hubs(connection, kiosk.kiosk or "", ["clearance", "permit", "x"]) == "permit"
        assert await in_force.unknown_to_hubs(connection, kiosk.kiosk or "", ["clearance"]) is None
        assert await enrolment.revoke(connection, hub.kiosk)
        assert await in_force.unknown_to_hubs(connection, kiosk.kiosk or "", ["permit"]) is None


@pytest.mark.parametrize(
    ("said", "option", "centre"),
    [(None, None, None), ("homs-main", None, "homs-main"), (None, "homs-main", "homs-main"), ("homs-main",) * 3],
)
async def test_a_file_is_for_the_centre_that_it_or_the_option_names(
    city: City, said: str | None, option: str | None, centre: str | None
) -> None:
    assert await in_force.whole_centre(city.connection, said, Audience(option)) == centre

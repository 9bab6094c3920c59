"""Who of the fleet has to be looked at first, page by page, as far as somebody may see; by rows."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, update
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.tables.enrolled import kiosks
from central.base.tables.people import muted
from central.base.tables.received import contacts, health, waiting_lists
from central.insight.public.texts import Language
from central.kiosks.contacts import in_service
from central.kiosks.fleet import described_hub, hubs
from central.kiosks.state import Need
from central.offices import fleet
from central.offices.drawing import draw
from central.offices.fleet import find_machine, mute, read_fleet
from central.offices.operators import Operator

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
ALL = Operator("Huda", "administrator")
MAIN = Operator("Rana", "manager", frozenset({"homs-main"}))


def ago(**span: float) -> str:
    return clock.as_text(NOW - timedelta(**span))


async def put(
    connection: AsyncConnection, name: str, report: dict[str, Any] | None = None, *,
    reported: str = ago(hours=2), heard: str | None = ago(minutes=1), until: str | None = None, **more: Any,
) -> None:  # fmt: skip
    known = {"centre": "homs-main", "digit": 1, "role": "kiosk", "enrolled_at": ago(days=9)}
    row = known | {"id": name, "public_key": name, "signing_kid": "", "enrolment_kid": ""} | more
    await connection.execute(insert(kiosks).values(**row))
    if report is not None:
        await connection.execute(insert(health).values(kiosk=name, report=json.dumps(report), at=reported))
    if heard is not None:
        await connection.execute(insert(contacts).values(kiosk=name, at=heard))
    if until is not None:
        await connection.execute(insert(muted).values(kiosk=name, until=until, operator="Rana"))


WELL = {"clock": "synced"}


@pytest.mark.parametrize(
    ("report", "more", "need"),
    [
        (WELL, {}, Need.WELL),
        (WELL, {"reported": ago(hours=2, seconds=1)}, Need.SILENT),  # heard, but it does not say how it is
        (None, {}, Need.SILENT),
        ({"version": "1.2.0"}, {}, Need.SILENT),
        (WELL, {"heard": ago(minutes=11)}, Need.SILENT),
        (WELL | {"paper": "Out"}, {}, Need.BROKEN),
        (WELL | {"paper": "Out"}, {"until": ago(seconds=-1)}, Need.MUTED),
        (WELL | {"paper": "Out"}, {"until": ago()}, Need.BROKEN),
        (WELL, {"until": ago(seconds=-1), "revoked_at": ago()}, Need.REVOKED),
        (None, {"role": "hub"}, Need.WELL),
        ({"version": "1"}, {"role": "hub", "heard": ago(minutes=11)}, Need.SILENT),
    ],
)
async def test_a_machine_needs_somebody_by_what_it_says_and_when(
    connection: AsyncConnection, report: Any, more: dict[str, Any], need: Need
) -> None:
    await put(connection, "k1", report, **more)
    found = await find_machine(connection, ALL, "k1")
    assert found is not None
    is_muted = more.get("until", "") > clock.as_text(NOW)
    assert (found.need, found.muted_until is not None) == (need, is_muted)
    assert found.has_reported is (report is not None and more.get("role") != "hub")
    heard = more.get("heard", ago(minutes=1))
    assert found.heard_at == datetime.fromisoformat(heard)


async def test_those_are_first_who_need_somebody_first_and_counts_are_of_all(connection: AsyncConnection) -> None:
    await put(connection, "b", WELL, digit=2)
    await put(connection, "a", WELL, digit=3)
    await put(connection, "c", WELL, digit=2)
    await put(connection, "d", WELL | {"paper": "Out"}, digit=9)
    await put(connection, "e", WELL, centre="homs-hamra", digit=9)
    found = await read_fleet(connection, ALL, centre=None, need=None, page=1)
    assert [one.kiosk for one in found.machines] == ["d", "e", "b", "c", "a"]
    assert (found.page, found.pages, found.centres) == (1, 1, ("homs-hamra", "homs-main"))
    assert found.counts == dict.fromkeys(Need, 0) | {Need.BROKEN: 1, Need.WELL: 4}
    of_need = await read_fleet(connection, ALL, centre="homs-main", need=Need.WELL, page=1)
    assert [one.kiosk for one in of_need.machines] == ["b", "c", "a"]
    assert (of_need.counts[Need.BROKEN], of_need.counts[Need.WELL], len(of_need.centres)) == (1, 3, 2)
    own = await read_fleet(connection, MAIN, centre=None, need=None, page=1)
    assert ([one.kiosk for one in own.machines], own.centres) == (["d", "b", "c", "a"], ("homs-main",))
    assert [await find_machine(connection, MAIN, one) is None for one in ("e", "a", "x")] == [True, False, True]


async def test_hubs_of_a_centre_are_told_apart_by_their_order_and_by_which_one_spoke_last(
    connection: AsyncConnection,
) -> None:
    hub: dict[str, Any] = {"role": "hub", "digit": 0}
    await put(connection, "a", **hub, enrolled_at=ago(days=2))
    await put(connection, "b", **hub, enrolled_at=ago(days=3))
    await put(connection, "c", **hub, enrolled_at=ago(days=4), revoked_at=ago(days=3))
    await put(connection, "d", **hub, centre="homs-new")
    await put(connection, "e", WELL, digit=7)
    for name, minutes in (("a", 1), ("b", 2), ("c", 3)):
        await connection.execute(insert(waiting_lists).values(hub=name, list="{}", at=ago(minutes=minutes)))
    found = await read_fleet(connection, ALL, centre=None, need=None, page=1)
    told = {one.kiosk: (one.number, one.leads) for one in found.machines}
    assert told == {"a": (3, True), "b": (2, False), "c": (1, False), "d": (1, False), "e": (7, False)}
    del told["c"]
    assert {one.id: (one.number, one.leads(NOW)) for one in await in_service(connection)} == told
    await connection.execute(update(waiting_lists).where(waiting_lists.c.hub == "c").values(at=ago()))
    assert not any(one.led_at for one in await in_service(connection)), "who spoke last was turned away"


@pytest.mark.parametrize(("minutes", "leads"), [(10, True), (11, None)])
async def test_whether_a_hub_leads_that_is_silent_nobody_knows(
    connection: AsyncConnection, minutes: int, leads: bool | None
) -> None:
    for name in ("a", "b"):
        await put(connection, name, role="hub", digit=0, heard=ago(minutes=minutes))
    await connection.execute(insert(waiting_lists).values(hub="a", list="{}", at=ago(minutes=minutes)))
    found = await read_fleet(connection, ALL, centre=None, need=None, page=1)
    since = NOW - timedelta(minutes=minutes)
    assert [(one.leads, one.led_at) for one in found.machines] == [(leads, since), (False, None)]
    rows = (await connection.execute(hubs)).mappings()
    assert [(one["hub"], one["leads"]) for one in map(described_hub, rows)] == [("a", leads), ("b", False)]


@pytest.mark.parametrize(
    ("page", "expected"),
    [(1, (1, ["k0", "k1"])), (3, (3, ["k4"])), (4, (3, ["k4"])), (0, (1, ["k0", "k1"])), (-5, (1, ["k0", "k1"]))],
)
async def test_it_is_read_page_by_page(
    connection: AsyncConnection, monkeypatch: pytest.MonkeyPatch, page: int, expected: tuple[int, list[str]]
) -> None:
    monkeypatch.setattr(fleet, "PAGE", 2)
    for n in range(5):
        await put(connection, f"k{n}", WELL)
    found = await read_fleet(connection, ALL, centre=None, need=None, page=page)
    assert (found.page, [one.kiosk for one in found.machines], found.pages) == (*expected, 3)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "14 · after a power cut: 3 · after a crash: 2 · after it stood still (watchdog): 1 · for an update: 5"),
        ("ar", "14 · بعد انقطاع الكهرباء: 3 · بعد عطل في البرنامج: 2 · بعد توقفه عن الاستجابة: 1 · من أجل تحديث: 5"),
    ],
)
async def test_a_kiosks_page_says_how_often_it_began_again_and_why(
    connection: AsyncConnection, language: Language, words: str
) -> None:
    tallies = {"restarts": 14, "power_cuts": 3, "crashes": 2, "watchdogs": 1, "updates": 5}
    for name, report in (("k1", WELL | {"tallies": tallies}), ("k2", WELL)):
        await put(connection, name, report)
        found = await find_machine(connection, ALL, name)
        drawn = draw("kiosk", language, ALL, machine=found, changes=[], names={})
        assert (words in drawn.decode()) is (name == "k1")


async def test_an_empty_fleet_has_one_page(connection: AsyncConnection) -> None:
    found = await read_fleet(connection, ALL, centre=None, need=None, page=7)
    assert (found.machines, found.page, found.pages, found.centres) == ((), 1, 1, ())


async def test_somebody_works_on_a_machine_for_four_hours_or_no_longer(connection: AsyncConnection) -> None:
    await put(connection, "k1", WELL)
    for is_on, until in ((True, NOW + timedelta(hours=4)), (True, NOW + timedelta(hours=4)), (False, None)):
        machine = await find_machine(connection, MAIN, "k1")
        assert machine is not None
        await mute(connection, MAIN, machine, is_on=is_on)
        found = await find_machine(connection, MAIN, "k1")
        assert found is not None
        assert (found.muted_until, found.need) == (until, Need.MUTED if is_on else Need.WELL)

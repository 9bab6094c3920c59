"""The fleet: who needs somebody first stands first, whatever a kiosk says of itself."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from central.base import clock
from central.base.tables.received import health
from central.kiosks import history
from central.kiosks.contacts import Contacts
from central.kiosks.machine import REPORTS_WITHIN
from central.kiosks.state import KioskState, Need, need_of, news_of, read_state
from central.offices.drawing import draw
from central.offices.fleet import Fleet, find_machine, mute, read_fleet
from central.offices.operators import Operator
from tests.central.conftest import Stage

ALL = Operator("Rana", "manager")
NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
WELL = {
    "version": "1.2", "devices": {"printer": "Online", "scanner": "Online"}, "paper": "Full", "paper_left_m": 40,
    "outbox": {"waiting": 3, "dead": 0}, "clock": "synced", "power": "mains", "alarms": [],
}  # fmt: skip

NEEDS: dict[str, tuple[dict[str, Any], Need]] = {
    "well": ({}, Need.WELL),
    "busy": ({"devices": {"printer": "DeviceBusy"}}, Need.WELL),
    "closed": ({"out_of_service": "store"}, Need.CLOSED),
    "no paper": ({"paper": "Out"}, Need.BROKEN),
    "a jam": ({"paper": "Jammed"}, Need.BROKEN),
    "a dead scanner": ({"devices": {"scanner": "NoDevice"}}, Need.BROKEN),
    "an alarm": ({"alarms": ["store-salvaged"]}, Need.ALARMED),
    "refused records": ({"outbox": {"waiting": 0, "dead": 2}}, Need.ALARMED),
    "what was published and is of no use": ({"left_out": {"kiosk.opens": "8"}}, Need.ALARMED),
    "little paper": ({"paper": "Low"}, Need.SOON),
    "few metres": ({"paper_left_m": 3}, Need.SOON),
    "a backlog": ({"outbox": {"waiting": 900}}, Need.SOON),
    "on battery": ({"power": "battery"}, Need.SOON),
}


@pytest.mark.parametrize(("change", "need"), NEEDS.values(), ids=NEEDS.keys())
def test_what_a_kiosk_reports_says_how_soon_somebody_has_to_look(change: dict[str, Any], need: Need) -> None:
    state = read_state(json.dumps(WELL | change))
    assert need_of(state, clock.as_text(NOW - timedelta(minutes=10)), NOW) is need


def test_a_kiosk_that_was_not_heard_of_for_ten_minutes_comes_before_all() -> None:
    state = read_state(json.dumps(WELL))
    assert need_of(state, clock.as_text(NOW - timedelta(minutes=11)), NOW) is Need.SILENT
    assert need_of(state, None, NOW) is Need.SILENT
    assert min(Need) is Need.SILENT


@settings(max_examples=200, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=100),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from([*WELL, "x"]), inner, max_size=6),
        max_leaves=20,
    )
)
def test_whatever_a_report_says_it_can_be_read_and_is_bounded(said: object) -> None:
    state = read_state(json.dumps(said))
    assert isinstance(need_of(state, clock.as_text(NOW), NOW), Need)
    assert len(json.dumps({"devices": state.devices, "alarms": state.alarms})) < 30_000


def test_a_report_that_is_no_json_reads_as_one_that_says_nothing() -> None:
    assert read_state("{") == read_state(None) == KioskState()


async def fleet(stage: Stage, **wanted: Any) -> Fleet:
    async with stage.engine.begin() as connection:
        return await read_fleet(connection, ALL, **({"centre": None, "need": None, "page": 1} | wanted))


async def test_the_fleet_is_in_the_order_of_need_and_can_be_narrowed(stage: Stage) -> None:
    well, closed = await stage.enrolled(), await stage.enrolled("homs-new")
    silent, gone = await stage.enrolled("homs-new"), await stage.enrolled()
    await stage.deliver(well, health=WELL)
    await stage.deliver(closed, health=WELL | {"out_of_service": "printer"})
    await stage.revoke(gone)
    found = await fleet(stage)
    assert [one.kiosk for one in found.machines] == [silent.kiosk, closed.kiosk, well.kiosk, gone.kiosk]
    assert found.counts[Need.CLOSED] == 1
    assert [one.kiosk for one in (await fleet(stage, centre="homs-main")).machines] == [well.kiosk, gone.kiosk]
    assert [one.kiosk for one in (await fleet(stage, need=Need.SILENT)).machines] == [silent.kiosk]
    assert (await fleet(stage, page=99)).page == 1


async def test_a_hub_is_well_only_while_it_is_heard(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    hub, heard = await stage.enrolled_hub(), Contacts(stage.engine)
    assert [one.need for one in (await fleet(stage)).machines] == [Need.SILENT]
    heard.note(hub.kiosk)
    await heard.write()
    assert [one.need for one in (await fleet(stage)).machines] == [Need.WELL]
    later = clock.now() + timedelta(minutes=11)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert [one.need for one in (await fleet(stage)).machines] == [Need.SILENT]


async def test_a_kiosk_that_asks_and_does_not_say_how_it_is_is_not_called_well(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    kiosk, heard = await stage.enrolled(), Contacts(stage.engine)
    await stage.deliver(kiosk, health=WELL)
    later = clock.now() + REPORTS_WITHIN + timedelta(minutes=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    heard.note(kiosk.kiosk)
    await heard.write()
    assert [one.need for one in (await fleet(stage)).machines] == [Need.SILENT]


async def test_a_kiosk_whose_forwarder_alone_runs_is_not_called_well(stage: Stage) -> None:
    kiosk = await stage.enrolled()
    await stage.deliver(kiosk, health={"version": "1.0.0"})
    assert [one.need for one in (await fleet(stage)).machines] == [Need.SILENT]
    await stage.deliver(kiosk, health=WELL)
    assert [one.need for one in (await fleet(stage)).machines] == [Need.WELL]


@pytest.mark.parametrize(
    ("paper", "shown"),
    [("Full", "Enough (about 40 m)"), ("Low", "Low (about 40 m)"), ("Out", "Out"), ("Jammed", "Jammed")],
)
async def test_metres_of_paper_stand_only_beside_paper_that_is_there(stage: Stage, paper: str, shown: str) -> None:
    await stage.deliver(await stage.enrolled(), health=WELL | {"paper": paper})
    drawn = draw(
        "fleet", "en", ALL, fleet=await fleet(stage), names={"homs-main": "Main centre"}, now=clock.now(),
        needs=list(Need), centre="", need=None,
    )  # fmt: skip
    assert f"<td>{shown}</td>" in drawn.decode()


async def test_a_machine_that_is_worked_on_rings_for_nobody_until_its_time_is_over(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    kiosk = await stage.enrolled()
    await stage.deliver(kiosk, health=WELL | {"paper": "Out"})
    async with stage.engine.begin() as connection:
        machine = await find_machine(connection, ALL, kiosk.kiosk)
        assert machine is not None
        assert machine.need is Need.BROKEN
        await mute(connection, ALL, machine, is_on=True)
    assert (await fleet(stage)).machines[0].need is Need.MUTED
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(hours=5))
    async with stage.engine.begin() as connection:
        await connection.execute(update(health).values(at=clock.as_text(clock.now())))
    assert (await fleet(stage)).machines[0].need is Need.BROKEN


async def test_history_holds_changes_only_the_newest_first_and_not_for_ever(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    kiosk = await stage.enrolled()
    for waiting, paper in ((1, "Full"), (2, "Full"), (3, "Low"), (4, "Low"), (5, "Full")):
        await stage.deliver(kiosk, health=WELL | {"outbox": {"waiting": waiting}, "paper": paper})
    async with stage.engine.begin() as connection:
        found = await history.changes(connection, kiosk.kiosk)
        assert [state.paper for _, state in found] == ["Full", "Low", "Full"]
        assert [at for at, _ in found] == sorted((at for at, _ in found), reverse=True)
        assert all(state == news_of(state) for _, state in found)
        monkeypatch.setattr(history, "KEPT", 5)
        for minute in range(20):
            report = json.dumps(WELL | {"paper": "Low" if minute % 2 else "Out"})
            await history.keep(connection, kiosk.kiosk, report, f"2027-01-01T00:{minute:02}:00.000000Z")
        assert len(await history.changes(connection, kiosk.kiosk)) == 5


async def test_a_hub_that_says_its_version_is_not_said_to_have_an_empty_outbox(stage: Stage) -> None:
    hub = await stage.enrolled_hub()
    await stage.deliver(hub, health={"version": "1.1.0"})
    async with stage.engine.connect() as connection:
        found = await find_machine(connection, ALL, hub.kiosk)
    assert found is not None
    assert (found.state.version, found.has_reported) == ("1.1.0", False)

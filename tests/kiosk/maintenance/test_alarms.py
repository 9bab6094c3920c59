"""A technician reads every alarm in words; a salvage ends only when a manager has seen to it, with a trace."""

from msgspec.structs import replace
from sqlalchemy import insert

from kiosk.maintenance.prompts import Panel
from kiosk.prompts.ui import Back
from offline_store.alarms import list_alarms, raise_alarm
from offline_store.disk import tables
from tests.kiosk.maintenance.scripted import CHEAP, PIN, Workshop
from tests.kiosk.maintenance.tools import audited

OVER = ("overview", Back())


def salvaged(workshop: Workshop) -> None:
    with workshop.store.write() as connection:
        for code in ("store-salvaged", "central-unreachable"):
            raise_alarm(connection, code, "12 of 14 rows", workshop.clock.now())
    workshop.health = replace(workshop.health, alarms=["store-salvaged", "central-unreachable"])


async def test_a_manager_ends_the_alarm_of_a_salvage_and_the_chain_says_who(workshop: Workshop) -> None:
    salvaged(workshop)
    await workshop.play(("overview", "status:store"), ("alarms", "seen"), ("alarms", Back()), OVER)
    assert [alarm.code for alarm in list_alarms(workshop.store)] == ["central-unreachable"]
    ((_, detail),) = [each for each in audited(workshop.store) if each[0] == "alarm-seen"]
    assert detail["alarm"] == "store-salvaged"
    assert detail["technician"]


async def test_a_technician_reads_it_and_is_told_who_may_end_it(workshop: Workshop) -> None:
    row = {"id": "samer", "name": "Samer", "centre": "homs-main", "role": "technician", "pin_hash": CHEAP.hash(PIN)}
    with workshop.store.write() as connection:
        connection.execute(insert(tables.technicians).values(row))
    salvaged(workshop)
    display = await workshop.play(("overview", "status:store"), ("alarms", Back()), OVER)
    panel = display.seen[-2]
    assert isinstance(panel, Panel)
    assert len(panel.lines) == 2
    (button,) = panel.buttons
    assert not button.availability.is_offered


async def test_an_alarm_that_ends_by_itself_has_no_button(workshop: Workshop) -> None:
    with workshop.store.write() as connection:
        raise_alarm(connection, "dead-letters", "1", workshop.clock.now())
    workshop.health = replace(workshop.health, alarms=["dead-letters"])
    display = await workshop.play(("overview", "status:store"), ("alarms", Back()), OVER)
    assert display.seen[-2].buttons == ()

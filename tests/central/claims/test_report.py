"""The month's report: who came by appointment, who did not, and both sides' waits beside each other."""

from typing import Any

from sqlalchemy import insert

from central.base.tables.enrolled import kiosks
from central.base.tables.visited import queue_events, tickets
from central.claims.keeping import Keeper
from central.insight.reports import day, month
from central.insight.reports.counted import Counted
from central.insight.reports.month import Month
from central.insight.reports.sheets import report_of
from central.insight.visits import changed_days
from central.offices.retention.keeping import keep
from tests.central.claims.conftest import CENTRE, Office


async def visit(
    office: Office, number: int, came: str, called: str, claim: str | None, digits: str | None = None
) -> None:
    """Let somebody take a number and be called, on 1 December in UTC."""
    at = {"kiosk": "k1", "ticket": f"{number:08}-0000-4000-8000-000000000000"}
    row: dict[str, Any] = at | {
        "number": f"A1{number:03}", "service": "civil-affairs", "business_day": "2026-12-01", "priority": "none",
        "is_voided": False, "issued_at": f"2026-12-01T{came}:00.000000Z", "token": None, "claim": claim,
        "digits": digits,
    }  # fmt: skip
    event = at | {"hub": "h", "epoch": "e", "seq": number, "at": f"2026-12-01T{called}:00.000000Z", "service": None}
    async with office.stage.engine.begin() as connection:
        await connection.execute(insert(tickets).values(row))
        body = f'{{"event":"called","kiosk":"k1","ticket":"{at["ticket"]}","counter":1}}'
        await connection.execute(insert(queue_events).values(**event, event="called", body=body))


async def test_both_sides_stand_beside_each_other(office: Office) -> None:
    await office.publish()
    made = [await office.book(at, who=at) for at in ("2026-12-01T10:30", "2026-12-01T10:45", "2026-12-01T11:00")]
    enrolled = {"id": "k1", "centre": CENTRE, "digit": 1, "public_key": "k", "enrolled_at": "", "signing_kid": ""}
    async with office.stage.engine.begin() as connection:
        await connection.execute(insert(kiosks).values(**enrolled, enrolment_kid=""))
        of_hub = {"id": "h", "public_key": "h", "digit": 0, "role": "hub"}
        await connection.execute(insert(kiosks).values(**enrolled | of_hub, enrolment_kid=""))
    await visit(office, 1, "07:10", "07:36", made[0].claim)  # twenty minutes early, called six minutes after his time
    await visit(office, 2, "07:50", "08:00", made[1].claim)  # five minutes late
    await visit(office, 3, "07:00", "07:40", None)
    office.pass_time(days=2)
    await Keeper(office.stage.engine, office.stage.ring).act()
    async with office.stage.engine.begin() as connection:
        counted = await day.count_day(connection, CENTRE, "2026-12-01")
    assert counted.claims == {"booked_arrived": 2, "booked_missed": 1}
    assert counted.waits_by_claim == {"booked": [360, 600], "others": [2400]}
    assert counted.waits_by_half_hour == {"10:00": [2400], "10:30": [360, 600]}
    month = Month(CENTRE, "2026-12")
    month.add(counted)
    month.add(Counted())
    (sheet,) = [one for one in report_of(month, {}, "en", office.now).sheets if one.key == "claims"]
    assert sheet.rows == (
        ("With an appointment", 3, 1, 33.3, 8.0, 9.6),
        ("Number from afar", 0, 0, None, None, None),
        ("Without an appointment", None, None, None, 40.0, 40.0),
    )


async def test_who_stayed_away_is_counted_also_where_the_report_was_asked_for_on_the_day(office: Office) -> None:
    await office.publish()
    await office.book("2026-12-01T11:00", who="a")
    enrolled = {"id": "k1", "centre": CENTRE, "digit": 1, "public_key": "k", "enrolled_at": "", "signing_kid": ""}
    async with office.stage.engine.begin() as connection:
        await connection.execute(insert(kiosks).values(**enrolled, enrolment_kid=""))
        of_hub = {"id": "h", "public_key": "h", "digit": 0, "role": "hub"}
        await connection.execute(insert(kiosks).values(**enrolled | of_hub, enrolment_kid=""))
    await visit(office, 1, "07:00", "07:40", None)
    async with office.stage.engine.begin() as connection:
        await changed_days.note(connection, {("k1", "2026-12-01")})
    office.pass_time(days=1)
    assert (await month.count_month(office.stage.engine, CENTRE, "2026-12")).claims == {}  # he may come yet
    office.pass_time(days=1)
    await Keeper(office.stage.engine, office.stage.ring).act()
    assert (await month.count_month(office.stage.engine, CENTRE, "2026-12")).claims == {"booked_missed": 1}


async def test_who_stayed_away_is_counted_also_on_a_day_on_which_nobody_came(office: Office) -> None:
    await office.publish()
    await office.book("2026-12-01T11:00", who="a")
    office.pass_time(days=2)
    await Keeper(office.stage.engine, office.stage.ring).act()
    assert (await month.count_month(office.stage.engine, CENTRE, "2026-12")).claims == {"booked_missed": 1}


async def test_who_typed_his_digits_where_no_hub_was_asked_stands_on_the_side_of_appointments(office: Office) -> None:
    await office.publish()
    made = await office.book("2026-12-01T10:30", who="a")
    enrolled = {"id": "k1", "centre": CENTRE, "digit": 1, "public_key": "k", "enrolled_at": "", "signing_kid": ""}
    async with office.stage.engine.begin() as connection:
        await connection.execute(insert(kiosks).values(**enrolled, enrolment_kid=""))
        of_hub = {"id": "h", "public_key": "h", "digit": 0, "role": "hub"}
        await connection.execute(insert(kiosks).values(**enrolled | of_hub, enrolment_kid=""))
    await visit(
        office, 1, "07:10", "07:36", None, made.digits
    )  # twenty minutes early, called six minutes after his time
    office.pass_time(days=2)
    await Keeper(office.stage.engine, office.stage.ring).act()
    async with office.stage.engine.begin() as connection:
        counted = await day.count_day(connection, CENTRE, "2026-12-01")
    assert counted.claims == {"booked_arrived": 1}
    assert counted.waits_by_claim == {"booked": [360]}


async def test_who_came_by_appointment_stays_counted_where_the_claims_are_gone_by_rule(office: Office) -> None:
    await office.publish()
    made = [await office.book(at, who=at) for at in ("2026-12-01T10:30", "2026-12-01T10:45", "2026-12-02T10:30")]
    enrolled = {"id": "k1", "centre": CENTRE, "digit": 1, "public_key": "k", "enrolled_at": "", "signing_kid": ""}
    async with office.stage.engine.begin() as connection:
        await connection.execute(insert(kiosks).values(**enrolled, enrolment_kid=""))
        of_hub = {"id": "h", "public_key": "h", "digit": 0, "role": "hub"}
        await connection.execute(insert(kiosks).values(**enrolled | of_hub, enrolment_kid=""))
    await visit(office, 1, "07:10", "07:36", made[0].claim)
    office.pass_time(days=2)
    await Keeper(office.stage.engine, office.stage.ring).act()
    told = []
    for _ in range(2):
        async with office.stage.engine.begin() as connection:  # something of the day came, or all is counted again
            await changed_days.note(connection, {("k1", "2026-12-01")})
        found = await month.count_month(office.stage.engine, CENTRE, "2026-12")
        told.append((found.claims["booked_arrived"], found.claims["booked_missed"], found.waits_by_claim))
        office.pass_time(days=70)
        await keep(office.stage.engine, "claims", 60, really=True, operator="Rana")
    assert told == [(1, 1, {"booked": [360]})] * 2

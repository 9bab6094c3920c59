"""A day that a hub has closed before its time: what is ahead of it can't be kept."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update

from central.base import clock
from central.base.tables.claimed import claims, seats
from central.base.tables.visited import queue_events
from tests.central.claims.conftest import CENTRE, Office
from tests.central.claims.test_keeping import keep


async def happened(office: Office, hub: str, *events: tuple[str, timedelta]) -> None:
    """Have a hub tell what happened, each with how far from now it was by its clock."""
    event = {"hub": hub, "epoch": "e", "kiosk": None, "ticket": None, "service": None}
    async with office.stage.engine.begin() as connection:
        for seq, (word, away) in enumerate(events, start=1):
            values = {"seq": seq, "at": clock.as_text(office.now + away), "event": word, "body": "{}"}
            await connection.execute(insert(queue_events).values(**event, **values))


async def test_an_early_close_calls_off_what_is_ahead_that_day(office: Office) -> None:
    await office.publish()
    hub = (await office.stage.enrolled_hub(CENTRE)).kiosk
    today, later = await office.book("2026-11-30T11:30", who="a"), await office.book(who="b")
    await happened(office, hub, ("day-closed", timedelta(minutes=-1)))
    await keep(office)
    rows = {row.id: row.off for row in await office.stage.all(select(claims.c.id, claims.c.off))}
    assert rows == {today.claim: "closed-early", later.claim: None}


@pytest.mark.parametrize("ahead", [timedelta(minutes=30), timedelta(days=73 * 365)])
async def test_a_hub_s_clock_that_was_ahead_calls_off_nothing_once_counters_are_open(
    office: Office, ahead: timedelta
) -> None:
    await office.publish()
    hub = (await office.stage.enrolled_hub(CENTRE)).kiosk
    made, later = await office.book("2026-11-30T11:30", who="a"), await office.book(who="b")
    await happened(office, hub, ("day-closed", ahead - timedelta(minutes=2)), ("counter-opened", timedelta(minutes=-1)))
    for away in (timedelta(), timedelta(hours=1), timedelta(hours=23)):
        office.pass_time(seconds=away.total_seconds())
        await keep(office)
    rows = {row.id: row.off for row in await office.stage.all(select(claims.c.id, claims.c.off))}
    assert rows == {made.claim: None, later.claim: None}


async def test_who_was_told_that_his_day_is_closed_is_none_for_whom_more_are_booked(office: Office) -> None:
    await office.publish()
    made = await office.book(who="a")
    async with office.stage.engine.begin() as connection:
        known = (await connection.execute(select(claims).where(claims.c.id == made.claim))).one()._asdict()
        for number in range(60):
            off = {"state": "missed", "off": "closed"} if number % 2 else {"state": "arrived", "off": None}
            await connection.execute(
                insert(claims).values(known | off | {"id": f"{number:032x}", "change": number + 9})
            )
    await office.publish()
    rows = await office.stage.all(select(seats.c.capacity).where(seats.c.day == "2026-12-02"))
    assert {row.capacity for row in rows} == {2}
    async with office.stage.engine.begin() as connection:
        await connection.execute(update(claims).where(claims.c.off == "closed").values(off=None))
    await office.publish()
    rows = await office.stage.all(select(seats.c.capacity).where(seats.c.day == "2026-12-02"))
    assert sum(row.capacity for row in rows) > 2 * len(rows)

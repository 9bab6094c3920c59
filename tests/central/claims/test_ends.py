"""A day that a hub has closed before its time: what is ahead of it can't be kept."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from central.base import clock
from central.base.tables.claimed import claims
from central.base.tables.visited import queue_events
from tests.central.claims.conftest import CENTRE, Office
from tests.central.claims.test_keeping import keep


async def happened(office: Office, hub: str, *events: tuple[str, timedelta]) -> None:
    """Have a hub tell what happened, each with how far from now it was by its clock."""
    event = {"hub": hub, "epoch": "e", "kiosk": None, "ticket": None, "service": None}
    async with office.stage.engine.begin() as connection:
        for seq, (word, away) in enumerate(events, start=1):
            values = {"seq": seq, "at": clock.as_text(office.now + away), "body": f'{{"event":"{word}"}}'}
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

"""Who sees to what staff was told of is noted by the page too: once, by name, and of an alarm that stands."""

from typing import Any

import pytest
from sqlalchemy import insert, select

from hub.log import tables
from tests.hub.api.conftest import CLERK_PIN, MANAGER_PIN, Stage

STANDS: dict[str, Any] = {"since": "2026-11-25T08:00:00Z", "machine": "kiosk-2", "kind": "paper-out"}


@pytest.fixture
def alarms(stage: Stage) -> None:
    with stage.hall.hub.store.write() as connection:
        for digits in ("47", "48"):
            connection.execute(insert(tables.alarms).values(name=f"paper-out/{digits}", digits=digits, **STANDS))


def taken_by(stage: Stage) -> dict[str, tuple[str | None, bool]]:
    with stage.hall.act() as act:
        rows = act.connection.execute(select(tables.alarms))
        return {row.digits: (row.taken_by, row.taken_at is not None) for row in rows}


async def test_a_manager_takes_the_alarm_of_these_digits_alone(stage: Stage, alarms: None) -> None:
    manager = await stage.session(None, MANAGER_PIN)
    said = await stage.client.post("/v1/alarms/47/taken", headers=manager)
    assert (said.status_code, said.json()) == (200, said.json() | {"digits": "47", "taken_by": "manager-1"})
    assert taken_by(stage) == {"47": ("manager-1", True), "48": (None, False)}


async def test_an_alarm_that_is_over_and_who_may_not_are_refused(stage: Stage, alarms: None) -> None:
    manager, clerk = await stage.session(None, MANAGER_PIN), await stage.session(1, CLERK_PIN)
    gone = await stage.client.post("/v1/alarms/11/taken", headers=manager)
    assert (gone.status_code, gone.json()["type"]) == (404, "/problems/no-such-alarm")
    for headers in ({}, clerk):
        refused = await stage.client.post("/v1/alarms/47/taken", headers=headers)
        assert refused.status_code in (401, 403)
    assert taken_by(stage) == {"47": (None, False), "48": (None, False)}

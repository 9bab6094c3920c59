"""What the owner of a claim should know of it at each moment, and that it is put in once."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.tables.claimed import claims
from central.base.tables.messages import told
from central.levels.reconciling import reconcile
from central.messages.claims import OfClaim
from central.messages.texts import Said
from tests.central.messages.conftest import NOON

KINDS = (OfClaim("claim-tomorrow"), OfClaim("claim-off"))
AT = NOON + timedelta(hours=22)
EVENING = NOON + timedelta(hours=5)  # 17:00 in Homs
ROW = {
    "id": "c1", "centre": "homs-main", "service": "clearance", "queue": "B", "kind": "booked", "change": 1,
    "day": "2026-12-02", "at": clock.as_text(AT), "minutes": 10, "people": 1, "credit_min": 10, "state": "booked",
    "made_by": "desk", "made_on": "2026-12-01", "made_at": clock.as_text(NOON),
}  # fmt: skip


async def known(connection: AsyncConnection, now: datetime) -> list[tuple[str, str]]:
    """Return kind and `what` of each thing that should be known."""
    found: list[tuple[str, str]] = []
    for kind in KINDS:
        level = (await kind.levels(connection, now, ["c1"]))["c1"]
        if level is not None:
            assert (level.ends, level.centre, level.said) == (AT, "homs-main", Said(at=ROW["at"], centre=CENTRE))  # type: ignore[arg-type]
            found.append((kind.name, level.what))
    return found


CENTRE = {"ar": "المركز الرئيسي", "en": "Main centre"}
TOMORROW = ("claim-tomorrow", "2026-12-02")


@pytest.mark.parametrize(
    ("row", "hours", "expected"),
    [
        ({}, -0.01, []), ({}, 0, [TOMORROW]), ({}, 10, [TOMORROW]), ({}, 16.9, [TOMORROW]), ({}, 17, []),
        ({"made_at": clock.as_text(EVENING)}, 1, []), ({"state": "cancelled"}, 1, []),
        ({"off": "closed"}, 1, [("claim-off", "closed 1")]), ({"off": "closed"}, -4, [("claim-off", "closed 1")]),
        ({"off": "standing"}, 16, [("claim-off", "standing")]), ({"off": "closed"}, 17, []),
        ({"off": "reopened", "change": 7}, 1, [("claim-tomorrow", "2026-12-02 7")]),
        ({"off": "closed", "state": "cancelled"}, 1, []),
    ],
)  # fmt: skip
async def test_he_should_know_of_it_from_the_evening_before_or_that_it_is_off(
    connection: AsyncConnection, row: dict[str, Any], hours: float, expected: list[tuple[str, str]]
) -> None:
    await connection.execute(insert(claims).values(ROW | row))
    assert await known(connection, EVENING + timedelta(hours=hours)) == expected


async def test_of_a_claim_that_central_does_not_know_nothing_is_known(connection: AsyncConnection) -> None:
    assert [await kind.levels(connection, NOON, ["c9"]) for kind in KINDS] == [{}, {}]


async def test_each_closing_and_opening_is_put_in_once_and_what_is_over_is_dropped(
    connection: AsyncConnection,
) -> None:
    await connection.execute(insert(claims).values(ROW))
    for change, off in enumerate((None, "closed", "reopened", "closed"), 1):
        await connection.execute(update(claims).values(off=off, change=change))
        for _ in range(2):
            for kind in KINDS:
                await reconcile(connection, kind, EVENING)
    rows = (await connection.execute(select(told.c.kind, told.c.state).order_by(told.c.kind, told.c.state))).all()
    assert [tuple(row) for row in rows] == [
        ("claim-off", "dropped"), ("claim-off", "waiting"),
        ("claim-tomorrow", "dropped"), ("claim-tomorrow", "dropped"),
    ]  # fmt: skip

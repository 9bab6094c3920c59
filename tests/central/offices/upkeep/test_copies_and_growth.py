"""Since when a copy is due or untried, and how long the disk lasts: by rows and a clock, each at its edges."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.config import CentralConfig
from central.base.tables.enrolled import kiosks
from central.base.tables.kept import backups
from central.offices.upkeep import copies, growth

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


def ago(**span: float) -> str:
    return clock.as_text(NOW - timedelta(**span))


async def put(connection: AsyncConnection, *made: dict[str, Any], enrolled: tuple[str, ...] = ()) -> None:
    for n, at in enumerate(enrolled):
        row = {"id": f"k{n}", "centre": "c", "digit": n, "public_key": f"k{n}", "enrolled_at": at}
        await connection.execute(insert(kiosks).values(**row, signing_kid="", enrolment_kid=""))
    for row in made:
        await connection.execute(insert(backups).values(**({"folder": "/b", "bytes": 1} | row)))


@pytest.mark.parametrize(
    ("made", "enrolled", "since"),
    [
        ([], (), None),
        ([], (ago(hours=36),), None),
        ([], (ago(hours=1), ago(hours=36, seconds=1)), ago(hours=36, seconds=1)),
        ([ago(hours=36)], (ago(days=90),), None),
        ([ago(days=9), ago(hours=36, seconds=1)], (), ago(hours=36, seconds=1)),
        ([ago(days=9), ago(hours=-1)], (), ago(days=9)),  # of a clock that was ahead: how old it is nobody knows
        ([ago(days=9), ago()], (), None),
    ],
)
async def test_a_copy_is_due_after_a_day_and_a_half(
    connection: AsyncConnection, made: list[str], enrolled: tuple[str, ...], since: str | None
) -> None:
    await put(connection, *({"made_at": at} for at in made), enrolled=enrolled)
    assert await copies.overdue_since(connection) == since


@pytest.mark.parametrize(
    ("made", "since"),
    [
        ([], None),
        ([{"made_at": ago(days=8)}], None),
        ([{"made_at": ago(days=8, seconds=1)}, {"made_at": ago()}], ago(days=8, seconds=1)),
        ([{"made_at": ago(days=90), "checked_at": ago(days=8)}], None),
        ([{"made_at": ago(days=90), "checked_at": ago(days=8, seconds=1)}], ago(days=8, seconds=1)),
        ([{"made_at": ago(days=90), "checked_at": ago(days=-1)}], ago(days=90)),
    ],
)
async def test_a_copy_is_to_be_tried_within_eight_days(
    connection: AsyncConnection, made: list[dict[str, Any]], since: str | None
) -> None:
    await put(connection, *made)
    assert await copies.untried_since(connection) == since


@pytest.mark.parametrize(
    ("enrolled", "free", "days"),
    [
        ((), 28_000, None), ((ago(days=28, seconds=-1),), 28_000, None), ((ago(days=28),), 28_000, 28),
        ((ago(days=28), ago(days=1)), 56_999, 56), ((ago(days=280),), 28_000, 280), ((ago(days=28),), 0, 0),
    ],
)  # fmt: skip
async def test_the_disk_lasts_as_long_as_the_database_has_grown_until_now(
    connection: AsyncConnection, config: CentralConfig, monkeypatch: pytest.MonkeyPatch,
    enrolled: tuple[str, ...], free: int, days: int | None,
) -> None:  # fmt: skip
    async def size(_: AsyncConnection) -> int:
        return 28_000

    monkeypatch.setattr(growth, "_size", size)
    await put(connection, enrolled=enrolled)
    assert await growth.days_left(connection, config, free) == days


@pytest.mark.parametrize(
    ("host", "is_told"), [("localhost", True), ("127.0.0.1", True), ("[::1]", True), ("db.example", False)]
)
async def test_only_of_a_database_on_this_machine_does_its_disk_tell(
    connection: AsyncConnection, config: CentralConfig, host: str, is_told: bool
) -> None:
    await put(connection, enrolled=(ago(days=40),))
    there = replace(config, database_url=f"postgresql+asyncpg://{host}/central")
    assert (await growth.days_left(connection, there, 10**12) is not None) is is_told
    assert await growth._size(connection) > 1

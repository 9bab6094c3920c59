"""How often a number and all numbers are written to, and what a centre is called."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.config import CentralConfig
from central.base.database.engine import open_engine
from central.base.tables.enrolled import centres
from central.base.tables.messages import told as messages
from central.kiosks.centres import names_of
from central.messages import outbox
from tests.central.messages.conftest import NOON


@pytest.fixture
async def connection(config: CentralConfig, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[AsyncConnection]:
    monkeypatch.setattr(clock, "now", lambda: NOON)
    engine = open_engine(config.database_url)
    async with engine.begin() as opened:
        yield opened
    await engine.dispose()


async def sent(connection: AsyncConnection, number: int, recipient: str, at: str, **more: Any) -> None:
    """Put in what went out: the `number`-th."""
    row = {"id": f"m{number}", "kind": "order-ready", "made_at": at, "dies_at": at, "state": "handed",
           "handed_at": at,
           "sends": 1, "tries": 0, "channel": "http", "subject": "order",
           "about": f"o{number}", "what": "", "said": "{}"}  # fmt: skip
    await connection.execute(insert(messages).values(row | {"recipient": recipient} | more))


@pytest.mark.parametrize(
    ("count", "age", "recipient", "waits"),
    [
        (4, timedelta(), "r", False),
        (5, timedelta(), "r", True),
        (5, timedelta(hours=23, minutes=59), "r", True),
        (5, timedelta(hours=24, minutes=1), "r", False),
        (5, timedelta(), "other", False),
    ],
)
async def test_five_a_day_go_to_a_number(
    connection: AsyncConnection, count: int, age: timedelta, recipient: str, waits: bool
) -> None:
    for number in range(count):
        await sent(connection, number, recipient, clock.as_text(NOON - age))
    await sent(connection, 99, "r", clock.as_text(NOON), channel="app")  # its makers are no number
    again = await outbox.why_not_yet(connection, "r", NOON)
    assert again == (NOON + timedelta(minutes=10) if waits else None)


@pytest.mark.parametrize(
    ("count", "minutes", "waits"), [(199, 0, False), (200, 0, True), (200, 59, True), (200, 61, False)]
)
async def test_two_hundred_an_hour_go_to_all(
    connection: AsyncConnection, count: int, minutes: int, waits: bool
) -> None:
    at = clock.as_text(NOON - timedelta(minutes=minutes))
    for number in range(count):
        await sent(connection, number, f"r{number}", at)
    assert (await outbox.why_not_yet(connection, "r", NOON) is not None) == waits


async def test_a_number_is_a_strangers_until_something_went_out_to_it(connection: AsyncConnection) -> None:
    moment = clock.as_text(NOON)
    await sent(connection, 1, "other", moment)
    await sent(connection, 2, "r", moment, handed_at=None)
    assert await outbox.is_first_to(connection, "r")
    await sent(connection, 3, "r", moment)
    assert not await outbox.is_first_to(connection, "r")
    assert await names_of(connection, None) is None
    assert await names_of(connection, "nowhere") is None


async def test_a_centre_is_called_as_it_is_kept_or_as_the_program_brought_it(connection: AsyncConnection) -> None:
    brought = await names_of(connection, "homs-main")
    assert brought is not None
    assert brought["en"] == "Main centre"
    await connection.execute(delete(centres))
    assert await names_of(connection, "homs-main") == brought
    await connection.execute(insert(centres).values(code="new", name_ar="جديد", name_en="New", kiosks_wanted=1))
    assert await names_of(connection, "new") == {"ar": "جديد", "en": "New"}

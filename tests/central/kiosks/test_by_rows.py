"""A machine's digit, changes and signs of life by rows: who has a digit when, where it stood, what is a change."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Table, insert, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.tables.enrolled import centres, digits, kiosks
from central.base.tables.received import contacts, health, health_history
from central.base.tables.told import feed
from central.base.tables.visited import tickets
from central.kiosks import digit, enrolment, history
from central.kiosks.contacts import in_service
from central.kiosks.machine import Machine
from central.kiosks.state import KioskState

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
TODAY, YESTERDAY, TOMORROW = "2026-11-25", "2026-11-24", "2026-11-26"


async def put(connection: AsyncConnection, table: Table, *rows: dict[str, Any]) -> None:
    for row in rows:
        await connection.execute(insert(table).values(**row))


def kiosk(name: str, centre: str = "a", **more: Any) -> dict[str, Any]:
    known = {"id": name, "centre": centre, "digit": 1, "public_key": name, "enrolled_at": "e", "role": "kiosk"}
    return known | {"signing_kid": "", "enrolment_kid": ""} | more


def ticket(of: str, number: str, day: str = TODAY) -> dict[str, Any]:
    known = {"service": "s", "priority": "none", "is_voided": False, "issued_at": ""}
    return known | {"kiosk": of, "ticket": number, "number": number, "business_day": day}


def given(n: int, centre: str = "a", **more: Any) -> dict[str, Any]:
    return {"centre": centre, "digit": n, "kiosk": "k9"} | more


@pytest.mark.parametrize(
    ("rows", "wanted", "expected"),
    [
        ([], None, 1), ([], 4, 4), ([], 0, 1), ([], 10, 1),
        ([given(1), given(2)], None, 3), ([given(4)], 4, 1),
        ([given(1, "b")], None, 1),
        ([given(1, freed_on=YESTERDAY)], None, 1), ([given(1, freed_on=TODAY)], None, 2),
        ([given(1, freed_on=YESTERDAY, rests_until=TODAY)], None, 2),
        ([given(1, freed_on="2026-11-01", rests_until=YESTERDAY)], None, 1),
        ([given(n) for n in range(1, 9)], None, 9), ([given(n) for n in range(1, 10)], None, None),
    ],
)  # fmt: skip
async def test_a_kiosk_gets_the_digit_that_it_wants_or_the_lowest_that_is_free(
    connection: AsyncConnection, rows: list[dict[str, Any]], wanted: int | None, expected: int | None
) -> None:
    await put(connection, digits, *rows)
    assert await digit.take(connection, "a", "k1", wanted) == expected
    own = (await connection.execute(select(digits).where(digits.c.kiosk == "k1"))).all()
    assert [(row.centre, row.digit, row.freed_on) for row in own] == ([("a", expected, None)] if expected else [])


@pytest.mark.parametrize(
    ("of", "row", "expected"),
    [
        (kiosk("k2"), ticket("k2", "A1001"), 2), (kiosk("k2"), ticket("k2", "A1001", TOMORROW), 2),
        (kiosk("k2"), ticket("k2", "A1001", YESTERDAY), 1), (kiosk("k2", "b"), ticket("k2", "A1001"), 1),
        (kiosk("k2", role="hub"), ticket("k2", "A1001"), 1), (kiosk("k1"), ticket("k1", "A1001"), 1),
        (kiosk("k2"), ticket("k2", "AX001"), 1),
        (kiosk("k2"), ticket("k2", "A1001", "2026-12-09"), 2), (kiosk("k2"), ticket("k2", "A1001", "2026-12-10"), 1),
        (kiosk("k2"), ticket("k2", "A1001", "9999-12-31"), 1), (kiosk("k2", revoked_at="r"), ticket("k2", "A1001"), 1),
    ],
)  # fmt: skip
async def test_a_digit_that_another_kiosk_s_numbers_of_today_bear_is_not_given(
    connection: AsyncConnection, of: dict[str, Any], row: dict[str, Any], expected: int
) -> None:
    await put(connection, kiosks, of)
    await put(connection, tickets, row)
    assert await digit.take(connection, "a", "k1", None) == expected


async def test_numbers_that_bear_every_digit_give_way_once_their_kiosk_is_revoked(connection: AsyncConnection) -> None:
    await put(connection, kiosks, kiosk("k2"))
    await put(connection, digits, given(1, kiosk="k2"))
    await put(connection, tickets, *(ticket("k2", f"A{n}001") for n in range(1, 10)))
    assert await digit.take(connection, "a", "k1", None) is None
    await enrolment.revoke(connection, "k2")
    assert await digit.take(connection, "a", "k1", None) == 2, "its own rests"


@pytest.mark.parametrize(
    ("published", "rests", "expected"),
    [
        (None, None, (TODAY, None)), (None, digit.RESTS, (TODAY, "2026-12-02")),
        (TOMORROW, None, (TOMORROW, None)), (YESTERDAY, timedelta(days=1), (TODAY, TOMORROW)),
    ],
)  # fmt: skip
async def test_a_digit_is_free_on_the_next_business_day_or_rests(
    connection: AsyncConnection, published: str | None, rests: timedelta | None, expected: tuple[str, str | None]
) -> None:
    await put(connection, digits, given(1, kiosk="k1"), given(2), given(3, kiosk="k1", freed_on="2026-11-01"))
    if published:
        body = json.dumps({"date": published, "serial": 1})
        await put(connection, feed, {"id": 1, "kind": "business-day", "key": "", "body": body, "at": "", "mark": "1"})
    await digit.free(connection, "k1", rests)
    rows = await connection.execute(select(digits).order_by(digits.c.digit))
    assert [(row.freed_on, row.rests_until) for row in rows] == [expected, (None, None), ("2026-11-01", None)]


@pytest.mark.parametrize(
    ("day", "number", "expected"),
    [
        ("2026-11-09", None, "a"), ("2026-11-10", None, "a"), ("2026-11-11", None, "b"),
        ("2026-11-20", None, "b"), ("2026-11-21", None, "c"),
        ("2026-11-10", "A1001", "a"), ("2026-11-10", "A2001", "b"), ("2026-11-20", "A2001", "b"),
        ("2026-11-20", "A3001", "c"), ("2026-11-09", "A3001", "a"),
    ],
)  # fmt: skip
async def test_a_machine_s_past_stays_where_it_stood_and_on_the_day_of_a_move_a_number_tells(
    connection: AsyncConnection, day: str, number: str | None, expected: str
) -> None:
    await put(connection, kiosks, kiosk("k1", "c"), kiosk("k2", "z"))
    await put(
        connection, digits, given(2, "b", kiosk="k1", freed_on="2026-11-20"),
        given(1, "a", kiosk="k1", freed_on="2026-11-10"), given(3, "c", kiosk="k1"),
        given(3, "z", kiosk="k2", freed_on="2026-11-30"),
    )  # fmt: skip
    stood = digit.centre_on(kiosks.c.id, literal(day), None if number is None else literal(number))
    assert await connection.scalar(select(stood).where(kiosks.c.id == "k1")) == expected


def at(minute: int) -> str:
    return clock.as_text(NOW + timedelta(minutes=minute))


async def test_a_report_is_a_change_where_it_says_anything_new(connection: AsyncConnection) -> None:
    said: list[tuple[int, dict[str, Any]]] = [
        (0, {"paper": "Good"}), (1, {"paper": "Good", "outbox": {"waiting": 3}}), (2, {"paper": "Low"}),
        (2, {"paper": "Out"}), (1, {"paper": "Jammed"}), (3, {"paper": "Good"}),
    ]  # fmt: skip
    await put(connection, health_history, {"kiosk": "k2", "at": at(9), "state": '{"paper":"Low"}'})
    for minute, report in said:
        await history.keep(connection, "k1", json.dumps(report), at(minute))
    changes = await history.changes(connection, "k1")
    assert changes == [
        (at(3), KioskState(paper="Good")), (at(2), KioskState(paper="Low")), (at(0), KioskState(paper="Good")),
    ]  # fmt: skip
    assert await history.changes(connection, "k1", 1) == changes[:1]
    (row,) = (await connection.execute(select(health))).all()
    assert (row.kiosk, json.loads(row.report), row.at) == ("k1", {"paper": "Good"}, at(3)), (
        "the last one, said late or not"
    )


async def test_so_many_changes_of_each_machine_are_kept(
    connection: AsyncConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "KEPT", 3)
    for minute in range(5):
        for name in ("k1", "k2")[: 1 + (minute < 2)]:
            await history.keep(connection, name, json.dumps({"paper": str(minute)}), at(minute))
    assert [when for when, _ in await history.changes(connection, "k1")] == [at(4), at(3), at(2)]
    assert [when for when, _ in await history.changes(connection, "k2")] == [at(1), at(0)]


@pytest.mark.parametrize(
    ("contact", "report", "expected"),
    [(None, None, "e"), (at(1), None, at(1)), (None, at(2), at(2)), (at(3), at(2), at(3)), (at(1), at(2), at(2))],
)
async def test_a_machine_in_service_was_last_heard_when_it_asked_reported_or_was_enrolled(
    connection: AsyncConnection, contact: str | None, report: str | None, expected: str
) -> None:
    await put(connection, kiosks, kiosk("k1"), kiosk("k0", revoked_at=at(0)))
    await put(connection, centres, {"code": "a", "name_ar": "ا", "name_en": "A", "kiosks_wanted": 1})
    if contact:
        await put(connection, contacts, {"kiosk": "k1", "at": contact})
    if report:
        await put(connection, health, {"kiosk": "k1", "report": "{}", "at": report})
    assert await in_service(connection) == [
        Machine(
            id="k1", role="kiosk", centre="a", digit=1, number=1, name_ar="ا", name_en="A", heard_at=expected,
            report="{}" if report else None, reported_at=report, enrolled_at="e",
        )
    ]  # fmt: skip


async def test_machines_in_service_are_in_the_order_of_centre_and_digit(connection: AsyncConnection) -> None:
    await put(connection, kiosks, kiosk("k3", "b", digit=1), kiosk("k2", digit=2), kiosk("k1", digit=2), kiosk("k4"))
    assert [one.id for one in await in_service(connection)] == ["k4", "k1", "k2", "k3"]

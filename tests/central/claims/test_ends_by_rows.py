"""What becomes of a claim by itself, and which can't be kept: each condition from both sides; by rows."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from sqlalchemy import Table, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.config import CentralConfig
from central.base.database.engine import open_engine
from central.base.tables.claimed import claims
from central.base.tables.enrolled import kiosks
from central.base.tables.received import findings
from central.base.tables.told import feed
from central.base.tables.visited import counted_days, queue_events, tickets
from central.claims import ends

NOW = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)  # 11:00 in Damascus, a Tuesday
CENTRE, TODAY, TOMORROW, YESTERDAY = "homs-main", "2026-12-01", "2026-12-02", "2026-11-30"
ID = "0123456789abcdef" * 2


def moment(**later: float) -> str:
    return clock.as_text(NOW + timedelta(**later))


CLAIM: dict[str, Any] = {
    "id": ID, "centre": CENTRE, "service": "civil-affairs", "queue": "A", "kind": "booked", "day": TODAY,
    "at": moment(minutes=30), "minutes": 15, "people": 1, "credit_min": 15, "state": "booked", "digits": "12345678",
    "expires_at": moment(days=2), "made_by": "desk", "made_on": YESTERDAY, "made_at": moment(days=-1), "change": 5,
}  # fmt: skip


@pytest.fixture
async def connection(config: CentralConfig, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[AsyncConnection]:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    engine = open_engine(config.database_url)
    async with engine.begin() as made:
        for name, role in (("k1", "kiosk"), ("h1", "hub")):
            known = {"digit": 1, "enrolled_at": "", "signing_kid": "", "enrolment_kid": "", "public_key": name}
            await put(made, kiosks, id=name, centre=CENTRE, role=role, **known)
        yield made
    await engine.dispose()


async def put(connection: AsyncConnection, table: Table, **row: Any) -> None:
    await connection.execute(insert(table).values(**row))


async def ticket(connection: AsyncConnection, **more: Any) -> None:
    known = {
        "kiosk": "k1", "ticket": "t1", "number": "A1001", "service": "civil-affairs", "business_day": TODAY,
        "priority": "none", "is_voided": False, "issued_at": moment(),
    }  # fmt: skip
    await put(connection, tickets, **(known | more))


async def claim(connection: AsyncConnection) -> tuple[str, str | None, int, str | None]:
    row = (await connection.execute(select(claims).where(claims.c.id == ID))).one()
    return row.state, row.ended_at, row.change, row.off


async def settled(connection: AsyncConnection, **changed: Any) -> tuple[str, str | None, int, str | None]:
    await put(connection, claims, **(CLAIM | changed))
    await put(connection, claims, **(CLAIM | {"id": "f" * 32, "digits": "9", "change": 9, "state": "lapsed"}))
    await ends.settle(connection, NOW)
    return await claim(connection)


@pytest.mark.parametrize(
    ("changed", "state"),
    [
        ({}, "booked"), ({"day": YESTERDAY}, "missed"), ({"day": YESTERDAY, "off": "reopened"}, "missed"),
        ({"day": YESTERDAY, "off": "closed"}, "booked"), ({"off": "closed", "expires_at": moment()}, "missed"),
        ({"expires_at": moment(seconds=1)}, "booked"), ({"expires_at": moment()}, "missed"),
        ({"state": "held", "held_until": moment()}, "lapsed"),
        ({"state": "held", "held_until": moment(seconds=1)}, "held"),
        ({"state": "cancelled", "day": YESTERDAY}, "cancelled"), ({"state": "arrived"}, "booked"),
        ({"state": "missed"}, "missed"),
    ],
)  # fmt: skip
async def test_a_claim_that_nobody_came_for_is_missed_when_its_day_is_over(
    connection: AsyncConnection, changed: dict[str, Any], state: str
) -> None:
    is_changed = state != changed.get("state", "booked")
    expected = (state, moment() if is_changed else None, 10 if is_changed else 5, changed.get("off"))
    assert await settled(connection, **changed) == expected
    days = [(row.centre, row.business_day) for row in await connection.execute(select(counted_days))]
    counts = is_changed and state != "lapsed"
    assert days == ([(CENTRE, changed.get("day", TODAY))] if counts else [])


BY_ID, TYPED = {"claim": ID}, {"digits": "12345678"}


@pytest.mark.parametrize(
    ("borne", "more", "changed", "state"),
    [
        (BY_ID, {}, {}, "arrived"), (BY_ID, {}, {"state": "missed"}, "arrived"),
        (BY_ID, {}, {"state": "arrived"}, "arrived"),
        (BY_ID, {}, {"state": "cancelled"}, "cancelled"), (BY_ID, {"is_voided": True}, {}, "booked"),
        (BY_ID, {"business_day": YESTERDAY}, {}, "booked"), (BY_ID, {"business_day": TOMORROW}, {}, "arrived"),
        (BY_ID, {"kiosk": "unknown"}, {}, "arrived"), (BY_ID, {"service": "other"}, {}, "arrived"),
        (TYPED, {}, {}, "arrived"), (TYPED, {"service": "other"}, {}, "booked"),
        (TYPED, {}, {"centre": "homs-new"}, "booked"),
        (TYPED, {"business_day": "2026-12-03"}, {}, "arrived"),
        (TYPED, {"business_day": "2026-12-04"}, {}, "booked"), ({"digits": "87654321"}, {}, {}, "booked"),
        (BY_ID, {}, {"day": YESTERDAY, "expires_at": moment(days=-1)}, "arrived"),
    ],
)  # fmt: skip
async def test_who_showed_his_claim_has_arrived(
    connection: AsyncConnection, borne: dict[str, str], more: dict[str, Any], changed: dict[str, Any], state: str
) -> None:
    await ticket(connection, **(borne | more))
    assert (await settled(connection, **changed))[0] == state


async def test_a_ticket_of_a_claim_that_central_does_not_know_is_named(connection: AsyncConnection) -> None:
    unknown = {"claim": "e" * 32}
    rows: list[tuple[str, dict[str, str], str]] = [
        ("t1", unknown, TODAY), ("t2", {"carried": "e" * 32}, TODAY), ("t3", unknown, "2026-11-27"),
        ("t4", unknown, "2026-11-26"), ("t5", BY_ID, TODAY), ("t6", {}, TODAY), ("t7", TYPED, TODAY),
    ]  # fmt: skip
    for name, borne, day in rows:
        await ticket(connection, ticket=name, business_day=day, **borne)
    await settled(connection)
    found = await connection.execute(select(findings).order_by(findings.c.item))
    assert [(row.kiosk, row.code, row.item) for row in found] == [
        ("k1", "claim-unknown", "t1"), ("k1", "claim-unknown", "t3"),
    ]  # fmt: skip


async def hours(connection: AsyncConnection, *closed: str) -> None:
    """Publish that the centre is open from 8 to 14, and closed on some days."""
    days = [{"date": day, "closed": True, "names": {"ar": "عيد", "en": "Feast"}} for day in closed]
    told = (
        ("settings", "", {"kiosk.opens": "08:00", "kiosk.closes": "14:00"}),
        ("calendar", "/2026", {"centre": None, "year": 2026, "days": days}),
    )
    for number, (kind, key, body) in enumerate(told, 1):
        text = msgspec.json.encode(body).decode()
        await put(connection, feed, id=number, kind=kind, key=key, body=text, at=moment(), mark=str(number))


DAY_CLOSED, OPENED, REOPENED = "day-closed", "counter-opened", "day-reopened"


@pytest.mark.parametrize(
    ("changed", "standing", "off"),
    [
        ({}, [], None), ({}, [CENTRE], "standing"), ({}, ["homs-new"], None),
        ({"at": moment(hours=1)}, [CENTRE], "standing"), ({"at": moment(hours=1, seconds=1)}, [CENTRE], None),
        ({"at": moment()}, [CENTRE], None), ({"at": moment(seconds=1)}, [CENTRE], "standing"),
        ({"state": "held"}, [CENTRE], None), ({"off": "closed-early"}, [CENTRE], "closed-early"),
        ({"off": "reopened"}, [CENTRE], "standing"), ({"off": "reopened"}, [], "reopened"),
        ({"off": "closed"}, [], "reopened"), ({"day": TOMORROW, "at": moment(days=1)}, [], "closed"),
        ({"day": TOMORROW, "at": moment(days=1), "off": "closed"}, [], "closed"),
        ({"at": moment(hours=3)}, [], "closed"), ({"at": moment(hours=2, minutes=59)}, [], None),
    ],
)  # fmt: skip
async def test_a_claim_is_off_where_it_cannot_be_kept(
    connection: AsyncConnection, changed: dict[str, Any], standing: list[str], off: str | None
) -> None:
    await hours(connection, TOMORROW)
    await put(connection, claims, **(CLAIM | changed))
    await ends.call_off(connection, standing, NOW)
    is_changed = off != changed.get("off")
    assert await claim(connection) == (changed.get("state", "booked"), None, 6 if is_changed else 5, off)


@pytest.mark.parametrize(
    ("events", "changed", "off"),
    [
        ([("h1", -60, DAY_CLOSED)], {}, "closed-early"), ([("h1", -60, DAY_CLOSED), ("h1", -30, OPENED)], {}, None),
        ([("h1", -60, DAY_CLOSED), ("h1", -30, REOPENED)], {}, None),
        ([("h1", -60, OPENED), ("h1", -30, DAY_CLOSED)], {}, "closed-early"),
        ([("h1", 0, DAY_CLOSED)], {}, "closed-early"),
        ([("h1", 1, DAY_CLOSED)], {}, None), ([("h1", -180, DAY_CLOSED)], {}, "closed-early"),
        ([("h1", -181, DAY_CLOSED)], {}, None), ([("k1", -60, DAY_CLOSED)], {}, None),
        ([("h1", -60, DAY_CLOSED)], {"day": TOMORROW, "at": moment(days=1)}, None),
        ([("h1", -60, "called")], {}, None),
    ],
)  # fmt: skip
async def test_a_day_that_a_hub_closed_early_calls_its_claims_off_until_a_counter_opens(
    connection: AsyncConnection, events: list[tuple[str, int, str]], changed: dict[str, Any], off: str | None
) -> None:
    await hours(connection)
    for seq, (hub, minutes, event) in enumerate(events):
        told = {"at": moment(minutes=minutes), "event": event, "body": "{}"}
        await put(connection, queue_events, hub=hub, epoch="e", seq=seq, **told)
    await put(connection, claims, **(CLAIM | changed))
    await ends.call_off(connection, [], NOW)
    assert (await claim(connection))[3] == off


@pytest.mark.parametrize(
    ("closed", "changed", "expires_at"),
    [
        ([], {}, "2026-12-03T21:00:00.000000Z"),
        ([TOMORROW], {}, "2026-12-04T21:00:00.000000Z"),
        ([TOMORROW], {"state": "cancelled"}, "2026-12-04T21:00:00.000000Z"),
        ([TOMORROW], {"state": "withdrawn"}, "2026-12-04T21:00:00.000000Z"),
        ([TOMORROW], {"state": "missed"}, "2026-12-03T21:00:00.000000Z"),
        ([TOMORROW], {"centre": "homs-new"}, "2026-12-03T21:00:00.000000Z"),
        ([TODAY], {}, "2026-12-03T21:00:00.000000Z"),
    ],
)
async def test_a_claim_is_good_for_two_working_days_also_where_one_was_closed_since(
    connection: AsyncConnection, closed: list[str], changed: dict[str, Any], expires_at: str
) -> None:
    await hours(connection, *closed)
    await put(connection, claims, **(CLAIM | {"expires_at": "2026-12-03T21:00:00.000000Z"} | changed))
    await ends.prolong(connection, CENTRE, NOW)
    assert (await connection.execute(select(claims.c.expires_at))).scalar_one() == expires_at

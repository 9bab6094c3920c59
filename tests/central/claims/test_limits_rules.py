"""How many claims a person may have, what may be held of a day, and what is told of open claims; by rows."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Table, insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from central.base import clock
from central.base.config import CentralConfig
from central.base.database.engine import open_engine
from central.base.tables.claimed import claim_seats, claims, seats
from central.claims import limits
from central.claims.planned import making
from central.claims.refusal import ClaimRefused

NOW = datetime(2026, 11, 30, 6, 0, tzinfo=UTC)  # 09:00 in Damascus, a Monday
TODAY, TOMORROW = "2026-11-30", "2026-12-01"


def moment(**later: float) -> str:
    return clock.as_text(NOW + timedelta(**later))


CLAIM: dict[str, Any] = {
    "centre": "c", "service": "card", "queue": "A", "kind": "booked", "day": TOMORROW, "at": moment(days=1),
    "minutes": 15, "people": 1, "credit_min": 15, "state": "booked", "who": "w", "made_by": "desk",
    "made_on": "2026-11-29", "made_at": moment(days=-1), "off": None, "held_until": None,
}  # fmt: skip


@pytest.fixture
async def connection(config: CentralConfig) -> AsyncIterator[AsyncConnection]:
    engine: AsyncEngine = open_engine(config.database_url)
    async with engine.begin() as made:
        yield made
    await engine.dispose()


async def put(connection: AsyncConnection, *rows: dict[str, Any], table: Table = claims) -> None:
    known = CLAIM if table is claims else {}
    for n, row in enumerate(rows):
        own = {"id": f"c{n}", "change": n} if table is claims else {}
        await connection.execute(insert(table).values(**(known | own | row)))


async def why(check: Any) -> str | None:
    try:
        await check
    except ClaimRefused as refused:
        return refused.reason
    return None


HELD = {"state": "held", "held_until": moment(minutes=1)}
MADE_TODAY = {"made_on": TODAY, "service": "tax"}


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([{}], "open-claim"),
        ([{"day": TODAY}], "open-claim"),
        ([{"day": "2026-11-29"}], None),  # it was missed, though nobody has noted it yet
        ([HELD], "open-claim"),
        ([HELD | {"held_until": moment()}], None),
        ([HELD | {"day": "2026-11-29"}], "open-claim"),
        ([{"state": "arrived"}], None),
        ([{"state": "cancelled"}], None),
        ([{"service": "tax"}], None),
        ([{"who": "x"}], None),
        ([MADE_TODAY], None),
        ([MADE_TODAY, MADE_TODAY], "too-many"),
        ([MADE_TODAY | {"state": "cancelled"}, MADE_TODAY | {"state": "arrived"}], "too-many"),
        ([MADE_TODAY | {"state": "missed"}, MADE_TODAY | HELD], "too-many"),
        ([MADE_TODAY, MADE_TODAY | HELD | {"held_until": moment()}], None),
        ([MADE_TODAY, MADE_TODAY | {"state": "withdrawn"}], None),
        ([MADE_TODAY, MADE_TODAY | {"state": "lapsed"}], None),
        ([MADE_TODAY, MADE_TODAY | {"made_on": "2026-11-29"}], None),
        ([MADE_TODAY, MADE_TODAY | {"who": "x"}], None),
    ],
)
async def test_a_person_has_one_open_claim_for_a_service_and_two_a_day(
    connection: AsyncConnection, rows: list[dict[str, Any]], reason: str | None
) -> None:
    await put(connection, *rows)
    assert await why(limits.check_person(connection, "w", "card", NOW)) == reason


MISSED = {"state": "missed", "at": moment(days=-1)}


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([MISSED], None),
        ([MISSED, MISSED | {"at": moment(days=-60)}], "same-day-only"),
        ([MISSED, MISSED | {"at": moment(days=-60, seconds=-1)}], None),
        ([MISSED | {"at": moment(days=-30, seconds=1)}] * 2, "same-day-only"),
        ([MISSED | {"at": moment(days=-30)}] * 2, None),
        ([MISSED, MISSED | {"off": "closed"}], None),
        ([MISSED, MISSED | {"kind": "afar"}], None),
        ([MISSED, MISSED | {"state": "cancelled"}], None),
        ([MISSED, MISSED | {"who": "x"}], None),
        ([MISSED, MISSED, MISSED], "same-day-only"),
    ],
)
async def test_who_missed_two_within_sixty_days_has_seats_of_the_day_alone_for_thirty(
    connection: AsyncConnection, rows: list[dict[str, Any]], reason: str | None
) -> None:
    await put(connection, *rows)
    assert await why(limits.check_missed(connection, "w", NOW)) == reason


@pytest.mark.parametrize(
    ("capacity", "held", "reason"),
    [(10, 1, None), (10, 2, "too-many"), (99, 2, "too-many"), (100, 2, None), (100, 3, "too-many"), (0, 2, "too-many")],
)
async def test_of_a_day_two_seats_or_three_of_a_hundred_are_held_at_most(
    connection: AsyncConnection, capacity: int, held: int, reason: str | None
) -> None:
    seat = {"centre": "c", "queue": "A", "day": TOMORROW, "minutes": 15, "desk": 0, "same_day": 0, "credit_min": 15}
    places: list[dict[str, Any]] = [
        seat | {"id": 1, "at": "1", "capacity": capacity}, seat | {"id": 2, "at": "2", "capacity": 0},
        seat | {"id": 3, "at": "3", "capacity": 900, "day": TODAY}, seat | {"id": 4, "at": "4", "capacity": 900,
                                                                            "centre": "d"},
    ]  # fmt: skip
    await put(connection, *places, table=seats)
    others: list[tuple[int, dict[str, Any]]] = [
        (1, {}), (1, HELD | {"held_until": moment()}), (3, HELD), (4, HELD), (1, {"state": "cancelled"}),
    ]  # fmt: skip
    rows = [(1 + n % 2, HELD) for n in range(held)] + others
    await put(connection, *(claim for _, claim in rows))
    taken = [{"claim": f"c{n}", "seat": seat_id, "by_desk": False} for n, (seat_id, _) in enumerate(rows)]
    await put(connection, *taken, table=claim_seats)
    assert await why(limits.check_held(connection, "c", TOMORROW, NOW)) == reason


EVENING = datetime(2026, 11, 30, 14, 0, tzinfo=UTC)  # 17:00 in Damascus


ARRIVED = {"state": "arrived", "at": moment(days=-1)}


@pytest.mark.parametrize(
    ("arrived", "missed", "other", "expected"),
    [
        (40, 10, {}, 1.25), (40, 9, {}, 1.0), (50, 0, {}, 1.0), (0, 50, {}, 1.0), (40, 9, {"state": "cancelled"}, 1.0),
        (40, 9, {"off": "closed"}, 1.0), (40, 9, {"kind": "afar"}, 1.0), (40, 9, {"centre": "d"}, 1.0),
        (40, 9, {"at": moment(days=-60, seconds=-1)}, 1.0), (40, 9, {"at": moment(days=-60)}, 1.25),
    ],
)  # fmt: skip
async def test_as_many_more_are_booked_as_did_not_come_where_fifty_are_known(
    connection: AsyncConnection, arrived: int, missed: int, other: dict[str, Any], expected: float
) -> None:
    await put(connection, *[ARRIVED] * arrived, *[MISSED] * missed, MISSED | other if other else {})
    assert await making._booked_for_one_who_comes(connection, "c", NOW) == expected

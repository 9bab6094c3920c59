"""What is booked, ended and told of a claim, by rows: each condition from both sides, and what is written."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.config import CentralConfig
from central.base.tables.claimed import claim_seats, claims
from central.claims import booking, changes
from central.claims.booking import Claimed
from central.claims.changes import ChangedClaim, Changes
from central.claims.refusal import ClaimRefused
from central.claims.wanted import Door
from central.keys.keys import KeyRing

NOW = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)  # 11:00 in Damascus, a Tuesday
APP, DESK = Door("app"), Door("desk", is_desk=True)


def moment(**later: float) -> str:
    return clock.as_text(NOW + timedelta(**later))


CLAIM: dict[str, Any] = {
    "id": "c1", "centre": "homs-main", "service": "civil-affairs", "queue": "A", "kind": "booked", "day": "2026-12-02",
    "at": moment(days=1), "minutes": 15, "people": 1, "credit_min": 15, "state": "booked", "digits": "12345678",
    "code": "CL1:x", "expires_at": moment(days=2), "made_by": "app", "made_on": "2026-12-01",
    "made_at": moment(days=-1), "change": 5,
}  # fmt: skip
AT = "2026-12-02T11:00:00+03:00"


async def put(connection: AsyncConnection, **changed: Any) -> None:
    await connection.execute(insert(claims).values(CLAIM | changed))


async def kept(connection: AsyncConnection) -> dict[str, tuple[str, str | None, int]]:
    rows = await connection.execute(select(claims))
    return {row.id: (row.state, row.ended_at, row.change) for row in rows}


@pytest.mark.parametrize(
    ("door", "name", "is_found"),
    [(APP, "c1", True), (DESK, "c1", False), (None, "c1", True), (APP, "c2", False), (None, "c1\0", False)],
)
async def test_a_door_finds_its_own_claims(
    connection: AsyncConnection, door: Door | None, name: str, is_found: bool
) -> None:
    await put(connection)
    assert (await booking.find(connection, name, door) is not None) == is_found


@pytest.mark.parametrize("drawn", [0, 1799])
async def test_a_claim_that_is_cancelled_gives_its_seats_back_after_ten_to_forty_minutes(
    connection: AsyncConnection, monkeypatch: pytest.MonkeyPatch, drawn: int
) -> None:
    asked: list[int] = []

    def draw(below: int) -> int:
        asked.append(below)
        return drawn

    monkeypatch.setattr("central.claims.booking.secrets.randbelow", draw)
    await put(connection)
    await put(connection, id="c2", change=9, digits="9")
    for claim, seat in (("c1", 1), ("c1", 2), ("c2", 3)):
        await connection.execute(insert(claim_seats).values(claim=claim, seat=seat, by_desk=False, until=None))
    assert not await booking.cancel(connection, "c1", DESK, NOW)
    assert await booking.cancel(connection, "c1", APP, NOW)
    assert await kept(connection) == {"c1": ("cancelled", moment(), 10), "c2": ("booked", None, 9)}
    back = moment(minutes=10, seconds=drawn)
    rows = await connection.execute(select(claim_seats.c.seat, claim_seats.c.until).order_by(claim_seats.c.seat))
    assert [tuple(row) for row in rows] == [(1, back), (2, back), (3, None)]
    assert set(asked) == {1800}
    assert await booking.cancel(connection, "c1", None, NOW + timedelta(hours=1)), "asked again it is so"
    assert not await booking.withdraw(connection, "c1", APP, NOW)
    assert not await booking.cancel(connection, "c9", None, NOW)
    assert (await kept(connection))["c1"] == ("cancelled", moment(), 10)


@pytest.mark.parametrize(
    ("state", "ends"),
    [("held", True), ("booked", True), ("arrived", False), ("missed", False), ("lapsed", False), ("cancelled", False)],
)
async def test_only_an_open_claim_is_undone_and_its_seats_are_free_at_once(
    connection: AsyncConnection, state: str, ends: bool
) -> None:
    await put(connection, state=state)
    await connection.execute(insert(claim_seats).values(claim="c1", seat=1, by_desk=False, until=None))
    assert await booking.withdraw(connection, "c1", APP, NOW) == ends
    assert await kept(connection) == {"c1": ("withdrawn", moment(), 6) if ends else (state, None, 5)}
    assert await connection.scalar(select(claim_seats.c.until)) == (moment() if ends else None)


async def test_what_is_held_is_booked_once_and_told_again(connection: AsyncConnection, config: CentralConfig) -> None:
    ring = KeyRing(config.keys_dir)
    await put(connection)
    assert await booking.book_held(connection, ring, "c1", APP, NOW) == Claimed("c1", "CL1:x", "12345678", AT)
    nobodys = "hold-over: nothing is held under this id"
    over = "hold-over: the ten minutes are over: ask for the seats that are left"
    for number, (changed, why) in enumerate((
        ({"state": "held", "held_until": moment()}, over),
        ({"state": "lapsed", "held_until": moment(hours=1)}, over),
        ({"state": "held", "held_until": moment(hours=1), "made_by": "desk"}, nobodys),
    )):  # fmt: skip
        await put(connection, id=f"h{number}", change=10 + number, digits=None, **changed)
        with pytest.raises(ClaimRefused) as refused:
            await booking.book_held(connection, ring, f"h{number}", APP, NOW)
        assert f"{refused.value.reason}: {refused.value}" == why


async def test_a_door_reads_its_claims_in_the_order_in_which_they_changed(
    connection: AsyncConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await changes.newest(connection) == 0
    assert await changes.read(connection, APP, 3) == Changes([], 3, more=False)
    monkeypatch.setattr(changes, "MOST", 2)
    for name, change, made_by in (("c3", 9, "app"), ("c1", 5, "app"), ("c2", 7, "app"), ("d1", 11, "desk")):
        await put(
            connection, id=name, change=change, made_by=made_by, digits=name, off="closed" if change == 7 else None
        )
    one, two, three = [
        ChangedClaim(name, "homs-main", "civil-affairs", "booked", AT, "booked", off)
        for name, off in (("c1", None), ("c2", "closed"), ("c3", None))
    ]
    assert await changes.newest(connection) == 11
    assert await changes.read(connection, APP, 0) == Changes([one, two], 7, more=True)
    assert await changes.read(connection, APP, 5) == Changes([two, three], 9, more=False)
    assert await changes.read(connection, APP, 9) == Changes([], 9, more=False)

"""Seats changed while they are booked: never more given than there were at that moment, nothing lost, nobody stuck."""

import asyncio
import contextlib
import random
from collections import Counter
from datetime import date
from typing import Final
from unittest.mock import AsyncMock

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.tables.claimed import claim_seats, claims, seat_changes, seats
from central.claims import booking
from central.claims.keeping import Keeper
from central.claims.planned import by_hand, changing, making, plan
from central.claims.planned.changing import Wanted
from central.claims.refusal import ClaimRefused
from tests.central.claims.conftest import APP, CENTRE, QUEUE, Office, line

ROUNDS: Final = 10
DAY: Final = date(2026, 12, 1)
TIMES: Final = ("10:00", "10:15", "10:30", "10:45")
PLANNED: Final = 3
AT_A_TIME: Final = 10


async def given(connection: AsyncConnection, claim: str, now: str) -> list[tuple[int, int]]:
    """Return of each seat row of a claim how many are given and how many there are, as its transaction sees it."""
    mine = select(claim_seats.c.seat).where(claim_seats.c.claim == claim)
    counts = claim_seats.c.until.is_(None) | (claim_seats.c.until > now)
    joined = seats.join(claim_seats, claim_seats.c.seat == seats.c.id)
    query = select(func.count(), seats.c.capacity).select_from(joined).where(seats.c.id.in_(mine), counts)
    return [(int(n), int(most)) for n, most in await connection.execute(query.group_by(seats.c.id, seats.c.capacity))]


class Crowd:
    """Many who book, hold, cancel, change a day and take that back, all at once; and what each was told."""

    def __init__(self, office: Office, seed: int) -> None:
        self.office, self.seed = office, seed
        self.booked = set[str]()
        self.cancelled = set[str]()
        self.changes = set[int]()
        self.taken_back = set[int]()
        self.came_of = Counter[str]()

    async def come(self, people: int) -> None:
        turns, dice = asyncio.Semaphore(AT_A_TIME), random.Random(self.seed)

        async def one(who: int, what: float) -> None:
            async with turns:
                with contextlib.suppress(ClaimRefused):
                    await self._act(who, what, random.Random(f"{self.seed} {who}"))

        await asyncio.gather(*(one(who, dice.random()) for who in range(people)))

    async def _act(self, who: int, what: float, dice: random.Random) -> None:
        if what < 0.7:
            await self._book(who, dice)
        elif what < 0.9:
            await self._change(dice)
        else:
            await self._correct()

    async def _book(self, who: int, dice: random.Random) -> None:
        office, now = self.office, clock.as_text(self.office.now)
        wanted = office.wanted(f"{DAY}T{dice.choice(TIMES)}", who=f"{self.seed} {who}", people=dice.choice((1, 1, 2)))
        is_held = dice.random() < 0.3
        async with office.stage.engine.begin() as connection:
            ring = office.stage.ring
            if is_held:
                made = (await booking.hold(connection, ring, wanted, APP, office.now)).hold
            else:
                made = (await booking.book(connection, ring, wanted, APP, office.now)).claim
            for count, most in await given(connection, made, now):
                assert count <= most, f"seed {self.seed}: {count} of {most} seats are given"
        if is_held:
            await office.book_held(made)
        self.booked.add(made)
        if dice.random() < 0.2:
            assert await office.cancel(made)
            self.cancelled.add(made)

    async def _change(self, dice: random.Random) -> None:
        wanted = Wanted(QUEUE, DAY, dice.randrange(9), dice.choice((None, "10:00", "10:30")))
        async with self.office.stage.engine.begin() as connection:
            done = await changing.change(connection, CENTRE, wanted, "Rana", self.office.now)
        if done is not None:
            self.changes.add(done.id)

    async def _correct(self) -> None:
        """Take back what was last changed, and make the seats as the keeper does."""
        engine, now = self.office.stage.engine, self.office.now
        if self.changes - self.taken_back:
            last = max(self.changes - self.taken_back)
            async with engine.begin() as connection:
                await changing.take_back(connection, CENTRE, last, "Rana", now)
            self.taken_back.add(last)
        async with engine.begin() as connection:
            newest = await plan.newest(connection, CENTRE)
            assert newest is not None
            await making.make_ahead(connection, newest, now)

    async def check(self) -> None:
        """Nothing that somebody was told is lost or doubled, and each row says what holds."""
        stage = self.office.stage
        states = {row.id: row.state for row in await stage.all(select(claims.c.id, claims.c.state))}
        assert {one for one, state in states.items() if state == "booked"} == self.booked - self.cancelled
        kept = await stage.all(select(claim_seats.c.claim).where(claim_seats.c.until.is_(None)))
        people = {row.id: row.people for row in await stage.all(select(claims.c.id, claims.c.people))}
        assert Counter(row.claim for row in kept) == {one: people[one] for one in self.booked - self.cancelled}
        rows = await stage.all(select(seat_changes))
        assert {row.id for row in rows} == self.changes
        assert {row.id for row in rows if row.undone_at is not None} == self.taken_back
        async with stage.engine.begin() as connection:
            held = (await by_hand.in_force(connection, CENTRE, DAY.isoformat())).get((QUEUE, DAY.isoformat()), ())
        found = await stage.all(select(seats.c.capacity).where(seats.c.day == DAY.isoformat()).order_by(seats.c.at))
        assert [row.capacity for row in found] == by_hand.laid_over([PLANNED] * len(TIMES), TIMES, held)


async def start_again(office: Office) -> None:
    async with office.stage.engine.begin() as connection:
        for table in (claim_seats, claims, seat_changes):
            await connection.execute(table.delete())
        newest = await plan.newest(connection, CENTRE)
        assert newest is not None
        await making.make_ahead(connection, newest, office.now)


async def deadlocks(office: Office) -> int:
    if not office.stage.config.is_postgres:
        return 0
    async with office.stage.engine.begin() as connection:
        said = text("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return int(await connection.scalar(said) or 0)


async def test_seats_that_change_while_they_are_booked_are_never_given_twice(office: Office) -> None:
    await office.publish([line(seats=PLANNED, start="10:00", end="11:00")])
    crowd = Crowd(office, 1)
    await crowd.come(40)
    await crowd.check()
    assert crowd.booked
    assert crowd.changes


@pytest.mark.proof
@pytest.mark.timeout(0)
async def test_many_rounds_of_bookings_and_changes_lose_nothing_and_stand_still_nowhere(office: Office) -> None:
    await office.publish([line(seats=PLANNED, start="10:00", end="11:00")])
    for number in range(ROUNDS):
        crowd = Crowd(office, number)
        await crowd.come(60)
        await crowd.check()
        await start_again(office)
    assert await deadlocks(office) == 0


async def test_a_keeper_that_read_an_older_plan_does_not_bring_it_back(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    await office.publish([line(seats=PLANNED, start="10:00", end="11:00")])
    async with office.stage.engine.connect() as reading:
        read_before = await plan.all_newest(reading)
    await office.publish([line(seats=1, start="10:00", end="11:00")])
    monkeypatch.setattr(plan, "all_newest", AsyncMock(return_value=read_before))
    await Keeper(office.stage.engine, office.stage.ring).act()
    found = await office.stage.all(select(seats.c.capacity).where(seats.c.day == DAY.isoformat()))
    assert [row.capacity for row in found] == [1] * len(TIMES)

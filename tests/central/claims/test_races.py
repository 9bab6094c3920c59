"""Many at once and a central that is killed: as many claims as seats, no deadlock, nothing lost and nothing doubled."""

import asyncio
import contextlib
import signal
import sys

import pytest
from sqlalchemy import func, select, text

from central.base.tables.claimed import claim_seats, claims
from central.claims import booking
from central.claims.refusal import ClaimRefused
from central.claims.wanted import Wanted, read_time
from tests.central.claims.conftest import APP, CENTRE, SERVICE, Office, line

ROUNDS = 20
KILLS = 8


async def race(office: Office, number: int, people: int = 60, at_a_time: int = 10) -> int:
    """Let so many book the same ten seats at once; return how many have one: one in five wants two of them."""
    turns = asyncio.Semaphore(at_a_time)
    made = 0

    async def one(who: int) -> None:
        nonlocal made
        count = 2 if who % 5 == 0 else 1
        wanted = Wanted(CENTRE, SERVICE, read_time("2026-12-01T10:00"), who=f"{number} {who}", people=count)
        async with turns:
            with contextlib.suppress(ClaimRefused):
                async with office.stage.engine.begin() as connection:
                    await booking.book(connection, office.stage.ring, wanted, APP, office.now)
                made += 1

    await asyncio.gather(*(one(who) for who in range(people)))
    return made


async def start_again(office: Office) -> None:
    async with office.stage.engine.begin() as connection:
        await connection.execute(claim_seats.delete())
        await connection.execute(claims.delete())


@pytest.mark.proof
@pytest.mark.timeout(0)
@pytest.mark.parametrize("config", ["postgresql"], indirect=True)
async def test_of_many_at_once_as_many_book_as_there_are_seats_and_no_two_wait_for_each_other(office: Office) -> None:
    await office.publish([line(seats=10, start="10:00", end="10:30")])
    for number in range(ROUNDS):
        assert await race(office, number) == 10, number
        query = select(func.count()).select_from(claims).where(claims.c.state == "booked")
        assert (await office.stage.all(query))[0][0] == 10, number
        await start_again(office)
    async with office.stage.engine.begin() as connection:
        said = text("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        found = await connection.scalar(said)
    assert found == 0


KILLED = """
import asyncio, sys
from datetime import datetime
from central.base.config import load_config
from central.base.database.engine import open_engine
from central.claims import booking
from central.claims.wanted import Wanted, of_system, read_time
from central.keys.keys import KeyRing
from pathlib import Path

async def go() -> None:
    config = load_config(Path(sys.argv[1]), sys.argv[2] or None)
    engine, ring, door = open_engine(config.database_url), KeyRing(config.keys_dir), of_system("muamalati")
    now, turn = datetime.fromisoformat(sys.argv[3]), int(sys.argv[4])
    for number in range(1000):
        quarter = (turn + number) % 24  # of five days of six hours: no time is full, however many turns there are
        at = read_time(f"2026-12-{1 + turn % 5:02}T{8 + quarter // 4:02}:{quarter % 4 * 15:02}")
        wanted = Wanted("homs-main", "civil-affairs", at, who=f"{turn} {number}")
        async with engine.begin() as connection:
            held = await booking.hold(connection, ring, wanted, door, now)
        async with engine.begin() as connection:
            made = await booking.book_held(connection, ring, held.hold, door, now)
        print(made.claim, flush=True)

asyncio.run(go())
"""


@pytest.mark.proof
@pytest.mark.timeout(0)
async def test_a_central_that_is_killed_between_hold_and_booking_loses_and_doubles_nothing(office: Office) -> None:
    week = [line(weekday, seats=99, start="08:00", end="14:00") for weekday in range(1, 8)]
    await office.publish(week, overbook_most=1)
    config, told = office.stage.config, set[str]()
    url = config.database_url if config.is_postgres else ""
    for number in range(KILLS):
        words = ["-c", KILLED, str(config.data_dir), url.replace("+asyncpg", ""), office.now.isoformat(), str(number)]
        process = await asyncio.create_subprocess_exec(sys.executable, *words, stdout=asyncio.subprocess.PIPE)
        assert process.stdout is not None
        told.add((await process.stdout.readline()).decode().strip())  # it has begun
        await asyncio.sleep(number / 100)
        process.send_signal(signal.SIGKILL)
        told |= set((await process.communicate())[0].decode().split())
    told.discard("")
    rows = await office.stage.all(select(claims.c.id, claims.c.state, claims.c.digits))
    booked = [row for row in rows if row.state == "booked"]
    assert told <= {row.id for row in booked}, "every claim that was answered is there"
    assert len({row.digits for row in booked}) == len(booked)
    kept = await office.stage.all(select(claim_seats.c.claim).where(claim_seats.c.until.is_(None)))
    assert sorted(row.claim for row in kept) == sorted(row.id for row in booked), (
        "a seat each, and none without a claim"
    )
    office.pass_time(minutes=11)  # what was held and not booked is free again
    counts = select(claim_seats.c.seat, func.count()).where(
        claim_seats.c.until.is_(None) | (claim_seats.c.until > office.now.strftime("%Y-%m-%dT%H:%M:%S.%fZ"))
    )
    assert all(tuple(row)[1] <= 99 for row in await office.stage.all(counts.group_by(claim_seats.c.seat)))

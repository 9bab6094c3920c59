"""Making claims: seats left by door, holds, limits against trading, and freed seats that come back after a while."""

import asyncio
import base64
import contextlib
import itertools
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from central.base.tables.claimed import claim_seats, claims
from central.claims import booking, codes, inquiries
from central.claims.planned import plan, seats
from central.claims.planned.seats import Offer
from central.claims.refusal import ClaimRefused
from central.claims.wanted import DESK, Door, Wanted, of_machine, read_time
from central.keys import issuer_keys
from common.protocol.codes.claim_code import read_claim_code
from common.protocol.codes.issued import Genuine, IssuerKey
from tests.central.claims.conftest import APP, CENTRE, MONDAY, QUEUE, SERVICE, Office, line
from tests.central.conftest import Stage


async def left(office: Office, door: Door = APP, day: str = "2026-12-01") -> dict[str, int]:
    async with office.stage.engine.begin() as connection:
        found = await inquiries.free_seats(connection, CENTRE, SERVICE, read_time(f"{day}T00:00"), door, office.now)
    return {one.at[11:16]: one.left for one in found.seats if one.at.startswith(day)}


async def refused(made: Any) -> str:
    with pytest.raises(ClaimRefused) as error:
        await made
    return error.value.reason


async def test_a_claim_is_made_of_a_seat_and_its_code_says_what_was_promised(office: Office) -> None:
    await office.publish()
    made = await office.book(who="ahmad")
    assert "ahmad" not in str(await office.stage.all(select(claims)))
    assert made.at == "2026-12-01T10:30:00+03:00"
    async with office.stage.engine.begin() as connection:
        (row,) = await issuer_keys.keys(connection, issuer_keys.CLAIMS)
    key = IssuerKey(bytes.fromhex(row.kid), base64.b64decode(row.public_key))
    found = read_claim_code(made.code, keys={key.kid: key})
    assert isinstance(found, Genuine)
    claim = found.said
    assert (claim.id, claim.centre, claim.service, claim.kind) == (made.claim, CENTRE, SERVICE, "booked")
    assert (claim.digits, claim.minutes, claim.credit_min) == (made.digits, 15, 15)
    assert claim.at == int(datetime.fromisoformat(made.at).timestamp())
    assert claim.expires == int(read_time("2026-12-04T00:00").timestamp())  # the end of the second working day after


async def test_there_are_no_more_seats_than_planned(office: Office) -> None:
    await office.publish()
    await office.book(who="a")
    await office.book(who="b")
    assert await refused(office.book(who="c")) == "slot-full"
    assert await refused(office.book("2026-12-01T10:20", who="c")) == "slot-full"
    assert (await left(office))["10:15"] == 2
    assert "10:30" not in await left(office)


async def test_what_the_plan_leaves_out_stays_promised(office: Office) -> None:
    await office.publish()
    made = await office.book(who="a")
    await office.publish([])
    assert await left(office) == {}
    assert await office.state(made.claim) == "booked"
    async with office.stage.engine.begin() as connection:
        found = await seats.lines(connection, CENTRE, "2026-12-01", office.now)
    assert [(one.at[11:16], one.capacity, one.booked) for one in found if one.booked] == [("10:30", 0, 1)]


async def test_the_desk_has_its_share_and_the_day_its_own(office: Office) -> None:
    await office.publish([line(seats=10, start="10:00", end="10:15")], desk_share=0.3, same_day_share=0.5)
    assert (await left(office), await left(office, DESK)) == ({"10:00": 2}, {"10:00": 5})
    for who in "abcd":
        await office.book("2026-12-01T10:00", DESK, who=who)  # the desk may have more than its own
    assert (await left(office), await left(office, DESK)) == ({"10:00": 1}, {"10:00": 1})
    office.pass_time(hours=22)  # 07:00 of the day
    assert (await left(office), await left(office, DESK)) == ({"10:00": 6}, {"10:00": 6})


async def test_from_the_evening_before_all_have_what_the_desk_left(office: Office) -> None:
    await office.publish([line(seats=10, start="10:00", end="10:15")], desk_share=0.3, same_day_share=0.5)
    office.pass_time(hours=8, minutes=59)
    assert await left(office) == {"10:00": 2}
    office.pass_time(minutes=1)  # 18:00 of the day before
    assert await left(office) == {"10:00": 5}


async def test_shortly_before_a_time_only_the_desk_gives_a_seat(office: Office) -> None:
    await office.publish(earliest_min=120)
    assert await refused(office.book("2026-11-30T10:45", who="a")) == "outside-window"
    assert await refused(office.book("2026-12-09T10:45", who="a")) == "outside-window"
    assert min(await left(office, day="2026-11-30")) == "11:00"
    assert min(await left(office, DESK, "2026-11-30")) == "10:00"
    await office.book("2026-11-30T10:45", DESK)


async def test_a_hold_lasts_ten_minutes_and_few_are_held_at_a_time(office: Office) -> None:
    await office.publish()
    held = await office.hold(who="a")
    assert held.until == "2026-11-30T09:10:00+03:00"
    await office.hold(who="b")
    assert await refused(office.hold(who="c", at="2026-12-01T11:00")) == "too-many"
    made = await office.book_held(held.hold)
    assert await office.book_held(held.hold) == made  # its answer was lost
    await office.hold(who="c", at="2026-12-01T11:00")
    office.pass_time(minutes=10)
    assert (await left(office))["10:30"] == 1
    assert (await left(office))["11:00"] == 2


async def test_a_hold_that_is_over_is_no_claim(office: Office) -> None:
    await office.publish()
    held = await office.hold(who="a")
    assert await refused(office.book_held(held.hold, Door("system:other"))) == "hold-over"
    office.pass_time(minutes=10)
    assert await refused(office.book_held(held.hold)) == "hold-over"
    assert await refused(office.book_held("0" * 32)) == "hold-over"


async def test_a_person_has_one_open_claim_for_a_service_and_two_a_day(office: Office) -> None:
    await office.publish()
    first = await office.book(who="a")
    assert await refused(office.book("2026-12-02T10:30", who="a")) == "open-claim"
    await office.cancel(first.claim)
    await office.book("2026-12-02T10:30", who="a")
    assert await refused(office.book("2026-12-03T10:30", who="a", service="plan-copy")) in ("too-many", "not-offered")
    assert await refused(office.book("2026-12-03T10:30", who="a", service="state-employees")) == "too-many"
    office.pass_time(days=1)
    await office.book("2026-12-03T10:30", who="a", service="state-employees")


async def test_a_freed_seat_comes_back_after_a_while_that_nobody_foresees(office: Office) -> None:
    await office.publish([line(seats=20)])
    made = [await office.book(who=f"who {number}") for number in range(20)]
    for one in made:
        assert await office.cancel(one.claim)
    assert "10:30" not in await left(office)
    rows = await office.stage.all(select(claim_seats.c.until))
    minutes = [(datetime.fromisoformat(row.until) - MONDAY) / timedelta(minutes=1) for row in rows]
    assert all(10 <= one <= 40 for one in minutes)
    assert max(minutes) - min(minutes) > 5
    async with office.stage.engine.begin() as connection:
        found = await seats.lines(connection, CENTRE, "2026-12-01", office.now)
    assert next(one.returns_at for one in found if one.at[11:16] == "10:30") is not None
    office.pass_time(minutes=40)
    assert (await left(office))["10:30"] == 20


async def test_what_was_never_shown_is_undone_and_counts_for_nothing(office: Office) -> None:
    await office.publish([line(seats=1)])
    kiosk = of_machine("kiosk", "kiosk-1")
    for _ in range(3):
        made = await office.book(door=kiosk, who="1234")
        async with office.stage.engine.begin() as connection:
            assert await booking.withdraw(connection, made.claim, kiosk, office.now)
        assert await office.state(made.claim) == "withdrawn"
    await office.book(door=of_machine("kiosk", "kiosk-2"), who="1234")


async def test_one_person_at_two_kiosks_is_one_person(office: Office) -> None:
    await office.publish()
    await office.book(door=of_machine("kiosk", "kiosk-1"), who="1234")
    assert await refused(office.book("2026-12-02T10:30", of_machine("kiosk", "kiosk-2"), who="1234")) == "open-claim"
    await office.book("2026-12-02T10:30", APP, who="1234")  # what the app calls him names nobody at a kiosk


async def test_only_its_own_door_cancels_a_claim_and_only_while_it_is_open(office: Office) -> None:
    await office.publish()
    made = await office.book(who="a")
    assert not await office.cancel(made.claim, Door("system:other"))
    assert await office.cancel(made.claim)
    assert await office.cancel(made.claim)  # asked again after a lost answer
    assert not await office.cancel("0" * 32, None)


async def test_no_two_open_claims_of_a_centre_have_the_same_digits(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    await office.publish()
    taken = (await office.book(who="a")).digits
    free = next(digits for digits in iter(codes.new_digits, None) if digits != taken)
    drawn = itertools.chain([taken, free], itertools.repeat(taken))
    monkeypatch.setattr(codes, "new_digits", lambda: next(drawn))
    assert (await office.book(who="b")).digits == free


async def test_a_paper_cancels_its_claim_by_digits_or_code(office: Office) -> None:
    await office.publish()
    first, second = await office.book(who="a"), await office.book(who="b")
    async with office.stage.engine.begin() as connection:
        for shown, made in ((first.digits, first), (second.code, second)):
            found = await inquiries.cancel(connection, CENTRE, shown, office.now)
            assert found == inquiries.CancelAnswer(made.claim, "cancelled")
        assert await inquiries.cancel(connection, "homs-new", first.digits, office.now) is None
        assert await inquiries.cancel(connection, CENTRE, "123", office.now) is None


async def test_who_missed_two_has_seats_of_the_same_day_alone(office: Office) -> None:
    await office.publish()
    made = [await office.book(who="a"), await office.book("2026-12-02T10:30", who="a", service="state-employees")]
    async with office.stage.engine.begin() as connection:
        missed = claims.update().where(claims.c.id.in_([one.claim for one in made])).values(state="missed")
        await connection.execute(missed)
    office.pass_time(days=7)
    await office.publish()
    assert await refused(office.book("2026-12-08T10:30", who="a")) == "same-day-only"
    await office.book("2026-12-07T10:30", who="a")
    office.pass_time(days=31)
    await office.publish()
    await office.book("2027-01-09T10:30", who="a")


async def test_a_family_has_a_seat_each_one_behind_the_other(office: Office) -> None:
    await office.publish([line(seats=1)])
    made = await office.book("2026-12-01T10:30", who="a", people=3)
    assert sorted(await left(office)) == ["10:00", "10:15", "11:15", "11:30", "11:45"]
    rows = await office.stage.all(select(claims.c.minutes, claims.c.people))
    assert (rows[0].minutes, rows[0].people) == (45, 3)
    assert await refused(office.book("2026-12-01T11:15", who="b", people=4)) == "slot-full"  # the day ends before
    with pytest.raises(ValueError, match="people"):
        await office.book("2026-12-01T10:00", who="b", people=5)
    assert made.at.startswith("2026-12-01T10:30")


async def test_a_number_from_afar_is_for_this_hour(office: Office) -> None:
    await office.publish([])
    made = await office.book(None, kind="afar", who="a")
    assert made.at == "2026-11-30T09:00:00+03:00"
    rows = await office.stage.all(select(claims.c.credit_min, claims.c.state))
    assert (rows[0].credit_min, rows[0].state) == (10, "booked")
    office.pass_time(hours=5)
    assert await refused(office.book(None, kind="afar", who="b")) == "closed"


async def test_a_centre_without_a_plan_and_a_service_that_is_none_take_no_claims(office: Office) -> None:
    assert await refused(office.book(who="a")) == "not-offered"
    await office.publish()
    assert await refused(office.book(who="a", service="nothing")) == "not-offered"


async def test_of_many_at_a_time_as_many_have_a_seat_as_there_are(office: Office) -> None:
    await office.publish([line(seats=3)])
    assert await race(office.stage, office.now, 24) == 3


async def race(stage: Stage, now: datetime, people: int, at: str = "2026-12-01T10:30") -> int:
    """Let so many book the same time at once, one in three of them for two; return how many seats are taken in all."""

    async def one(number: int) -> None:
        wanted = Wanted(CENTRE, SERVICE, read_time(at), who=f"{at} {number}", people=1 + (number % 3 == 0))
        with contextlib.suppress(ClaimRefused):
            async with stage.engine.begin() as connection:
                await booking.book(connection, stage.ring, wanted, APP, now)

    workers = asyncio.Semaphore(8)  # as many as an engine has connections: the others wait before it

    async def queued(number: int) -> None:
        async with workers:
            await one(number)

    await asyncio.gather(*(queued(number) for number in range(people)))
    query = select(claim_seats.c.seat, func.count().label("people")).group_by(claim_seats.c.seat)
    counts = [int(row.people) for row in await stage.all(query)]
    offer = Offer(CENTRE, QUEUE, await _rules(stage), APP, now)
    async with stage.engine.begin() as connection:
        found = await seats.free(connection, offer, read_time(at))
    assert all(one.at[11:16] != at[11:16] for one in found)
    return max(counts)


async def _rules(stage: Stage) -> Any:
    async with stage.engine.begin() as connection:
        known = await plan.newest(connection, CENTRE)
    assert known is not None
    return known.rules


async def test_times_of_an_earlier_plan_stand_in_no_familys_way(office: Office) -> None:
    await office.publish()
    await office.publish([line(weekday, minutes=10) for weekday in range(1, 8)])
    assert (await left(office))["10:50"] == 2
    made = await office.book("2026-12-01T10:40", who="a", people=2)
    assert made.at == "2026-12-01T10:40:00+03:00"

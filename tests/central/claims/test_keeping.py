"""What central does about claims by itself: who came, who missed it, what is called off, and what the feed tells."""

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import func, insert, select, update

from central.base import clock
from central.base.tables.claimed import claims, seats
from central.base.tables.received import findings
from central.base.tables.told import feed
from central.base.tables.visited import tickets
from central.claims import booking
from central.claims.keeping import Keeper
from central.claims.planned import making
from central.claims.wanted import read_time, time_text
from central.offices.retention import keeping as retention
from central.publishing import publication
from common.protocol.claim_feed import ClaimsToday, ClaimsWithdrawn, digits_mark
from tests.central.claims.conftest import Office, line


async def keep(office: Office) -> None:
    await Keeper(office.stage.engine, office.stage.ring).act()


async def told(office: Office, kind: str, body: Any) -> list[Any]:
    rows = await office.stage.all(select(feed.c.body).where(feed.c.kind == kind).order_by(feed.c.id))
    return [msgspec.json.decode(row.body, type=body) for row in rows]


async def ticket(office: Office, named: str, column: str = "claim", *, is_voided: bool = False) -> None:
    values = {
        "kiosk": "k", "ticket": "t" + named[:8], "number": "A1001", "service": "s", "business_day": "2026-12-01",
        "priority": "none", "is_voided": is_voided, "issued_at": "2026-12-01T07:00:00.000000Z", "token": None,
    }  # fmt: skip
    async with office.stage.engine.begin() as connection:
        await connection.execute(insert(tickets).values(values | {column: named}))


async def test_who_came_has_arrived_and_who_did_not_has_missed_it(office: Office) -> None:
    await office.publish()
    came, missed, voided = [
        await office.book(at, who=at) for at in ("2026-12-01T10:30", "2026-12-01T10:45", "2026-12-01T11:00")
    ]
    await ticket(office, came.claim)
    await ticket(office, voided.claim, is_voided=True)
    await keep(office)
    assert [await office.state(one.claim) for one in (came, missed, voided)] == ["arrived", "booked", "booked"]
    office.pass_time(days=2)
    await keep(office)
    assert [await office.state(one.claim) for one in (came, missed, voided)] == ["arrived", "missed", "missed"]
    await ticket(office, missed.claim)  # its centre was cut off for a day
    await keep(office)
    assert await office.state(missed.claim) == "arrived"


async def test_who_has_arrived_is_told_to_hubs_still_for_one_that_comes_back_judges_only_then(office: Office) -> None:
    office.pass_time(days=1)
    await office.publish()
    made = await office.book("2026-12-01T10:30", who="a")
    await keep(office)
    await ticket(office, made.claim)
    await keep(office)
    assert await office.state(made.claim) == "arrived"
    newest = (await told(office, "claims-today", ClaimsToday))[-1]
    today = [one for one in await told(office, "claims-today", ClaimsToday) if one.date == "2026-12-01"]
    assert newest is not None
    assert [one.id for one in today[-1].claims] == [made.claim]


async def test_a_number_that_is_void_or_of_a_wrong_clock_leaves_the_claim_open(office: Office) -> None:
    await office.publish()
    taken_back, early = await office.book(who="a"), await office.book("2026-12-02T10:30", who="b")
    await ticket(office, taken_back.claim)
    await ticket(office, early.claim)  # by a kiosk whose clock was a day ahead
    await keep(office)
    assert [await office.state(one.claim) for one in (taken_back, early)] == ["arrived", "booked"]
    async with office.stage.engine.begin() as connection:
        await connection.execute(update(tickets).where(tickets.c.claim == taken_back.claim).values(is_voided=True))
    await keep(office)
    assert await office.state(taken_back.claim) == "booked"


async def test_a_ticket_of_a_claim_that_central_does_not_know_is_named_once(office: Office) -> None:
    await office.publish()
    known = await office.book("2026-12-01T10:30", who="a")
    await ticket(office, known.claim)
    await ticket(office, "ab" * 16)
    earlier = {"carried": "11112222-3333-4444-8555-666677778888", "digits": "12345670", "carried_token": "cd" * 32}
    for column, value in earlier.items():
        await ticket(office, value, column)
    for _ in range(2):
        await keep(office)
    named = await office.stage.all(select(findings.c.code, findings.c.item))
    assert [tuple(row) for row in named] == [("claim-unknown", "tabababab")]


async def test_a_hold_that_nobody_booked_lapses(office: Office) -> None:
    await office.publish()
    held = await office.hold(who="a")
    office.pass_time(minutes=11)
    await keep(office)
    assert await office.state(held.hold) == "lapsed"


async def test_a_day_that_is_closed_calls_its_claims_off_and_has_no_seats_any_more(office: Office) -> None:
    await office.publish()
    made, other = await office.book(who="a"), await office.book("2026-12-02T10:30", who="b")
    await keep(office)
    closed = {"date": "2026-12-01", "closed": True, "names": {"ar": "عطلة", "en": "Holiday"}}
    await office.stage.publish("calendar", {"days": [closed]})
    await keep(office)
    rows = {row.id: row.off for row in await office.stage.all(select(claims.c.id, claims.c.off))}
    assert rows == {made.claim: "closed", other.claim: None}
    office.pass_time(days=1, hours=8)
    await keep(office)
    assert await office.state(made.claim) == "booked"  # good for two more working days
    office.pass_time(days=3)
    await keep(office)
    assert await office.state(made.claim) == "missed"


async def test_a_day_that_opens_again_keeps_its_claims_and_who_stays_away_has_missed_nothing(office: Office) -> None:
    await office.publish()
    made, other = await office.book(who="a"), await office.book("2026-12-02T10:30", who="b")
    day = {"date": "2026-12-01", "names": {"ar": "عطلة", "en": "Holiday"}}
    for days in ([day | {"closed": True}], []):
        await office.stage.publish("calendar", {"year": 2026, "days": days})
        await keep(office)
    rows = {row.id: row.off for row in await office.stage.all(select(claims.c.id, claims.c.off))}
    assert rows == {made.claim: "reopened", other.claim: None}
    office.pass_time(hours=8)
    await office.stage.publish("calendar", {"days": [day | {"closed": True}]})
    await keep(office)
    assert (await office.stage.all(select(claims.c.off).where(claims.c.id == made.claim)))[0].off == "closed"
    await office.stage.publish("calendar", {"year": 2026, "days": []})
    await keep(office)
    office.pass_time(days=2)
    await keep(office)
    assert await office.state(made.claim) == "missed"
    async with office.stage.engine.begin() as connection:
        query = select(claims.c.id).where(claims.c.state == "missed", claims.c.off.is_(None))
        assert made.claim not in set(await connection.scalars(query))


async def test_a_claim_is_good_for_two_working_days_also_where_a_feast_is_told_of_after_it_was_made(
    office: Office,
) -> None:
    await office.publish()
    made, given_back = await office.book(who="a"), await office.book("2026-12-01T11:00", who="b")
    await office.cancel(given_back.claim)
    feast = [{"date": f"2026-12-0{day}", "closed": True, "names": {"ar": "عيد", "en": "Feast"}} for day in range(1, 5)]
    await office.stage.publish("calendar", {"days": feast})
    keeper = Keeper(office.stage.engine, office.stage.ring)
    await keeper.act()
    office.pass_time(days=5)
    await keeper.act()
    assert await office.state(made.claim) == "booked"
    (*_, withdrawn) = await told(office, "claims-withdrawn", ClaimsWithdrawn)
    assert withdrawn.prefixes == [given_back.claim[:16]]
    office.pass_time(days=2)
    await keeper.act()
    assert await office.state(made.claim) == "missed"


async def test_the_feed_tells_hubs_their_days_and_everybody_what_is_withdrawn(office: Office) -> None:
    await office.publish()
    first, second = await office.book(who="a"), await office.book("2026-12-01T11:00", who="b")
    await keep(office)
    await keep(office)
    days = {one.date: one for one in await told(office, "claims-today", ClaimsToday)}
    assert set(days) == {"2026-11-30", "2026-12-01", "2026-12-02"}
    day = days["2026-12-01"]
    assert [one.id for one in day.claims] == [first.claim, second.claim]
    assert day.claims[0].digits == digits_mark(day.key, first.digits)
    assert first.digits not in msgspec.json.encode(day).decode()
    assert (len(day.seats), day.seats[0].capacity) == (8, 2)
    before = len(await told(office, "claims-today", ClaimsToday))
    await office.cancel(first.claim)
    await keep(office)
    assert len(await told(office, "claims-today", ClaimsToday)) == before + 1
    (*_, withdrawn) = await told(office, "claims-withdrawn", ClaimsWithdrawn)
    assert withdrawn.prefixes == [first.claim[:16]]
    office.pass_time(days=4)  # the code has expired
    await keep(office)
    (*_, withdrawn) = await told(office, "claims-withdrawn", ClaimsWithdrawn)
    assert withdrawn.prefixes == []


async def test_a_hub_that_asks_for_everything_hears_of_days_on_which_who_is_late_may_still_come(office: Office) -> None:
    office.pass_time(days=3)  # Thursday
    await office.publish()
    made = await office.book("2026-12-03T10:30", who="a")
    hub = await office.stage.enrolled_hub()
    await office.stage.deliver(hub, health={"version": "99.0.0"})
    for _ in range(4):  # Friday and Saturday are none of its days
        await keep(office)
        days = [msgspec.json.decode(one.body) for one in (await office.stage.feed(hub)).messages]
        assert [made.claim] in [[one["id"] for one in day["claims"]] for day in days if "claims" in day]
        office.pass_time(days=1)


async def test_seats_of_the_next_day_are_made_by_themselves(office: Office) -> None:
    await office.publish(window_days=1)
    office.pass_time(days=3)
    await keep(office)
    await office.book("2026-12-04T10:30", who="a")


def test_shares_are_rounded_so_that_their_sum_is_right() -> None:
    assert making.rounded([1] * 10, 0.3) == [0, 1, 0, 0, 1, 0, 0, 0, 1, 0]
    assert sum(making.rounded([3, 1, 2, 7], 1.2)) == 16
    assert making.rounded([10], 0.5) == [5]


def test_seats_of_the_day_lie_beside_those_of_the_desk() -> None:
    assert making._beside([1, 1], capacity=[1, 3], taken=[1, 0]) == [0, 2]


def test_times_are_the_centre_s_over_years_with_and_without_summer_time(monkeypatch: Any) -> None:
    for zone, offsets in ((ZoneInfo("Asia/Damascus"), {2, 3}), (ZoneInfo("Europe/Berlin"), {1, 2})):
        monkeypatch.setattr(clock, "CENTRE_TIME", zone)
        seen = set()
        for ahead in range(9 * 366):
            day = date(2022, 1, 1) + timedelta(days=ahead)
            moment = making.starts(day, "10:30")
            assert moment is not None
            local = moment.astimezone(zone)
            assert (local.date(), f"{local:%H:%M}") == (day, "10:30")
            assert read_time(f"{day}T10:30") == moment == read_time(time_text(moment))
            assert time_text(moment) == local.isoformat()
            seen.add(int(local.utcoffset().total_seconds() // 3600))  # type: ignore[union-attr]
            if zone.key == "Asia/Damascus" and day >= date(2022, 11, 1):
                assert local.utcoffset() == timedelta(hours=3)
        assert seen == offsets
    assert making.starts(date(2026, 3, 29), "02:30") is None  # the clocks leave it out


async def test_a_rule_lets_old_claims_go_and_no_number_of_a_change_comes_twice(office: Office) -> None:
    await office.publish()
    old, newest = await office.book(who="a"), await office.book("2026-12-01T11:00", who="b")
    office.pass_time(days=70)
    over = await retention.keep(office.stage.engine, "claims", 60, really=True, operator="console")
    assert over.counts == {"claims": 1, "claim_seats": 1, "seat_changes": 0, "seats": 64}
    assert [row.id for row in await office.stage.all(select(claims.c.id))] == [newest.claim] != [old.claim]
    async with office.stage.engine.begin() as connection:
        assert await booking.next_change(connection) == 5


async def test_a_snapshot_tells_of_no_day_that_is_long_over(office: Office) -> None:
    await office.publish(window_days=1)
    for _ in range(9):
        await keep(office)
        office.pass_time(days=1)
    rows = await office.stage.all(select(feed.c.key).where(feed.c.kind == "claims-today").distinct())
    assert len(rows) == 9


async def test_a_seat_of_the_night_is_of_the_day_whose_numbers_are_given_then(office: Office) -> None:
    async with office.stage.engine.begin() as connection:
        hours = {"kiosk.opens": None, "kiosk.closes": None}
        await publication.publish(connection, "settings", msgspec.json.encode(hours), office.stage.ring)
    await office.publish([line(weekday, start="00:00", end="23:45") for weekday in range(1, 8)], window_days=1)
    came = await office.book("2026-12-02T01:30", who="up late")
    await ticket(office, came.claim)  # its business day is the first of December, until four in the morning
    for _ in range(2):  # made a second time they are the same
        await keep(office)
    assert await office.state(came.claim) == "arrived"
    rows = await office.stage.all(select(seats.c.day, func.count()).group_by(seats.c.day).order_by(seats.c.day))
    assert [tuple(row) for row in rows] == [("2026-11-30", 95), ("2026-12-01", 95)]

"""A day's seats changed by hand: laid over each plan, for that day alone; what was promised outlives it."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import insert, select

from central.base import clock
from central.base.tables.claimed import seat_changes, seats
from central.base.tables.visited import counted_days
from central.claims.planned import changing, making, plan
from central.claims.planned.by_hand import Change, laid_over
from central.claims.planned.changing import Day, Done, Wanted
from central.claims.planned.seats import lines
from central.claims.refusal import ClaimRefused
from central.kiosks import centres
from central.offices.retention import promised
from tests.central.claims.conftest import CENTRE, QUEUE, WEEK, Office, line

TUESDAY = date(2026, 12, 1)
BY = "hub:h/Samer"


async def change(office: Office, seats: int, at: str | None = None, **more: Any) -> int | None:
    wanted = Wanted(more.pop("group", QUEUE), more.pop("day", TUESDAY), seats, at)
    async with office.stage.engine.begin() as connection:
        done = await changing.change(connection, more.pop("centre", CENTRE), wanted, BY, office.now)
        return None if done is None else done.id


async def back(office: Office, change: int, centre: str = CENTRE) -> None:
    async with office.stage.engine.begin() as connection:
        await changing.take_back(connection, centre, change, BY, office.now)


async def seen(office: Office, day: date = TUESDAY) -> Day:
    async with office.stage.engine.begin() as connection:
        return await changing.seen(connection, CENTRE, day, QUEUE, office.now)


async def planned(office: Office, day: date = TUESDAY) -> list[int]:
    return [one.planned for one in (await seen(office, day)).half_hours]


async def refused(office: Office, *words: Any, **more: Any) -> str:
    with pytest.raises(ClaimRefused) as caught:
        await change(office, *words, **more)
    return caught.value.reason


async def test_half_an_hour_or_the_whole_day_gets_fewer_seats_or_more(office: Office) -> None:
    await office.publish()
    assert await planned(office) == [4, 4, 4, 4]
    await change(office, 7, "10:30")
    assert await planned(office) == [4, 7, 4, 4]
    await change(office, 1)
    await change(office, 5, "11:30")
    assert await planned(office) == [1, 1, 1, 5]
    assert await planned(office, date(2026, 12, 2)) == [4, 4, 4, 4], "that day alone"
    rows = await office.stage.all(select(seats.c.capacity).where(seats.c.day == "2026-12-01").order_by(seats.c.at))
    assert [row.capacity for row in rows] == [1, 0, 1, 0, 1, 0, 3, 2]


async def test_what_was_promised_outlives_a_capacity_of_none_and_no_more_is_given(office: Office) -> None:
    await office.publish()
    made, held = await office.book(who="a"), await office.hold("2026-12-01T10:45", who="b")
    await change(office, 0)
    assert await office.state(made.claim) == "booked"
    with pytest.raises(ClaimRefused, match="there are no seats at this time"):
        await office.book("2026-12-01T11:00", who="c")
    assert (await office.book_held(held.hold)).digits, "a hold is a promise too"
    now = await seen(office)
    assert [(one.planned, one.booked) for one in now.half_hours] == [(0, 0), (0, 2), (0, 0), (0, 0)]
    assert await office.cancel(made.claim)
    office.pass_time(hours=1)
    with pytest.raises(ClaimRefused):
        await office.book(who="d")


async def test_seats_that_are_made_again_and_a_newer_plan_keep_it(office: Office) -> None:
    await office.publish()
    await change(office, 1, "10:00")
    async with office.stage.engine.begin() as connection:
        newest = await plan.newest(connection, CENTRE)
        assert newest is not None
        await making.make_ahead(connection, newest, office.now)
    assert await planned(office) == [1, 4, 4, 4]
    await office.publish([line(weekday, 9, minutes=30) for weekday in range(1, 8)])
    assert await planned(office) == [1, 9, 9, 9]
    office.pass_time(days=1)
    await office.publish(WEEK)
    assert await planned(office) == [1, 4, 4, 4]


async def test_what_is_taken_back_leaves_what_held_before(office: Office) -> None:
    await office.publish()
    first, second = await change(office, 2, "10:00"), await change(office, 0)
    assert first is not None
    assert second is not None
    await back(office, second)
    assert await planned(office) == [2, 4, 4, 4]
    await back(office, first)
    assert await planned(office) == [4, 4, 4, 4]
    with pytest.raises(ClaimRefused) as caught:
        await back(office, first)
    assert caught.value.reason == "unknown-change"
    kept = await office.stage.all(select(seat_changes))
    assert [(row.made_by, row.undone_by) for row in kept] == [(BY, BY)] * 2, "who did what stays to be read"


async def test_another_centre_takes_nothing_back(office: Office) -> None:
    await office.publish()
    made = await change(office, 0)
    assert made is not None
    async with office.stage.engine.begin() as connection:
        await centres.add(connection, centres.read_table("code,name_ar,name_en,kiosks\nother,آخر,Other,1\n"))
    for centre in ("other", "nowhere"):
        with pytest.raises(ClaimRefused) as caught:
            await back(office, made, centre)
        assert caught.value.reason == "unknown-change"
    assert await planned(office) == [0, 0, 0, 0]


async def test_the_same_said_again_is_no_second_change(office: Office) -> None:
    await office.publish()
    assert await change(office, 3, "10:00") is not None
    assert await change(office, 3, "10:00") is None
    assert len(await office.stage.all(select(seat_changes))) == 1


async def test_only_times_of_the_plan_within_the_window_can_be_changed(office: Office) -> None:
    assert await refused(office, 1) == "not-offered"
    await office.publish()
    assert await refused(office, 1, "09:30") == "not-planned"
    assert await refused(office, 1, group="B") == "not-planned"
    assert await refused(office, 1, day=date(2026, 12, 8)) == "outside-window"
    assert await refused(office, 1, day=date(2026, 11, 29)) == "outside-window"
    days = {"days": [{"date": "2026-12-02", "closed": True, "names": {"ar": "عيد", "en": "Feast"}}]}
    await office.stage.publish("calendar", days | {"centre": CENTRE, "year": 2026})
    assert await refused(office, 1, day=date(2026, 12, 2)) == "not-planned"
    assert await office.stage.all(select(seat_changes)) == []


async def test_a_day_gets_no_more_seats_than_leave_room_for_who_comes_without(office: Office) -> None:
    await office.publish()
    day = '{"waits_by_half_hour":{"09:00":[60]},"services":{"a":{"visitors":100}}}'
    counted = {"centre": CENTRE, "counted": day, "changes": 1, "counted_changes": 1}
    days = ("11-10", "11-17", "11-19", "11-22", "11-23", "11-24")
    rows = [counted | {"business_day": f"2026-{on}"} for on in days]
    async with office.stage.engine.begin() as connection:
        await connection.execute(insert(counted_days), rows)
    assert await refused(office, 19, "10:00") == "beyond-most", "31 seats; 30 are three tenths of a usual Tuesday"
    assert await planned(office) == [4, 4, 4, 4]
    await change(office, 18, "10:00")
    assert await planned(office) == [18, 4, 4, 4]


async def test_the_list_of_seats_names_who_changed_them(office: Office) -> None:
    await office.publish()
    await change(office, 3, "10:00")
    async with office.stage.engine.begin() as connection:
        of_day = await lines(connection, CENTRE, "2026-12-01", office.now)
    assert [one.changed for one in of_day] == [BY, BY, *[None] * 6]


async def test_what_became_of_a_change_is_told_of_its_half_hour_or_of_the_groups_day(office: Office) -> None:
    await office.publish([line(), {**line(seats=5), "group": "B"}])
    now, day = office.now, TUESDAY.isoformat()
    async with office.stage.engine.begin() as connection:
        half = await changing.change(connection, CENTRE, Wanted(QUEUE, TUESDAY, 7, "10:30"), BY, now)
        whole = await changing.change(connection, CENTRE, Wanted(QUEUE, TUESDAY, 1), "operator:Rana", now)
        assert half is not None
        assert whole is not None
        assert (half, whole) == (
            Done(half.id, QUEUE, day, "10:30", 4, 7), Done(whole.id, QUEUE, day, None, 19, 4)
        )  # fmt: skip
        shown = await changing.seen(connection, CENTRE, TUESDAY, None, now)
        assert [(one.group, one.at, one.planned) for one in shown.half_hours] == [
            *((QUEUE, at, 1) for at in ("10:00", "10:30", "11:00", "11:30")),
            *(("B", at, 10) for at in ("10:00", "10:30", "11:00", "11:30")),
        ]
        assert [(one.id, one.at, one.seats) for one in shown.changes] == [(whole.id, None, 1), (half.id, "10:30", 7)]
        assert (await changing.seen(connection, CENTRE, TUESDAY, "B", now)).changes == []
        back = await changing.take_back(connection, CENTRE, whole.id, "operator:Rana", now)
        assert back == Done(whole.id, QUEUE, day, None, 4, 19)
        row = (await connection.execute(select(seat_changes).where(seat_changes.c.id == whole.id))).one()
        assert (row.made_by, row.undone_by, row.undone_at) == ("operator:Rana", "operator:Rana", clock.as_text(now))
        with pytest.raises(ClaimRefused, match=r"^this change is taken back already, or is another centre's$"):
            await changing.take_back(connection, CENTRE, whole.id, BY, now)
        assert await changing.hold_again(connection, CENTRE, half.id, now) is None, "it holds"
        assert await changing.hold_again(connection, "homs-new", whole.id, now) is None
        again = await changing.hold_again(connection, CENTRE, whole.id, now)
        assert again == Done(whole.id, QUEUE, day, None, 19, 4)
        row = (await connection.execute(select(seat_changes).where(seat_changes.c.id == whole.id))).one()
        assert (row.undone_by, row.undone_at) == (None, None)


async def test_today_and_the_last_day_of_the_window_can_be_changed(office: Office) -> None:
    await office.publish()
    for day in (date(2026, 11, 30), date(2026, 12, 7)):
        assert await change(office, 3, "10:00", day=day)
        assert await planned(office, day) == [3, 4, 4, 4]
    async with office.stage.engine.begin() as connection:
        for centre, day, said in (
            ("x" * 41, TUESDAY, f"'{'x' * 40}' takes no claims"),
            (CENTRE, date(2026, 12, 8), "a day from today to 7 days ahead can change"),
        ):
            with pytest.raises(ClaimRefused) as caught:
                await changing.change(connection, centre, Wanted(QUEUE, day, 1), BY, office.now)
            assert str(caught.value) == said


async def test_changes_go_with_the_days_that_they_are_of(office: Office) -> None:
    await office.publish()
    await change(office, 3, "10:00")
    for before, left in (("2026-12-01T00:00:00.000000Z", 1), ("2026-12-02T00:00:00.000000Z", 0)):
        old = next(one for one in promised.sweeps(before) if one.what == "seat_changes").over
        assert len(await office.stage.all(select(seat_changes).where(~old))) == left


def test_seats_of_half_an_hour_are_shared_by_its_times_the_earliest_first() -> None:
    def of(seats: int, at: str | None = None) -> Change:
        return Change(1, QUEUE, "2026-12-01", at, seats, BY, "")

    times = ["10:00", "10:10", "10:20", "10:30"]
    assert laid_over([2, 2, 2, 2], times, [of(5, "10:00")]) == [2, 2, 1, 2]
    assert laid_over([2, 2, 2, 2], times, [of(5, "10:00"), of(0)]) == [0, 0, 0, 0]
    assert laid_over([2, 2, 2, 2], times, [of(0), of(4, "10:30")]) == [0, 0, 0, 4]
    assert laid_over([2, 2, 2, 2], times, [of(9, "12:00")]) == [2, 2, 2, 2]

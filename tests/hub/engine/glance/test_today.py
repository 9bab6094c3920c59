"""The day at a glance, whole: counts, the same weekday a week ago until now, the curve, and who was out of turn."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from common.protocol.claim_feed import ClaimsToday, SeatsOfDay
from hub.engine.glance.expected import Expected, expected
from hub.engine.glance.today import Counts, OutOfTurn, Slot, today
from hub.engine.glance.usual import UsualSlot, slot_of, time_of, usual_day
from tests.hub.engine.promised.promises import DAY_KEY, Promises, shown
from tests.hub.hall import CENTRE, DAY, Hall
from tests.hub.kept_tickets import keep, label_day, us


def at(hour: int, minute: int = 0, day: int = 25) -> str:
    """A moment of November by the centre's clock, three hours ahead of UTC."""
    return (datetime(2026, 11, day, hour, minute, tzinfo=UTC) - timedelta(hours=3)).isoformat()


def ticket(day: int, came: str, called: str | None = None, wait_s: float = 0, **more: Any) -> dict[str, Any]:
    plain: dict[str, Any] = {"day": day, "issued_at": came}
    if called is not None:
        plain |= {"called_at": called, "called_line": us(wait_s)}
    return plain | more


def test_half_hours_are_counted_from_midnight_by_the_centres_clock() -> None:
    moments = [datetime.fromisoformat(at(*time)) for time in ((0, 0), (0, 29), (0, 30), (8, 59), (23, 59))]
    assert [slot_of(one) for one in moments] == [0, 0, 1, 17, 47]
    assert [time_of(slot) for slot in (0, 1, 17, 47)] == ["00:00", "00:30", "08:30", "23:30"]


def test_a_day_is_counted_and_compared_with_the_same_weekday_until_this_time(hall: Hall) -> None:
    hall.kiosks[0].give("C")
    label_day(hall, -5, "2026-11-18")
    keep(
        hall,
        ticket(1, at(8), at(8, 40), 2400), ticket(1, at(8, 29), at(8, 45), 60.4, end="missed"),
        ticket(1, at(10), is_voided=1), ticket(1, at(9, 31), end="missed"),
        ticket(1, at(11), at(11, 1)) | {"called_line": None},
        ticket(-5, at(8, day=18), at(12, 0, day=18), 300), ticket(-5, at(12, 0, day=18), at(12, 1, day=18), 900),
        ticket(-5, at(12, 1, day=18), end="missed"),
    )  # fmt: skip
    with hall.hub.read() as look:
        found = today(look)
    assert found.now == Counts(came=5, called=2, missed=1, wait_s=1230)
    assert found.week_ago == Counts(came=2, called=1, missed=0, wait_s=300)
    assert found.curve == [
        Slot("08:00", 2, 0), Slot("08:30", 0, 2), Slot("09:00", 0, 0), Slot("09:30", 1, 0), Slot("10:00", 0, 0),
        Slot("10:30", 0, 0), Slot("11:00", 1, 1), Slot("11:30", 0, 0), Slot("12:00", 1, 0),
    ]  # fmt: skip
    assert (found.usual, found.out_of_turn, found.expected) == ([], [], [])


def test_a_day_that_has_not_begun_and_a_clock_that_is_not_trusted_compare_with_nothing(hall: Hall) -> None:
    nobody = Counts(came=0, called=0, missed=0, wait_s=None)
    with hall.hub.read() as look:
        assert (today(look).now, today(look).week_ago, today(look).curve) == (nobody, None, [])
    hall.kiosks[0].give("C")
    label_day(hall, -5, "2026-11-18")
    for trust, week_ago in (("unknown", None), ("synced", nobody)):
        hall.clock.trust = trust  # type: ignore[assignment]
        hall.hub.learned.clear()
        with hall.hub.read() as look:
            assert today(look).week_ago == week_ago


def test_one_look_serves_ten_seconds_and_one_day(hall: Hall) -> None:
    def came() -> int:
        with hall.hub.read() as look:
            return today(look).now.came

    hall.kiosks[0].give("C")
    assert came() == 1
    hall.kiosks[0].give("C")
    hall.passes(10)
    assert came() == 1
    hall.passes(0.001)
    assert came() == 2
    with hall.hub.read() as look:
        look.day += 1
        assert today(look).now.came == 0


def test_who_was_called_out_of_turn_is_named_with_why_the_latest_first(hall: Hall) -> None:
    hall.press(1, "open")
    numbers = [hall.kiosks[0].give("A").number for _ in range(32)]
    told = []
    for place, number in enumerate(numbers):
        hall.press(1, "out-of-turn", number=number, reason=f"reason {place}")
        told.append(OutOfTurn(number, 1, "clerk-1", f"reason {place}", hall.clock.now().text))
        hall.press(1, "park")
        hall.passes(1)
    with hall.act() as act:
        act.record("list-seen", detail={"counter": 2}, reason="asked")
        act.record("list-seen", detail={"counter": 2})
    told.append(OutOfTurn(None, 2, None, "asked", hall.clock.now().text))
    with hall.hub.read() as look:
        assert today(look).out_of_turn == told[::-1][:30]


def test_the_usual_range_is_the_middle_half_of_the_last_twenty_days_that_had_anybody(hall: Hall) -> None:
    counts = {-40: 99, **{-30 + number: number for number in range(1, 21)}}
    keep(hall, *(ticket(day, at(8)) for day, count in counts.items() for _ in range(count)))
    keep(hall, *(ticket(day, at(9)) for day in (-29, -28)), ticket(-29, at(8), is_voided=1))
    with hall.hub.read() as look:
        assert usual_day(look) == [UsualSlot("08:00", 6, 15), UsualSlot("08:30", 0, 0), UsualSlot("09:00", 0, 0)]
    keep(hall, *[ticket(-29, at(8))] * 500)
    with hall.hub.read() as look:
        assert usual_day(look)[0] == UsualSlot("08:00", 6, 15), "of one day it is read once"
        look.day = -26
        assert usual_day(look) == []


def test_who_is_expected_is_counted_by_half_hours(hall: Hall) -> None:
    promises = Promises(hall)
    hall.kiosks[1].give("C")
    noon = int(hall.clock.wall.timestamp())
    came, missed, ahead = (promises.claim(in_s) for in_s in (-600.0, -61 * 60.0, 1800.0))
    late = promises.claim(-60 * 60.0)
    promises.expect(came, missed, late, ahead, promises.afar(60))
    with hall.hub.read() as look:
        told = look.centre.claims_of_days[DAY]
        late_none_s = look.centre.claim_rules.late_none_min * 60
    assert late_none_s == 3600
    seats = [SeatsOfDay("A", noon + shift, capacity) for shift, capacity in ((0, 3), (1799, 2), (1800, 5))]
    promises.say(ClaimsToday(CENTRE, DAY, DAY_KEY, told.claims, seats))
    hall.kiosks[0].give("A", claim=shown(came))
    expect = [
        Expected("10:30", 0, 1, 0, 1),
        Expected("11:00", 0, 1, 0, 0),
        Expected("11:30", 0, 1, 1, 0),
        Expected("12:00", 5, 0, 0, 0),
        Expected("12:30", 5, 1, 0, 0),
    ]
    with hall.hub.read() as look:
        assert expected(look) == expect
    hall.clock.trust = "unknown"
    with hall.hub.read() as look:
        assert [one.missed for one in expected(look)] == [0] * 5


def test_who_comes_a_day_after_his_appointment_is_not_one_who_was_expected_today(hall: Hall) -> None:
    promises = Promises(hall)
    yesterday = promises.claim(-86_400.0)
    promises.expect(promises.claim(1800.0))
    given = hall.kiosks[0].give("A", claim=shown(yesterday))
    assert hall.ticket(given.id).claim == "good"
    with hall.hub.read() as look:
        assert expected(look) == [Expected("12:30", 0, 1, 0, 0)]


@pytest.mark.parametrize("day", [0, 2])
def test_on_a_day_of_which_central_said_nothing_nobody_is_expected(hall: Hall, day: int) -> None:
    with hall.hub.read() as look:
        look.day = day
        assert expected(look) == []


@pytest.mark.parametrize("odd", ["!", "2026-11-18", "2026-02-30T08:00:00Z", "0001-01-01T00:00:00+14:00"])
def test_a_ticket_of_an_odd_moment_is_set_apart_and_all_others_are_counted(hall: Hall, odd: str) -> None:
    """It lies in a log that another hub, or an older version, has written; the page is drawn all the same."""
    hall.kiosks[0].give("C")
    for day in range(-8, 0):
        label_day(hall, day, f"2026-11-{25 + day}")
        keep(hall, ticket(day, f"2026-11-{25 + day}T05:10:00Z"), ticket(day, odd, odd, id=f"odd {odd} {day}"))
    with hall.hub.store.write() as connection:
        connection.exec_driver_sql("UPDATE hub_tickets SET issued_at = ? WHERE day > 0", (odd,))
    with capture_logs() as logged, hall.hub.read() as look:
        said = today(look)
        assert today(look) is said
    assert said.usual == [UsualSlot("08:00", 1, 1)]
    assert (said.now.came, said.curve) == (1, []), "who came is counted, whenever it was"
    assert {one["ticket"] for one in logged} >= {f"odd {odd} {day}" for day in range(-8, 0)}
    assert len(logged) == len({one["ticket"] for one in logged}), "each once"

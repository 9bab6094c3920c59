"""What a centre says of itself at each moment: whole answers, and each edge at which a word turns into another."""

from datetime import UTC, datetime
from typing import Any

import pytest

from common.machine.stamp import rfc3339
from common.protocol.queue.service_now import CentreNow, GroupNow, ServiceNow
from hub.engine.centre import Interruption
from hub.engine.managing import close_day
from hub.estimates.forecast import Forecast
from hub.services.asking import expected_again, stopped_perhaps
from hub.services.interrupting import interrupt
from hub.services.now import centre_now, doubtful_groups, is_open_now, services_now, told_today
from hub.services.today import WordsKept, today_word, words_kept, working_time_left_s
from tests.hub.hall import Hall
from tests.hub.kept_tickets import change, keep, label_day, us
from tests.hub.services.test_now import published


def past(hall: Hall, *ratios: float | None, estimate_s: int = 100, **more: Any) -> None:
    """Waits that were so many times as long as estimated; None: never called."""
    rows = []
    for ratio in ratios:
        called = {"end": "expired"} if ratio is None else {"end": "done", "called_work": us(ratio * estimate_s)}
        rows.append({"day": 0, "estimate_s": estimate_s} | called | more)
    keep(hall, *rows)


def word(hall: Hall, estimate_s: float, left_s: float | None) -> str:
    with hall.hub.read() as look:
        return today_word(look, estimate_s, left_s)


def test_a_word_turns_at_nineteen_of_twenty_and_at_half(hall: Hall) -> None:
    past(hall, *range(1, 201))
    found = [word(hall, 1, left_s) for left_s in (99, 100, 189, 189.9, 190, None)]
    assert found == ["doubtful", "unknown", "unknown", "unknown", "yes", "unknown"]
    assert word(hall, 0, 189) == "unknown", "nobody waits less than a second"
    assert word(hall, 0, 190) == "yes"
    assert [word(hall, 2, left_s) for left_s in (199, 200)] == ["doubtful", "unknown"]


def test_what_was_read_of_past_waits_is_read_again_after_a_minute(hall: Hall) -> None:
    assert word(hall, 100, 1e9) == "unknown"
    past(hall, *[1] * 200)
    hall.passes(60)
    assert word(hall, 100, 1e9) == "unknown"
    hall.passes(0.001)
    assert word(hall, 100, 1e9) == "yes"


def test_only_the_last_three_thousand_of_a_length_count(hall: Hall) -> None:
    past(hall, *[None] * 1000)
    past(hall, *[1] * 3000, arrived_line=5, called_work=us(100))
    assert word(hall, 100, 100) == "yes"


def left_s(hall: Hall, at: str = "2026-11-25T09:00:00Z") -> float | None:
    hall.clock.wall = datetime.fromisoformat(at)
    with hall.hub.read() as look:
        return working_time_left_s(look)


def test_the_time_left_is_counted_to_the_end_of_the_day_that_is_served(hall: Hall) -> None:
    published(hall, opens="08:00", closes="14:00")
    assert left_s(hall) is None, "no day was begun"
    hall.kiosks[0].give("A")
    assert left_s(hall) == 7200
    assert left_s(hall, "2026-11-25T11:00:00Z") == left_s(hall, "2026-11-25T20:00:00Z") == 0
    assert left_s(hall, "2026-11-26T06:00:00Z") is None


def test_a_day_may_end_at_midnight(hall: Hall) -> None:
    published(hall, opens="00:00", closes="24:00")
    hall.kiosks[0].give("A")
    assert left_s(hall) == 12 * 3600


def test_the_cut_is_the_mean_of_the_last_four_such_weekdays_and_never_less_than_none(hall: Hall) -> None:
    published(hall, opens="08:00", closes="14:00")
    hall.kiosks[0].give("A")
    cuts_s = {"2026-10-21": 90_000, "2026-10-28": 400, "2026-11-04": -800, "2026-11-11": 0, "2026-11-18": 400}
    for day, (label, cut_s) in enumerate(cuts_s.items(), -10):
        label_day(hall, day, label)
        called = [{"called_line": us(begin), "called_work": us(begin)} for begin in (1000, 2000)]
        last = {"called_line": us(5000 + cut_s), "called_work": us(5000)}
        keep(hall, *({"day": day} | one for one in (*called, last)))
    hall.hub.learned.clear()
    assert left_s(hall) == 7200 - 200
    label_day(hall, -1, "2026-11-18")
    keep(hall, *({"day": -1, "called_line": at, "called_work": 0} for at in (0, us(9000))))
    assert left_s(hall) == 7200 - 200, "of one day it is read once"


def test_what_was_said_of_the_last_days_is_read_once_a_day(hall: Hall) -> None:
    keep(
        hall,
        *[{"day": 0, "told_today": "yes", "called_work": 5, "end": "done"}] * 3,
        {"day": 0, "told_today": "yes", "end": "expired"},
        *[{"day": 0, "told_today": "doubtful", "end": "carried"}] * 3,
        {"day": 0, "told_today": "doubtful", "called_work": 5, "end": "expired"},
    )
    with hall.hub.read() as look:
        look.day = 1
        assert words_kept(look) == WordsKept(3 / 4, 3 / 4)
    keep(hall, {"day": 0, "told_today": "yes", "end": "expired"})
    with hall.hub.read() as look:
        look.day = 1
        assert words_kept(look) == WordsKept(3 / 4, 3 / 4)
        look.day = 2
        assert words_kept(look) == WordsKept(3 / 5, 3 / 5)


def now(hall: Hall, *, on_battery: bool = False) -> CentreNow:
    with hall.hub.read() as look:
        return centre_now(look, Forecast(look), on_battery=on_battery)


def opened(hall: Hall) -> None:
    """A day within its hours, counter 1 open, whose past is enough to say a word of short waits."""
    published(hall, opens="08:00", closes="14:00")
    past(hall, *[1] * 200)
    hall.kiosks[0].give("A")
    hall.press(1, "open")
    with hall.hub.read() as look:
        day = look.day
    keep(hall, *[{"day": day, "end": "done", "called_work": 0, "ended_work": us(300), "ended_line": 1}] * 5)
    hall.passes(6)


def test_a_centre_is_told_as_a_whole(hall: Hall) -> None:
    opened(hall)
    with hall.act() as act:
        interrupt(act, "clearance", Interruption("power", "clerk-1", until="13:30"))
    since = rfc3339(hall.clock.wall)
    said = now(hall)
    assert said.state == "open"
    assert said.groups == {
        "A": GroupNow(waiting=1, low_s=300, high_s=300, today="yes"),
        "B": GroupNow(waiting=0, low_s=300, high_s=300, today="yes"),
        "C": GroupNow(waiting=0, low_s=None, high_s=None, today="unknown"),
    }
    found = {one.service: one for one in said.services}
    assert list(found) == sorted(found)
    assert found["civil-affairs"] == ServiceNow(service="civil-affairs", state="working", today="yes")
    assert found["water-bill"] == ServiceNow(service="water-bill", state="working", today="unknown")
    assert found["clearance"] == ServiceNow(
        service="clearance", state="interrupted", reason="power", since=since, until="13:30", today="unknown"
    )
    with hall.hub.read() as look:
        assert [told_today(look, "civil-affairs", queue) for queue in "AC"] == ["yes", None]
        assert told_today(look, "clearance", "B") is None


def test_while_a_clock_is_not_trusted_no_time_is_named(hall: Hall) -> None:
    with hall.act() as act:
        interrupt(act, "clearance", Interruption("power", "clerk-1", until="13:30"))
    hall.clock.trust = "unknown"
    with hall.hub.read() as look:
        assert [one.until for one in services_now(look) if one.state == "interrupted"] == [None]


def test_words_for_today_are_read_again_after_five_seconds_and_on_another_day(hall: Hall) -> None:
    def of_a() -> str:
        with hall.hub.read() as look:
            return next(one.today for one in services_now(look) if one.service == "civil-affairs")

    opened(hall)
    assert of_a() == "yes"
    past(hall, *[None] * 300)
    hall.hub.learned.pop("ends-of-waits")
    hall.passes(5)
    assert of_a() == "yes"
    hall.passes(0.001)
    assert of_a() == "doubtful"
    with hall.hub.read() as look:
        assert doubtful_groups(look) == ["A", "B"]
        look.day += 1
        assert doubtful_groups(look) == [], "of a day that nobody began nothing is known"
    hall.clock.wall = datetime(2026, 11, 25, 11, 0, tzinfo=UTC)
    with hall.hub.read() as look:
        assert doubtful_groups(look) == [], "nobody takes a number after closing"


@pytest.mark.parametrize(("hour", "is_open"), [(4, False), (5, True), (10, True), (11, False)])
def test_a_centre_is_open_within_its_hours_on_its_own_day(hall: Hall, hour: int, is_open: bool) -> None:
    def found(day: int = 25) -> bool:
        hall.clock.wall = datetime(2026, 11, day, hour, tzinfo=UTC)
        with hall.hub.read() as look:
            return is_open_now(look)

    published(hall, opens="08:00", closes="14:00")
    assert found() is False, "its day has not begun"
    hall.kiosks[0].give("A")
    assert found() is is_open
    assert found(26) is False, "yesterday's day is still there"
    hall.clock.trust = "unknown"
    assert found(26) is True
    with hall.act() as act:
        close_day(act)
    assert found(26) is False


def test_a_centre_stands_after_a_quarter_of_an_hour_and_on_battery_while_no_page_is_there(hall: Hall) -> None:
    opened(hall)
    hall.passes(15 * 60 - 6)
    assert now(hall).state == "open"
    hall.passes(0.001)
    assert now(hall).state == "standing"
    hall.press(1, "pause")
    assert now(hall).state == "open", "no counter is open"
    assert now(hall, on_battery=True).state == "open"
    hall.works(False)
    assert (now(hall).state, now(hall, on_battery=True).state) == ("open", "standing")
    hall.clock.wall = datetime(2026, 11, 25, 11, 0, tzinfo=UTC)
    assert now(hall, on_battery=True).state == "closed"


def asked(hall: Hall) -> list[str]:
    with hall.hub.read() as look:
        return stopped_perhaps(look)


def test_it_asks_after_exactly_twenty_minutes_of_counters_that_are_open(hall: Hall) -> None:
    hall.press(1, "open")
    hall.press(2, "open")
    given = hall.kiosks[0].give("A")
    hall.passes(20 * 60 - 1)
    assert asked(hall) == []
    hall.passes(1.000001)  # working time has lost a microsecond
    assert asked(hall) == ["civil-affairs"]
    hall.press(2, "pause")
    assert asked(hall) == []
    hall.press(2, "open")
    assert asked(hall) == ["civil-affairs"]
    change(hall, given.id, service="of-another-city")
    assert asked(hall) == []


def test_what_was_expected_to_work_by_now_is_asked_about_from_that_minute_on(hall: Hall) -> None:
    def due() -> list[str]:
        with hall.hub.read() as look:
            return expected_again(look)

    with hall.act() as act:
        interrupt(act, "clearance", Interruption("power", "clerk-1", until="12:01"))
        interrupt(act, "civil-affairs", Interruption("power", "clerk-1"))
    hall.passes(59)
    assert due() == []
    hall.passes(1)
    assert due() == ["clearance"]

"""The word for today: never before 200 waits of a length are known, `doubtful` by what came of them, never a no."""

from datetime import UTC, datetime
from typing import Any

import pytest

from hub.services.now import services_now
from hub.services.today import WordsKept, today_word, words_kept, working_time_left_s
from tests.hub.hall import DAY, Hall
from tests.hub.services.test_interrupting import stop
from tests.hub.services.test_now import published

ESTIMATE_S = 1200  # of the second class of lengths


def past_waits(hall: Hall, ratios: list[float | None], estimate_s: int = ESTIMATE_S, **changed: Any) -> None:
    """Let waits of an earlier day have come out so many times as long as they were estimated; None: never called."""
    with hall.hub.store.write() as connection:
        for n, ratio in enumerate(ratios):
            row: dict[str, Any] = {
                "id": f"past-{estimate_s}-{len(changed)}-{n}", "kiosk": "kiosk-1", "epoch": "e", "kiosk_seq": n,
                "revision": 0, "digest": "d", "number": "A1001", "service": "civil-affairs", "priority": "none",
                "day": 0, "queue": "A", "state": "ended", "arrived_line": 0, "arrived_work": 0, "is_certain": 1,
                "issued_at": "2026-11-18T08:00:00Z", "is_voided": 0, "absences": 0, "estimate_s": estimate_s,
                "called_work": None if ratio is None else round(ratio * estimate_s * 1e6),
                "end": "expired" if ratio is None else "done",
            } | changed  # fmt: skip
            names, values = ", ".join(f'"{name}"' for name in row), ", ".join("?" for _ in row)
            connection.exec_driver_sql(f"INSERT INTO hub_tickets ({names}) VALUES ({values})", tuple(row.values()))


def word(hall: Hall, left_s: float | None, estimate_s: float = ESTIMATE_S) -> str:
    hall.hub.learned.clear()
    with hall.hub.read() as look:
        return today_word(look, estimate_s, left_s)


def test_nothing_is_said_before_200_waits_of_that_length_are_known(hall: Hall) -> None:
    past_waits(hall, [1.0] * 199)
    past_waits(hall, [1.0] * 300, estimate_s=300)  # short ones say nothing of longer ones
    assert word(hall, 10 * ESTIMATE_S) == "unknown"
    past_waits(hall, [1.0], kiosk="kiosk-2", id="one-more")
    assert word(hall, 10 * ESTIMATE_S) == "yes"


@pytest.mark.parametrize(
    ("left", "expected"), [(1.96, "yes"), (1.94, "unknown"), (1.51, "unknown"), (1.49, "doubtful"), (0, "doubtful")]
)
def test_the_share_of_past_waits_that_would_have_ended_in_time_decides(hall: Hall, left: float, expected: str) -> None:
    past_waits(hall, [1 + n / 1000 for n in range(1000)])
    assert word(hall, left * ESTIMATE_S) == expected


def test_who_was_never_called_counts_as_never(hall: Hall) -> None:
    past_waits(hall, [1.0] * 200 + [None] * 11)
    assert word(hall, 1e9) == "unknown"  # 200 of 211 are fewer than 95 of 100


def test_who_was_carried_over_was_never_called_that_day(hall: Hall) -> None:
    past_waits(hall, [1.0] * 200)
    past_waits(hall, [None] * 11, end="carried")
    assert word(hall, 1e9) == "unknown"


def test_what_was_said_is_kept_with_the_ticket_and_held_against_what_came(hall: Hall) -> None:
    published(hall, opens="08:00", closes="14:00")
    hall.press(1, "open")
    with hall.hub.read() as look:
        assert words_kept(look) == WordsKept(None, None)
    past_waits(hall, [1.0] * 210, estimate_s=300)
    told = [hall.ticket(hall.kiosks[0].give("A").id).told_today for _ in range(2)]
    assert told == ["yes", "yes"]
    hall.clock.wall = datetime(2026, 11, 25, 10, 58, tzinfo=UTC)
    hall.hub.learned.clear()
    assert hall.ticket(hall.kiosks[0].give("A").id).told_today == "doubtful"
    hall.called(1)
    stop(hall)
    assert hall.ticket(hall.kiosks[0].give("A").id).told_today is None, "of what stands still nothing is said"
    hall.clock.wall = datetime(2026, 11, 26, 6, 0, tzinfo=UTC)
    hall.kiosks[0].give("A", business_day="2026-11-26")
    hall.hub.learned.clear()
    with hall.hub.read() as look:
        kept = words_kept(look)
    assert kept == WordsKept(called_of_sure=1 / 2, warned_of_uncalled=1 / 3)


def test_who_was_called_by_voice_did_not_go_home(hall: Hall) -> None:
    hall.kiosks[0].give("A")
    past_waits(hall, [None], end="by-hand", told_today="yes")
    past_waits(hall, [None], id="home", end="carried", told_today="doubtful")
    with hall.hub.read() as look:
        assert words_kept(look) == WordsKept(called_of_sure=1.0, warned_of_uncalled=1.0)


@pytest.mark.parametrize(
    ("told", "end", "kept"),
    [
        (None, "carried", WordsKept(None, 0.0)),
        (None, "expired", WordsKept(None, 0.0)),
        ("yes", "carried", WordsKept(0.0, 0.0)),
        ("yes", None, WordsKept(None, None)),  # nobody has ended it: what came of it is not known
        ("doubtful", None, WordsKept(None, None)),
    ],
)
def test_a_past_in_which_nobody_was_called_is_measured_too(
    hall: Hall, told: str | None, end: str | None, kept: WordsKept
) -> None:
    """On a first day numbers are given, and everybody goes home: the manager's page of the second morning tells it."""
    hall.kiosks[0].give("A")
    past_waits(hall, [None] * 3, end=end, told_today=told)
    with hall.hub.read() as look:
        assert words_kept(look) == kept


@pytest.mark.parametrize(
    "changed",
    [{"absences": 1}, {"is_certain": 0}, {"priority": "elderly"}, {"is_voided": 1}, {"end": "by-hand"}],
    ids=lambda one: next(iter(one)),
)
def test_what_says_nothing_of_an_ordinary_wait_is_left_out(hall: Hall, changed: dict[str, Any]) -> None:
    past_waits(hall, [1.0] * 200)
    past_waits(hall, [9.0] * 200, **changed)
    assert word(hall, 2 * ESTIMATE_S) == "yes"


def test_the_time_left_ends_at_closing_less_the_mean_cut_of_such_weekdays(hall: Hall) -> None:
    hall.clock.wall = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)  # a Wednesday, 12:00 in Homs
    hall.kiosks[0].give("A")
    with hall.hub.read() as look:
        assert working_time_left_s(look) is None, "nobody has said when it closes"
    published(hall, opens="08:00", closes="14:00")
    with hall.hub.read() as look:
        assert working_time_left_s(look) == 7200
    with hall.hub.store.write() as connection:
        for day, label in ((-3, "2026-11-11"), (-2, "2026-11-18"), (-1, "2026-11-24")):
            row = (day, label, 1)
            connection.exec_driver_sql("INSERT INTO hub_days (day, label, is_closed) VALUES (?, ?, ?)", row)
    for day, cut_s in ((-3, 600), (-2, 1800), (-1, 90_000)):  # the last is no Wednesday
        last = {"called_line": (cut_s + 3600) * 10**6, "called_work": 3600 * 10**6}
        moments = {"called_line": 0, "called_work": 0}, last
        for n, at in enumerate(moments):
            past_waits(hall, [1.0], day=day, id=f"{day}-{n}", **at)
    hall.hub.learned.clear()
    with hall.hub.read() as look:
        assert working_time_left_s(look) == 7200 - 1200
    hall.clock.trust = "unknown"
    with hall.hub.read() as look:
        assert working_time_left_s(look) is None


def test_a_tile_says_doubtful_when_the_line_is_longer_than_the_day(hall: Hall) -> None:
    hall.clock.wall = datetime(2026, 11, 25, 10, 45, tzinfo=UTC)  # a quarter of an hour before closing
    published(hall, opens="08:00", closes="14:00")
    past_waits(hall, [1.0] * 200)
    hall.press(2, "open")
    hall.press(3, "open")
    for _ in range(9):
        hall.kiosks[0].give("A", business_day=DAY)
    hall.passes(6)  # it is not worked out for every page and kiosk at every moment
    with hall.hub.read() as look:
        found = {one.service: one.today for one in services_now(look)}
    assert found["civil-affairs"] == "doubtful"
    assert found["water-bill"] == "unknown"  # nobody waits there, and so short a wait has no past

"""Central's time: what is a moment, which business day it is of, and when no kiosk may be told it; by values alone."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from central.base import clock
from central.base.clock import BUILT, business_date, read, seconds_outside, why_ahead, why_not

NOW = datetime(2026, 11, 25, 9, 30, 15, 250_000, tzinfo=UTC)


def test_a_moment_is_written_in_utc_so_that_it_sorts_as_text() -> None:
    assert clock.as_text(NOW) == "2026-11-25T09:30:15.250000Z"
    assert clock.as_text(NOW.astimezone(timezone(timedelta(hours=3)))) == "2026-11-25T09:30:15.250000Z"
    assert read(clock.as_text(NOW)) == NOW


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-25T12:30:15.25+03:00", NOW),
        ("2026-11-25T09:30:15.250000", None),
        ("2026-11-25", None),
        ("2026-13-25T09:30:15Z", None),
        ("yesterday", None),
        ("", None),
        ("1970-01-01T00:00:00Z", datetime(1970, 1, 1, tzinfo=UTC)),
        ("1969-12-31T23:59:59Z", None),
        ("9998-12-31T23:59:59Z", datetime(9998, 12, 31, 23, 59, 59, tzinfo=UTC)),
        ("9999-01-01T00:00:00Z", None),
    ],
)
def test_a_moment_that_a_machine_wrote_is_read_or_left(text: str, expected: datetime | None) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-11-25T00:59:59", "2026-11-24"),
        ("2026-11-25T01:00:00", "2026-11-25"),
        ("2026-11-26T00:59:59", "2026-11-25"),
    ],
)
def test_a_business_day_ends_at_four_in_the_centres(moment: str, day: str) -> None:
    assert business_date(datetime.fromisoformat(moment).replace(tzinfo=UTC)).isoformat() == day


@pytest.mark.parametrize(("after_s", "expected"), [(-1.5, 1.5), (0, 0.0), (30, 0.0), (60, 0.0), (61, 1.0)])
def test_how_far_a_moment_lies_outside_a_span(after_s: float, expected: float) -> None:
    until = NOW + timedelta(seconds=60)
    assert seconds_outside(NOW + timedelta(seconds=after_s), NOW, until) == expected


def test_a_clock_that_jumped_more_than_two_days_ahead_is_asked_about() -> None:
    assert why_ahead(NOW + timedelta(days=2), NOW) is None
    assert why_ahead(NOW + timedelta(days=2, seconds=1), NOW) == (
        "this machine says that it is 2026-11-27 09:30 UTC, and the last time was signed at 2026-11-25 09:30; "
        "if it is right: central time --confirm"
    )


@pytest.mark.parametrize(
    ("moment", "last_word", "apart_s", "why"),
    [
        (BUILT, None, 0.0, None),
        (BUILT - timedelta(seconds=1), None, 0.0, "this machine says that it is 2026-10-31"),
        (BUILT + timedelta(days=3650), None, 0.0, None),
        (BUILT + timedelta(days=3650, seconds=1), None, 0.0, "this machine says that it is 2036-10-29"),
        (NOW, NOW + timedelta(days=2), 0.0, None),
        (NOW, NOW + timedelta(days=2, seconds=1), 0.0,
         "this machine says that it is 2026-11-25, and the database knows of 2026-11-27"),
        (NOW, NOW, 2.0, None),
        (NOW, NOW, 2.1, "this machine and that of the database differ by 2.1 s"),
    ],
)  # fmt: skip
def test_no_kiosk_is_told_a_time_that_cannot_be(
    moment: datetime, last_word: datetime | None, apart_s: float, why: str | None
) -> None:
    assert why_not(moment, last_word, apart_s) == why


def test_a_sandbox_s_clock_goes_ahead_by_what_it_was_moved(monkeypatch: pytest.MonkeyPatch) -> None:
    true = clock.now()
    monkeypatch.setattr(clock, "sandbox_ahead", timedelta(days=40))
    assert timedelta(days=40) <= clock.now() - true < timedelta(days=41)

"""Days and moments of the wire are those of the calendar, each of them and no other."""

from datetime import date, datetime
from typing import Any, get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.protocol.field import DayLabel, Moment


def is_taken(shape: Any, text: str) -> bool:
    try:
        msgspec.convert(text, shape)
    except msgspec.ValidationError:
        return False
    return True


def is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def test_each_day_that_is_one_is_taken_and_no_other() -> None:
    for year in range(1966, 2104):
        for month in range(14):
            for day in range(33):
                text = f"{year:04}-{month:02}-{day:02}"
                assert is_taken(DayLabel, text) == (is_day(text) and 2020 <= year < 2100), text
                assert is_taken(Moment, f"{text}T08:00:00Z") == (is_day(text) and 1970 <= year < 2100), text


@pytest.mark.parametrize(
    "text", ["2026-12-01T08:00:00+29:59", "2026-12-01T24:00:00Z", "9999-12-31T23:00:00-23:59", "2026-12-01T08:00:00"]
)
def test_a_moment_that_no_calendar_reads_is_refused(text: str) -> None:
    assert not is_taken(Moment, text)


@given(st.from_regex(get_args(Moment)[1].pattern))
def test_whatever_moment_is_taken_can_be_read(text: str) -> None:
    moment = datetime.fromisoformat(text)
    assert moment.utcoffset() is not None

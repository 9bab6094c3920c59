"""When a payer is asked what became of a number: after its life, or at the end of so many bank days."""

import re
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest

from central.base import clock
from central.payments.flow import tries
from central.payments.flow.tries import after_bank_days, new_number

SUNDAY = datetime(2026, 11, 22, 9, 0, tzinfo=clock.CENTRE_TIME)


@pytest.mark.parametrize(
    ("since", "days", "ends"),
    [
        (0, 0, 0), (0, 1, 1), (0, 4, 4), (0, 5, 7), (1, 1, 2), (2, 1, 3), (3, 1, 4), (4, 1, 7), (5, 1, 7), (6, 1, 7),
        (4, 2, 8), (6, 5, 11), (0, 9, 11), (0, 10, 14),
    ],
)  # fmt: skip
def test_friday_and_saturday_are_no_bank_days(since: int, days: int, ends: int) -> None:
    found = after_bank_days(SUNDAY + timedelta(days=since), days)
    assert found == (SUNDAY + timedelta(days=ends)).replace(hour=23, minute=59, second=59)


@pytest.mark.parametrize(
    ("late_days", "life_s", "asked"),
    [(0, 600, SUNDAY + timedelta(seconds=605)), (2, 600, (SUNDAY + timedelta(days=2, hours=14)).replace(minute=59))],
)
def test_it_is_asked_five_seconds_after_a_code_s_life_or_after_the_bank_s_days(
    late_days: int, life_s: int, asked: datetime
) -> None:
    payer = cast("Any", SimpleNamespace(late_days=late_days, bill_life_s=life_s))
    found = tries._asked_at(payer, SUNDAY)
    assert found == (asked.replace(second=59) if late_days else asked)


def test_a_number_is_the_centre_s_day_and_twelve_signs_that_look_like_no_other() -> None:
    found = {new_number(datetime.fromisoformat("2026-11-24T21:30:00+00:00")) for _ in range(20)}
    assert len(found) == 20
    assert all(re.fullmatch(r"261125(-[0-9A-HJKMNP-TV-Z]{4}){3}", one) for one in found)

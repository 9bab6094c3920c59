"""Within which hours somebody with a claim could have been called: of its rules, cut at opening and closing time."""

from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest

from common.city.calendar import CentreHours
from common.city.catalogue import Hours
from common.protocol.claim_feed import ClaimRules
from common.protocol.feed_message import CalendarDay
from hub.engine.promised.judging import Promise, _window_us
from offline_store.issuing.business_day import ZONE

MIN = 60 * 1_000_000
S = 1_000_000


def window(at: str, hours: Hours | None, special: dict[str, CalendarDay] | None = None) -> tuple[float, float]:
    """Return the window of an appointment at this time of the 25th, in minutes from it."""
    moment = datetime.fromisoformat(f"2026-11-25T{at}").replace(tzinfo=ZONE)
    centre = SimpleNamespace(
        claim_rules=ClaimRules(early_min=40, late_none_min=50), hours=CentreHours(hours, special or {})
    )
    look: Any = SimpleNamespace(centre=centre)
    promise = Promise("c" * 32, "booked", "civil-affairs", int(moment.timestamp()), 30, 0)
    since_us, until_us = _window_us(look, promise)
    return since_us / MIN, until_us / MIN


@pytest.mark.parametrize(
    ("at", "found"),
    [
        ("11:00", (-40, 50)),
        ("08:55", (-40, 50)),
        ("08:54:59", (-40 + 1 / 60, 50)),
        ("08:54", (-39, 50)),
        ("08:15", (0, 50)),
        ("07:45", (30, 50)),
        ("13:35", (-40, 50)),
        ("13:36", (-40, 49)),
        ("14:25", (-40, 0)),
        ("14:24:30", (-40, 0.5)),
    ],
)
def test_a_window_ends_where_the_centre_opens_and_closes(at: str, found: tuple[float, float]) -> None:
    assert window(at, Hours("08:15", "14:25")) == pytest.approx(found, abs=1e-6)


def test_where_no_hours_are_known_or_the_centre_stays_closed_the_window_is_whole() -> None:
    assert window("08:15", None) == (-40, 50)
    closed = {"2026-11-25": CalendarDay("2026-11-25", closed=True)}
    assert window("08:15", Hours("08:15", "14:25"), closed) == (-40, 50)
    assert window("08:15", Hours("08:15", "14:25", ("thu",))) == (-40, 50)

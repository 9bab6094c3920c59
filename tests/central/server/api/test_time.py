"""Central signs no time that cannot be: a wrong clock of one machine would reach every kiosk."""

from datetime import UTC, datetime, timedelta

import pytest

from central.base import clock
from tests.central.conftest import Stage

NOW = datetime.now(UTC)


@pytest.mark.parametrize(
    ("says", "signs"),
    [
        (NOW, True),
        (NOW - timedelta(days=3), False),
        (datetime(2099, 1, 1, tzinfo=UTC), False),
        (datetime(1970, 1, 1, tzinfo=UTC), False),
    ],
)
async def test_a_time_far_from_the_feed_s_or_the_build_s_is_not_signed(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, says: datetime, signs: bool
) -> None:
    await stage.publish("business-day", {"date": clock.business_date(NOW).isoformat()})
    if not signs:
        monkeypatch.setattr(clock, "now", lambda: says)
    response = await stage.client.get("/v1/time?nonce=a")
    assert response.status_code == (200 if signs else 503)
    if not signs:
        assert response.json()["type"] == "/problems/clock-refused"
        assert "Signature" not in response.headers


@pytest.mark.parametrize("config", ["postgresql"], indirect=True)
@pytest.mark.parametrize(("apart_s", "signs"), [(-60.0, False), (-1.0, True), (1.0, True), (60.0, False)])
async def test_two_clocks_that_differ_tell_no_kiosk_the_time(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, apart_s: float, signs: bool
) -> None:
    """The database's machine is right here, and central's clock goes ahead or behind."""
    monkeypatch.setattr(clock, "now", lambda: datetime.now(UTC) + timedelta(seconds=apart_s))
    response = await stage.client.get("/v1/time?nonce=a")
    assert response.status_code == (200 if signs else 503)
    if not signs:
        assert "differ by 6" in response.json()["detail"] or "differ by 5" in response.json()["detail"]


def test_only_what_lies_outside_the_question_counts_as_a_difference() -> None:
    since, until = NOW, NOW + timedelta(seconds=5)  # a slow answer of the database is no wrong clock
    assert clock.seconds_outside(NOW + timedelta(seconds=4), since, until) == 0
    assert clock.seconds_outside(NOW + timedelta(seconds=8), since, until) == 3
    assert clock.seconds_outside(NOW - timedelta(seconds=2), since, until) == 2

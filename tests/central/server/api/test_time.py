"""Central signs no time that cannot be: a wrong clock of one machine would reach every kiosk."""

from datetime import UTC, datetime, timedelta
from unittest.mock import AsyncMock

import pytest

from central.base import clock
from central.kiosks import signed_time
from central.server.api.kiosks import time as time_api
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


async def asked(stage: Stage) -> int:
    return (await stage.client.get("/v1/time?nonce=a")).status_code


async def test_a_clock_that_jumped_is_not_signed_until_an_operator_confirms(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    if stage.config.is_postgres:  # its clock is the real one: here only the last word is meant
        monkeypatch.setattr(time_api, "_seconds_from_the_databases", AsyncMock(return_value=0.0))
    assert await asked(stage) == 200
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=1.9))
    assert await asked(stage) == 200, "that may be a weekend"
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=4.5))
    assert await asked(stage) == 503
    await stage.publish("business-day", {"date": "2026-12-01"})
    assert await asked(stage) == 503, "what was published meanwhile is no word on the time"
    async with stage.engine.begin() as connection:
        assert "central time --confirm" in str(await signed_time.why_not(connection))
        await signed_time.keep(connection)
    assert await asked(stage) == 200


async def test_a_clock_that_was_wrong_and_is_set_right_is_confirmed_too(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with stage.engine.begin() as connection:
        monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=300))
        await signed_time.keep(connection)
        monkeypatch.undo()
        assert await signed_time.why_not(connection) is not None
        await signed_time.keep(connection)
        assert await signed_time.why_not(connection) is None


async def test_the_word_is_kept_while_nobody_asks(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    keeper = signed_time.Keeper(stage.engine)
    async with stage.engine.begin() as connection:
        await signed_time.keep(connection)
    for days in (1.5, 3.0, 4.5, 10.0):
        monkeypatch.setattr(clock, "now", lambda days=days: NOW + timedelta(days=days))
        await keeper.act()
    async with stage.engine.begin() as connection:
        assert await signed_time.why_not(connection) is not None, "ten days at once are a jump"
        monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=6))
        assert await signed_time.why_not(connection) is None

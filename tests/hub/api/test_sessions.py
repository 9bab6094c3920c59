"""PINs and sessions: one a counter, kept over restarts, and a guesser locks out nobody who works."""

import pytest

from tests.hub.api.conftest import CLERK_PIN, MANAGER_PIN, OTHER_PIN, Stage


async def test_a_pin_opens_a_counter(stage: Stage) -> None:
    response = await stage.log_in(1)
    assert response.status_code == 201
    said = response.json()
    assert (said["clerk"], said["counter"], said["groups"]) == ("clerk-1", 1, ["A", "B"])
    cookie = response.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert "secure" not in cookie  # http on loopback
    assert CLERK_PIN not in response.text


@pytest.mark.parametrize("pin", ["12345679", "", "12", "١٢٣٤٥٦٧٨", "9912345679", "a" * 40, "77345678"])
async def test_a_wrong_pin_is_401(stage: Stage, pin: str) -> None:
    response = await stage.log_in(1, pin)
    assert (response.status_code, response.json()["type"]) == (401, "/problems/wrong-pin")


async def test_a_counter_that_is_not_there_is_404(stage: Stage) -> None:
    assert (await stage.log_in(44)).status_code == 404


async def test_a_taken_counter_says_by_whom_and_since_when(stage: Stage) -> None:
    session = await stage.session(1)
    taken = await stage.log_in(1, OTHER_PIN)
    assert taken.status_code == 409
    assert (taken.json()["by"], taken.json()["since"][:4]) == ("رنا", "2026")
    assert (await stage.log_in(1, OTHER_PIN, take_over=True)).status_code == 409
    assert (await stage.log_in(1, take_over=True)).status_code == 201
    assert (await stage.press(1, session, {"press": "open"})).json()["type"] == "/problems/session-taken"
    assert (await stage.log_in(1, MANAGER_PIN, take_over=True)).status_code == 201


async def test_guessing_locks_the_guessed_clerk_and_stops_nobody_who_works(stage: Stage) -> None:
    session = await stage.session(1)
    statuses = [(await stage.log_in(2, "12000000")).status_code for _ in range(6)]
    assert statuses == [401] * 5 + [429]
    locked = await stage.log_in(2)
    assert locked.status_code == 429
    assert 0 < int(locked.headers["retry-after"]) <= 60
    assert (await stage.press(1, session, {"press": "open"})).status_code == 200
    assert (await stage.log_in(2, OTHER_PIN)).status_code == 201  # another clerk may
    stage.hall.passes(61)
    assert (await stage.log_in(3)).status_code == 201


async def test_an_address_that_guesses_all_clerks_is_locked(stage: Stage) -> None:
    statuses = [(await stage.log_in(2, f"{sign:02}000000")).status_code for sign in range(20, 40)]
    assert statuses[:15] == [401] * 15
    assert set(statuses[15:]) == {429}


async def test_a_session_ends_after_twelve_hours_and_by_logging_out(stage: Stage) -> None:
    session = await stage.session(1)
    assert (await stage.client.delete("/v1/sessions/current", headers=session)).status_code == 204
    stage.client.cookies.clear()
    assert (await stage.press(1, session, {"press": "open"})).status_code == 401
    session = await stage.session(1)
    stage.hall.passes(12 * 3600 - 1)
    assert (await stage.press(1, session, {"press": "open"})).status_code == 200
    stage.hall.passes(1)
    assert (await stage.press(1, session, {"press": "open"})).status_code == 401
    assert (await stage.log_in(1, OTHER_PIN)).status_code == 201


async def test_a_clerk_needs_a_counter_and_a_manager_does_not(stage: Stage) -> None:
    assert (await stage.log_in(None)).status_code == 422
    assert (await stage.log_in(None, MANAGER_PIN)).status_code == 201

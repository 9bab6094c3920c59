"""POST /v1/what-if: who may ask, for which days, and what is said before enough is known."""

from datetime import timedelta
from typing import Any

import pytest

from common.protocol.feed_message import CalendarDay
from tests.hub.api.conftest import MANAGER_PIN, Stage
from tests.hub.services.test_now import special


async def ask(stage: Stage, session: dict[str, str], **body: Any) -> tuple[int, dict[str, Any]]:
    answer = await stage.client.post("/v1/what-if", json=body, headers=session)
    return answer.status_code, answer.json()


async def test_a_manager_is_told_that_too_few_days_are_known(stage: Stage) -> None:
    status, said = await ask(stage, await stage.session(None, MANAGER_PIN))
    assert status == 200
    assert said["right"] is None
    foretold = said["foretold"]
    assert (foretold["made_of_days"], foretold["expected"], foretold["usual"]) == (0, None, None)
    with stage.hall.hub.read() as look:
        assert foretold["day"] > look.stamp.wall_time.date().isoformat(), "the next day that the centre is open"


async def test_nobody_else_may_ask(stage: Stage) -> None:
    assert (await ask(stage, {}))[0] == 401
    assert (await ask(stage, await stage.session(1)))[0] == 403
    manager = await stage.session(None, MANAGER_PIN)
    assert (await ask(stage, manager | {"Origin": "http://evil.example"}))[0] == 403


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"day": "2026-02-30"}, 422, "no-date"),
        ({"day": "2026-01-01"}, 422, "day-out-of-reach"),
        ({"day": "2036-01-01"}, 422, "day-out-of-reach"),
        ({"counters": {"25:00": 3}}, 400, None),
        ({"counters": {"08:00": -1}}, 400, None),
        ({"counters": {f"{n // 2:02}:{n % 2 * 30:02}": 1 for n in range(48)} | {"00:01": 1}}, 400, None),
        ({"weather": "fine"}, 400, None),
    ],
)
async def test_no_question_is_refused(stage: Stage, body: dict[str, Any], status: int, code: str | None) -> None:
    found, said = await ask(stage, await stage.session(None, MANAGER_PIN), **body)
    assert found == status
    assert code is None or said["type"].endswith(f"/{code}")


async def test_a_day_that_the_calendar_closes_is_no_day_to_plan(stage: Stage) -> None:
    with stage.hall.hub.read() as look:
        tomorrow = (look.stamp.wall_time.date() + timedelta(days=1)).isoformat()
    special(stage.hall, CalendarDay(tomorrow, closed=True))
    manager = await stage.session(None, MANAGER_PIN)
    status, refused = await ask(stage, manager, day=tomorrow)
    assert status == 409
    assert refused["type"].endswith("/day-closed-by-calendar")
    status, found = await ask(stage, manager)
    assert status == 200
    assert found["foretold"]["day"] > tomorrow

"""PUT /v1/services/{code}: who may say what, and where it is seen at once."""

from typing import Any

import pytest

from tests.hub.api.conftest import MANAGER_PIN, Stage


async def put(stage: Stage, session: dict[str, str], code: str, **body: Any) -> tuple[int, dict[str, Any]]:
    answer = await stage.client.put(f"/v1/services/{code}", json=body, headers=session)
    return answer.status_code, answer.json()


async def test_a_clerk_stops_what_his_counter_serves_and_everybody_sees_it(stage: Stage) -> None:
    session = await stage.session(1)
    wish = {"state": "interrupted", "reason": "registry-line", "until": "11:30"}
    status, found = await put(stage, session, "civil-affairs", **wish)
    assert status == 200
    assert [one["kind"] for one in found.pop("facts")["said"]] == ["service-interrupted"]
    since = found.pop("since")
    assert found == wish | {"service": "civil-affairs", "by": "clerk-1"}
    state = (await stage.client.get("/v1/state")).json()
    shown = next(one for one in state["services"] if one["service"] == "civil-affairs")
    assert shown == wish | {"service": "civil-affairs", "since": since, "today": "unknown"}
    assert state["stopped"]["civil-affairs"]["reason"]["ar"] == "خط السجل المدني"
    status, found = await put(stage, session, "civil-affairs", state="working")
    assert (status, found["state"], found["since"]) == (200, "working", None)
    assert (await stage.client.get("/v1/state")).json()["stopped"] == {}


@pytest.mark.parametrize(
    ("code", "body", "status"),
    [
        ("water-bill", {"state": "interrupted", "reason": "power"}, 403),
        ("no-such", {"state": "interrupted", "reason": "power"}, 404),
        ("civil-affairs", {"state": "interrupted", "reason": "no-such"}, 422),
        ("civil-affairs", {"state": "interrupted"}, 422),
        ("civil-affairs", {"state": "closed"}, 400),
        ("civil-affairs", {"state": "interrupted", "reason": "power", "until": "25:00"}, 400),
    ],
)
async def test_what_a_clerk_may_not_say(stage: Stage, code: str, body: dict[str, Any], status: int) -> None:
    assert (await put(stage, await stage.session(1), code, **body))[0] == status
    assert (await stage.client.get("/v1/state")).json()["stopped"] == {}


async def test_a_manager_may_stop_any_and_nobody_without_a_session(stage: Stage) -> None:
    manager = await stage.session(None, MANAGER_PIN)
    assert (await put(stage, manager, "water-bill", state="interrupted", reason="power"))[0] == 200
    assert (await put(stage, {}, "water-bill", state="working"))[0] == 401
    assert (await put(stage, manager | {"Origin": "http://evil.example"}, "water-bill", state="working"))[0] == 403

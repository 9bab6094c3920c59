"""How many appointments a day has: a manager asks central, once a key; nobody else does; each no has its words."""

import asyncio
import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from hub.pages.texts import texts
from tests.hub.api.conftest import MANAGER_PIN, Stage
from tests.kit.answering_rows import AnsweringRows
from tests.kit.appointments import APPOINTMENTS

OF = {"day": "2026-11-26", "group": "A"}
WISH = OF | {"at": "10:00", "seats": 2}
BACK = OF | {"change": 8}


@pytest.fixture
def central(stage: Stage) -> Iterator[AnsweringRows]:
    answering = AnsweringRows(stage.hall.hub.store, APPOINTMENTS)
    yield answering
    answering.close()


async def ask(stage: Stage, path: str, wish: dict[str, Any], session: dict[str, str] | None = None) -> tuple[int, Any]:
    if session is None:
        session = await stage.session(None, MANAGER_PIN)
    answer = await stage.client.post(f"/v1/capacity{path}", json={"key": str(uuid.uuid4()), **wish}, headers=session)
    return answer.status_code, answer.json()


async def test_a_manager_sees_changes_and_takes_back_with_his_name(stage: Stage, central: AnsweringRows) -> None:
    status, seen = await ask(stage, "/day", OF)
    assert (status, seen["change"]) == (200, None)
    assert seen["half_hours"][0] == {"at": "10:00", "planned": 4, "booked": 3, "arrived": 1, "missed": 1}
    assert (await ask(stage, "", WISH))[1]["change"] == 8
    assert (await ask(stage, "/back", BACK))[0] == 200
    [by] = {body.pop("by") for kind, body in central.asked if kind == "capacity"}
    assert by == "manager-1"
    assert central.asked == [("day-seats", OF), ("capacity", WISH), ("capacity", OF | {"back": 8})]


async def test_one_key_asks_once(stage: Stage, central: AnsweringRows) -> None:
    session, body = await stage.session(None, MANAGER_PIN), {"key": str(uuid.uuid4()), **WISH}
    calls = [stage.client.post("/v1/capacity", json=body, headers=session) for _ in range(3)]
    assert {answer.status_code for answer in await asyncio.gather(*calls)} == {200}
    assert len(central.asked) == 1


@pytest.mark.parametrize(("path", "wish"), [("/day", OF), ("", WISH), ("/back", BACK)])
async def test_a_clerk_and_nobody_change_nothing(
    stage: Stage, central: AnsweringRows, path: str, wish: dict[str, Any]
) -> None:
    status, problem = await ask(stage, path, wish, await stage.session())
    assert (status, problem["type"].split("/")[-1]) == (403, "managers-only")
    assert (await ask(stage, path, wish, {}))[0] == 401
    assert central.asked == []


@pytest.mark.parametrize(
    "wrong", [{"seats": 100}, {"seats": -1}, {"at": "10:15"}, {"group": "AB"}, {"day": "soon"}, {"by": "x"}]
)
async def test_what_no_page_sends_is_asked_of_nobody(
    stage: Stage, central: AnsweringRows, wrong: dict[str, Any]
) -> None:
    assert (await ask(stage, "", WISH | wrong))[0] == 400
    assert central.asked == []


@pytest.mark.parametrize(
    ("said", "status", "code"),
    [
        (("refused", {"reason": "unknown-kind"}, {}), 409, "capacity-unknown-kind"),
        (("withdrawn", {}, {}), 409, "capacity-unknown-kind"),  # which an older central answers
        (("refused", {"reason": "hubs-only"}, {}), 409, "capacity-hubs-only"),
        (("refused", {"reason": "not-offered"}, {}), 409, "capacity-not-offered"),
        (("refused", {"reason": "not-planned"}, {}), 409, "capacity-not-planned"),
        (("refused", {"reason": "beyond-most"}, {}), 409, "capacity-beyond-most"),
        (("refused", {"reason": "unknown-change"}, {}), 409, "capacity-unknown-change"),
        (("refused", {"reason": "outside-window"}, {}), 409, "appointment-outside-window"),
        (("failed", {"reason": "no-network"}, {}), 503, "capacity-no-network"),
        (("failed", {"reason": "busy"}, {}), 503, "appointment-busy"),
        (("answered", {"day": 1}, {}), 409, "appointment-unreadable"),
    ],
)
async def test_each_no_has_words_of_its_own(
    stage: Stage, central: AnsweringRows, said: Any, status: int, code: str
) -> None:
    central.answers["capacity"] = said
    found, problem = await ask(stage, "", WISH)
    assert (found, problem["type"].split("/")[-1]) == (status, code)
    for language in ("ar", "en"):
        assert f"problem.{code}" in texts(language)


async def test_of_what_was_known_before_a_withdrawn_question_came_too_late(
    stage: Stage, central: AnsweringRows
) -> None:
    central.answers["seats"] = ("withdrawn", {}, {})
    body = {"key": str(uuid.uuid4()), "service": "civil-affairs"}
    answer = await stage.client.post("/v1/appointments/seats", json=body, headers=await stage.session())
    assert answer.json()["type"].split("/")[-1] == "appointment-late"

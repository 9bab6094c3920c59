"""The desk's appointments: asked of central once a key, for a session alone, each refusal with a code of its own."""

import asyncio
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select

from hub.api.live.views import counter_page_view
from hub.desk.questions import Questions
from hub.sessions.sessions import Session
from offline_store.disk import tables
from tests.hub.api.conftest import Stage
from tests.kit.answering_rows import AnsweringRows
from tests.kit.appointments import APPOINTMENTS, MADE, SEATS
from tests.kit.claims import make_known

WISH = {"service": "civil-affairs", "at": "2026-11-26T11:30:00+03:00", "who": "4321"}


@pytest.fixture
def central(stage: Stage) -> Iterator[AnsweringRows]:
    answering = AnsweringRows(stage.hall.hub.store, APPOINTMENTS)
    yield answering
    answering.close()


async def ask(stage: Stage, path: str, wish: dict[str, Any], key: str | None = None) -> tuple[int, dict[str, Any]]:
    session = await stage.session(take_over=True)
    body = {"key": key or str(uuid.uuid4()), **wish}
    answer = await stage.client.post(f"/v1/appointments{path}", json=body, headers=session)
    return answer.status_code, answer.json()


async def test_times_an_appointment_and_its_end_come_from_central(stage: Stage, central: AnsweringRows) -> None:
    times = [one["at"] for one in SEATS["seats"] if one["left"]]
    assert await ask(stage, "/seats", {"service": "civil-affairs"}) == (200, {"seats": times})
    assert await ask(stage, "", WISH | {"people": 2}) == (201, {"at": MADE["at"], "digits": MADE["digits"]})
    assert await ask(stage, "/ends", {"digits": MADE["digits"]}) == (200, {"state": "cancelled"})
    assert central.asked[1:] == [
        ("claim", WISH | {"kind": "booked", "people": 2}),
        ("claim-cancel", {"digits": MADE["digits"]}),
    ]


async def test_the_same_key_books_once_and_gets_the_same_answer(stage: Stage, central: AnsweringRows) -> None:
    session, body = await stage.session(), {"key": str(uuid.uuid4()), **WISH}
    calls = [stage.client.post("/v1/appointments", json=body, headers=session) for _ in range(3)]
    answers = [answer.json() for answer in await asyncio.gather(*calls)]
    assert answers == [{"at": MADE["at"], "digits": MADE["digits"]}] * 3
    assert [kind for kind, _ in central.asked] == ["claim"]


@pytest.mark.parametrize("reason", ["slot-full", "open-claim", "too-many", "closed"])
async def test_centrals_no_has_a_code_of_its_own(stage: Stage, central: AnsweringRows, reason: str) -> None:
    central.answers["claim"] = ("refused", {"reason": reason}, {})
    status, problem = await ask(stage, "", WISH)
    assert (status, problem["type"].split("/")[-1]) == (409, f"appointment-{reason}")


async def test_without_a_network_it_is_said_at_once(stage: Stage, central: AnsweringRows) -> None:
    central.answers["seats"] = ("failed", {"reason": "no-network"}, {})
    status, problem = await ask(stage, "/seats", {"service": "civil-affairs"})
    assert (status, problem["type"].split("/")[-1]) == (503, "appointment-no-network")


@pytest.mark.parametrize(
    ("path", "wish"), [("/seats", {"service": "a"}), ("", WISH), ("/ends", {"digits": "12345674"})]
)
async def test_nobody_asks_without_a_session(
    stage: Stage, central: AnsweringRows, path: str, wish: dict[str, Any]
) -> None:
    body = {"key": str(uuid.uuid4()), **wish}
    answer = await stage.client.post(f"/v1/appointments{path}", json=body)
    assert answer.status_code == 401
    assert central.asked == []


@pytest.mark.parametrize("changed", [{"who": "12345"}, {"who": "12a4"}, {"people": 5}, {"at": "tomorrow"}, {"more": 1}])
async def test_what_no_page_sends_is_refused_and_asked_of_nobody(
    stage: Stage, central: AnsweringRows, changed: dict[str, Any]
) -> None:
    status, _ = await ask(stage, "", WISH | changed)
    assert status == 400
    assert central.asked == []


async def test_what_names_a_person_is_kept_nowhere_in_the_clear(stage: Stage, central: AnsweringRows) -> None:
    await ask(stage, "", WISH)
    with stage.hall.hub.store.read() as connection:
        kept = connection.execute(select(tables.inquiries.c.body)).scalars().all()
    assert len(kept) == 1
    assert "4321" not in kept[0]


async def test_a_page_is_offered_appointments_where_the_centre_has_seats(stage: Stage) -> None:
    def books() -> bool:
        with stage.hall.hub.read() as look:
            return counter_page_view(look, Session("clerk-1", "clerk", 1, "0" * 64)).books

    assert not books()
    make_known(stage.hall.hub.store)
    assert books()


async def test_no_more_answers_are_kept_than_pages_ask_again_for() -> None:
    questions, worked = Questions(), list[int]()

    def work(number: int) -> int:
        worked.append(number)
        return number

    for number in range(65):
        assert await questions.ask(str(number), lambda _, number=number: work(number)) == number  # type: ignore[misc]
    assert await questions.ask("1", lambda _: work(1)) == 1
    assert await questions.ask("0", lambda _: work(0)) == 0
    assert sorted(worked)[:3] == [0, 0, 1]
    questions.close()


async def test_who_waits_at_the_end_of_the_process_is_told() -> None:
    questions = Questions()

    def work(is_left: Any) -> str:
        while not is_left():
            pass
        return "left"

    waiting = asyncio.ensure_future(questions.ask("1", work))
    await asyncio.sleep(0)
    await asyncio.get_running_loop().run_in_executor(None, questions.close)
    assert await waiting == "left"

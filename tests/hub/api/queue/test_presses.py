"""Presses over HTTP: the session first, the same answer for the same key, one person for one press."""

import asyncio
import uuid

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import insert

from common.protocol.feed_message import HubRecord, Hubs
from common.protocol.message_signature import sign_request
from hub.api.signing import is_signed_by, press_text, read_press_signature
from hub.log import tables
from hub.log.event import read_events
from hub.messages.staff import mark_of
from hub.takeover.replica import LogPage
from tests.hub.api.conftest import HUB_KEY, MANAGER_PIN, OTHER_PIN, URL, Stage, public
from tests.hub.hall import CENTRE, HUB_ID, said
from tests.hub.messages.conftest import TECHNICIAN, name_staff


async def test_a_press_needs_this_counters_session(stage: Stage) -> None:
    assert (await stage.press(1, {}, {"press": "open"})).status_code == 401
    session = await stage.session(1)
    other = await stage.press(2, session, {"press": "open"})
    assert (other.status_code, other.json()["type"]) == (403, "/problems/another-counter")
    assert (await stage.press(1, session, {"press": "open"})).status_code == 200


async def test_a_repeat_gets_the_same_bytes_and_a_key_is_for_one_press(stage: Stage) -> None:
    session = await stage.session(1)
    await stage.press(1, session, {"press": "open"})
    await stage.tell(stage.hall.kiosks[0].ticket(), stage.hall.kiosks[0].ticket())
    key = str(uuid.uuid4())
    first = await stage.press(1, session, {"press": "next"}, key)
    stage.hall.passes(30)
    again = await stage.press(1, session, {"press": "next"}, key)
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert first.json()["counter"]["ticket"]["number"] == "A1001"
    other = await stage.press(1, session, {"press": "pause"}, key)
    assert (other.status_code, other.json()["type"]) == (422, "/problems/key-reused")


async def test_a_refusal_is_final_too(stage: Stage) -> None:
    session = await stage.session(1)
    key = str(uuid.uuid4())
    refused = await stage.press(1, session, {"press": "next"}, key)
    assert refused.status_code == 409
    assert refused.headers["content-type"] == "application/problem+json"
    await stage.press(1, session, {"press": "open"})
    again = await stage.press(1, session, {"press": "next"}, key)
    assert (again.status_code, again.content) == (409, refused.content)


async def test_the_session_is_looked_at_before_a_known_key(stage: Stage) -> None:
    session = await stage.session(1)
    key = str(uuid.uuid4())
    await stage.press(1, session, {"press": "open"}, key)
    taken = await stage.session(1, MANAGER_PIN, take_over=True)
    gone = await stage.press(1, session, {"press": "open"}, key)
    assert (gone.status_code, gone.json()["type"]) == (401, "/problems/session-taken")
    assert (await stage.press(1, taken, {"press": "open"}, key)).status_code == 200


async def test_close_ends_the_session_and_its_answer_can_be_heard_again(stage: Stage) -> None:
    session = await stage.session(1)
    await stage.press(1, session, {"press": "open"})
    key = str(uuid.uuid4())
    closed = await stage.press(1, session, {"press": "close"}, key)
    assert closed.json()["counter"]["state"] == "closed"
    assert (await stage.press(1, session, {"press": "close"}, key)).content == closed.content
    assert (await stage.press(1, session, {"press": "open"})).status_code == 401
    assert (await stage.log_in(1, OTHER_PIN)).status_code == 201


async def test_a_press_refused_at_closing_keeps_the_session(stage: Stage) -> None:
    session = await stage.session(1)
    await stage.press(1, session, {"press": "open"})
    await stage.tell(stage.hall.kiosks[0].ticket())
    await stage.press(1, session, {"press": "next"})
    assert (await stage.press(1, session, {"press": "close"})).status_code == 409
    assert (await stage.press(1, session, {"press": "next"})).status_code == 200


@pytest.mark.parametrize("key", ["", "x", "123e4567-e89b-12d3-a456-42661417400", "123e4567e89b12d3a456426614174000"])
async def test_a_key_is_a_uuid(stage: Stage, key: str) -> None:
    session = await stage.session(1)
    response = await stage.client.post(
        "/v1/counters/1/presses", content=b'{"press":"open"}', headers=session | {"Idempotency-Key": key}
    )
    assert (response.status_code, response.json()["type"]) == (400, "/problems/bad-key")
    stranger = await stage.client.post("/v1/counters/1/presses", content=b"{}", headers={"Idempotency-Key": key})
    assert stranger.status_code == 401, "who has no session is told that first"


async def test_a_page_of_another_origin_presses_nothing(stage: Stage) -> None:
    session = await stage.session(1)
    other = await stage.press(1, session, {"press": "open"}, Origin="https://evil.example")
    assert (other.status_code, other.json()["type"]) == (403, "/problems/other-origin")
    assert (await stage.press(1, session, {"press": "open"}, Origin="http://127.0.0.1:8090")).status_code == 200


async def test_a_page_of_another_origin_sees_no_list(stage: Stage) -> None:
    session, wish = await stage.session(1), {"reason": "مريض"}
    for origin, status in (("https://evil.example", 403), (URL, 200)):
        seen = await stage.client.post("/v1/counters/1/waiting", json=wish, headers=session | {"Origin": origin})
        assert seen.status_code == status


async def test_who_has_closed_the_counter_sees_no_list_any_more(stage: Stage) -> None:
    session = await stage.session(1)
    await stage.press(1, session, {"press": "open"})
    assert (await stage.press(1, session, {"press": "close"})).json()["counter"]["state"] == "closed"
    seen = await stage.client.post("/v1/counters/1/waiting", json={"reason": "مريض"}, headers=session)
    assert (seen.status_code, seen.json().get("type")) == (401, "/problems/session-ended")


async def test_the_list_is_shown_for_a_reason_that_is_kept(stage: Stage) -> None:
    session = await stage.session(1)
    await stage.tell(stage.hall.kiosks[0].ticket(priority="disabled"))
    path = "/v1/counters/1/waiting"
    assert (await stage.client.post(path, json={"reason": "x"})).status_code == 401
    assert (await stage.client.post(path, json={"reason": "0991234567"}, headers=session)).status_code == 422
    shown = await stage.client.post(path, json={"reason": "مريض"}, headers=session)
    [waiting] = shown.json()["waiting"]
    assert waiting.pop("names").keys() == {"ar", "en"}
    assert waiting == {"number": "A1001", "service": "civil-affairs", "group": "A", "waited_s": 0}
    with stage.hall.hub.store.read() as connection:
        last = list(read_events(connection))[-1]
    assert (last.kind, last.clerk, last.read_body().reason) == ("list-seen", "clerk-1", "مريض")


async def test_every_answer_is_signed_for_a_hub_that_takes_over(stage: Stage) -> None:
    session = await stage.session(1)
    key = str(uuid.uuid4())
    response = await stage.press(1, session, {"press": "open"}, key)
    hub, term, signature = read_press_signature(response.headers["hub-signature"])
    text = press_text(hub, term, 1, key, 200, response.content)
    assert is_signed_by(public(HUB_KEY), signature, text)
    assert not is_signed_by(public(HUB_KEY), signature, press_text(hub, term, 2, key, 200, response.content))


async def test_presses_at_once_call_each_person_once(stage: Stage) -> None:
    kiosk = stage.hall.kiosks[0]
    told = [kiosk.ticket() for _ in range(40)]
    await stage.tell(*told)
    sessions = [await stage.session(1), await stage.session(2, OTHER_PIN)]
    for counter, session in enumerate(sessions, 1):
        await stage.press(counter, session, {"press": "open"})
    presses = [(counter, session, str(uuid.uuid4())) for counter, session in enumerate(sessions, 1) for _ in range(20)]
    sent = [
        stage.press(counter, session, {"press": "next"}, key) for counter, session, key in presses for _ in range(3)
    ]
    answers = await asyncio.gather(*sent)
    assert {answer.status_code for answer in answers} == {200}
    by_key: dict[str, set[bytes]] = {}
    for (_, _, key), answer in zip([one for one in presses for _ in range(3)], answers, strict=True):
        by_key.setdefault(key, set()).add(answer.content)
    assert all(len(said) == 1 for said in by_key.values())
    called = [msgspec.json.decode(said.pop())["counter"]["ticket"]["number"] for said in by_key.values()]
    assert sorted(called) == sorted(one.number for one in told)


async def test_an_answer_says_where_the_log_ends_and_up_to_where_every_standby_has_it(stage: Stage) -> None:
    records = [HubRecord(hub, URL, public(HUB_KEY)) for hub in (HUB_ID, "hub-0002", "hub-0003")]
    said(stage.hall.hub, Hubs(CENTRE, records), 5)
    session = await stage.session(1)

    async def pull(hub: str, after: int) -> None:
        path = f"/v1/events?after={after}"
        headers = sign_request("GET", URL + path, b"", key=HUB_KEY, keyid=hub)
        assert (await stage.client.get(path, headers=headers)).status_code == 200

    async def press(kind: str, key: str | None = None) -> tuple[int, int]:
        answer = await stage.press(1, session, {"press": kind}, key)
        return int(answer.headers["hub-seq"]), int(answer.headers["hub-pulled"])

    opened = await press("open", key := str(uuid.uuid4()))
    statement = (await stage.client.get("/v1/hub")).json()["statement"]
    again = await stage.press(1, session, {"press": "open"}, key)
    assert msgspec.json.decode(again.headers["hub-statement"]) == statement
    assert opened[1] == 0, "nobody has pulled"
    await pull("hub-0002", opened[0])
    assert await press("pause") == (opened[0] + 1, opened[0])
    await pull("hub-0003", 1)
    assert await press("open", key) == (opened[0], 1), "a repeat names the place that it had"


async def test_the_log_says_to_the_hub_that_pulls_it_who_was_told_an_alarm(stage: Stage) -> None:
    other = Ed25519PrivateKey.from_private_bytes(b"o" * 32)
    records = [HubRecord(HUB_ID, URL, public(HUB_KEY)), HubRecord("hub-0002", URL, public(other))]
    said(stage.hall.hub, Hubs(CENTRE, records), 5)
    name_staff(stage.hall, key=HUB_KEY)
    told = msgspec.json.encode([mark_of(TECHNICIAN, HUB_KEY)]).decode()
    row = {"name": "on-battery/", "kind": "on-battery", "machine": "", "digits": "42", "since": "2026-11-24T07:00:00Z"}
    with stage.hall.hub.store.write() as connection:
        connection.execute(insert(tables.alarms).values(row | {"told_to": told}))
    headers = sign_request("GET", f"{URL}/v1/events?after=0", b"", key=other, keyid="hub-0002")
    page = msgspec.json.decode((await stage.client.get("/v1/events?after=0", headers=headers)).content, type=LogPage)
    assert page.staff is not None
    assert page.staff.told is not None
    assert [len(marks) for marks in page.staff.told.values()] == [1]
    assert mark_of(TECHNICIAN, HUB_KEY) not in repr(page.staff.told)

"""One id has one answer: asked ten times, side by side, after a kill, after its time, and undone."""

import asyncio
import base64
import uuid
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx2
import msgspec
import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from sqlalchemy import delete, select, update

from central.base import clock
from central.base.config import CentralConfig
from central.base.tables.asked import inquiries
from central.inquiries import asking, polls
from central.inquiries.answerers import Found
from central.keys.keys import SEAL_SUITE
from common.protocol.inquiry import KEPT_S, MAX_INQUIRY_BYTES, answer_info, inquiry_info
from tests.central.conftest import URL, Stage, check_signed, staged
from tests.kit.places import PLACES, make_table, taken
from tests.kit.sender import Sender

AT = "2026-12-01T10:30"


@pytest.fixture
async def asked(config: CentralConfig) -> AsyncIterator[Stage]:
    async with staged(replace(config, public_url=URL), PLACES) as stage:
        await make_table(stage.engine)
        yield stage


def dies(seconds: float = 20.0) -> str:
    return clock.as_text(clock.now() + timedelta(seconds=seconds))


def question(kind: str = "claim", body: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    claimed = {"service": "clearance", "at": AT, "who": "rana"} if body is None else body
    return {"id": str(uuid.uuid4()), "kind": kind, "dies_at": dies(), "body": claimed} | more


async def ask(stage: Stage, sender: Sender, asked: dict[str, Any]) -> httpx2.Response:
    path, body = f"/v1/kiosks/{sender.kiosk}/inquiries", msgspec.json.encode(asked)
    headers = sender.signature("POST", path, body) | {"Content-Type": "application/json"}
    response = await stage.client.post(path, content=body, headers=headers)
    if response.is_success:
        check_signed(sender, response, headers)
    return response


async def wait(stage: Stage, sender: Sender, inquiry: str, after: int = 0) -> httpx2.Response:
    path = f"/v1/kiosks/{sender.kiosk}/inquiries/{inquiry}?after={after}"
    headers = sender.signature("GET", path)
    response = await stage.client.get(path, headers=headers)
    if response.is_success:
        check_signed(sender, response, headers)
    return response


async def test_a_kiosk_that_is_revoked_while_it_waits_is_told_so(asked: Stage) -> None:
    sender, one = await asked.enrolled(), question()
    assert (await ask(asked, sender, one)).status_code in (200, 202)
    await asked.revoke(sender)
    told = await wait(asked, sender, one["id"])
    assert (told.status_code, told.json()["type"]) == (403, "/problems/kiosk-revoked")


async def test_ten_lost_answers_are_one_claim(asked: Stage) -> None:
    sender, one = await asked.enrolled(), question()
    answers = [(await ask(asked, sender, one)).json() for _ in range(10)]
    assert answers == [answers[0]] * 10
    assert answers[0]["state"] == "answered"
    assert answers[0]["answer"].keys() == {"claim", "code", "digits", "at"}
    assert await taken(asked.engine) == ["rana"]


async def test_the_same_question_side_by_side_is_one_claim(asked: Stage) -> None:
    sender = await asked.enrolled()
    one = question(body={"at": AT, "who": "slow"})
    answers = await asyncio.gather(*(ask(asked, sender, one) for _ in range(5)))
    assert len({answer.json()["answer"]["claim"] for answer in answers}) == 1
    assert await taken(asked.engine) == ["slow"]


async def test_an_id_asks_one_thing(asked: Stage) -> None:
    sender, one = await asked.enrolled(), question()
    await ask(asked, sender, one)
    other = await ask(asked, sender, one | {"body": {"at": AT, "who": "another"}})
    assert (other.status_code, other.json()["type"]) == (409, "/problems/inquiry-conflict")
    stranger = await ask(asked, await asked.enrolled(), one)  # another kiosk's ids are its own
    assert stranger.json()["answer"]["claim"] != (await ask(asked, sender, one)).json()["answer"]["claim"]


async def test_what_was_never_shown_is_undone_and_never_done_again(asked: Stage) -> None:
    sender, one = await asked.enrolled(), question()
    await ask(asked, sender, one)
    undo = one | {"undo": True, "body": {}, "dies_at": dies(-3600)}
    for _ in range(3):
        assert (await ask(asked, sender, undo)).json() == {"id": one["id"], "state": "withdrawn"}
    assert (await ask(asked, sender, one)).json() == {"id": one["id"], "state": "withdrawn"}
    assert await taken(asked.engine) == []


async def test_an_undo_that_overtakes_its_question_holds(asked: Stage) -> None:
    sender, one = await asked.enrolled(), question()
    assert (await ask(asked, sender, one | {"undo": True, "body": {}})).json()["state"] == "withdrawn"
    assert (await ask(asked, sender, one)).json()["state"] == "withdrawn"
    assert await taken(asked.engine) == []


@pytest.mark.parametrize("seconds", [-6, -86_400, 60, 400 * 86_400])
async def test_a_question_is_begun_within_its_life_only(asked: Stage, seconds: float) -> None:
    late = question(dies_at=dies(seconds))
    assert (await ask(asked, await asked.enrolled(), late)).json()["state"] == "withdrawn"
    assert await taken(asked.engine) == []


async def test_a_copy_sent_again_after_its_row_has_gone_does_nothing(
    asked: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    sender, one = await asked.enrolled(), question()
    await ask(asked, sender, one)
    later = clock.now() + timedelta(seconds=KEPT_S + 1)
    monkeypatch.setattr(clock, "now", lambda: later)
    async with asked.engine.begin() as connection:
        await asking.forget(connection)
    assert await asked.all(select(inquiries.c.id)) == []
    assert (await ask(asked, sender, one)).json()["state"] == "withdrawn"
    assert await taken(asked.engine) == ["rana"]


async def test_a_central_that_was_set_back_answers_again_and_undoes_what_it_does_not_know(asked: Stage) -> None:
    sender, one, other = await asked.enrolled(), question(), question()
    await ask(asked, sender, one)
    async with asked.engine.begin() as connection:
        await connection.execute(delete(inquiries))
    assert (await ask(asked, sender, one)).json()["state"] == "answered"
    assert (await ask(asked, sender, other | {"undo": True, "body": {}})).json()["state"] == "withdrawn"
    assert (await wait(asked, sender, str(uuid.uuid4()))).status_code == 404


async def test_personal_parts_are_sealed_both_ways(asked: Stage) -> None:
    sender, key = await asked.enrolled(), X25519PrivateKey.generate()
    assert sender.sealing is not None
    one = question(body={"at": AT}, reply_key=base64.b64encode(key.public_key().public_bytes_raw()).decode())
    to = X25519PublicKey.from_public_bytes(base64.b64decode(sender.sealing.public_key))
    data = SEAL_SUITE.encrypt(b'{"who":"04010012345"}', to, info=inquiry_info(sender.kiosk, one["id"]))
    one["body"]["sealed"] = {"kid": sender.sealing.kid, "data": base64.b64encode(data).decode()}
    response = await ask(asked, sender, one)
    answer = response.json()["answer"]
    assert answer.keys() == {"claim", "at", "sealed"}
    assert b"04010012345" not in response.content
    sealed = base64.b64decode(answer["sealed"])
    opened = SEAL_SUITE.decrypt(sealed, key, info=answer_info(sender.kiosk, one["id"]))
    assert msgspec.json.decode(opened) == {"code": "SY1:04010012345", "digits": "12345678"}
    with pytest.raises(InvalidTag):
        SEAL_SUITE.decrypt(sealed, key, info=answer_info(sender.kiosk, str(uuid.uuid4())))
    moved = question(body=one["body"])  # the sealed part of another question opens nowhere else
    assert (await ask(asked, sender, moved)).json()["answer"] == {"reason": "unsealable"}
    rows = await asked.all(select(inquiries))
    assert not [row for row in rows if "04010012345" in str(row) or "12345678" in str(row)]


async def test_no_is_an_answer_and_is_kept(asked: Stage) -> None:
    sender, one = await asked.enrolled(), question(body={"at": AT})
    refused = {"id": one["id"], "state": "refused", "answer": {"reason": "no-who"}}
    assert [(await ask(asked, sender, one)).json() for _ in range(2)] == [refused] * 2
    late = question(body={"at": AT, "who": "refused"})
    assert (await ask(asked, sender, late)).json()["answer"] == {"reason": "closed"}
    assert await taken(asked.engine) == []
    assert (await ask(asked, sender, question("claim-cancel"))).json()["answer"] == {"reason": "unknown-kind"}


async def test_what_is_pending_is_waited_for(asked: Stage) -> None:
    sender, one = await asked.enrolled(), question("payment", {"bill": "1"})
    first = await ask(asked, sender, one)
    assert (first.status_code, first.json()["state"], first.json()["revision"]) == (202, "pending", 0)
    assert first.json()["answer"]["state"] == "opened"
    waiting = asyncio.create_task(wait(asked, sender, one["id"], 0))
    for state, is_final in (("paid", False), ("marked", True)):
        async with asked.engine.begin() as connection:
            await asking.tell(
                connection, asked.ring, sender.kiosk, one["id"], Found({"state": state}, {}, None, is_final)
            )
        if state == "paid":
            told = await waiting
            assert (told.status_code, told.json()["revision"]) == (202, 1)
            assert told.json()["answer"] == {"state": "paid"}
    last = await wait(asked, sender, one["id"], 1)
    assert (last.status_code, last.json()) == (
        200, {"id": one["id"], "state": "answered", "answer": {"state": "marked"}}
    )  # fmt: skip


async def test_a_long_poll_ends_and_too_many_are_refused(asked: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    sender, one = await asked.enrolled(), question("payment", {"bill": "1"})
    await ask(asked, sender, one)
    monkeypatch.setattr(polls.Polls.wait, "__defaults__", (0.1,))
    assert (await wait(asked, sender, one["id"])).status_code == 202
    monkeypatch.setattr(polls.Polls.wait, "__defaults__", (60.0,))
    waits = {asyncio.create_task(wait(asked, sender, one["id"])) for _ in range(polls.MOST_OF_ONE + 2)}
    while len(refused := {each for each in waits if each.done()}) < 2:
        await asyncio.wait(waits - refused, return_when=asyncio.FIRST_COMPLETED)
    assert [each.result().status_code for each in refused] == [429, 429]
    async with asked.engine.begin() as connection:
        await asking.tell(connection, asked.ring, sender.kiosk, one["id"], Found({"state": "marked"}, {}, None, True))
    ended = await asyncio.gather(*(waits - refused))
    assert [answer.status_code for answer in ended] == [200] * polls.MOST_OF_ONE
    assert (await wait(asked, sender, one["id"])).status_code == 200  # those that ended count no more


async def test_bounds(asked: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    sender = await asked.enrolled()
    large = await ask(asked, sender, question(body={"at": "x" * MAX_INQUIRY_BYTES}))
    assert large.status_code == 413
    wrong: list[dict[str, Any]] = [{"id": "1"}, {"kind": "SEATS"}, {"body": []}, {"reply_key": "QQ=="}, {"more": 1}]
    for bad in [*wrong, {"dies_at": "soon"}]:
        assert (await ask(asked, sender, question() | bad)).status_code == 400
    monkeypatch.setattr(asking, "MOST_A_MINUTE", 3)
    found = [(await ask(asked, sender, question("seats", {"from": AT}))).status_code for _ in range(5)]
    assert found == [200, 200, 200, 429, 429]
    async with asked.engine.begin() as connection:
        await connection.execute(update(inquiries).values(at=clock.as_text(clock.now() - timedelta(minutes=2))))
    assert (await ask(asked, sender, question("seats", {"from": AT}))).status_code == 200


async def test_only_who_signs_may_ask(asked: Stage) -> None:
    sender, stranger = await asked.enrolled(), Sender("nobody", URL)
    assert (await ask(asked, stranger, question())).status_code == 401
    stranger.kiosk = sender.kiosk
    assert (await ask(asked, stranger, question())).status_code == 401
    await asked.revoke(sender)
    assert (await ask(asked, sender, question())).status_code == 403
    assert await taken(asked.engine) == []

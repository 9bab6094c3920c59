"""What pages and followers ask of a hub after a take-over, and whose word it believes."""

import hashlib
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select, update

from common.protocol.feed_message import HubRecord, Hubs
from common.protocol.message_signature import sign_request
from common.queue.standing import Counter
from hub.api import takeover
from hub.api.signing import is_signed_by, press_signature, press_text, read_press_signature
from hub.log import tables
from hub.log.authors import followers
from hub.takeover.replica import LogPage
from hub.takeover.resuming import Heard
from tests.hub.api.conftest import CLERK_PIN, HUB_KEY, MANAGER_PIN, OTHER_PIN, URL, Stage, public
from tests.hub.hall import CENTRE, HUB_ID, said

OTHER = Ed25519PrivateKey.from_private_bytes(b"o" * 32)
KEY = "00000000-0000-4000-8000-000000000001"
BODY = '{"press":"came"}'


@pytest.fixture
def heard(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, Heard | None, bool]]:
    """Answers that are believed are noted, and bring nothing else about."""
    found: list[tuple[int, Heard | None, bool]] = []
    records = [HubRecord(HUB_ID, URL, public(HUB_KEY)), HubRecord("hub-0002", URL, public(OTHER))]
    records += [HubRecord("hub-0009", URL, public(OTHER), revoked=True)]
    said(stage.hall.hub, Hubs(CENTRE, records), 5)

    def resume(_act: object, number: int, one: Heard | None, *, more: bool) -> Counter:
        found.append((number, one, more))
        return Counter(number=number, state="open", version=4)

    monkeypatch.setattr(takeover, "resume", resume)
    return found


def signature(hub: str = "hub-0002", term: int = 1, counter: int = 1, key: str = KEY, status: int = 200) -> str:
    class Signs:
        hub_id = hub

    signs: Any = Signs()
    signs.key = OTHER
    return press_signature(signs, term, counter, key, status, BODY.encode())


async def resumes(stage: Stage, session: dict[str, str], sign: str | None, **more: Any) -> tuple[int, Any]:
    answer = None if sign is None else {"status": 200, "body": BODY, "signature": sign}
    wish = {"key": KEY, "answer": answer} | more
    said = await stage.client.post("/v1/counters/1/resume", json=wish, headers=session)
    return said.status_code, said.json()


async def test_an_answer_that_a_hub_of_this_centre_signed_is_taken(stage: Stage, heard: list[Any]) -> None:
    session = await stage.session(1)
    changes = stage.serving.changes.count
    status, answer = await resumes(stage, session, signature(), more=True)
    with stage.hall.hub.read() as look:
        assert (status, answer) == (200, {
            "counter": {"number": 1, "state": "open", "version": 4, "ticket": None}, "term": 1, "seq": look.seq,
        })  # fmt: skip
    assert stage.serving.changes.count > changes
    assert (await resumes(stage, session, None))[0] == 200
    assert heard == [(1, Heard("hub-0002", BODY.encode()), True), (1, None, False)]


@pytest.mark.parametrize(
    ("sign", "status", "kind"),
    [
        (signature(key="00000000-0000-4000-8000-000000000002"), 422, "not-signed"),
        (signature(counter=2), 422, "not-signed"),
        (signature(status=409), 422, "not-signed"),
        (signature("hub-0009"), 422, "not-signed"),
        (signature("hub-0077"), 422, "not-signed"),
        (signature(HUB_ID), 422, "not-signed"),
        (signature(term=2), 409, "later-term"),
        ("hub-0002.one.QUJD", 400, "bad-request"),
        ("hub-0002.1.not base64", 400, "bad-request"),
        ("hub-0002", 400, "bad-request"),
    ],
)
async def test_an_answer_that_nobody_signed_for_this_counter_and_key_is_refused(
    stage: Stage, heard: list[Any], sign: str, status: int, kind: str
) -> None:
    refused, problem = await resumes(stage, await stage.session(1), sign)
    assert (refused, problem["type"], heard) == (status, f"/problems/{kind}", [])


async def test_only_who_is_logged_in_at_the_counter_goes_on_there(stage: Stage, heard: list[Any]) -> None:
    assert (await resumes(stage, {}, None))[0] == 401
    status, problem = await resumes(stage, await stage.session(2, OTHER_PIN), None)
    assert (status, problem["type"]) == (403, "/problems/another-counter")
    assert heard == []


async def test_no_page_of_another_address_lets_a_hub_lead(stage: Stage) -> None:
    headers = {"Origin": "https://elsewhere.example"}
    answer = await stage.client.post("/v1/promotion", json={"pin": MANAGER_PIN}, headers=headers)
    assert answer.status_code == 403


async def test_a_manager_lets_a_standby_lead_and_pages_hear_of_it(stage: Stage) -> None:
    with stage.hall.hub.store.write() as connection:
        connection.execute(update(tables.state).values(role="following"))
    changes = stage.serving.changes.count
    answer = await stage.client.post("/v1/promotion", json={"pin": MANAGER_PIN})
    assert (answer.status_code, answer.json()) == (200, {"hub": HUB_ID, "term": 2})
    assert answer.headers["cache-control"] == "no-store"
    assert stage.serving.changes.count > changes


async def test_a_standby_that_lacks_something_says_what_it_holds_and_leads_by_a_second_wish(stage: Stage) -> None:
    hall = stage.hall
    hall.kiosks[0].give("A")
    with hall.hub.read() as look:
        seq, at = look.seq, look.stamp.text
    hall.passes(60)
    with hall.hub.store.write() as connection:
        connection.execute(update(tables.state).values(role="following", holds_all=0))
    refused = await stage.client.post("/v1/promotion", json={"pin": MANAGER_PIN})
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/holds-less")
    assert refused.json()["held"] == {"hub": HUB_ID, "until": at, "through": seq, "lacks": ["end"]}
    clerks = await stage.client.post("/v1/promotion", json={"pin": CLERK_PIN, "with_this": True})
    assert clerks.status_code == 403
    with hall.hub.read() as look:
        assert (look.role, look.seq) == ("following", seq), "nothing was written"
    answer = await stage.client.post("/v1/promotion", json={"pin": MANAGER_PIN, "with_this": True})
    assert answer.json() == {"hub": HUB_ID, "term": 2}
    with hall.hub.read() as look:
        assert look.is_recall_due, "it asks central before it calls anybody"


async def test_a_pull_is_written_down_once_in_four_seconds_and_a_stranger_pulls_nothing(
    stage: Stage, heard: list[Any]
) -> None:
    async def pull(hub: str = "hub-0002", key: Ed25519PrivateKey = OTHER) -> tuple[int, tuple[Any, ...]]:
        headers = sign_request("GET", f"{URL}/v1/events?after=0", b"", key=key, keyid=hub)
        answer = await stage.client.get("/v1/events?after=0", headers=headers)
        if answer.status_code == 200:
            assert msgspec.json.decode(answer.content, type=LogPage).hub == HUB_ID
        with stage.hall.hub.store.read() as connection:
            row = connection.execute(select(followers.c.hub, followers.c.pulled_line)).first()
        return answer.status_code, (None, None) if row is None else tuple(row)

    for hub, key in (("hub-0077", OTHER), ("hub-0009", OTHER), ("hub-0002", HUB_KEY)):
        assert await pull(hub, key) == (401, (None, None))
    assert (await stage.client.get("/v1/events?after=0")).status_code == 401
    stage.hall.passes(30)
    with stage.hall.hub.read() as look:
        begins, term = look.line_us, look.term
    assert stage.serving.pulls._held == {}
    assert await pull() == (200, ("hub-0002", begins))
    assert (stage.serving.pulls._term, stage.serving.pulls._held) == (term, {"hub-0002": 0})
    stage.hall.passes(3.999)
    assert await pull() == (200, ("hub-0002", begins))
    stage.hall.passes(0.001)
    assert await pull() == (200, ("hub-0002", begins + 4_000_000))
    stage.hall.hub.asks_first = True
    assert (await pull())[0] == 503
    stage.hall.hub.asks_first = False
    stage.hall.passes(60)
    with stage.hall.hub.store.write() as connection:
        connection.execute(update(tables.state).values(role="following"))
    assert await pull() == (200, ("hub-0002", begins + 4_000_000)), "one that follows is no hub's leader"


def test_a_press_s_signature_is_over_all_that_it_says() -> None:
    text = press_text("hub-0002", 1, 1, KEY, 200, BODY.encode())
    digest = hashlib.sha256(BODY.encode()).hexdigest()
    assert text.decode() == f"hub-press-1\nhub-0002\n1\n1\n{KEY}\n200\n{digest}"
    hub, term, signed = read_press_signature(signature())
    assert (hub, term) == ("hub-0002", 1)
    assert is_signed_by(public(OTHER), signed, text)
    assert not is_signed_by(public(OTHER), signed, text + b" ")
    assert not is_signed_by(public(HUB_KEY), signed, text)
    assert not is_signed_by("no key", signed, text)

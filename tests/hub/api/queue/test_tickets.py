"""What kiosks tell is believed by signature, taken once, refused singly; what they hear is signed by the hub."""

import uuid
from typing import Any

import httpx2
import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from common.city.catalogue import load_catalogue
from common.protocol.message_signature import verify_response
from common.protocol.queue.call import TicketsAnswer
from common.protocol.queue.hub_statement import statement
from hub.arrivals import taking
from hub.engine.days import first_day
from hub.messages.kiosks import kiosks_heard
from tests.hub.api.conftest import CLERK_PIN, HUB_KEY, MANAGER_PIN, URL, Stage, named, public
from tests.hub.hall import HUB_ID


def without_facts(answer: httpx2.Response) -> dict[str, Any]:
    """Return what an answer says besides what was done, for which see test_commits."""
    return {name: value for name, value in answer.json().items() if name != "facts"}


def read(response: Any) -> TicketsAnswer:
    assert response.status_code == 200, response.text
    return msgspec.json.decode(response.content, type=TicketsAnswer)


async def test_the_answer_counts_who_is_before_and_is_signed(stage: Stage) -> None:
    kiosk = stage.hall.kiosks[0]
    first, second = kiosk.ticket(), kiosk.ticket()
    response = await stage.tell(first, second)
    said = read(response)
    assert [(one.id, one.before) for one in said.taken] == [(first.id, 0), (second.id, 1)]
    assert (said.queue["civil-affairs"].before, said.queue["clearance"].before) == (2, 2)
    assert said.queue["civil-affairs"].low_s is None  # nobody calls
    request = response.request
    verify_response(
        200, response.headers, response.content, method="POST", url=str(request.url),
        request_headers=request.headers, keys={HUB_ID: HUB_KEY.public_key()},
    )  # fmt: skip


async def test_only_the_kiosks_own_signature_counts(stage: Stage) -> None:
    told = stage.hall.kiosks[0].ticket()
    assert (await stage.tell(told, key=Ed25519PrivateKey.generate())).status_code == 401
    unsigned = await stage.client.post("/v1/kiosks/kiosk-1/tickets", content=b"{}")
    assert unsigned.status_code == 401
    assert (await stage.post_signed("kiosk-9", b"{}")).status_code == 401


async def test_a_ticket_is_taken_once_by_id_and_revision(stage: Stage) -> None:
    kiosk = stage.hall.kiosks[0]
    told = kiosk.ticket()
    for _ in range(3):
        assert [one.before for one in read(await stage.tell(told)).taken] == [0]
    printed = msgspec.structs.replace(told, revision=1, paper="printed")
    assert read(await stage.tell(printed)).refused == []
    assert stage.hall.ticket(told.id).paper == "printed"
    assert read(await stage.tell(told)).refused == []  # an older word is ignored
    assert stage.hall.ticket(told.id).paper == "printed"
    other = msgspec.structs.replace(printed, paper="unknown")
    assert [one.reason for one in read(await stage.tell(other)).refused] == ["revision-conflict"]


async def test_bad_tickets_are_refused_alone(stage: Stage) -> None:
    kiosk = stage.hall.kiosks[0]
    good = kiosk.ticket()
    bad = {
        "wrong-digit": kiosk.ticket(number="A2001"),
        "unknown-service": kiosk.ticket(service="moon-permit"),
        "bad-number": kiosk.ticket(number="A1"),
    }
    said = read(await stage.tell(good, *bad.values()))
    assert [one.id for one in said.taken] == [good.id]
    assert {one.id: one.reason for one in said.refused} == {told.id: reason for reason, told in bad.items()}


async def test_a_kiosk_whose_day_lies_ahead_is_named_to_the_manager_until_it_does_not(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hub that has no day of its own yet begins none by such a label."""
    presence, kiosk = stage.serving.presence, stage.hall.kiosks[0]
    with monkeypatch.context() as patched:
        patched.setattr(taking, "day_given", lambda act, _, label: first_day(act, label))
        await stage.tell(kiosk.ticket(business_day="2099-01-01"))
    assert presence.refused_days(["kiosk-1", "kiosk-2"]) == {"kiosk-1": "2099-01-01"}
    await stage.tell()
    assert presence.refused_days(["kiosk-1"]) == {"kiosk-1": "2099-01-01"}
    await stage.tell(kiosk.ticket())
    assert presence.refused_days(["kiosk-1"]) == {}


async def test_what_a_kiosk_or_page_passes_on_of_a_later_hub_is_heeded(stage: Stage) -> None:
    said = read(await stage.tell()).statement
    assert said is not None
    assert (said.hub, said.term, said.is_signed_by(public(HUB_KEY))) == (HUB_ID, 1, True)
    assert (await stage.client.get("/v1/hub")).json()["statement"] == msgspec.to_builtins(said)
    assert read(await stage.tell(followed=said)).statement == said
    session = await stage.session(1)
    later = statement(HUB_ID, 2, 0, "mark", HUB_KEY)
    header = {"Hub-Followed": msgspec.json.encode(later).decode()}
    pressed = await stage.press(1, session, {"press": "open"}, **header)
    assert (pressed.status_code, pressed.json()["type"]) == (503, "/problems/not-yet")
    told = await stage.tell(stage.hall.kiosks[0].ticket(), followed=later)
    assert (told.status_code, told.json()["type"]) == (503, "/problems/not-yet")
    assert (await stage.client.get("/v1/hub")).json()["leading"] is False
    unreadable = await stage.press(1, session, {"press": "open"}, **{"Hub-Followed": "{}"})
    assert unreadable.status_code == 400


async def test_a_ticket_that_cannot_be_read_is_refused_alone(stage: Stage) -> None:
    kiosk = stage.hall.kiosks[0]
    good = kiosk.ticket()
    odd = {"id": str(uuid.uuid4()), "number": 7}
    body = {"boot_id": kiosk.boot_id, "boot_time_ns": kiosk.boot_time_ns(), "tickets": [msgspec.to_builtins(good), odd]}
    said = read(await stage.post_signed("kiosk-1", msgspec.json.encode(body)))
    assert ([one.id for one in said.taken], said.refused[0].id) == ([good.id], odd["id"])
    many = body | {"tickets": [odd] * 201}
    assert (await stage.post_signed("kiosk-1", msgspec.json.encode(many))).status_code == 400


async def test_a_revoked_kiosks_tickets_are_refused_each(stage: Stage) -> None:
    named(stage.hall, revoked=frozenset({1}), message_id=3)
    told = stage.hall.kiosks[0].ticket()
    assert [one.reason for one in read(await stage.tell(told)).refused] == ["kiosk-revoked"]


async def test_voided_while_waiting_ends_it_and_voided_when_called_tells_the_counter(stage: Stage) -> None:
    kiosk = stage.hall.kiosks[0]
    first, second = kiosk.ticket(), kiosk.ticket()
    await stage.tell(first, second)
    await stage.tell(msgspec.structs.replace(first, revision=1, voided=True))
    assert (stage.hall.ticket(first.id).end, stage.hall.ticket(first.id).state) == ("voided", "ended")
    session = await stage.session(1)
    await stage.press(1, session, {"press": "open"})
    called = await stage.press(1, session, {"press": "next"})
    assert called.json()["counter"]["ticket"]["number"] == second.number
    await stage.tell(msgspec.structs.replace(second, revision=1, voided=True))
    again = await stage.press(1, session, {"press": "pause"})
    assert again.json()["counter"]["ticket"]["voided"] is True


async def test_the_last_calls_come_back(stage: Stage) -> None:
    told = stage.hall.kiosks[0].ticket()
    await stage.tell(told)
    session = await stage.session(2)
    await stage.press(2, session, {"press": "open"})
    await stage.press(2, session, {"press": "next"})
    said = read(await stage.tell())
    assert [(one.number, one.counter) for one in said.calls] == [(told.number, 2)]
    taken = read(await stage.tell(told)).taken
    assert taken[0].before is None


async def test_a_call_for_staff_is_seen_once_somebody_says_so(stage: Stage) -> None:
    asked = str(uuid.uuid4())
    response = await stage.post_signed("kiosk-1", msgspec.json.encode({"id": asked}), path="help")
    assert response.json() == {"id": asked}
    assert [(one.id, one.state) for one in read(await stage.tell()).help] == [(asked, "asked")]
    session = await stage.session(1)
    seen = await stage.client.post(f"/v1/help/{asked}/acknowledged", headers=session)
    assert seen.json()["seen_by"] == "clerk-1"
    assert [(one.id, one.state) for one in read(await stage.tell()).help] == [(asked, "seen")]
    assert (await stage.client.post(f"/v1/help/{uuid.uuid4()}/acknowledged", headers=session)).status_code == 404


async def test_the_board_shows_nothing_that_a_hall_may_not_see(stage: Stage) -> None:
    told = stage.hall.kiosks[0].ticket(priority="disabled", service="judicial-record")
    await stage.tell(told)
    session = await stage.session(1)
    await stage.press(1, session, {"press": "open"})
    await stage.press(1, session, {"press": "next"})
    await stage.press(1, session, {"press": "came", "ticket": told.id, "version": 2})
    await stage.press(1, session, {"press": "park", "ticket": told.id, "version": 3, "where": "غرفة"})
    state = await stage.client.get("/v1/state")
    shown = state.json()
    assert shown["calls"][0]["number"] == told.number
    assert {one["service"] for one in shown.pop("services")} == {*load_catalogue().known}  # of all, wanted or not
    for hidden in ("judicial", "disabled", "رنا", "clerk-1", told.id, "غرفة"):
        assert hidden not in str(shown)


@pytest.mark.parametrize(
    ("view", "pin", "status"),
    [("counter", None, 401), ("manager", None, 401), ("manager", CLERK_PIN, 403), ("odd", None, 400)],
)
async def test_a_stream_needs_its_right(stage: Stage, view: str, pin: str | None, status: int) -> None:
    session = await stage.session(1, pin) if pin else {}
    response = await stage.client.get(f"/v1/stream?view={view}", headers=session)
    assert response.status_code == status


async def test_managers_set_rules_queues_and_day_until_central_says_otherwise(stage: Stage) -> None:
    clerk, manager = await stage.session(1), await stage.session(None, MANAGER_PIN)
    body = {"help_after_s": 60}
    assert (await stage.client.put("/v1/rules", json=body, headers=clerk)).status_code == 403
    assert (await stage.client.put("/v1/rules", json=body)).status_code == 401
    rules = await stage.client.put("/v1/rules", json=body, headers=manager)
    assert without_facts(rules) == {"priority_weight": 2, "help_after_s": 60}
    groups = await stage.client.put("/v1/counters", json={"number": 3, "groups": ["D"]}, headers=manager)
    assert groups.status_code == 200
    with stage.hall.hub.read() as look:
        assert (look.centre.rules.help_after_s, look.centre.counters[3].groups) == (60, ["D"])
    stage.hall.set_up({1: ["A"], 3: ["C"]}, message_id=9)
    named(stage.hall, message_id=10)
    with stage.hall.hub.read() as look:
        assert (look.centre.rules.help_after_s, look.centre.counters[3].groups) == (1800, ["C"])
    assert (
        await stage.client.put("/v1/counters", json={"number": 3, "groups": ["Q"]}, headers=manager)
    ).status_code == 422


async def test_a_day_closed_early_carries_who_waits_and_whose_number_the_hub_had_not_heard_of(stage: Stage) -> None:
    waiting, late = stage.hall.kiosks[0].ticket(), stage.hall.kiosks[0].ticket()
    await stage.tell(waiting)
    manager = await stage.session(None, MANAGER_PIN)
    closed = await stage.client.put("/v1/day", json={"close": True}, headers=manager)
    assert without_facts(closed) == {"business_day": "2026-11-25", "closed": True}
    await stage.tell(late)
    assert {stage.hall.ticket(one.id).end for one in (waiting, late)} == {"carried"}
    assert (await stage.client.put("/v1/day", json={"open": "2026-11-25"}, headers=manager)).status_code == 409
    ahead = await stage.client.put("/v1/day", json={"open": "2026-11-27"}, headers=manager)
    assert (ahead.status_code, ahead.json()["type"].split("/")[-1]) == (409, "too-far")
    opened = await stage.client.put("/v1/day", json={"open": "2026-11-26"}, headers=manager)
    assert opened.status_code == 200
    assert (await stage.client.get("/v1/state")).json()["business_day"] == "2026-11-26"


async def test_opening_tomorrow_before_today_is_over_carries_who_waits_and_tells_kiosks(stage: Stage) -> None:
    waiting = stage.hall.kiosks[0].ticket()
    assert (await stage.tell(waiting)).json().get("closed_day") is None
    manager = await stage.session(None, MANAGER_PIN)
    assert (await stage.client.put("/v1/day", json={"open": "2026-11-26"}, headers=manager)).status_code == 200
    assert stage.hall.ticket(waiting.id).end == "carried"
    late = stage.hall.kiosks[0].ticket()
    assert (await stage.tell(late)).json()["closed_day"] == "2026-11-25"
    assert stage.hall.ticket(late.id).end == "carried"


async def test_a_manager_opens_any_day_where_no_clock_is_right(stage: Stage) -> None:
    manager = await stage.session(None, MANAGER_PIN)
    await stage.tell(stage.hall.kiosks[0].ticket())  # today's day is open
    stage.hall.clock.trust = "unknown"
    once = await stage.client.put("/v1/day", json={"open": "2026-12-20"}, headers=manager)
    assert (once.status_code, once.json()["type"]) == (409, "/problems/type-again")
    twice = {"open": "2026-12-20", "again": "2026-12-20"}
    assert (await stage.client.put("/v1/day", json=twice, headers=manager)).status_code == 200
    undone = await stage.client.put("/v1/day", json={"undo": "2026-12-20"}, headers=manager)
    assert without_facts(undone) == {"business_day": "2026-11-25", "closed": False}


async def test_a_dead_counters_ticket_goes_back_in_front(stage: Stage) -> None:
    first, second = stage.hall.kiosks[0].ticket(), stage.hall.kiosks[0].ticket()
    await stage.tell(first, second)
    session, manager = await stage.session(1), await stage.session(None, MANAGER_PIN)
    await stage.press(1, session, {"press": "open"})
    await stage.press(1, session, {"press": "next"})
    freed = await stage.client.put("/v1/counters", json={"number": 1, "close": True}, headers=manager)
    assert freed.json()["state"] == "closed"
    assert (await stage.press(1, session, {"press": "open"})).status_code == 401
    other = await stage.session(2)
    await stage.press(2, other, {"press": "open"})
    called = await stage.press(2, other, {"press": "next"})
    assert called.json()["counter"]["ticket"]["number"] == first.number


async def test_health_answers_and_metrics_name_the_queue(stage: Stage) -> None:
    await stage.tell(stage.hall.kiosks[0].ticket())
    assert (await stage.client.get("/healthz")).json() == {"status": "ok"}
    ready = (await stage.client.get("/readyz")).json()
    assert (ready["status"], ready["leading"]) == ("ready", True)
    page = (await stage.client.get("/metrics")).text
    assert 'hub_waiting{group="A"} 1.0' in page


async def test_an_unknown_call_is_a_problem_document(stage: Stage) -> None:
    response = await stage.client.get("/v1/nothing")
    assert (response.status_code, response.headers["content-type"]) == (404, "application/problem+json")
    assert URL not in response.text


async def test_what_a_kiosk_needs_somebody_for_is_kept_and_an_older_kiosk_says_nothing_of_it(stage: Stage) -> None:
    said = {"boot_id": "boot-1", "boot_time_ns": 5}
    for needs in (["paper-out", "on-battery"], ["on-battery"], None, ["a-word-of-a-later-kiosk"]):
        call = said if needs is None else {**said, "needs": needs}
        assert (await stage.post_signed("kiosk-1", msgspec.json.encode(call))).status_code == 200
        with stage.hall.hub.read() as look:
            kept, silent_s = kiosks_heard(look)["kiosk-1"]
        assert (kept, silent_s < 1) == (sorted(needs or []), True)
    many = {**said, "needs": ["x"] * 11}
    assert (await stage.post_signed("kiosk-1", msgspec.json.encode(many))).status_code == 400

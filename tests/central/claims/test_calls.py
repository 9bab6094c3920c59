"""Calls for systems that make claims: one key makes one claim, refusals are the contract's words, own claims alone."""

from typing import Any

import httpx2
import msgspec
import pytest
from sqlalchemy import func, select

from central.base.tables.claimed import claim_requests, claims
from central.base.tables.messages import message_contacts
from central.claims import changes, requests
from central.messages import contacts
from central.offices.integrations import systems
from central.offices.integrations.systems import May
from central.offices.integrations.webhooks import WebhookDispatcher
from tests.central.claims.conftest import CENTRE, SERVICE, Office, line


async def token(
    office: Office, name: str = "muamalati", may: May = "claims", webhook: str | None = None
) -> dict[str, str]:
    async with office.stage.engine.begin() as connection:
        return {"Authorization": f"Bearer {await systems.give(connection, name, may, webhook)}"}


async def post(
    office: Office, path: str, headers: dict[str, str], key: str | None = None, **body: Any
) -> httpx2.Response:
    more = {} if key is None else {"Idempotency-Key": key}
    return await office.stage.client.post(path, content=msgspec.json.encode(body), headers=headers | more)


def wanted(at: str | None = "2026-12-01T10:30", who: str = "a", **more: Any) -> dict[str, Any]:
    return {"centre": CENTRE, "service": SERVICE, "at": at, "who": who} | more


async def test_seats_are_held_booked_read_and_cancelled(office: Office) -> None:
    await office.publish([line(seats=1)])
    app = await token(office)
    query = {"centre": CENTRE, "service": SERVICE, "from": "2026-12-01T10:30"}
    answer = await office.stage.client.get("/v1/seats", params=query, headers=app)
    assert answer.json()["seats"][0] == {"at": "2026-12-01T10:30:00+03:00", "minutes": 15, "left": 1}
    held = await post(office, "/v1/holds", app, **wanted())
    assert (held.status_code, set(held.json())) == (201, {"hold", "until"})
    made = await post(office, "/v1/claims", app, "k1", hold=held.json()["hold"], phone="+963933000001")
    assert (made.status_code, set(made.json())) == (201, {"claim", "code", "digits", "at"})
    assert (await office.stage.client.get("/v1/seats", params=query, headers=app)).json()["seats"][0]["at"][
        11:16
    ] == "10:45"
    (kept,) = await office.stage.all(select(message_contacts))
    assert (kept.about, "933000001" in str(kept)) == (made.json()["claim"], False)
    page = (await office.stage.client.get("/v1/claims", headers=app)).json()
    assert [(one["claim"], one["state"]) for one in page["claims"]] == [(made.json()["claim"], "booked")]
    gone = await office.stage.client.delete(f"/v1/claims/{made.json()['claim']}", headers=app)
    assert (gone.status_code, gone.content) == (204, b"")
    page = (await office.stage.client.get("/v1/claims", params={"after": page["cursor"]}, headers=app)).json()
    assert [one["state"] for one in page["claims"]] == ["cancelled"]


async def test_an_answer_that_was_lost_ten_times_is_one_claim(office: Office) -> None:
    await office.publish()
    app = await token(office)
    answers = [await post(office, "/v1/claims", app, "key-1", **wanted()) for _ in range(10)]
    assert {one.status_code for one in answers} == {201}
    assert len({one.content for one in answers}) == 1
    assert (await office.stage.all(select(func.count()).select_from(claims)))[0][0] == 1
    other = await post(office, "/v1/claims", app, "key-1", **wanted(who="b"))
    assert (other.status_code, other.json()["type"]) == (422, "/problems/key-reused")
    again = await post(office, "/v1/claims", await token(office, "another"), "key-1", **wanted(who="b"))
    assert again.status_code == 201  # a key is its system's own
    office.pass_time(hours=48, minutes=1)
    async with office.stage.engine.begin() as connection:
        await requests.forget(connection, office.now)
    assert await office.stage.all(select(claim_requests)) == []


async def test_refusals_are_words(office: Office) -> None:
    await office.publish([line(seats=1)])
    app = await token(office)
    assert (await post(office, "/v1/claims", app, **wanted())).status_code == 201
    for status, word, body in (
        (409, "slot-full", wanted(who="b")),
        (409, "open-claim", wanted("2026-12-01T10:45")),
        (422, "outside-window", wanted("2027-12-01T10:45", who="c")),
        (422, "not-offered", wanted(who="c") | {"centre": "nowhere"}),
        (422, "claim-refused", wanted("soon", who="c")),
        (422, "claim-refused", {"service": SERVICE}),
    ):
        answer = await post(office, "/v1/claims", app, **body)
        assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{word}")
    for number in range(2):
        await post(office, "/v1/claims", app, **wanted(f"2026-12-01T1{number}:00", who="d", service="state-employees"))
        rows = await office.stage.all(
            select(claims.c.id).where(claims.c.state == "booked").order_by(claims.c.change.desc())
        )
        await office.stage.client.delete(f"/v1/claims/{rows[0].id}", headers=app)
    answer = await post(office, "/v1/claims", app, **wanted("2026-12-01T11:30", who="d", service="state-employees"))
    assert (answer.status_code, answer.json()["type"]) == (429, "/problems/too-many")
    assert (await post(office, "/v1/claims", app, who="c", more=1)).status_code == 400


async def test_a_token_for_claims_alone_and_own_claims_alone(office: Office) -> None:
    await office.publish()
    app, visits = await token(office), await token(office, "reader", "visits")
    made = (await post(office, "/v1/claims", app, **wanted())).json()
    assert (await post(office, "/v1/claims", visits, **wanted())).status_code == 403
    assert (await post(office, "/v1/claims", {}, **wanted())).status_code == 401
    other = await token(office, "another")
    assert (await office.stage.client.delete(f"/v1/claims/{made['claim']}", headers=other)).status_code == 404
    assert (await office.stage.client.get("/v1/claims", headers=other)).json()["claims"] == []
    async with office.stage.engine.begin() as connection:
        await connection.execute(claims.update().values(state="arrived"))
    late = await office.stage.client.delete(f"/v1/claims/{made['claim']}", headers=app)
    assert (late.status_code, late.json()["type"]) == (409, "/problems/not-open")


@pytest.mark.usefixtures("no_dispatcher")
async def test_a_system_hears_that_claims_changed(office: Office) -> None:
    await office.publish()
    app = await token(office, webhook="http://127.0.0.1:9/news")
    told: list[bytes] = []

    def posted(_url: str, body: bytes, _headers: dict[str, str]) -> int:
        told.append(body)
        return 200

    dispatcher = WebhookDispatcher(office.stage.engine, office.stage.ring, posted)
    await dispatcher.act()
    assert told == []
    await post(office, "/v1/claims", app, **wanted())
    await dispatcher.act()
    await dispatcher.act()
    assert [msgspec.json.decode(one)["type"] for one in told] == ["claims.changed"]
    async with office.stage.engine.begin() as connection:
        assert await changes.newest(connection) > 0


async def test_a_sign_that_no_database_takes_is_an_unknown_centre_or_claim(office: Office) -> None:
    await office.publish()
    app = await token(office)
    query = {"centre": f"{CENTRE}\0", "service": SERVICE}
    seats = await office.stage.client.get("/v1/seats", params=query, headers=app)
    assert (seats.status_code, seats.json()["type"]) == (422, "/problems/not-offered")
    gone = await office.stage.client.delete("/v1/claims/a%00b", headers=app)
    assert (gone.status_code, gone.json()["type"]) == (404, "/problems/not-found")


async def test_a_repeat_of_a_claim_that_was_cancelled_keeps_no_number_again(office: Office) -> None:
    await office.publish()
    app = await token(office)
    asked = wanted(phone="+963933000001")
    made = await post(office, "/v1/claims", app, "key-1", **asked)
    async with office.stage.engine.begin() as connection:
        await contacts.forget(connection, "claim", made.json()["claim"])
    assert (await post(office, "/v1/claims", app, "key-1", **asked)).content == made.content
    assert await office.stage.all(select(message_contacts)) == []

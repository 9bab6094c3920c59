"""What other systems tell and read: only with their token, only what it is for, nothing left out and nothing twice."""

from typing import Any

import httpx2
import msgspec
import pytest
from sqlalchemy import select, update

from central.base.database.transactions import reading
from central.base.tables.people import operations
from central.base.tables.told import feed
from central.base.tables.visited import projections
from central.feed import epoch
from central.insight.visits import projection
from central.offices.integrations import order_states, systems
from central.offices.integrations import visits as changed
from central.offices.integrations.systems import May
from common.protocol.envelope import Item, QueueBody, TicketBody
from tests.central.conftest import Stage
from tests.kit.sender import Sender

ORDER = "0123456789abcdef0123456789abcdef"
READY = {"order": ORDER, "state": "ready", "number": "0123456789", "centre": "homs-main", "service": "clearance"}


async def token_for(stage: Stage, may: May, name: str = "app") -> dict[str, str]:
    async with stage.engine.begin() as connection:
        return {"Authorization": f"Bearer {await systems.give(connection, name, may)}"}


async def tell(stage: Stage, headers: dict[str, str], *states: Any) -> httpx2.Response:
    body = msgspec.json.encode({"states": states})
    return await stage.client.post("/v1/order-states", content=body, headers=headers)


async def read_all(stage: Stage, path: str, headers: dict[str, str], after: str = "") -> tuple[list[Any], str]:
    found: list[Any] = []
    while True:
        answer = await stage.client.get(path, params={"after": after}, headers=headers)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        found += page["states" if "states" in page else "visits"]
        after = page["cursor"]
        if not page["more"]:
            return found, after


async def settle(stage: Stage) -> None:
    """Have minutes gone by since everything that is in the inbox came."""
    await projection.catch_up(stage.engine)
    async with stage.engine.begin() as connection:
        await connection.execute(update(projections).values(ended_at=None))
        end = projections.c.ended
        await connection.execute(update(projections).values(ended=end, ended_at="2000-01-01T00:00:00.000000Z"))
    await projection.catch_up(stage.engine)
    async with stage.engine.begin() as connection:
        await connection.execute(update(projections).values(ended_at="2000-01-01T00:00:00.000000Z"))
    await projection.catch_up(stage.engine)


async def test_a_state_that_the_app_tells_reaches_the_kiosks_of_its_centre(stage: Stage) -> None:
    kiosk, elsewhere, app = (
        await stage.enrolled(),
        await stage.enrolled("homs-new"),
        await token_for(stage, "order-states"),
    )
    answer = await tell(stage, app, READY)
    assert (answer.status_code, answer.json()) == (200, {"published": 1, "unchanged": 0})
    said = [message for message in (await stage.feed(kiosk)).messages if message.kind == "order-state"]
    assert [msgspec.json.decode(message.body)["state"] for message in said] == ["ready"]
    assert [message for message in (await stage.feed(elsewhere)).messages if message.kind == "order-state"] == []
    acts = await stage.all(select(operations).where(operations.c.act == "order-states-told"))
    assert [act.operator for act in acts] == ["system:app"]


async def test_a_state_told_again_is_told_to_nobody(stage: Stage) -> None:
    app = await token_for(stage, "order-states")
    await tell(stage, app, READY)
    again = await tell(stage, app, READY, READY | {"state": "collected"}, READY | {"state": "collected"})
    assert again.json() == {"published": 1, "unchanged": 2}


async def test_a_call_whose_answer_was_lost_is_told_again_to_nobody_also_where_an_order_stands_in_it_twice(
    stage: Stage,
) -> None:
    app = await token_for(stage, "order-states")
    steps = [READY | {"state": "in_progress"}, READY]
    assert (await tell(stage, app, *steps)).json() == {"published": 2, "unchanged": 0}
    assert (await tell(stage, app, *steps)).json() == {"published": 0, "unchanged": 2}
    further = await tell(stage, app, *steps, READY | {"state": "collected"})
    assert further.json() == {"published": 1, "unchanged": 2}
    states = [
        msgspec.json.decode(row.body)["state"] for row in await stage.all(select(feed.c.body).order_by(feed.c.id))
    ]
    assert states == ["in_progress", "ready", "collected"]


async def test_a_state_that_no_kiosk_would_take_is_named_and_nothing_of_its_call_is_told(stage: Stage) -> None:
    app = await token_for(stage, "order-states")
    refused = await tell(stage, app, READY, READY | {"number": "12"})
    assert refused.status_code == 422
    assert "states[1].number" in refused.json()["detail"]
    assert await stage.all(select(feed.c.id).where(feed.c.kind == "order-state")) == []
    for body in (
        b"[",
        b'{"states":[{"order":"x","state":"ready"}]}',
        b'{"states":[],"more":1}',
        b'{"states":' + b"[" * 9000,
    ):
        answer = await stage.client.post("/v1/order-states", content=body, headers=app)
        assert answer.status_code == 400, answer.text


async def test_states_are_read_by_a_place_none_left_out_and_none_twice(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(order_states, "MOST", 3)
    app = await token_for(stage, "order-states")
    first = [READY | {"order": f"{n:032x}"} for n in range(7)]
    for one in first:
        await stage.publish("order-state", one)
    found, cursor = await read_all(stage, "/v1/order-states", app)
    assert [one["state"]["order"] for one in found] == [one["order"] for one in first]
    assert await read_all(stage, "/v1/order-states", app, cursor) == ([], cursor)
    await stage.publish("order-state", READY)
    assert [one["state"]["order"] for one in (await read_all(stage, "/v1/order-states", app, cursor))[0]] == [ORDER]
    async with stage.engine.begin() as connection:
        await epoch.begin(connection, "restored")
    assert len((await read_all(stage, "/v1/order-states", app, cursor))[0]) == 8


async def test_what_an_order_was_before_and_is_again_is_read_last(stage: Stage) -> None:
    app = await token_for(stage, "order-states")
    for state in ("ready", "in_progress", "ready"):
        await tell(stage, app, READY | {"state": state})
    found, _ = await read_all(stage, "/v1/order-states", app)
    assert [one["state"]["state"] for one in found] == ["in_progress", "ready"]


async def a_visit(stage: Stage, kiosk: Sender, number: str) -> Item:
    given = kiosk.item(TicketBody(number, "clearance", "2026-11-25"), "ticket")
    await stage.deliver(kiosk, given)
    return given


async def test_visits_are_read_by_a_place_again_when_something_of_them_comes(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changed, "PAGE_ITEMS", 2)
    warehouse = await token_for(stage, "visits")
    kiosk, hub = await stage.enrolled(), await stage.enrolled_hub()
    given = [await a_visit(stage, kiosk, f"C1{n:03}") for n in range(1, 6)]
    assert await read_all(stage, "/v1/visits", warehouse) is not None
    await settle(stage)
    found, cursor = await read_all(stage, "/v1/visits", warehouse)
    assert sorted(one["visit"]["number"] for one in found) == [f"C1{n:03}" for n in range(1, 6)]
    assert {(one["centre"], one["business_day"]) for one in found} == {("homs-main", "2026-11-25")}
    assert (await read_all(stage, "/v1/visits", warehouse, cursor))[0] == []
    called = QueueBody("called", kiosk.kiosk, given[2].id, counter=4)
    await stage.deliver(hub, hub.item(called, "queue"), hub.item(QueueBody("opened", counter=4), "queue"))
    await settle(stage)
    (again,), _ = await read_all(stage, "/v1/visits", warehouse, cursor)
    assert (again["visit"]["ticket"], again["visit"]["counter"]) == (given[2].id, 4)


async def test_what_came_a_moment_ago_waits_until_nothing_earlier_can_appear(stage: Stage) -> None:
    warehouse, kiosk = await token_for(stage, "visits"), await stage.enrolled()
    await a_visit(stage, kiosk, "C1001")
    found, cursor = await read_all(stage, "/v1/visits", warehouse)
    assert found == []
    await settle(stage)
    assert len((await read_all(stage, "/v1/visits", warehouse, cursor))[0]) == 1


async def test_what_is_released_from_quarantine_is_read_too(stage: Stage) -> None:
    from central.intake.receiving import quarantine

    warehouse, kiosk, thief = await token_for(stage, "visits"), await stage.enrolled(), await stage.enrolled()
    await stage.revoke(thief)
    late = thief.item(TicketBody("C2001", "clearance", "2026-11-25"), "ticket")
    await stage.deliver(thief, late)
    await a_visit(stage, kiosk, "C1001")
    await settle(stage)
    _, cursor = await read_all(stage, "/v1/visits", warehouse)
    async with stage.engine.begin() as connection:
        await quarantine.release(connection, late.id)
    await settle(stage)
    found, _ = await read_all(stage, "/v1/visits", warehouse, cursor)
    assert [one["visit"]["ticket"] for one in found] == [late.id]


@pytest.mark.parametrize(
    "authorization", ["", "Bearer", "Bearer ", "Basic eA==", "Bearer " + "x" * 43, "Bearer " + "x" * 9000]
)
async def test_without_a_token_nothing_is_told_or_read(stage: Stage, authorization: str) -> None:
    headers = {"Authorization": authorization} if authorization else {}
    for answer in (
        await tell(stage, headers, READY),
        await stage.client.get("/v1/order-states", headers=headers),
        await stage.client.get("/v1/visits", headers=headers),
    ):
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"] == "Bearer"


async def test_a_token_is_for_one_thing_and_ends_where_it_is_renewed_or_withdrawn(stage: Stage) -> None:
    app, warehouse = await token_for(stage, "order-states"), await token_for(stage, "visits", "warehouse")
    assert (await stage.client.get("/v1/visits", headers=app)).status_code == 403
    assert (await tell(stage, warehouse, READY)).status_code == 403
    renewed = await token_for(stage, "order-states")
    assert (await tell(stage, app, READY)).status_code == 401
    assert (await tell(stage, renewed, READY)).status_code == 200
    async with stage.engine.begin() as connection:
        assert await systems.withdraw(connection, "app")
        assert not await systems.withdraw(connection, "app")
    assert (await tell(stage, renewed, READY)).status_code == 401


@pytest.mark.parametrize(
    ("name", "webhook"),
    [
        ("App", None),
        ("", None),
        ("a" * 41, None),
        ("app", "http://app.example/"),
        ("app", "https://user:pin@app.example/"),
        ("app", "ftp://app.example/"),
        ("app", "https://app.example:99999/"),
        ("app", "https://"),
        ("app", "https://app.example/\nx"),
    ],
)
async def test_a_system_that_cannot_be_is_refused_in_words(stage: Stage, name: str, webhook: str | None) -> None:
    with pytest.raises(ValueError, match=r"expected"):
        async with stage.engine.begin() as connection:
            await systems.give(connection, name, "visits", webhook)
    async with reading(stage.engine) as connection:
        assert (await connection.execute(systems.listing)).all() == []

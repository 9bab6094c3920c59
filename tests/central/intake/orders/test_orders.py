import asyncio
import base64
import secrets
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from sqlalchemy import Row, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.tables.ordered import orders
from central.base.tables.received import findings, inbox
from central.base.tables.told import feed
from central.intake.orders import order_code, order_states
from central.intake.orders import orders as orders_module
from central.intake.orders.order_code import Order
from central.intake.unsealing import kept
from central.keys.keys import SEAL_SUITE
from common.protocol.envelope import Item, OrderBody
from common.protocol.feed_message import OrderState
from tests.central.conftest import Stage
from tests.kit.sender import Sender

ISSUED = 1_795_000_000


@dataclass
class CitizensApp:
    """Mints codes with a key of its own."""

    kid: bytes = field(default_factory=lambda: secrets.token_bytes(2))
    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)

    def code(
        self, order_id: bytes | None = None, personal: bytes | None = None, service: str = "civil-affairs"
    ) -> tuple[str, str]:
        order_id = order_id or secrets.token_bytes(16)
        order = Order(order_id, "0123456789", service, 1, "homs-main", ISSUED, ISSUED + 86400, personal=personal)
        return order_code.mint(order, self.kid, self.key), order_id.hex()

    @property
    def publication(self) -> dict[str, object]:
        public = base64.b64encode(self.key.public_key().public_bytes_raw()).decode()
        return {"kid": self.kid.hex(), "public_key": public, "valid_from": 0, "valid_until": 2**40}


@pytest.fixture
async def citizens_app(stage: Stage) -> CitizensApp:
    app = CitizensApp()
    await stage.publish("app-key", app.publication)
    return app


async def reasons(stage: Stage) -> list[str | None]:
    return [row.reason for row in await stage.all(select(inbox.c.reason).order_by(inbox.c.arrival))]


async def test_one_order_at_two_kiosks_is_applied_once_and_the_other_kiosk_is_told(
    stage: Stage, citizens_app: CitizensApp
) -> None:
    first, second = await stage.enrolled(), await stage.enrolled("homs-new")
    code, order_id = citizens_app.code()
    earlier, later = first.order(code, order_id), second.order(code, order_id)
    assert await stage.results(first, earlier) == [("applied", None)]
    assert await stage.results(second, later) == [("applied", "order-known")]
    await stage.unseal()
    (holder,) = await stage.all(select(orders))
    assert (holder.order_id, holder.item, holder.number) == (order_id, earlier.id, "0123456789")
    assert await stage.results(second, later) == [("duplicate", "order-known")]
    (message,) = [one for one in (await stage.feed(second)).messages if one.kind == "order-state"]
    state = msgspec.json.decode(message.body, type=OrderState)
    assert (state.order, state.state, state.centre) == (order_id, "in_progress", "homs-main")
    assert [one.kind for one in (await stage.feed(first)).messages] == ["app-key"]


@pytest.mark.parametrize("config", ["postgresql"], indirect=True)  # SQLite lets one transaction write at a time
async def test_an_order_that_becomes_ready_while_a_second_kiosk_is_told_of_it_stays_ready(
    stage: Stage, citizens_app: CitizensApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = await stage.enrolled(), await stage.enrolled("homs-new")
    code, order_id = citizens_app.code()
    await stage.deliver(first, first.order(code, order_id))
    await stage.unseal()
    newest, said = order_states.newest, list[asyncio.Task[Any]]()

    async def read_and_be_overtaken(connection: AsyncConnection, order: str) -> OrderState | None:
        found = await newest(connection, order)
        if not said:
            ready = {"order": order, "state": "ready", "centre": "homs-main"}
            said.append(asyncio.create_task(stage.publish("order-state", ready)))
            await asyncio.wait(said, timeout=0.5)
        return found

    monkeypatch.setattr(order_states, "newest", read_and_be_overtaken)
    await stage.deliver(second, second.order(code, order_id))
    await stage.unseal()
    await asyncio.gather(*said)
    for kiosk in (first, second):
        told = [one for one in (await stage.feed(kiosk)).messages if one.kind == "order-state"]
        assert msgspec.json.decode(told[-1].body, type=OrderState).state == "ready"
    async with stage.engine.connect() as connection:
        now = await newest(connection, order_id)
    assert now is not None
    assert now.state == "ready"


async def test_one_order_twice_in_one_batch_goes_to_the_first(stage: Stage, citizens_app: CitizensApp) -> None:
    sender = await stage.enrolled()
    code, order_id = citizens_app.code()
    first, second = sender.order(code, order_id), sender.order(code, order_id)
    assert await stage.results(sender, second, first) == [("applied", "order-known"), ("applied", None)]
    await stage.unseal()
    assert [row.item for row in await stage.all(select(orders))] == [first.id]


async def test_a_code_that_only_says_it_is_an_order_takes_no_order_id(stage: Stage, citizens_app: CitizensApp) -> None:
    sender, honest = await stage.enrolled(), await stage.enrolled()
    code, order_id = citizens_app.code()
    forger = CitizensApp(kid=citizens_app.kid)
    forged, _ = forger.code(bytes.fromhex(order_id))
    await stage.deliver(sender, sender.order(forged, order_id))
    await stage.unseal()
    assert await stage.all(select(orders)) == []
    assert [row.code for row in await stage.all(select(findings))] == ["bad-signature"]
    assert await stage.results(honest, honest.order(code, order_id)) == [("applied", None)]
    await stage.unseal()
    assert [row.order_id for row in await stage.all(select(orders))] == [order_id]


async def test_a_code_the_kiosk_could_not_verify_takes_its_order_when_its_key_is_published(stage: Stage) -> None:
    app, sender = CitizensApp(), await stage.enrolled()
    code, order_id = app.code()
    await stage.deliver(sender, sender.order(code, None))
    await stage.unseal()
    assert await reasons(stage) == ["code-key-unknown"]
    await stage.publish("app-key", app.publication)
    await stage.unseal()
    assert await reasons(stage) == [None]
    assert [row.order_id for row in await stage.all(select(orders))] == [order_id]


@pytest.mark.parametrize("config", ["postgresql"], indirect=True)  # SQLite lets one transaction write at a time
async def test_a_key_published_while_its_code_is_judged_is_not_missed(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    app, sender = CitizensApp(), await stage.enrolled()
    give_reason, publishing = orders_module._give_reason, list[asyncio.Task[int]]()

    async def published_before_the_commit(connection: AsyncConnection, item: Row[Any], reason: str) -> None:
        await give_reason(connection, item, reason)
        publishing.append(asyncio.create_task(stage.publish("app-key", app.publication)))
        while not publishing[0].done() and not await waits_for_a_lock(stage):
            await asyncio.wait(publishing, timeout=0.05)

    monkeypatch.setattr(orders_module, "_give_reason", published_before_the_commit)
    code, order_id = app.code()
    await stage.deliver(sender, sender.order(code, None))
    await stage.unseal()
    monkeypatch.undo()
    await publishing[0]
    await stage.unseal()
    assert await reasons(stage) == [None]
    assert [row.order_id for row in await stage.all(select(orders))] == [order_id]


async def waits_for_a_lock(stage: Stage) -> bool:
    return bool(await stage.all(select(text("1")).select_from(text("pg_locks")).where(text("NOT granted"))))


@pytest.mark.parametrize(("revoked_at", "reason"), [(ISSUED, "code-key-revoked"), (ISSUED + 1, None)])
async def test_a_revoked_keys_codes_are_good_only_from_before(
    stage: Stage, citizens_app: CitizensApp, revoked_at: int, reason: str | None
) -> None:
    sender = await stage.enrolled()
    code, order_id = citizens_app.code()
    await stage.publish("app-key-revoked", {"kid": citizens_app.kid.hex(), "revoked_at": revoked_at})
    assert await stage.results(sender, sender.order(code, order_id)) == [("applied", None)], "in custody"
    await stage.unseal()
    assert await reasons(stage) == [reason]
    assert [row.order_id for row in await stage.all(select(orders))] == ([] if reason else [order_id])
    assert [row.code for row in await stage.all(select(findings.c.code))] == ([reason] if reason else [])


def personal_block(sender: Sender, order_id: bytes, text: str) -> bytes:
    assert sender.sealing is not None
    public = X25519PublicKey.from_public_bytes(base64.b64decode(sender.sealing.public_key))
    return SEAL_SUITE.encrypt(text.encode(), public, order_code.seal_info(order_id))


async def test_a_text_that_no_database_takes_stops_no_other_order(stage: Stage, citizens_app: CitizensApp) -> None:
    sender, with_nul = await stage.enrolled(), secrets.token_bytes(16)
    code, order_id = citizens_app.code(with_nul, personal=personal_block(sender, with_nul, "ليلى\0"))
    odd, _ = citizens_app.code(service="civil\0affairs")
    good, good_id = citizens_app.code()
    await stage.deliver(sender, sender.order(code, order_id), sender.order(odd, None), sender.order(good, good_id))
    await stage.unseal()
    assert await reasons(stage) == [None, "unreadable-code", None]
    rows = await stage.all(select(orders.c.order_id, orders.c.personal))
    assert {row.order_id: row.personal for row in rows} == {order_id: None, good_id: None}
    found = [row.code for row in await stage.all(select(findings.c.code).order_by(findings.c.id))]
    assert found == ["personal-block-does-not-open", "unreadable-code"]


async def test_the_codes_own_personal_block_is_opened_for_the_order(stage: Stage, citizens_app: CitizensApp) -> None:
    sender = await stage.enrolled()
    order_id = secrets.token_bytes(16)
    code, _ = citizens_app.code(order_id, personal=personal_block(sender, order_id, "ليلى"))
    await stage.deliver(sender, sender.order(code, order_id.hex()))
    await stage.unseal()
    (row,) = await stage.all(select(orders))
    assert "ليلى" not in row.personal
    async with stage.engine.begin() as connection:
        found = await kept.read(connection, stage.ring.vault(), row.kiosk, row.item)
    assert found is not None
    assert found.personal == "ليلى"


async def test_a_number_that_a_citizen_typed_is_no_finding(stage: Stage) -> None:
    sender = await stage.enrolled()
    await stage.deliver(sender, sender.order("0123456789", None))
    await stage.unseal()
    assert await reasons(stage) == ["order-number-typed"]
    assert await stage.all(select(findings)) == []


async def test_an_order_state_published_before_is_what_the_second_kiosk_hears(
    stage: Stage, citizens_app: CitizensApp
) -> None:
    first, second = await stage.enrolled(), await stage.enrolled()
    code, order_id = citizens_app.code()
    await stage.publish("order-state", {"order": order_id, "state": "ready", "centre": "homs-hamra"})
    await stage.deliver(first, first.order(code, order_id))
    await stage.deliver(second, second.order(code, order_id))
    await stage.unseal()
    (message,) = [one for one in (await stage.feed(second)).messages if one.kind == "order-state"]
    assert msgspec.json.decode(message.body, type=OrderState).state == "ready"


async def test_a_kiosk_elsewhere_hears_of_an_order_whose_code_it_handed_in_and_its_own_centre_only_once(
    stage: Stage, citizens_app: CitizensApp
) -> None:
    own, elsewhere, beside = await stage.enrolled(), await stage.enrolled("homs-new"), await stage.enrolled("homs-new")
    (at_own, own_id), (code, order_id) = citizens_app.code(), citizens_app.code()
    for known in (own_id, order_id):
        await stage.publish("order-state", {"order": known, "state": "ready", "centre": "homs-main"})

    async def heard(kiosk: Sender) -> list[tuple[str, str]]:
        messages = [one for one in (await stage.feed(kiosk)).messages if one.kind == "order-state"]
        states = [msgspec.json.decode(one.body, type=OrderState) for one in messages]
        return [(state.order, state.state) for state in states]

    assert await heard(elsewhere) == []
    await stage.deliver(own, own.order(at_own, own_id))
    await stage.deliver(elsewhere, elsewhere.order(code, order_id))
    await stage.unseal()
    assert await heard(elsewhere) == [(order_id, "ready")]
    assert await heard(beside) == [], "it asked nothing"
    assert await heard(own) == [(own_id, "ready"), (order_id, "ready")]
    told = select(feed.c.id).where(feed.c.kind == "order-state")
    assert len(await stage.all(told)) == 3, "one who has heard is not told again"
    await stage.publish("order-state", {"order": order_id, "state": "collected", "centre": "homs-main"})
    assert (await heard(elsewhere))[-1] == (order_id, "collected")


def card_item(sender: Sender, code: str, at: str | None = None, **body: Any) -> Item:
    """An order as a kiosk records it that a citizen made with the identity card."""
    item_id = str(uuid.uuid4())
    sealed = sender.sealed(item_id, code=code, person={"name": "ريم", "national_number": "04010000001"})
    said: dict[str, Any] = {"outcome": "accepted_unpaid", "service": "clearance", "sealed": sealed} | body
    return sender.item(OrderBody(**said), "order", item_id, **({} if at is None else {"wall_time": at}))


async def test_orders_by_identity_card_are_orders_and_nothing_amiss(stage: Stage) -> None:
    sender = await stage.enrolled("homs-new")
    one, other = card_item(sender, "CARD1:touch-1"), card_item(sender, "CARD1:touch-2")
    await stage.deliver(sender, one, other)
    await stage.unseal()
    await stage.deliver(sender, one)
    rows = await stage.all(select(orders.c.item, orders.c.kiosk, orders.c.service, orders.c.centre))
    assert sorted(tuple(row) for row in rows) == sorted(
        (item.id, sender.kiosk, "clearance", "homs-new") for item in (one, other)
    )
    assert await stage.all(select(findings)) == []


async def test_an_order_by_card_is_of_the_centre_where_its_kiosk_stood_then(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    sender = await stage.enrolled("homs-main")
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 12, 5, 9, tzinfo=UTC))
    await stage.try_enrol(sender, await stage.code("homs-new"))
    before, after = [card_item(sender, f"CARD1:touch-{day}", at=f"2026-12-{day:02}T07:00:00.000000Z") for day in (4, 6)]
    await stage.deliver(sender, before, after)
    await stage.unseal()
    rows = await stage.all(select(orders.c.item, orders.c.centre))
    assert {row.item: row.centre for row in rows} == {before.id: "homs-main", after.id: "homs-new"}


async def test_what_only_looks_like_an_order_by_card_is_still_named(stage: Stage) -> None:
    sender = await stage.enrolled()
    odd = [
        card_item(sender, "CARD1:" + "x" * 90),
        card_item(sender, "CARD1:a", outcome="accepted"),
        card_item(sender, "CARD1:b", order_id="0f" * 16),
        card_item(sender, "CARD1:c", service=None),
        card_item(sender, "CARD2:d"),
    ]
    await stage.deliver(sender, *odd)
    await stage.unseal()
    assert await stage.all(select(orders)) == []
    named = {row.item: row.code for row in await stage.all(select(findings))}
    assert named == {item.id: "no-card-order" for item in odd[:4]} | {odd[4].id: "unreadable-code"}

"""A kiosk asks where an order of another centre stands: it alone is told, and of later changes too."""

import asyncio
import secrets

import msgspec
import pytest
from sqlalchemy import select, update

from central.base.database.transactions import FEED_LOCK, lock
from central.base.tables.told import feed
from central.insight.reports.month import count_month
from central.intake.orders import order_states
from common.protocol.envelope import MAX_ORDERS_ASKED
from common.protocol.feed_message import OrderState
from tests.central.conftest import Stage
from tests.central.intake.orders.test_orders import waits_for_a_lock
from tests.kit.sender import Sender

TOLD = select(feed.c.id).where(feed.c.kind == "order-state").order_by(feed.c.id)


async def published(stage: Stage, state: str = "ready", centre: str = "homs-main", order: str | None = None) -> str:
    order = order or secrets.token_hex(16)
    await stage.publish("order-state", {"order": order, "state": state, "centre": centre})
    return order


async def heard(stage: Stage, kiosk: Sender) -> list[tuple[str, str]]:
    messages = [one for one in (await stage.feed(kiosk)).messages if one.kind == "order-state"]
    states = [msgspec.json.decode(one.body, type=OrderState) for one in messages]
    return [(state.order, state.state) for state in states]


async def test_a_kiosk_that_asks_hears_where_an_order_of_another_centre_stands_and_how_it_goes_on(stage: Stage) -> None:
    await stage.enrolled()
    elsewhere, beside = await stage.enrolled("homs-new"), await stage.enrolled("homs-new")
    order = await published(stage, "in_progress")
    await published(stage, "ready", order=order)
    before = await stage.deliver(elsewhere, elsewhere.ticket())
    assert await heard(stage, elsewhere) == []
    answer = await stage.deliver(elsewhere, orders_asked=[order])
    page = await stage.feed(elsewhere)
    assert answer.results == []
    assert answer.feed_through == page.through, "the mark is of after the telling"
    assert answer.feed_through != before.feed_through
    assert await heard(stage, elsewhere) == [(order, "ready")]
    assert await heard(stage, beside) == [], "it asked nothing"
    await published(stage, "collected", order=order)
    assert await heard(stage, elsewhere) == [(order, "collected")]


async def test_asked_again_nothing_is_told_twice_and_the_mark_still_says_where_it_stands(stage: Stage) -> None:
    await stage.enrolled()
    kiosk = await stage.enrolled("homs-new")
    order = await published(stage)
    answers = [await stage.deliver(kiosk, orders_asked=asked) for asked in ([order], [order, order], [order])]
    assert len({answer.feed_through for answer in answers}) == 1
    assert len(await stage.all(TOLD)) == 2


async def test_what_nobody_told_or_the_kiosk_has_heard_anyway_is_not_told(stage: Stage) -> None:
    own = await stage.enrolled()
    of_its_centre, for_all = await published(stage), await published(stage, "by_post", centre="nowhere")
    before = await stage.all(TOLD)
    await stage.deliver(own, orders_asked=[of_its_centre, for_all, secrets.token_hex(16)])
    assert await stage.all(TOLD) == before


async def test_a_revoked_kiosk_and_a_hub_ask_in_vain(stage: Stage) -> None:
    await stage.enrolled()
    revoked, hub = await stage.enrolled("homs-new"), await stage.enrolled_hub("homs-new")
    order = await published(stage)
    await stage.revoke(revoked)
    before = await stage.all(TOLD)
    for asking in (revoked, hub):
        await stage.deliver(asking, orders_asked=[order])
    assert await stage.all(TOLD) == before


async def test_asking_goes_beside_items_and_is_bounded(stage: Stage) -> None:
    await stage.enrolled()
    kiosk = await stage.enrolled("homs-new")
    orders = [await published(stage) for _ in range(MAX_ORDERS_ASKED + 1)]
    for refused in (orders, ["no order's id"]):
        assert (await stage.post(kiosk, kiosk.batch([], orders_asked=refused))).status_code == 400
    assert await heard(stage, kiosk) == []
    ticket = kiosk.ticket()
    answer = await stage.deliver(kiosk, ticket, orders_asked=orders[:MAX_ORDERS_ASKED])
    assert [(one.id, one.result) for one in answer.results] == [(ticket.id, "applied")]
    assert await heard(stage, kiosk) == [(order, "ready") for order in orders[:MAX_ORDERS_ASKED]]


async def test_a_batch_that_asks_nothing_costs_nothing_more(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(order_states, "tell_newest")
    kiosk = await stage.enrolled()
    assert await stage.results(kiosk, kiosk.ticket()) == [("applied", None)]


@pytest.mark.parametrize("config", ["postgresql"], indirect=True)  # SQLite lets one transaction write at a time
async def test_a_state_that_is_published_at_the_same_time_is_not_missed(stage: Stage) -> None:
    await stage.enrolled()
    kiosk = await stage.enrolled("homs-new")
    order = await published(stage)
    async with stage.engine.begin() as connection:
        await lock(connection, FEED_LOCK)
        asking = asyncio.create_task(stage.deliver(kiosk, orders_asked=[order]))
        async with asyncio.timeout(20):
            while not await waits_for_a_lock(stage):
                await asyncio.wait([asking], timeout=0.05)
        await order_states.publish(connection, OrderState(order, "collected", centre="homs-main"))
    await asking
    assert await heard(stage, kiosk) == [(order, "collected")]


async def test_a_state_counts_in_the_month_in_which_it_was_published_not_in_that_of_asking(stage: Stage) -> None:
    await stage.enrolled()
    kiosk = await stage.enrolled("homs-new")
    order = await published(stage)
    async with stage.engine.begin() as connection:
        await connection.execute(update(feed).values(at="2026-02-11T09:00:00.000000Z"))
    await stage.deliver(kiosk, orders_asked=[order])
    (told,) = await stage.all(select(feed.c.at).where(feed.c.kiosk == kiosk.kiosk))
    months = [await count_month(stage.engine, "homs-main", month) for month in ("2026-02", told.at[:7])]
    assert [month.order_states for month in months] == [{"ready": 1}, {}]

"""What the second kiosk hears of an order that is known, whole, and an item that names another order than its code."""

import base64

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select

from central.base.tables.ordered import orders
from central.base.tables.received import findings
from central.intake.orders import order_code
from central.intake.orders.order_code import Order
from common.protocol.feed_message import OrderState
from tests.central.conftest import Stage

KEY, ISSUED = Ed25519PrivateKey.generate(), 1_795_000_000
PUBLISHED = {
    "kid": "00ff", "valid_from": 0, "valid_until": 2**40,
    "public_key": base64.b64encode(KEY.public_key().public_bytes_raw()).decode(),
}  # fmt: skip
ORDER_ID = "0f" * 16


def code(destination: str) -> str:
    order = Order(bytes.fromhex(ORDER_ID), "0123456789", "civil-affairs", 1, destination, ISSUED, ISSUED + 86400)
    return order_code.mint(order, b"\x00\xff", KEY)


@pytest.mark.parametrize(("destination", "centre"), [("homs-hamra", "homs-hamra"), ("post", "homs-new")])
async def test_a_second_kiosk_hears_where_an_order_is_made_and_of_the_post_where_it_was_handed_in(
    stage: Stage, destination: str, centre: str
) -> None:
    await stage.publish("app-key", PUBLISHED)
    first, second = await stage.enrolled("homs-new"), await stage.enrolled()
    await stage.deliver(first, first.order(code(destination), ORDER_ID))
    await stage.deliver(second, second.order(code(destination), ORDER_ID))
    await stage.unseal()
    (holder,) = await stage.all(select(orders))
    assert (holder.kiosk, holder.order_id, holder.number, holder.service, holder.centre, holder.personal) == (
        first.kiosk, ORDER_ID, "0123456789", "civil-affairs", destination, None,
    )  # fmt: skip
    (message,) = [one for one in (await stage.feed(second)).messages if one.kind == "order-state"]
    assert msgspec.json.decode(message.body, type=OrderState) == OrderState(
        order=ORDER_ID, state="in_progress", number="0123456789", at=holder.at, centre=centre, service="civil-affairs"
    )
    assert await stage.all(select(findings)) == []


async def test_an_item_that_names_another_order_than_its_code_is_a_finding_and_the_code_counts(stage: Stage) -> None:
    await stage.publish("app-key", PUBLISHED)
    sender = await stage.enrolled()
    item = sender.order(code("homs-main"), "aa" * 16)
    await stage.deliver(sender, item)
    await stage.unseal()
    assert [row.order_id for row in await stage.all(select(orders))] == [ORDER_ID]
    assert [(row.code, row.item) for row in await stage.all(select(findings))] == [("order-id-differs", item.id)]

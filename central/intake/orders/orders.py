"""Orders, each once by its order id. The code is verified here again, and only then does the order take its id."""

import asyncio
import base64
import re
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidTag
from sqlalchemy import Row, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from central import feed
from central.base import clock
from central.base.database.rows import insert_new
from central.base.database.transactions import FEED_LOCK, lock, reading
from central.base.tables.enrolled import kiosks
from central.base.tables.keys import app_keys
from central.base.tables.ordered import orders
from central.base.tables.received import inbox
from central.feed import Audience
from central.intake.orders import card_order, order_code, order_states
from central.intake.orders.order_code import Order, OrderCodeError
from central.intake.receiving import finding
from central.keys import at_rest, key_chain
from central.keys.keys import SEAL_SUITE, KeyMissingError, KeyRing
from central.kiosks.digit import centre_on
from common.machine.stamp import told_time
from common.protocol.feed_message import OrderState

ORDER_KNOWN = "order-known"
KEY_UNKNOWN = "code-key-unknown"
# What a citizen typed for want of the code. The counter verifies it, and nothing is amiss.
TYPED_NUMBER = re.compile(r"[0-9]{10}")
NOT_A_CODE = "order-number-typed"
# How long an answer waits for the unsealing of an earlier item with the same order, to be able to say so.
SETTLE_TIMEOUT_S = 2.0
SETTLE_POLL_S = 0.02


async def claim(connection: AsyncConnection, ring: KeyRing, item: Row[Any], code: str, moment: str) -> None:
    """Verify `code` and let its order take its id for `item`, unless an earlier item has it: then tell the kiosk."""
    if TYPED_NUMBER.fullmatch(code):
        await _give_reason(connection, item, NOT_A_CODE)
        return
    if card_order.is_card_order(code):
        await _claim_with_card(connection, item, code, moment)
        return
    try:
        order = await _verified(connection, code)
    except OrderCodeError as error:
        await _give_reason(connection, item, error.reason)
        if error.reason != KEY_UNKNOWN:
            await finding.note_item(connection, item, error.reason)
        return
    order_id = order.order_id.hex()
    if item.order_id is not None and item.order_id != order_id:
        await finding.note_item(connection, item, "order-id-differs")
    values = {
        "order_id": order_id,
        "item": item.id,
        "kiosk": item.kiosk,
        "number": order.number,
        "service": order.service,
        "centre": order.destination,
        "at": moment,
        "personal": await _opened_block(connection, ring, order),
    }
    if order.personal is not None and values["personal"] is None:
        await finding.note_item(connection, item, "personal-block-does-not-open")
    await insert_new(connection, orders, [values])
    # A statement of its own: only a new one sees the row that the insert waited for.
    holder = (await connection.execute(select(orders).where(orders.c.order_id == order_id))).one_or_none()
    if holder is not None and (holder.kiosk, holder.item) != (item.kiosk, item.id):
        await _give_reason(connection, item, ORDER_KNOWN)
        await _tell(connection, item.kiosk, holder)
    elif holder is not None:
        await order_states.tell_newest(connection, [order_id], item.kiosk)


async def _claim_with_card(connection: AsyncConnection, item: Row[Any], code: str, moment: str) -> None:
    service = card_order.service_of(item, code)
    if service is None:
        await _give_reason(connection, item, "no-card-order")
        await finding.note_item(connection, item, "no-card-order")
        return
    values = {
        "order_id": card_order.order_id(item.kiosk, code),
        "item": item.id,
        "kiosk": item.kiosk,
        "number": "",  # the app gives numbers, and no app was there
        "service": service,
        "centre": await _centre_then(connection, item),
        "at": moment,
        "personal": None,  # as the card said it, it stands with the item's opened content
    }
    await insert_new(connection, orders, [values])


async def _centre_then(connection: AsyncConnection, item: Row[Any]) -> str | None:
    """Return where a kiosk stood when it recorded an item: it may deliver it after it was moved."""
    recorded = clock.read(item.wall_time or "") if told_time(item.clock) else None
    day = clock.business_date(recorded or clock.now()).isoformat()
    query = select(centre_on(kiosks.c.id, literal(day))).where(kiosks.c.id == item.kiosk)
    return (await connection.execute(query)).scalar_one_or_none()


async def known_elsewhere(engine: AsyncEngine, kiosk: str, claims: Mapping[str, str]) -> set[str]:
    """Which items of `claims` (a kiosk's item id -> order id in the clear) came after another with the same order.

    Waits a moment where the earlier one is not unsealed yet; the feed tells in any case.
    """
    deadline = asyncio.get_running_loop().time() + SETTLE_TIMEOUT_S
    while True:
        async with reading(engine) as connection:
            later, is_settled = await _compare(connection, kiosk, claims)
        if is_settled or asyncio.get_running_loop().time() > deadline:
            return later
        await asyncio.sleep(SETTLE_POLL_S)


async def recheck(connection: AsyncConnection) -> None:
    """Have the codes opened and verified again whose key was not known: called when a key is published."""
    waiting = inbox.c.seal_state == "opened", inbox.c.reason == KEY_UNKNOWN
    await connection.execute(update(inbox).where(*waiting).values(seal_state="waiting", reason=None))


async def _compare(connection: AsyncConnection, kiosk: str, claims: Mapping[str, str]) -> tuple[set[str], bool]:
    wanted = set(claims.values())
    # First who still waits, then who holds: an item unsealed between the two statements is seen by the second. The
    # other way round it would be seen by neither, as each statement sees what was committed before it.
    rivals = select(inbox.c.order_id, inbox.c.arrival).where(
        inbox.c.order_id.in_(wanted), inbox.c.seal_state == "waiting"
    )
    claimants: dict[str, set[int]] = {}
    for row in await connection.execute(rivals):
        claimants.setdefault(row.order_id, set()).add(row.arrival)
    held = select(orders.c.order_id, orders.c.kiosk, orders.c.item).where(orders.c.order_id.in_(wanted))
    holders = {row.order_id: (row.kiosk, row.item) for row in await connection.execute(held)}
    later = {item for item, order_id in claims.items() if holders.get(order_id, (kiosk, item)) != (kiosk, item)}
    return later, all(len(items) < 2 for order_id, items in claimants.items() if order_id not in holders)


async def _verified(connection: AsyncConnection, code: str) -> Order:
    apart = order_code.take_apart(code)
    key = (await connection.execute(select(app_keys).where(app_keys.c.kid == apart.kid.hex()))).one_or_none()
    if key is None:
        raise OrderCodeError(KEY_UNKNOWN)
    order = order_code.verify(apart, base64.b64decode(key.public_key))
    if key.revoked_at is not None and order.issued_at >= key.revoked_at:
        raise OrderCodeError("code-key-revoked")
    if not key.valid_from <= order.issued_at <= key.valid_until:
        raise OrderCodeError("code-key-not-valid-then")
    return order


async def _opened_block(connection: AsyncConnection, ring: KeyRing, order: Order) -> str | None:
    """The personal block as it is kept. It names no key, so each of central's is tried, the newest first."""
    if order.personal is None:
        return None
    for kid in await key_chain.sealing_kids(connection):
        try:
            info = order_code.seal_info(order.order_id)
            text = SEAL_SUITE.decrypt(order.personal, ring.sealing(kid), info).decode()
        except (InvalidTag, ValueError, KeyMissingError):
            continue
        if "\0" in text:  # which no name has
            return None
        return ring.vault().seal(at_rest.place_of_order(order.order_id.hex()), text)
    return None


async def _give_reason(connection: AsyncConnection, item: Row[Any], reason: str) -> None:
    await connection.execute(
        update(inbox).where(inbox.c.kiosk == item.kiosk, inbox.c.id == item.id).values(reason=reason)
    )


async def _tell(connection: AsyncConnection, kiosk: str, holder: Row[Any]) -> None:
    await lock(connection, FEED_LOCK)  # no newer one is published between reading and telling
    state = await order_states.newest(connection, holder.order_id)
    if state is None:
        centre = await connection.scalar(select(kiosks.c.centre).where(kiosks.c.id == holder.kiosk))
        state = OrderState(
            order=holder.order_id,
            state="in_progress",
            number=holder.number,
            at=holder.at,
            centre=centre if holder.centre == "post" else holder.centre,
            service=holder.service,
        )
    await feed.append(connection, order_states.KIND, state, key=holder.order_id, audience=Audience(kiosk=kiosk))

"""What citizens were told of payments, taken out of the inbox: a receipt that was handed out ends its payment."""

import asyncio
import base64
from collections.abc import Sequence
from typing import Any, Final

import msgspec
from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from central.base import clock
from central.base.tables.paid.payments import payment_events
from central.base.tables.received import GONE, inbox
from central.insight.visits.reading import Reading
from central.payments.flow import state
from common.protocol.payments.answers import PaymentBody

NAME: Final = "payment"
_OF_PAYMENTS: Final = inbox.c.kind == NAME, inbox.c.body != GONE


async def catch_up(engine: AsyncEngine, stopping: asyncio.Event | None = None) -> None:
    """Read what came since the last time."""
    await _READING.catch_up(engine, stopping)


async def numbers_of(connection: AsyncConnection, keys: frozenset[str], bill_nos: frozenset[str]) -> dict[str, str]:
    """Return the bill number of each payment that is among some keys, or whose number is among some, as kiosks said.

    It is known also where central was put back to before it gave the number. All that kiosks told of payments is read,
    for their items name them in what they hold alone: where neither books have a stranger nothing is asked.
    """
    found: dict[str, str] = {}
    if keys or bill_nos:
        query = select(inbox.c.body).where(*_OF_PAYMENTS, inbox.c.result == "applied")
        for row in await connection.execute(query):
            said = msgspec.json.decode(base64.b64decode(row.body), type=PaymentBody)
            if said.payment in keys or said.bill_no in bill_nos:
                found[said.payment] = said.bill_no
    return found


async def _take(connection: AsyncConnection, rows: Sequence[Row[Any]]) -> None:
    for item in rows:
        said = msgspec.json.decode(base64.b64decode(item.body), type=PaymentBody)
        row = await state.find(connection, said.payment)
        if row is None or row.kiosk != item.kiosk:
            continue
        detail = {"item": item.id, "told": said.told, "paper": said.paper}
        text = msgspec.json.encode(detail).decode()
        # Items are read twice now and then.
        same = payment_events.c.payment == row.id, payment_events.c.event == "told", payment_events.c.detail == text
        if await connection.scalar(select(payment_events.c.id).where(*same).limit(1)) is not None:
            continue
        await state.note(connection, row.id, "told", "kiosk", detail)
        if said.told in state.TAKEN and row.state == "marked" and await _is_of_this_receipt(connection, row, item):
            await state.write(connection, row.id, "told")


async def _is_of_this_receipt(connection: AsyncConnection, row: Row[Any], item: Row[Any]) -> bool:
    """Return whether what was handed out bears the receipt that stands now.

    A biller that took its entry out and entered it again gave another number: the paper from before holds no more, and
    its item may come late.
    """
    fallen = payment_events.c.payment == row.id, payment_events.c.event == "refund-due"
    if await connection.scalar(select(payment_events.c.id).where(*fallen).limit(1)) is None:
        return True
    at, since = clock.read(item.wall_time or ""), clock.read(row.marked_at or "")
    return at is not None and since is not None and at >= since


_READING: Final = Reading(NAME, select(inbox).where(*_OF_PAYMENTS), _take)

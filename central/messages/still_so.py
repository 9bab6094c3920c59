"""Whether what a message says is so still, when it comes to its turn: hours may have passed, or days."""

from typing import Any, Final

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base.tables.claimed import claims
from central.base.tables.messages import watches
from central.claims.ends import REOPENED
from central.intake.orders import order_states
from central.messages import orders

BY_HAND: Final = "by-hand/"
"""The event of what an operator has put in: he knows better."""


async def is_still_so(connection: AsyncConnection, row: Row[Any]) -> bool:
    """Return whether what a message says of an order, a claim or a service holds; True where nobody knows."""
    if row.event.startswith(BY_HAND):
        return True
    if row.kind == "order-ready":
        newest = await order_states.newest(connection, row.about)
        return newest is None or (newest.state, newest.centre) == (orders.READY, row.centre)
    if row.subject == "claim":
        query = select(claims.c.state, claims.c.off).where(claims.c.id == row.about)
        claim = (await connection.execute(query)).one_or_none()
        if claim is None:
            return True
        is_off = claim.off not in (None, REOPENED)
        return bool(claim.state == "booked") and is_off == (row.kind == "claim-off")
    if row.kind == "works-again":
        stands = select(watches.c.id).where(watches.c.id == row.about, watches.c.interrupted_at.is_not(None))
        return await connection.scalar(stands) is None
    return True

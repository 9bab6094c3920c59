"""The head of what central took in: by it one sees whether a copy lacks something."""

from dataclasses import dataclass

from sqlalchemy import Table, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base.tables.claimed import claims
from central.base.tables.enrolled import kiosks
from central.base.tables.messages import message_contacts, told, watches
from central.base.tables.paid.payments import payment_events
from central.base.tables.people import operations
from central.base.tables.received import inbox
from central.base.tables.told import feed
from common.feature import brought


@dataclass(frozen=True, slots=True)
class TakenIn:
    """A table that grows by what a feature takes in, and no kiosk sends."""

    table: Table


async def head(connection: AsyncConnection) -> str:
    """Return what was taken in last, and by how many: while it stays the same, a copy made before lacks nothing.

    Payments, claims, numbers to write to and what features take in come by no kiosk's item: each counts for itself.
    So do texts that went out: brought back to before, central would send them a second time.
    """
    numbers = inbox.c.arrival, feed.c.id, operations.c.id
    others = payment_events.c.id, claims.c.change, message_contacts.c.given_at
    said = told.c.handed_at, told.c.number, watches.c.asked_at
    newest = [select(func.max(one)).scalar_subquery() for one in (*numbers, *others, *said)]
    counted = kiosks, *(one.table for one in brought("central", TakenIn))
    newest += [select(func.count()).select_from(one).scalar_subquery() for one in counted]
    return ".".join(str(one) for one in (await connection.execute(select(*newest))).one() if one)

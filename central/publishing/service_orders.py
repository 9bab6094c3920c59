"""Central says that a service stands still, in some centres or all: for a line that fails everywhere at once.

What stands still is the newest message of a centre, whole: hubs stop what it names, and let work again what it names
no more. An order has an id, so that one which a manager ended in his centre is not followed there a second time.
"""

import uuid
from collections.abc import Sequence
from typing import Final

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from central import feed
from central.base import clock
from central.base.database.transactions import FEED_LOCK, lock
from central.base.tables.enrolled import centres
from central.base.tables.told import feed as feed_table
from central.feed import Audience
from central.kiosks.enrolment import check_centre
from central.publishing import in_force, reasons
from common.city.catalogue import load_catalogue
from common.protocol.queue.service_now import ServiceOrder, ServiceOrders

KIND: Final = "service-orders"


async def interrupt(connection: AsyncConnection, service: str, reason: str, only: Sequence[str] = ()) -> list[str]:
    """Say that a service stands still; return the centres that are told, those that know it already left out.

    Raises ValueError for a centre, service or reason that is not known.
    """
    known = await reasons.in_force(connection)
    if reason not in known:
        raise ValueError(f"--reason: found {reason[:60]!r}, expected one of {', '.join(sorted(known))}")
    since, told = clock.as_text(clock.now()), []
    for centre, orders in await _by_centre(connection, service, only):
        if any((one.service, one.reason) == (service, reason) for one in orders):
            continue
        order = ServiceOrder(id=str(uuid.uuid4()), service=service, reason=reason, since=since)
        await _tell(connection, centre, [*(one for one in orders if one.service != service), order])
        told.append(centre)
    return told


async def works_again(connection: AsyncConnection, service: str, only: Sequence[str] = ()) -> list[str]:
    """Take back that a service stands still; return the centres that are told. Raises ValueError as `interrupt`."""
    told = []
    for centre, orders in await _by_centre(connection, service, only):
        left = [one for one in orders if one.service != service]
        if len(left) < len(orders):
            await _tell(connection, centre, left)
            told.append(centre)
    return told


async def _by_centre(
    connection: AsyncConnection, service: str, only: Sequence[str]
) -> list[tuple[str, list[ServiceOrder]]]:
    """Return what stands still in each centre by central's word, of those asked for, else of all."""
    await lock(connection, FEED_LOCK)  # before what stands is read
    for centre in only:
        await check_centre(connection, centre)
    codes = list(only) or list(await connection.scalars(select(centres.c.code).order_by(centres.c.code)))
    await _check_service(connection, service, codes)
    query = select(feed_table.c.key, feed_table.c.body).where(feed_table.c.kind == KIND).order_by(feed_table.c.id)
    newest = {row.key: row.body for row in await connection.execute(query)}
    return [
        (code, msgspec.json.decode(newest[code], type=ServiceOrders).orders if code in newest else []) for code in codes
    ]


async def _check_service(connection: AsyncConnection, service: str, codes: Sequence[str]) -> None:
    for code in codes:
        found = await in_force.catalogue(connection, Audience(code))
        if service in load_catalogue(found.published if found is not None else ()).known:
            return
    raise ValueError(f"service: found {service[:60]!r}, which no centre has; `central catalogue --json` lists them")


async def _tell(connection: AsyncConnection, centre: str, orders: list[ServiceOrder]) -> None:
    body = ServiceOrders(centre, orders)
    await feed.append(connection, KIND, body, key=centre, audience=Audience(centre=centre))

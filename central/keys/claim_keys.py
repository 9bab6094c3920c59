"""Keys that sign claims: made with a centre's first seats, told by the feed, rotated and retired like the others.

A rotated key's claims stay good; a retired one may be somebody else's, so that only who knows a claim believes it.
"""

from collections.abc import Sequence
from typing import Any

from msgspec.structs import replace
from sqlalchemy import Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from central import feed
from central.base import clock, sandbox
from central.base.database.transactions import FEED_LOCK, lock
from central.base.tables.keys import central_keys
from central.keys import sharing
from central.keys.keys import KeyRing, Purpose, base64_text
from common.protocol.claim_feed import ClaimKeyRecord

PURPOSE: Purpose = "claims"
KIND = "claim-key"
#: What is being booked while a key is rotated is still signed by the former one.
IN_FLIGHT_S = 60


async def ensure(connection: AsyncConnection, ring: KeyRing) -> None:
    """Make the first key, and tell everyone of it, where there is none in use."""
    await lock(connection, FEED_LOCK)
    if not await _in_use(connection):
        await _make(connection, ring)


async def newest(connection: AsyncConnection) -> str | None:
    """Return the id of the key that signs now; None where no centre ever had seats."""
    keys = await _in_use(connection)
    return str(keys[-1].kid) if keys else None


async def rotate(connection: AsyncConnection, ring: KeyRing) -> int:
    """Make a new key in the place of the one that signs; return the id of the last feed message."""
    await lock(connection, FEED_LOCK)
    await sharing.fetch_missing(connection, ring)
    until = int(clock.now().timestamp()) + IN_FLIGHT_S
    for row in await _in_use(connection):
        await connection.execute(update(central_keys).where(central_keys.c.kid == row.kid).values(ended_at=until))
        await _tell(connection, ClaimKeyRecord(row.kid, row.public_key, until))
    return await _make(connection, ring)


async def retire(connection: AsyncConnection, kids: Sequence[str]) -> int:
    """Take keys back that were rotated; return the id of the last feed message.

    Raises ValueError where one signs still, or is none.
    """
    await lock(connection, FEED_LOCK)
    rows = {str(row.kid): row for row in await _keys(connection)}
    for kid in kids:
        if kid not in rows:
            raise ValueError(f"retire: found {kid[:16]!r}, expected the id of a key that signs claims")
        if rows[kid].ended_at is None:
            raise ValueError(f'retire: {kid} signs claims now: rotate "claims" first')
        await connection.execute(update(central_keys).where(central_keys.c.kid == kid).values(retired_by=kid))
        record = ClaimKeyRecord(kid, rows[kid].public_key, rows[kid].ended_at, retired=True)
        message = await _tell(connection, record)
    return message


async def are_claim_keys(connection: AsyncConnection, kids: Sequence[str]) -> bool:
    """Return whether all of these ids are of keys for claims."""
    known = {str(row.kid) for row in await _keys(connection)}
    return bool(kids) and known.issuperset(kids)


async def _make(connection: AsyncConnection, ring: KeyRing) -> int:
    kid, public = ring.make(PURPOSE)
    values = {"purpose": PURPOSE, "kid": kid, "public_key": base64_text(public)}
    await connection.execute(insert(central_keys).values(**values, wrapped=sharing.wrapped(ring, PURPOSE, kid)))
    return await _tell(connection, ClaimKeyRecord(kid, values["public_key"]))


async def _tell(connection: AsyncConnection, record: ClaimKeyRecord) -> int:
    if sandbox.is_open():
        record = replace(record, issuer="sandbox")
    return await feed.append(connection, KIND, record, key=record.kid)


async def _in_use(connection: AsyncConnection) -> list[Row[Any]]:
    return [row for row in await _keys(connection) if row.ended_at is None]


async def _keys(connection: AsyncConnection) -> list[Row[Any]]:
    query = select(central_keys).where(central_keys.c.purpose == PURPOSE).order_by(central_keys.c.id)
    return list(await connection.execute(query))

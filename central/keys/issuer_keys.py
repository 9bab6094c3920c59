"""Keys that sign what people carry: claims and receipts. Made at first need, told by the feed, rotated and retired.

What a rotated key has signed stays good; a retired one may be somebody else's, so that only who knows the claim or the
payment itself believes it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec.structs import replace
from sqlalchemy import Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from central import feed
from central.base import clock, sandbox
from central.base.database.transactions import FEED_LOCK, lock
from central.base.tables.keys import central_keys
from central.keys import sharing
from central.keys.keys import IssuerPurpose, KeyRing, base64_text
from common.protocol.claim_feed import ClaimKeyRecord
from common.protocol.payments.setup import ReceiptKeyRecord

#: What is being signed while a key is rotated is still signed by the former one.
IN_FLIGHT_S = 60


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who issues codes of one sort. `purpose` names its keys, and `kind` the feed message that tells one."""

    purpose: IssuerPurpose
    kind: Literal["claim-key", "receipt-key"]
    record: type[ClaimKeyRecord | ReceiptKeyRecord]


CLAIMS: Final = Issuer("claims", "claim-key", ClaimKeyRecord)
RECEIPTS: Final = Issuer("receipts", "receipt-key", ReceiptKeyRecord)
ISSUERS: Final = {one.purpose: one for one in (CLAIMS, RECEIPTS)}


async def ensure(connection: AsyncConnection, ring: KeyRing, issuer: Issuer) -> None:
    """Make the first key, and tell everyone of it, where there is none in use."""
    await lock(connection, FEED_LOCK)
    if not await _in_use(connection, issuer):
        await _make(connection, ring, issuer)


async def newest(connection: AsyncConnection, issuer: Issuer) -> str | None:
    """Return the id of the key that signs now; None where there never was one."""
    keys = await _in_use(connection, issuer)
    return str(keys[-1].kid) if keys else None


async def signing(connection: AsyncConnection, ring: KeyRing, issuer: Issuer) -> tuple[bytes, Ed25519PrivateKey] | None:
    """Return the key that signs now, by its id; None where there never was one.

    Raises KeyMissingError, KeyFileError: this machine can't have it.
    """
    kid = await newest(connection, issuer)
    if kid is None:
        return None
    if not ring.has(issuer.purpose, kid):  # another machine made it
        await sharing.fetch(connection, ring)
    return bytes.fromhex(kid), ring.signing(kid, issuer.purpose)


async def rotate(connection: AsyncConnection, ring: KeyRing, issuer: Issuer) -> int:
    """Make a new key in the place of the one that signs; return the id of the last feed message."""
    await lock(connection, FEED_LOCK)
    await sharing.fetch_missing(connection, ring)
    until = int(clock.now().timestamp()) + IN_FLIGHT_S
    for row in await _in_use(connection, issuer):
        await connection.execute(update(central_keys).where(central_keys.c.kid == row.kid).values(ended_at=until))
        await _tell(connection, issuer, issuer.record(row.kid, row.public_key, until))
    return await _make(connection, ring, issuer)


async def retire(connection: AsyncConnection, kids: Sequence[str]) -> int:
    """Take keys of any issuer back that were rotated; return the id of the last feed message.

    Raises ValueError where one signs still, or is none.
    """
    await lock(connection, FEED_LOCK)
    rows = {str(row.kid): row for issuer in ISSUERS.values() for row in await keys(connection, issuer)}
    for kid in kids:
        if kid not in rows:
            raise ValueError(f"retire: found {kid[:16]!r}, expected the id of a key that signs claims or receipts")
        issuer = ISSUERS[rows[kid].purpose]
        if rows[kid].ended_at is None:
            raise ValueError(f'retire: {kid} signs {issuer.purpose} now: rotate "{issuer.purpose}" first')
        await connection.execute(update(central_keys).where(central_keys.c.kid == kid).values(retired_by=kid))
        record = issuer.record(kid, rows[kid].public_key, rows[kid].ended_at, retired=True)
        message = await _tell(connection, issuer, record)
    return message


async def are_of_issuers(connection: AsyncConnection, kids: Sequence[str]) -> bool:
    """Return whether all of these ids are of keys for claims or receipts."""
    known = {str(row.kid) for issuer in ISSUERS.values() for row in await keys(connection, issuer)}
    return bool(kids) and known.issuperset(kids)


async def keys(connection: AsyncConnection, issuer: Issuer) -> list[Row[Any]]:
    """Return all keys that ever signed for an issuer, oldest first."""
    query = select(central_keys).where(central_keys.c.purpose == issuer.purpose).order_by(central_keys.c.id)
    return list(await connection.execute(query))


async def _make(connection: AsyncConnection, ring: KeyRing, issuer: Issuer) -> int:
    kid, public = ring.make(issuer.purpose)
    values = {"purpose": issuer.purpose, "kid": kid, "public_key": base64_text(public)}
    wrapped = sharing.wrapped(ring, issuer.purpose, kid)
    await connection.execute(insert(central_keys).values(**values, wrapped=wrapped))
    return await _tell(connection, issuer, issuer.record(kid, values["public_key"]))


async def _tell(connection: AsyncConnection, issuer: Issuer, record: ClaimKeyRecord | ReceiptKeyRecord) -> int:
    if sandbox.is_open():
        record = replace(record, issuer="sandbox")
    return await feed.append(connection, issuer.kind, record, key=record.kid)


async def _in_use(connection: AsyncConnection, issuer: Issuer) -> list[Row[Any]]:
    return [row for row in await keys(connection, issuer) if row.ended_at is None]

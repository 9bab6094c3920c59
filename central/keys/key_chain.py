"""Central's keys as the kiosks know them: which exist, which is the newest, and who vouches for whom."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from central import feed
from central.base.database.transactions import FEED_LOCK, SCHEMA_LOCK, lock
from central.base.tables.enrolled import kiosks
from central.base.tables.keys import central_keys
from central.keys import sharing
from central.keys.keys import KeyRing, Purpose, base64_text
from common.protocol.central_keys import endorsement, retirement_text
from common.protocol.envelope import MAX_SIGNING_KEYS
from common.protocol.feed_message import CentralKeyRecord, CentralKeys, EndorsedKey


async def ensure_keys(connection: AsyncConnection, ring: KeyRing) -> None:
    """Make central's first keys where the database knows none, and have all of them in the folder and in the database.

    Raises:
        KeyFileError: one that the database names can't be had.
    """
    await lock(connection, SCHEMA_LOCK)
    await sharing.begin(connection, ring)
    purposes: tuple[Purpose, ...] = ("signing", "sealing")
    for purpose in purposes:
        if not await _keys(connection, purpose):
            await _make(connection, ring, purpose)
    await sharing.fetch(connection, ring)


async def has_keys(connection: AsyncConnection) -> bool:
    """Whether the database knows any key of central's, as every one does after the first command."""
    return await connection.scalar(select(central_keys.c.id).limit(1)) is not None


async def newest(connection: AsyncConnection, purpose: Purpose) -> CentralKeyRecord:
    """The newest key for `purpose`."""
    row = (await _keys(connection, purpose))[-1]
    return CentralKeyRecord(row.kid, row.public_key)


async def signing_keys(connection: AsyncConnection) -> list[CentralKeyRecord]:
    """The signing keys that answers may bear, newest first: as many as an enrolment holds, and always the first."""
    usable = [row for row in await _keys(connection, "signing") if row.retired_by is None]
    first, *others = [CentralKeyRecord(row.kid, row.public_key) for row in usable]
    return [*reversed(others[-(MAX_SIGNING_KEYS - 1) :]), first]


async def sealing_kids(connection: AsyncConnection) -> list[str]:
    """Every sealing key, newest first."""
    return [str(row.kid) for row in reversed(await _keys(connection, "sealing"))]


async def kid_for(connection: AsyncConnection, known: Sequence[str]) -> str:
    """The newest signing key of those that the caller says to know; the newest of all where it knows none in use."""
    usable = [str(row.kid) for row in await _keys(connection, "signing") if row.retired_by is None]
    return next((kid for kid in reversed(usable) if kid in known), usable[-1])


async def retire(connection: AsyncConnection, ring: KeyRing, kids: Sequence[str]) -> int:
    """Take signing keys back by the word of the newest, for good; returns the feed message's id.

    Raises ValueError where one is no signing key in use, or is the newest.
    """
    await lock(connection, FEED_LOCK)
    await sharing.fetch_missing(connection, ring)
    rows = {str(row.kid): row for row in await _keys(connection, "signing") if row.retired_by is None}
    voucher = (await newest(connection, "signing")).kid
    for kid in kids:
        if kid not in rows:
            raise ValueError(f"retire: found {kid[:16]!r}, expected the id of a signing key in use: {', '.join(rows)}")
        if kid == voucher:
            raise ValueError(f"retire: {kid} is the newest signing key: rotate first, and wait until kiosks have heard")
        word = base64_text(ring.signing(voucher).sign(retirement_text(kid)))
        of_key = update(central_keys).where(central_keys.c.kid == kid)
        await connection.execute(of_key.values(retired_by=voucher, retirement=word))
    return await announce(connection)


async def rotate(connection: AsyncConnection, ring: KeyRing, *, signing: bool, sealing: bool) -> int:
    """Make new keys, each vouched for by the newest signing key, and tell the kiosks; returns the feed message's id."""
    await lock(connection, FEED_LOCK)
    await sharing.fetch_missing(connection, ring)
    made: list[str] = []
    if signing:
        voucher = await newest(connection, "signing")
        kid, text = await _make(connection, ring, "signing")
        word = base64_text(ring.signing(voucher.kid).sign(endorsement(kid, text)))
        of_key = update(central_keys).where(central_keys.c.kid == kid)
        await connection.execute(of_key.values(signed_by=voucher.kid, signature=word))
        made.append(kid)
    if sealing:
        made.append((await _make(connection, ring, "sealing"))[0])
    message_id = await announce(connection)
    await connection.execute(update(central_keys).where(central_keys.c.kid.in_(made)).values(feed_id=message_id))
    return message_id


async def announce(connection: AsyncConnection) -> int:
    """Tell the kiosks which keys are central's; returns the feed message's id.

    Said also where central was set back to a copy: who has heard of a sealing key since would seal to it for ever, and
    nobody has its private half any more.
    """
    return await feed.append(connection, "central-keys", await announcement(connection))


async def announcement(connection: AsyncConnection) -> CentralKeys:
    """The present sealing key and the whole chain of signing keys, so that a kiosk off for months can follow it."""
    chain = [
        EndorsedKey(row.kid, row.public_key, row.signed_by, row.signature, row.retired_by, row.retirement)
        for row in await _keys(connection, "signing")
    ]
    return CentralKeys(await newest(connection, "sealing"), chain)


async def confirmed_kid(connection: AsyncConnection, after: int | None, from_enrolment: str) -> str:
    """The newest signing key that a kiosk surely knows: who asks for what comes after a key's announcement knows it.

    Who asks from the beginning, as after the loss of a store, knows the keys of its enrolment.
    """
    rows = await _keys(connection, "signing")
    told = [row for row in rows if row.feed_id is not None and after is not None and row.feed_id <= after]
    known = [str(row.kid) for row in rows if row in told or row.kid == from_enrolment]
    return known[-1] if known else str(rows[0].kid)


async def confirm(connection: AsyncConnection, kiosk: str, kid: str) -> None:
    """Sign with `kid` for `kiosk` from here on, an older one too: it knows no newer one any more."""
    await connection.execute(update(kiosks).where(kiosks.c.id == kiosk).values(signing_kid=kid))


async def _make(connection: AsyncConnection, ring: KeyRing, purpose: Purpose) -> tuple[str, str]:
    """Make a key, here and in the database; return its id and its public half."""
    kid, public = ring.make(purpose)
    values = {"purpose": purpose, "kid": kid, "public_key": base64_text(public)}
    await connection.execute(insert(central_keys).values(**values, wrapped=sharing.wrapped(ring, purpose, kid)))
    return kid, values["public_key"]


async def _keys(connection: AsyncConnection, purpose: str) -> list[Row[Any]]:
    query = select(central_keys).where(central_keys.c.purpose == purpose).order_by(central_keys.c.id)
    return list(await connection.execute(query))

"""Private keys between machines: from the folder of the one that made them into the database, and out into the others'.

Each machine keeps them as files too. They outlive the database: one that is set back to before a rotation lacks the new
key, and kiosks have sealed to it meanwhile.
"""

from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base.tables.keys import central_keys
from central.keys import centre_ca
from central.keys.centre_ca import Authority
from central.keys.key_file import KeyFile
from central.keys.keys import KeyRing, Purpose, kid_of
from central.keys.private_file import write_private

AUTHORITY: Final = "centre-ca"
"""The purpose of the row that holds the authority for centres: a file of its own, see `centre_ca`."""
_AUTHORITY: Final = select(central_keys).where(central_keys.c.purpose == AUTHORITY)
_KEYS: Final = select(central_keys).where(central_keys.c.purpose != AUTHORITY).order_by(central_keys.c.id)


async def begin(connection: AsyncConnection, ring: KeyRing) -> None:
    """Make the key file for a database that holds no key yet."""
    if (await connection.execute(_KEYS)).first() is None:
        KeyFile(ring.folder).make()


def wrapped(ring: KeyRing, purpose: Purpose, kid: str) -> str:
    """Return a key of the folder as the database keeps it. Raises KeyFileError: this machine lacks the key file."""
    return KeyFile(ring.folder).wrap(purpose, kid, ring.private_bytes(purpose, kid))


async def fetch(connection: AsyncConnection, ring: KeyRing) -> None:
    """Have every key of the database's in the folder: another machine may have made some.

    Raises:
        KeyFileError: this machine's key file is missing, damaged or another central's.
    """
    for key in await connection.execute(_KEYS):
        private = KeyFile(ring.folder).unwrap(key.purpose, key.kid, key.wrapped)
        ring.keep(key.purpose, key.kid, private)


async def check(connection: AsyncConnection, ring: KeyRing) -> None:
    """See that `fetch` could have every key, and write nothing. Raises what `fetch` does."""
    for key in await connection.execute(_KEYS):
        KeyFile(ring.folder).unwrap(key.purpose, key.kid, key.wrapped)


async def fetch_missing(connection: AsyncConnection, ring: KeyRing) -> None:
    """Do what `fetch` does, where the database names a key that is not here."""
    named = await connection.execute(_KEYS)
    if not all(ring.has(key.purpose, key.kid) for key in named):
        await fetch(connection, ring)


async def authority(connection: AsyncConnection, folder: Path, now: datetime, zone: str | None = None) -> Authority:
    """Return the authority for centres, one for all machines of a database; hold the enrolment lock meanwhile.

    `zone`: where it is made, the domain that hubs' names may stand under.

    Raises:
        KeyFileError: this machine's key file does not open it.
        AuthorityUnusable, OSError: its file cannot be read or written.
    """
    path, file = folder / centre_ca.FILE, KeyFile(folder)
    known = (await connection.execute(_AUTHORITY)).one_or_none()
    if known is not None:
        shared = file.unwrap(AUTHORITY, known.kid, known.wrapped)
        if not path.exists() or path.read_bytes() != shared:
            write_private(path, shared)
        return centre_ca.authority(folder, now)
    made = centre_ca.authority(folder, now, zone)
    await _share_authority(connection, folder, made)
    return made


async def renew_authority(connection: AsyncConnection, folder: Path, now: datetime, zone: str | None) -> Authority:
    """Return the authority with a new certificate for its key, see `centre_ca.renew`. Raises as `authority`."""
    await authority(connection, folder, now, zone)
    made = centre_ca.renew(folder, now, zone)
    await connection.execute(delete(central_keys).where(central_keys.c.purpose == AUTHORITY))
    await _share_authority(connection, folder, made)
    return made


async def _share_authority(connection: AsyncConnection, folder: Path, made: Authority) -> None:
    kid = kid_of(made.pem.encode())
    wrapped = KeyFile(folder).wrap(AUTHORITY, kid, (folder / centre_ca.FILE).read_bytes())
    values = {"purpose": AUTHORITY, "kid": kid, "public_key": made.pem}
    await connection.execute(insert(central_keys).values(**values, wrapped=wrapped))

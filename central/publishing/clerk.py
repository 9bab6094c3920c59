"""Clerks who call at counters: their PINs are made here, shown once, and known to the hubs only as argon2id hashes."""

import secrets
import uuid
from typing import Final, Literal

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from central import feed
from central.base import clock
from central.base.database.transactions import FEED_LOCK, lock
from central.base.tables.enrolled import clerks
from central.feed import Audience
from central.kiosks.enrolment import check_centre
from central.publishing.technician import check_name, name_for
from common.machine.secret_hash import hash_secret
from common.protocol.feed_message import ClerkRecord, Clerks

Role = Literal["clerk", "manager"]
SECRET_DIGITS: Final[dict[Role, int]] = {"clerk": 6, "manager": 8}
"""How many digits follow the two that name the clerk."""
SIGNS: Final = tuple(f"{number:02}" for number in range(100))


async def appoint(connection: AsyncConnection, name: str, centre: str, role: Role) -> str:
    """Give a clerk of a centre a new PIN, which takes the place of an old one; returns its digits.

    Raises:
        ValueError: no name, no centre's code, or the centre has a hundred clerks.
    """
    name = name_for(name)
    await check_centre(connection, centre)
    await lock(connection, FEED_LOCK)  # before the free signs are read
    known = (await connection.execute(select(clerks).where(clerks.c.centre == centre))).all()
    own = next((row for row in known if row.name == name), None)
    sign = own.sign if own is not None else _free_sign({row.sign for row in known}, centre)
    length = SECRET_DIGITS[role]
    pin = f"{sign}{secrets.randbelow(10**length):0{length}}"
    values = {"role": role, "sign": sign, "pin_hash": hash_secret(pin), "pin_at": clock.as_text(clock.now())}
    if own is not None:
        await connection.execute(update(clerks).where(clerks.c.id == own.id).values(values))
    else:
        row = {"id": f"clerk-{uuid.uuid4().hex[:12]}", "centre": centre, "name": name, **values}
        await connection.execute(insert(clerks).values(row))
    await _announce(connection, centre)
    return pin


async def role_of(connection: AsyncConnection, name: str, centre: str) -> Role | None:
    """Return what somebody of this name is in a centre; None where nobody is. Raises ValueError for no name."""
    query = select(clerks.c.role).where(clerks.c.centre == centre, clerks.c.name == check_name(name))
    role: Role | None = await connection.scalar(query)
    return role


async def withdraw(connection: AsyncConnection, name: str, centre: str) -> None:
    """Take a clerk's PIN back; the hub of the centre hears of it. Raises ValueError where there is no such clerk."""
    await lock(connection, FEED_LOCK)
    gone = delete(clerks).where(clerks.c.centre == centre, clerks.c.name == check_name(name))
    if (await connection.execute(gone)).rowcount == 0:
        raise ValueError(f"NAME: {centre} has no clerk {name[:60]!r}; `central clerks` lists them")
    await _announce(connection, centre)


listing: Final = select(clerks.c.name, clerks.c.centre, clerks.c.role).order_by(clerks.c.centre, clerks.c.name)
"""Who may open a counter, without the PINs."""


async def _announce(connection: AsyncConnection, centre: str) -> None:
    rows = await connection.execute(select(clerks).where(clerks.c.centre == centre).order_by(clerks.c.sign))
    all_of_them = [ClerkRecord(row.id, row.name, row.role, row.sign, row.pin_hash) for row in rows]
    await feed.append(connection, "clerks", Clerks(centre, all_of_them), key=centre, audience=Audience(centre=centre))


def _free_sign(taken: set[str], centre: str) -> str:
    free = [sign for sign in SIGNS if sign not in taken]
    if not free:
        raise ValueError(f"centre {centre} has a hundred clerks, which is all that two digits can name")
    return secrets.choice(free)

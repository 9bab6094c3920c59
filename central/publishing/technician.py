"""Technicians: their PINs are made here, shown once, and known to the kiosks only as argon2id hashes."""

import secrets
import unicodedata
import uuid
from collections.abc import Sequence
from typing import Final, Literal

import msgspec
from msgspec import Struct
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from central import feed
from central.base.tables.told import feed as feed_table
from central.feed import Audience
from central.kiosks.enrolment import check_centre
from common.machine.secret_hash import hash_secret
from common.protocol.feed_message import Technician

PIN_DIGITS: Final = {"technician": 8, "manager": 10}
# A technician is the same person wherever the name is given again: a new PIN replaces the old one.
_NOBODYS: Final = frozenset({"console", "central", "system", "hub", "operator"})
_OF_THE_LOG: Final = (":", "/")  # hub:ID/NAME, system:NAME
_SCRIPTS: Final = frozenset({"ARABIC", "LATIN"})
TECHNICIANS = uuid.UUID("5f6c1c55-6d0b-4a3e-9a5e-6f2c8b1d7e10")


async def appoint(
    connection: AsyncConnection, name: str, centres: Sequence[str], role: Literal["technician", "manager"]
) -> str:
    """Give `name` a new PIN, the same at the kiosks of all `centres`; returns it: 8 digits, a manager's 10.

    Raises ValueError for a wrong setting.
    """
    name = name_for(name)
    for centre in centres:
        await check_centre(connection, centre)
    digits = PIN_DIGITS[role]
    pin = f"{secrets.randbelow(10**digits):0{digits}}"
    for centre in centres:
        await _tell(connection, Technician(_id(centre, name), name, centre, role, hash_secret(pin)))
    return pin


class Appointed(Struct, frozen=True):
    """Somebody who may open the technician's screen in a centre, and since when with this PIN."""

    name: str
    centre: str
    role: str
    since: str


async def appointed(connection: AsyncConnection) -> list[Appointed]:
    """Return everybody whose PIN is good somewhere, by name."""
    newest = (
        select(func.max(feed_table.c.id)).where(feed_table.c.kind == "technician").group_by(feed_table.c.key)
    ).scalar_subquery()
    rows = await connection.execute(select(feed_table.c.body, feed_table.c.at).where(feed_table.c.id.in_(newest)))
    found = [(msgspec.json.decode(row.body, type=Technician), row.at) for row in rows]
    people = [Appointed(one.name, one.centre, one.role, at) for one, at in found if one.pin_hash]
    return sorted(people, key=lambda one: (one.name, one.centre))


async def withdraw(connection: AsyncConnection, name: str, centres: Sequence[str]) -> list[str]:
    """Take `name`'s PIN back in `centres`, in all of them where none is named; return where it was good.

    Raises ValueError where it was good nowhere.
    """
    name = check_name(name)
    theirs = [one for one in await appointed(connection) if one.name == name and (not centres or one.centre in centres)]
    if not theirs:
        raise ValueError(f"NAME: {name!r} has no PIN there; `central technicians` lists who has one")
    for one in theirs:
        role: Literal["technician", "manager"] = "manager" if one.role == "manager" else "technician"
        await _tell(connection, Technician(_id(one.centre, name), name, one.centre, role, ""))
    return [one.centre for one in theirs]


async def _tell(connection: AsyncConnection, body: Technician) -> None:
    await feed.append(connection, "technician", body, key=body.id, audience=Audience(centre=body.centre))


def _id(centre: str, name: str) -> str:
    return str(uuid.uuid5(TECHNICIANS, f"{centre}\n{name}"))


def check_name(name: str) -> str:
    """Return a person's name without blanks around it. Raises ValueError where nobody could be called so."""
    name = name.strip()
    if not name or len(name) > 100 or not name.isprintable():
        raise ValueError(f"NAME: found {name[:60]!r}, expected 1 to 100 printable characters")
    return name


def name_for(name: str) -> str:
    """Return the name by which somebody is to be known from now on, in logs of acts too.

    Raises ValueError for one under which the log writes what nobody did by hand, and for letters that look like others.
    """
    name = check_name(name)
    if name.casefold() in _NOBODYS or any(sign in name for sign in _OF_THE_LOG):
        raise ValueError(f"NAME: found {name[:60]!r}, expected a person's name: no : and no /, and not console")
    for word in name.split():
        scripts = {unicodedata.name(sign, "?").partition(" ")[0] for sign in word if sign.isalpha()}
        if len(scripts) > 1 or not scripts <= _SCRIPTS:
            raise ValueError(f"NAME: found {name[:60]!r}, expected each word in Arabic or in Latin letters alone")
    return name

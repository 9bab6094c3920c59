"""Technicians: their PINs are made here, shown once, and known to the kiosks only as argon2id hashes."""

import secrets
import uuid
from typing import Final, Literal

from argon2 import PasswordHasher
from sqlalchemy.ext.asyncio import AsyncConnection

from central import feed
from central.feed import Audience
from central.kiosks.enrolment import CENTRE_CODE
from offline_store.wire.envelope import Technician

PIN_DIGITS: Final = {"technician": 8, "manager": 10}
# A technician is the same person wherever the name is given again: a new PIN replaces the old one.
TECHNICIANS = uuid.UUID("5f6c1c55-6d0b-4a3e-9a5e-6f2c8b1d7e10")


async def appoint(connection: AsyncConnection, name: str, centre: str, role: Literal["technician", "manager"]) -> str:
    """Give `name` a new PIN at the kiosks of `centre`; returns it: 8 digits, a manager's 10.

    Raises ValueError for a wrong setting.
    """
    name = check_name(name)
    if not CENTRE_CODE.fullmatch(centre):
        raise ValueError(f"--centre: found {centre[:60]!r}, expected a centre's code such as homs-main")
    digits = PIN_DIGITS[role]
    pin = f"{secrets.randbelow(10**digits):0{digits}}"
    technician_id = str(uuid.uuid5(TECHNICIANS, f"{centre}\n{name}"))
    body = Technician(technician_id, name, centre, role, PasswordHasher().hash(pin))
    await feed.append(connection, "technician", body, key=technician_id, audience=Audience(centre=centre))
    return pin


def check_name(name: str) -> str:
    """Return a person's name without blanks around it. Raises ValueError where nobody could be called so."""
    name = name.strip()
    if not name or len(name) > 100 or not name.isprintable():
        raise ValueError(f"NAME: found {name[:60]!r}, expected 1 to 100 printable characters")
    return name

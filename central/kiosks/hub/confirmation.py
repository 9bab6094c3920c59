"""A hub's address outside the city's own networks and zone, or where another centre's hub stands already.

It is asked with a code, and waits for an administrator. What is confirmed is a code, a key and an address together:
none of the three can be changed afterwards.
"""

from typing import Any

from sqlalchemy import Row, update
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base.tables.enrolled import enrolment_codes
from central.kiosks.hub import hubs
from common.protocol.envelope import EnrolmentRequest


async def awaits(
    connection: AsyncConnection, code: Row[Any], known: Row[Any] | None, request: EnrolmentRequest, zone: str | None
) -> bool:
    """Return whether a hub's address has yet to be confirmed, and write down that it was asked for.

    Raises:
        NoAddress: there is no address, or it is invalid.
    """
    address = hubs.check_place(request)
    if known is not None and known.address == address:
        return False
    if hubs.is_own_host(address, zone) and not await hubs.stands_elsewhere(connection, address, code.centre):
        return False
    is_asked_again = (code.asked_address, code.asked_key) == (address, request.public_key)
    if not is_asked_again:
        asked = {"asked_address": address, "asked_key": request.public_key, "confirmed_by": None}
        mine = enrolment_codes.c.code_sha256 == code.code_sha256
        await connection.execute(update(enrolment_codes).where(mine).values(asked))
    return not is_asked_again or code.confirmed_by is None


async def confirm(connection: AsyncConnection, code_id: str, address: str, by: str) -> str:
    """Let a hub enrol at the address that it asked for with a code, named by its id in the list; return its centre.

    Raises:
        ValueError: no hub waits there.
    """
    waiting = (
        enrolment_codes.c.code_sha256 == code_id,
        enrolment_codes.c.asked_address == address,
        enrolment_codes.c.confirmed_by.is_(None),
    )
    confirmed = update(enrolment_codes).where(*waiting).values(confirmed_by=by).returning(enrolment_codes.c.centre)
    centre = await connection.scalar(confirmed)
    if centre is None:
        raise ValueError("no hub waits with this code at this address; `central enrolment-codes` lists them")
    return str(centre)

"""What somebody asks who waits for the answer: a kiosk's screen or a hub's desk. The bodies are the wire's own.

Each is one transaction of the caller's; a refusal is an answer too, for the screen has words of its own for it.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base.tables.claimed import claims
from central.claims import booking
from central.claims.centre import centre_of
from central.claims.planned import seats
from central.claims.planned.seats import FreeSeat, Offer
from central.claims.wanted import Door
from common.protocol.codes.signed_code import PREFIX
from common.protocol.queue.claim import DIGITS

MOST_SEATS: Final = 400
"""An answer to a kiosk holds 32 KiB; who wants later ones asks from there."""
_DATE: Final = len("2026-12-01")


class SeatsAnswer(Struct, frozen=True):
    """The times at which seats are left."""

    seats: Sequence[FreeSeat]


class CancelAnswer(Struct, frozen=True):
    """What became of a claim that was to be cancelled: `cancelled`, or its state where it was not open any more."""

    claim: str
    state: str


async def free_seats(
    connection: AsyncConnection, centre: str, service: str, since: datetime, door: Door, now: datetime
) -> SeatsAnswer:
    """Answer which seats are left for a service, from a moment on. Raises ClaimRefused."""
    found = await centre_of(connection, centre, service)
    offer = Offer(centre, found.queue, found.rules, door, now)
    free = [one for one in await seats.free(connection, offer, since) if found.is_open(datetime.fromisoformat(one.at))]
    return SeatsAnswer(_whole_days(free))


async def cancel(connection: AsyncConnection, centre: str, shown: str, now: datetime) -> CancelAnswer | None:
    """Cancel a claim of a centre by what its paper says, its digits or its code; None where it is not known."""
    said = claims.c.code == shown if shown.startswith(PREFIX) else claims.c.digits == shown
    if not shown.startswith(PREFIX) and len(shown) != DIGITS:
        return None
    query = select(claims.c.id, claims.c.state).where(said, claims.c.centre == centre)
    row = (await connection.execute(query.order_by(claims.c.change.desc()).limit(1))).one_or_none()
    if row is None:
        return None
    is_done = await booking.cancel(connection, row.id, None, now)
    return CancelAnswer(row.id, "cancelled" if is_done else row.state)


def _whole_days(free: list[FreeSeat]) -> list[FreeSeat]:
    """Return no more than an answer holds; a day is told whole or not at all, the first one always."""
    if len(free) <= MOST_SEATS:
        return free
    beyond = free[MOST_SEATS].at[:_DATE]
    whole = [one for one in free[:MOST_SEATS] if one.at[:_DATE] != beyond]
    return whole or free[:MOST_SEATS]

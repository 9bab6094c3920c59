"""Appointments by telephone, and how many a day has: what the offices' page shows, and what its forms do.

By the same functions as the hub's desk and its manager's page; each act within the operator's centres, with his name.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import groupby
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.claims import inquiries, requests
from central.claims.booking import Claimed
from central.claims.planned import changing, plan
from central.claims.planned.changing import Day, Wanted
from central.claims.refusal import ClaimRefused
from central.claims.requests import ClaimRequest
from central.claims.wanted import Door
from central.feed import Audience
from central.keys.keys import KeyRing
from central.offices import operations
from central.offices.day_seats import acts
from central.offices.operators import Operator
from central.offices.people import check
from central.publishing import in_force
from common.city.catalogue import Service, load_catalogue

_DATE: Final = slice(10)  # of 2026-12-01T10:30:00+03:00


@dataclass(frozen=True, slots=True)
class Shown:
    """A centre's day, the services of which it gives appointments, and the times that are left of one, by day."""

    day: Day
    services: Sequence[Service]
    free: Sequence[tuple[str, Sequence[str]]] | None

    @property
    def groups(self) -> list[str]:
        """Return the groups that have half hours on the day."""
        return sorted({one.group for one in self.day.half_hours})


async def read(connection: AsyncConnection, operator: Operator, centre: str, day: date, service: str) -> Shown | None:
    """Return a centre's day, and from it on the times that are left of a service; None where it takes no claims.

    Raises ClaimRefused where there is no such service.
    """
    of_centre, now = await plan.newest(connection, centre), clock.now()
    if of_centre is None:
        return None
    published = await in_force.catalogue(connection, Audience(centre))
    known = load_catalogue(published.published if published is not None else ()).services
    taken = {line.group for line in of_centre.plan}
    free = None
    if service:
        since = max(now, datetime.combine(day, time(), clock.CENTRE_TIME))
        left = await inquiries.free_seats(connection, centre, service, since, _door(operator), now)
        days = groupby((one.at for one in left.seats), key=lambda at: at[_DATE])
        free = [(on, list(times)) for on, times in days]
    seen = await changing.seen(connection, centre, day, None, now)
    return Shown(seen, [one for one in known if one.queue in taken], free)


async def book(
    connection: AsyncConnection, ring: KeyRing, operator: Operator, asked: ClaimRequest, key: str
) -> Claimed:
    """Book for who telephones; the same key again returns the same. Raises NotAllowed, ClaimRefused, ValueError."""
    check(operator, asked.centre or "")
    made = await requests.claim(connection, ring, asked, _door(operator), key, clock.now())
    if not made.is_repeat:
        told = {"centre": asked.centre or "", "service": asked.service or "", "claim": made.claim.claim}
        await operations.note(connection, operator.name, "claim-made", told)
    return made.claim


async def cancel(connection: AsyncConnection, operator: Operator, centre: str, digits: str) -> None:
    """End an appointment of a centre by its eight digits. Raises NotAllowed; ClaimRefused where it is not open."""
    check(operator, centre)
    ended = await inquiries.cancel(connection, centre, digits, clock.now())
    if ended is None:
        raise ClaimRefused("unknown-claim", "this centre has no appointment with these digits")
    if ended.state != "cancelled":
        raise ClaimRefused("not-open", "it was used or cancelled before")
    await operations.note(connection, operator.name, "claim-cancelled", {"centre": centre, "claim": ended.claim})


async def change(connection: AsyncConnection, operator: Operator, centre: str, wanted: Wanted) -> None:
    """Change how many appointments a day has. Raises NotAllowed, ClaimRefused."""
    check(operator, centre)
    await acts.change(connection, centre, wanted, operator.name, clock.now())


async def take_back(connection: AsyncConnection, operator: Operator, centre: str, change_id: int) -> None:
    """Have what held before a change hold again. Raises NotAllowed, ClaimRefused."""
    check(operator, centre)
    await acts.take_back(connection, centre, change_id, operator.name, clock.now())


def _door(operator: Operator) -> Door:
    return Door(f"offices:{operator.name}", is_desk=True, is_act=True)

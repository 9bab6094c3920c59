"""A ticket that is carried over: on which days it is good, and whether somebody has come with it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.tables.enrolled import kiosks
from central.base.tables.visited import tickets
from common.city.calendar import CentreHours
from common.city.catalogue import Hours
from common.protocol.queue.claim import digits_of

GOOD_DAYS: Final = 3
#: Three days on which a service works are within it, where nobody has published which days those are.
_WITHIN: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Opening:
    """When a centre is open, and those of its services that have hours of their own."""

    hours: CentreHours = field(default_factory=CentreHours)
    services: Mapping[str, Hours | None] = field(default_factory=dict)

    def last_good_day(self, service: str, business_day: str) -> date | None:
        """Return the third day on which a service works after a business day; None where its days are not known."""
        own = self.services.get(service)
        if self.hours.usual is None and own is None:
            return None
        day = date.fromisoformat(business_day)
        for _ in range(GOOD_DAYS):
            opening = self.hours.next_opening(datetime.combine(day, time(23, 59)), own)
            if opening is None:
                return None
            day = opening.day
        return day


def good_until(last: date | None, business_day: str) -> datetime:
    """Return when a carried ticket's last day is over."""
    day = date.fromisoformat(business_day) + _WITHIN if last is None else last
    return datetime.combine(day + timedelta(days=1), time(), clock.CENTRE_TIME) + clock.DAY_CUT_OFF


async def is_claimed(connection: AsyncConnection, ticket: Row[Any]) -> bool:
    """Return whether a later ticket of its `centre` was given for this one."""
    names = [ticket.ticket, digits_of(ticket.ticket)]
    if ticket.token is not None:
        names.append(hashlib.sha256(ticket.token.encode()).hexdigest())
    later = (tickets.c.claim.in_(names)) & (tickets.c.business_day > ticket.business_day) & ~tickets.c.is_voided
    query = (
        select(tickets.c.ticket)
        .join(kiosks, kiosks.c.id == tickets.c.kiosk)
        .where(later, kiosks.c.centre == ticket.centre)
    )
    return await connection.scalar(query.limit(1)) is not None

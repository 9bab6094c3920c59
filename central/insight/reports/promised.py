"""Appointments and numbers from afar of a centre's day: who came, who did not, and how long each side waited."""

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.tables.claimed import claims
from central.base.tables.visited import tickets
from central.insight.reports.counted import Counted, more


class Promise(NamedTuple):
    """What a ticket's claim was, and for when."""

    kind: str
    at: datetime


async def read(connection: AsyncConnection, day: str) -> dict[str, Promise]:
    """Return the claims that tickets of a day bear, by their ids."""
    query = select(claims.c.id, claims.c.kind, claims.c.at).join(tickets, tickets.c.claim == claims.c.id)
    rows = await connection.execute(query.where(tickets.c.business_day == day, ~tickets.c.is_voided))
    return {row.id: Promise(row.kind, datetime.fromisoformat(row.at)) for row in rows}


async def count(counted: Counted, connection: AsyncConnection, centre: str, day: str) -> None:
    """Count the day's claims by kind and by whether their owners came; what was called off is nobody's fault."""
    of_day = claims.c.centre == centre, claims.c.day == day, claims.c.state.in_(("booked", "arrived", "missed"))
    kinds = claims.c.kind, claims.c.state
    is_over = date.fromisoformat(day) < clock.business_date(clock.now())
    rows = await connection.execute(
        select(*kinds, func.count()).where(*of_day, claims.c.off.is_(None)).group_by(*kinds).order_by(*kinds)
    )
    for kind, state, n in rows:
        if state == "arrived" or is_over:
            more(counted.claims, f"{kind}_{'arrived' if state == 'arrived' else 'missed'}", n)


def count_wait(counted: Counted, promise: Promise | None, issued: datetime, called: datetime) -> None:
    """Count a wait on its side: of an appointment from its time on, of others from their number."""
    side = "others" if promise is None else promise.kind
    waited_s = (called - begins(issued, promise)).total_seconds()
    counted.waits_by_claim.setdefault(side, []).append(max(0, round(waited_s)))


def begins(issued: datetime, promise: Promise | None) -> datetime:
    """Return when somebody's wait begins: who has an appointment and comes early does not wait yet."""
    return issued if promise is None or promise.kind != "booked" else max(issued, promise.at)

"""Which appointments and numbers from afar the tickets of a day bear, and when their owners' waits begin."""

from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, and_, func, or_, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base.tables.claimed import claims
from central.base.tables.enrolled import kiosks
from central.base.tables.visited import tickets
from central.kiosks.digit import centre_on

_DATE: Final = len("2026-12-01")


class Promise(NamedTuple):
    """What a ticket's claim was, and for when."""

    kind: str
    at: datetime


async def read(connection: AsyncConnection, day: str) -> dict[tuple[str, str], Promise]:
    """Return the claims that tickets of a day bear, by the tickets' kiosks and ids."""
    of_ticket = tickets.c.kiosk, tickets.c.ticket, claims.c.kind, claims.c.at
    counts = tickets.c.business_day == day, ~tickets.c.is_voided
    named = select(*of_ticket).join_from(tickets, claims, claims.c.id == tickets.c.claim).where(*counts)
    # Apart, since few are typed, and each is sought among all claims of its centre.
    typed = select(*of_ticket).join_from(tickets, kiosks, kiosks.c.id == tickets.c.kiosk)
    typed = typed.join(claims, _is_of_digits()).where(*counts)
    rows = await connection.execute(union_all(named, typed))
    return {(row.kiosk, row.ticket): Promise(row.kind, datetime.fromisoformat(row.at)) for row in rows}


def is_of_claim() -> ColumnElement[bool]:
    """Return the condition of a ticket that a claim was shown for, in a query of `kiosks`."""
    return or_(tickets.c.claim == claims.c.id, _is_of_digits())


def _is_of_digits() -> ColumnElement[bool]:
    """Return the condition of a claim whose digits were typed where no hub was asked: they stand in the ticket as such.

    Only the hub tells them from those of an earlier paper, and central by the centre, the service and the days on which
    the claim is good.
    """
    return and_(
        tickets.c.digits == claims.c.digits,
        tickets.c.service == claims.c.service,
        centre_on(tickets.c.kiosk, tickets.c.business_day, tickets.c.number) == claims.c.centre,
        tickets.c.business_day <= func.substr(claims.c.expires_at, 1, _DATE),
    )


def begins(issued: datetime, promise: Promise | None) -> datetime:
    """Return when somebody's wait begins: who has an appointment and comes early does not wait yet."""
    return issued if promise is None or promise.kind != "booked" else max(issued, promise.at)

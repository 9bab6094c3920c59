"""Taking an answer: once a ticket, while its page lives, and from then on as a count alone.

That a ticket was answered for and what was said are in two tables, and nothing joins them.
"""

from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.database.rows import insert_into, insert_new
from central.insight.visits.ended import day_over_at
from features.feedback.central.tables import feedback, feedback_counts
from features.feedback.wire import Face, Served


async def has_answered(connection: AsyncConnection, ticket: Row[Any]) -> bool:
    """Return whether somebody has answered for a ticket, or asked not to be asked."""
    own = (feedback.c.kiosk == ticket.kiosk) & (feedback.c.ticket == ticket.ticket)
    return await connection.scalar(select(feedback.c.day_over_at).where(own)) is not None


async def take(connection: AsyncConnection, ticket: Row[Any], said: tuple[Served, Face] | None) -> bool:
    """Keep and count what is said of a ticket with its `centre`; None: nothing, and it is asked about no more.

    Returns False where somebody was faster.
    """
    # No visit of the day is asked about when the row goes: so nobody answers twice.
    over_at = clock.as_text(day_over_at(ticket.business_day))
    own = {"kiosk": ticket.kiosk, "ticket": ticket.ticket, "day_over_at": over_at}
    if not await insert_new(connection, feedback, [own]):
        return False
    if said is not None:
        await _count(connection, ticket, *said)
    return True


async def _count(connection: AsyncConnection, ticket: Row[Any], served: Served, face: Face) -> None:
    of_visit = {"centre": ticket.centre, "business_day": ticket.business_day, "service": ticket.service}
    statement = insert_into(connection, feedback_counts).values(**of_visit, served=served, face=face, n=1)
    key = [column.name for column in feedback_counts.primary_key]
    one_more = statement.on_conflict_do_update(index_elements=key, set_={"n": feedback_counts.c.n + 1})
    await connection.execute(one_more)

"""Findings that somebody has seen to: they stay, with a name, and ring for nobody any more."""

from sqlalchemy import Select, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.tables import findings

is_open = findings.c.settled_at.is_(None)


def listing(*, also_settled: bool) -> Select[tuple[object, ...]]:
    """Ask for the findings, the oldest first."""
    query = select(findings).order_by(findings.c.id)
    return query if also_settled else query.where(is_open)


async def settle(connection: AsyncConnection, finding: int, by: str) -> None:
    """Write down who has seen to a finding. Raises ValueError where none of this id is open."""
    settled = {"settled_at": clock.as_text(clock.now()), "settled_by": by}
    done = await connection.execute(update(findings).where(findings.c.id == finding, is_open).values(settled))
    if not done.rowcount:
        raise ValueError(f"no finding {finding} is open; `central findings` lists them")

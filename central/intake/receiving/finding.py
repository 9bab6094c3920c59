"""Findings: what does not fit, each written down once. One that somebody has seen to rings for nobody any more."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlalchemy import Row, Select, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.database.rows import insert_new
from central.base.tables.received import findings

is_open = findings.c.settled_at.is_(None)


class Finding(NamedTuple):
    """Something about a kiosk or hub itself, or about a place in one of its chains."""

    code: str
    item: str = ""
    epoch: str = ""
    seq: int = 0


async def note(connection: AsyncConnection, kiosk: str, found: Iterable[Finding]) -> None:
    """Record what was found of a kiosk or hub, but for what stands there already."""
    sent = {"kiosk": kiosk, "at": clock.as_text(clock.now()), "settled_at": None, "settled_by": None}
    if rows := [sent | one._asdict() for one in found]:
        await insert_new(connection, findings, rows)


async def note_again(connection: AsyncConnection, kiosk: str, found: Finding) -> None:
    """Record what may come, go and come again, such as a centre that fails: seen to before, it is open again."""
    await note(connection, kiosk, [found])
    own = (findings.c[name] == value for name, value in {"kiosk": kiosk, **found._asdict()}.items())
    fresh = {"at": clock.as_text(clock.now()), "settled_at": None, "settled_by": None}
    await connection.execute(update(findings).where(*own, ~is_open).values(fresh))


async def note_item(connection: AsyncConnection, item: Row[Any], code: str) -> None:
    """Record something about an item that is in the inbox already."""
    await note(connection, item.kiosk, [Finding(code, item.id, item.epoch, item.seq)])


def listing(*, also_settled: bool) -> Select[tuple[object, ...]]:
    """Ask for the findings, the oldest first."""
    query = select(findings).order_by(findings.c.id)
    return query if also_settled else query.where(is_open)


async def settle(connection: AsyncConnection, number: int, by: str) -> None:
    """Write down who has seen to a finding. Raises ValueError where none of this id is open."""
    settled = {"settled_at": clock.as_text(clock.now()), "settled_by": by}
    done = await connection.execute(update(findings).where(findings.c.id == number, is_open).values(settled))
    if not done.rowcount:
        raise ValueError(f"no finding {number} is open; `central findings` lists them")

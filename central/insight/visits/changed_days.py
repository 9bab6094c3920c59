"""Which days of which centres have changed: reports count those again, and no others."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base.database.rows import insert_into
from central.base.tables.enrolled import kiosks
from central.base.tables.visited import counted_days

#: A day of the centre of a kiosk or hub: its id, and `YYYY-MM-DD`.
OfMachine = tuple[str, str]


async def note(connection: AsyncConnection, days: Iterable[OfMachine]) -> None:
    """Write down that these days have changed; to be called in the transaction that changes them."""
    wanted = set(days)
    if not wanted:
        return
    of_machine = select(kiosks.c.id, kiosks.c.centre).where(kiosks.c.id.in_({kiosk for kiosk, _ in wanted}))
    centres = {row.id: row.centre for row in await connection.execute(of_machine)}
    # In one order for all, so that nobody waits for who waits for him.
    keys = sorted({(centres[kiosk], day) for kiosk, day in wanted if kiosk in centres})
    if not keys:
        return
    statement = insert_into(connection, counted_days).on_conflict_do_update(
        index_elements=[counted_days.c.centre, counted_days.c.business_day],
        set_={"changes": counted_days.c.changes + 1},
    )
    fresh = {"changes": 1, "counted_changes": 0, "counted": None}
    await connection.execute(statement, [{"centre": centre, "business_day": day, **fresh} for centre, day in keys])

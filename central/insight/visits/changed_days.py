"""Which days of which centres have changed: reports count those again, and no others."""

from collections.abc import Iterable
from typing import Final

from sqlalchemy import literal, select, union
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base.database.rows import insert_into
from central.base.tables.enrolled import digits, kiosks
from central.base.tables.visited import counted_days

#: A day of the centre of a kiosk or hub: its id, and `YYYY-MM-DD`.
OfMachine = tuple[str, str]
#: A centre's code, and `YYYY-MM-DD`.
OfCentre = tuple[str, str]
_STILL: Final = "9999-12-31"


async def note(connection: AsyncConnection, days: Iterable[OfMachine]) -> None:
    """Write down that these days have changed; to be called in the transaction that changes them."""
    wanted = set(days)
    if not wanted:
        return
    about = {kiosk for kiosk, _ in wanted}
    stands = select(kiosks.c.id, kiosks.c.centre, literal(_STILL)).where(kiosks.c.id.in_(about))
    stood = select(digits.c.kiosk, digits.c.centre, digits.c.freed_on)  # before it was moved
    stood = stood.where(digits.c.kiosk.in_(about), digits.c.freed_on.is_not(None))
    places = (await connection.execute(union(stands, stood))).all()
    await note_of_centres(
        connection,
        {(centre, day) for kiosk, day in wanted for id_, centre, until in places if id_ == kiosk and day <= until},
    )


async def note_of_centres(connection: AsyncConnection, days: Iterable[OfCentre]) -> None:
    """Write down the same of days of centres themselves; under READING_LOCK, as readings do, where it is not alone."""
    keys = sorted(set(days))  # in one order for all, so that nobody waits for who waits for him
    if not keys:
        return
    statement = insert_into(connection, counted_days).on_conflict_do_update(
        index_elements=[counted_days.c.centre, counted_days.c.business_day],
        set_={"changes": counted_days.c.changes + 1},
    )
    fresh = {"changes": 1, "counted_changes": 0, "counted": None}
    await connection.execute(statement, [{"centre": centre, "business_day": day, **fresh} for centre, day in keys])

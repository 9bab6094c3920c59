"""A day's seats changed by hand, by whichever door, and written down: who, which half hour or day, from and to.

`by` is an operator's name, `hub:ID/CLERK` for a manager at a hub, or `hub:ID` where an answer never came to be seen.
"""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from central.claims.planned import changing
from central.claims.planned.changing import Done, Wanted
from central.offices import operations


async def change(connection: AsyncConnection, centre: str, wanted: Wanted, by: str, now: datetime) -> int | None:
    """Change a day's seats and return the change's id; None where the same was said before. Raises ClaimRefused."""
    done = await changing.change(connection, centre, wanted, by, now)
    if done is None:
        return None
    await operations.note(connection, by, "capacity-changed", _told(centre, done))
    return done.id


async def take_back(connection: AsyncConnection, centre: str, change_id: int, by: str, now: datetime) -> None:
    """Have what held before a change hold again. Raises ClaimRefused where the centre has no such change."""
    done = await changing.take_back(connection, centre, change_id, by, now)
    await operations.note(connection, by, "capacity-taken-back", _told(centre, done))


async def hold_again(connection: AsyncConnection, centre: str, change_id: int, by: str, now: datetime) -> None:
    """Undo a taking back that nobody heard of."""
    done = await changing.hold_again(connection, centre, change_id, now)
    if done is not None:
        await operations.note(connection, by, "capacity-holds-again", _told(centre, done))


def _told(centre: str, done: Done) -> dict[str, str]:
    told = {"centre": centre, "day": done.day, "group": done.group, "at": done.at or "*"}
    return told | {"before": str(done.before), "after": str(done.after)}

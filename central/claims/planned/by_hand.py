"""What somebody changed of a day's seats by hand, laid over what the plan says: the later over the earlier."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base.tables.claimed import seat_changes
from central.claims.planned.plan import half_hour_of


class Change(Struct, frozen=True):
    """So many `seats` in half an hour of a group's day; `at` None: in each one that the plan has.

    `by`: an operator's name, or `hub:ID/CLERK`.
    """

    id: int
    group: str
    day: str
    at: str | None
    seats: int
    by: str
    made_at: str

    def is_of(self, half_hour: str) -> bool:
        """Return whether it says something of this half hour."""
        return self.at in (None, half_hour)


Changes = Mapping[tuple[str, str], Sequence[Change]]


async def in_force(connection: AsyncConnection, centre: str, since: str) -> Changes:
    """Return what holds of a centre's days from one on, by group and day, the earliest first."""
    of_days = seat_changes.c.centre == centre, seat_changes.c.day >= since
    query = select(seat_changes).where(*of_days, seat_changes.c.undone_at.is_(None)).order_by(seat_changes.c.id)
    found: dict[tuple[str, str], list[Change]] = defaultdict(list)
    for row in await connection.execute(query):
        change = Change(row.id, row.queue, row.day, row.half_hour, row.seats, row.made_by, row.made_at)
        found[row.queue, row.day].append(change)
    return found


def laid_over(planned: Sequence[int], times: Sequence[str], changes: Sequence[Change]) -> list[int]:
    """Return a day's capacities as changed by hand; the seats of half an hour are shared by the times within it."""
    capacity = list(planned)
    within: dict[str, list[int]] = defaultdict(list)
    for index, at in enumerate(times):
        within[half_hour_of(at)].append(index)
    for change in changes:
        for half_hour, indexes in within.items():
            if change.is_of(half_hour):
                each, rest = divmod(change.seats, len(indexes))
                for place, index in enumerate(indexes):
                    capacity[index] = each + (place < rest)
    return capacity


def last_of(changes: Sequence[Change], half_hour: str) -> Change | None:
    """Return the change that holds for half an hour, None where the plan does."""
    return next((one for one in reversed(changes) if one.is_of(half_hour)), None)

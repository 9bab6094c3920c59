"""A centre's seats as data: at which times of the week a group takes claims, how many, and by which rules."""

from collections import Counter
from collections.abc import Sequence
from typing import Annotated

import msgspec
from msgspec import Meta, Struct
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base.tables.claimed import seat_plans
from common.machine.plain_words import read_json
from common.protocol.claim_feed import ClaimRules
from common.protocol.field import Line, Minutes, Prefix, TimeOfDay

Share = Annotated[float, Meta(ge=0, le=1)]


class Rules(Struct, frozen=True, forbid_unknown_fields=True):
    """How seats are given: shares of a day's seats or of its usual visitors, times in minutes.

    Attributes:
        share: of the usual visitors of a day, as proposed; `most` of them a plan may have seats for.
        window_days, earliest_min: how far ahead, and how shortly before, a seat can be had.
        desk_share: of the seats, given at desk, kiosk and telephone alone until 18:00 of the day before.
        same_day_share: of the seats, given by nobody before `same_day_at` of the day itself.
        credit_min: within which the credit lies, which is the usual wait of that half hour.
        overbook_most: how many times the planned seats are given at most, by how many do not come.
    """

    share: Share = 0.2
    most: Share = 0.3
    window_days: Annotated[int, Meta(ge=1, le=60)] = 7
    earliest_min: Minutes = 120
    desk_share: Share = 0.3
    same_day_share: Share = 0.5
    same_day_at: TimeOfDay = "07:00"
    credit_min: tuple[Minutes, Minutes] = (15, 60)
    early_min: Minutes = 30
    late_full_min: Minutes = 10
    late_none_min: Minutes = 60
    afar_most_min: Minutes = 10
    overbook_most: Annotated[float, Meta(ge=1, le=2)] = 1.2

    @property
    def of_showing(self) -> ClaimRules:
        """Return what those must know to whom a claim is shown."""
        return ClaimRules(self.early_min, self.late_full_min, self.late_none_min, self.afar_most_min)


class PlanLine(Struct, frozen=True, forbid_unknown_fields=True):
    """So many `seats` at each time from `from` on, every `minutes`, the last of which ends by `to`."""

    group: Prefix
    weekday: Annotated[int, Meta(ge=1, le=7)]
    from_: TimeOfDay = msgspec.field(name="from")
    to: TimeOfDay
    minutes: Annotated[int, Meta(ge=5, le=240)]
    seats: Annotated[int, Meta(ge=0, le=99)]

    def times(self) -> Sequence[str]:
        """Return when a seat begins, `HH:MM`."""
        first, end = minute_of(self.from_), minute_of(self.to)
        return [time_of(at) for at in range(first, end - self.minutes + 1, self.minutes)]


class SeatPlan(Struct, frozen=True, forbid_unknown_fields=True):
    """What `central publish seats` takes; a centre's newer one takes the place of all of it."""

    centre: Line
    plan: Annotated[list[PlanLine], Meta(max_length=2000)]
    rules: Rules = Rules()


async def newest(connection: AsyncConnection, centre: str) -> SeatPlan | None:
    """Return the plan that holds; None where a centre takes no claims."""
    query = select(seat_plans.c.body).where(seat_plans.c.centre == centre).order_by(seat_plans.c.id.desc()).limit(1)
    body = await connection.scalar(query)
    return None if body is None else msgspec.json.decode(body, type=SeatPlan)


async def all_newest(connection: AsyncConnection) -> list[SeatPlan]:
    """Return the plan of each centre that takes claims."""
    rows = await connection.execute(select(seat_plans.c.centre, seat_plans.c.body).order_by(seat_plans.c.id))
    bodies = {row.centre: row.body for row in rows}
    return [msgspec.json.decode(bodies[centre], type=SeatPlan) for centre in sorted(bodies)]


def minute_of(time: str) -> int:
    """Return how many minutes of the day have passed at `HH:MM`."""
    return int(time[:2]) * 60 + int(time[3:])


def time_of(minute: int) -> str:
    """Return the `HH:MM` of a minute of the day."""
    return f"{minute // 60:02}:{minute % 60:02}"


def half_hour_of(time: str) -> str:
    """Return the half hour, `HH:00` or `HH:30`, that an `HH:MM` lies in."""
    return f"{time[:3]}{'30' if time[3:] >= '30' else '00'}"


def read(content: bytes) -> SeatPlan:
    """Return a plan as an operator wrote it. Raises ValueError where it is none."""
    return read_json(content, SeatPlan)


def faults_of(plan: SeatPlan) -> list[str]:
    """Return what is wrong with a plan."""
    rules = plan.rules
    faults = []
    if rules.desk_share + rules.same_day_share > 1:
        faults.append("rules: desk_share and same_day_share are together more than all seats")
    if rules.credit_min[0] > rules.credit_min[1]:
        faults.append(f"rules.credit_min: found {list(rules.credit_min)}, expected the least first")
    if rules.late_full_min > rules.late_none_min:
        faults.append("rules: late_full_min is more than late_none_min")
    if rules.share > rules.most:
        faults.append("rules: share is more than most")
    for index, line in enumerate(plan.plan):
        if not line.times():
            faults.append(f"plan[{index}]: from {line.from_} to {line.to} has no room for {line.minutes} minutes")
    starts = Counter((line.group, line.weekday, at) for line in plan.plan for at in line.times())
    faults += [
        f"plan: {group} on weekday {weekday} at {at} stands twice"
        for (group, weekday, at), n in starts.items()
        if n > 1
    ]
    return faults

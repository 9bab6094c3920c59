"""`central publish seats`: a plan is judged, holds from then on, and its seats are made at once."""

from collections import Counter

import msgspec
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.tables.claimed import seat_plans
from central.claims.planned import making, past
from central.claims.planned.plan import SeatPlan, faults_of, read
from central.keys import issuer_keys
from central.keys.keys import KeyRing
from central.kiosks.enrolment import check_centre


async def publish(connection: AsyncConnection, content: bytes, ring: KeyRing) -> int:
    """Let a plan hold from now on: rows are made for what is ahead, what was promised stays. Return its number.

    Raises ValueError with every fault.
    """
    plan = read(content)
    await check_centre(connection, plan.centre)
    faults = faults_of(plan) + await _beyond(connection, plan)
    if faults:
        raise ValueError("\n".join(faults[:20]))
    await issuer_keys.ensure(connection, ring, issuer_keys.CLAIMS)
    values = {"centre": plan.centre, "body": msgspec.json.encode(plan).decode(), "at": clock.as_text(clock.now())}
    number = await connection.scalar(insert(seat_plans).values(values).returning(seat_plans.c.id))
    await making.make_ahead(connection, plan, clock.now())
    return int(number or 0)


async def _beyond(connection: AsyncConnection, plan: SeatPlan) -> list[str]:
    """Return on which weekdays a plan has more seats than `most` of the visitors that the centre usually serves."""
    usual = await past.usual_visitors(connection, plan.centre, clock.business_date(clock.now()))
    seats = Counter[int]()
    for line in plan.plan:
        seats[line.weekday] += len(line.times()) * line.seats
    return [
        f"plan: {count} seats on weekday {weekday}, expected at most {int(usual[weekday] * plan.rules.most)}: "
        f"{plan.rules.most:.0%} of its usual {usual[weekday]} visitors"
        for weekday, count in sorted(seats.items())
        if weekday in usual and count > usual[weekday] * plan.rules.most
    ]

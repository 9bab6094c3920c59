"""What central does about claims by itself: seats of the next day, who came, and who could not."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncEngine

from central.base import clock
from central.base.database.transactions import SEATS_LOCK, lock, reading
from central.base.recurring import RecurringTask
from central.claims import ends, requests, telling
from central.claims.planned import making, plan
from central.claims.planned.plan import SeatPlan
from central.insight.centres.now import centres_now
from central.insight.centres.reading import CentresReader
from central.insight.visits import projection
from central.intake.receiving import apart
from central.keys.keys import KeyRing

LOOK_EVERY_S: Final = 10.0
MADE_EVERY: Final = timedelta(minutes=10)


class Keeper(RecurringTask):
    """Keeps claims as they are in truth. Several processes may do so at a time: each step is said once."""

    every_s = LOOK_EVERY_S
    at_once = True
    failure = "claims-not-kept"

    def __init__(self, engine: AsyncEngine, ring: KeyRing) -> None:
        """Begin with no seats made."""
        super().__init__(engine)
        self._centres = CentresReader(engine)
        self._ring = ring
        self._made_at: datetime | None = None

    async def act(self) -> None:
        """Do what is due. Raises SQLAlchemyError."""
        async with reading(self._engine) as connection:
            plans = await plan.all_newest(connection)
        if not plans:
            return
        now = clock.now()
        await projection.catch_up(self._engine, self._stopping)
        if self._made_at is None or not timedelta() <= now - self._made_at < MADE_EVERY:
            await self._make([one.centre for one in plans], now)
            self._made_at = now
        standing = [
            line.centre
            for line in centres_now(await self._centres.read(LOOK_EVERY_S)).centres
            if line.state == "standing"
        ]
        async with self._engine.begin() as connection:
            await ends.settle(connection, now)
            await ends.call_off(connection, standing, now)
            await requests.forget(connection, now)
        for one in plans:
            await apart.tried(self._engine, self._tell_hubs(one, now), apart.CENTRE, one.centre, "claims of the day")

    async def _tell_hubs(self, one: SeatPlan, now: datetime) -> None:
        async with self._engine.begin() as connection:
            await telling.tell(connection, self._ring, one, now)

    async def _make(self, centres: Iterable[str], now: datetime) -> None:
        """Make seats ahead by the plan that holds now: a newer one may have come since `centres` were read."""
        for centre in centres:
            await apart.tried(self._engine, self._make_of(centre, now), apart.CENTRE, centre, "seats")

    async def _make_of(self, centre: str, now: datetime) -> None:
        async with self._engine.begin() as connection:
            await lock(connection, SEATS_LOCK)
            newest = await plan.newest(connection, centre)
            if newest is not None:
                await making.make_ahead(connection, newest, now)
                await ends.prolong(connection, centre, now)

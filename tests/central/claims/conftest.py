"""A centre with seats, and a clock that only the test moves."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from sqlalchemy import select

from central.base import clock
from central.base.tables.claimed import claims
from central.claims import booking
from central.claims.booking import Claimed, Held
from central.claims.planned import publication
from central.claims.wanted import Door, Wanted, of_system, read_time
from central.kiosks import centres
from tests.central.conftest import Stage

CENTRE, SERVICE, QUEUE = "homs-main", "civil-affairs", "A"
MONDAY = datetime(2026, 11, 30, 6, 0, tzinfo=UTC)  # 09:00 in Damascus
APP = of_system("muamalati")
OPEN = {"desk_share": 0, "same_day_share": 0, "earliest_min": 0}


@dataclass
class Office:
    """Central, with a centre that takes claims."""

    stage: Stage
    move: Callable[[datetime], None]
    now: datetime = MONDAY

    def pass_time(self, **delta: float) -> None:
        self.now += timedelta(**delta)
        self.move(self.now)

    async def publish(self, plan: list[dict[str, Any]] | None = None, **rules: Any) -> int:
        content = {"centre": CENTRE, "rules": OPEN | rules, "plan": WEEK if plan is None else plan}
        async with self.stage.engine.begin() as connection:
            return await publication.publish(connection, msgspec.json.encode(content), self.stage.ring)

    async def book(self, at: str | None = "2026-12-01T10:30", door: Door = APP, **more: Any) -> Claimed:
        async with self.stage.engine.begin() as connection:
            return await booking.book(connection, self.stage.ring, self.wanted(at, **more), door, self.now)

    async def hold(self, at: str = "2026-12-01T10:30", door: Door = APP, **more: Any) -> Held:
        async with self.stage.engine.begin() as connection:
            return await booking.hold(connection, self.stage.ring, self.wanted(at, **more), door, self.now)

    async def book_held(self, held: str, door: Door = APP) -> Claimed:
        async with self.stage.engine.begin() as connection:
            return await booking.book_held(connection, self.stage.ring, held, door, self.now)

    async def cancel(self, claim: str, door: Door | None = APP) -> bool:
        async with self.stage.engine.begin() as connection:
            return await booking.cancel(connection, claim, door, self.now)

    async def state(self, claim: str) -> str:
        rows = await self.stage.all(select(claims.c.state).where(claims.c.id == claim))
        return str(rows[0].state)

    def wanted(self, at: str | None, **more: Any) -> Wanted:
        service = more.pop("service", SERVICE)
        return Wanted(CENTRE, service, None if at is None else read_time(at), **more)


def line(weekday: int = 2, seats: int = 2, start: str = "10:00", end: str = "12:00", **more: Any) -> dict[str, Any]:
    return {"group": QUEUE, "weekday": weekday, "from": start, "to": end, "minutes": 15, "seats": seats} | more


WEEK = [line(weekday) for weekday in range(1, 8)]


@pytest.fixture
async def office(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Office:
    def move(moment: datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: moment)

    move(MONDAY)
    async with stage.engine.begin() as connection:
        row = centres.read_table(f"code,name_ar,name_en,kiosks\n{CENTRE},حمص,Homs,1\n")
        await centres.add(connection, row)
    await stage.publish("settings", {"kiosk.opens": "08:00", "kiosk.closes": "14:00"})
    return Office(stage, move)

"""A centre's day by rows as the inbox's reader writes them, for tests of what is counted of it."""

from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from central.base import clock
from central.base.tables.visited import queue_events, tickets
from central.insight.reports.counted import Counted
from central.insight.reports.day import count_day
from common.protocol.envelope import QueueBody

CENTRE, DAY = "homs-main", "2026-11-25"
SIXTEEN_HOURS = 16 * 3600


def at(clock_time: str, seconds: int = 0) -> str:
    """Return a moment of the day in UTC, and some seconds after it; the centre is three hours ahead."""
    return clock.as_text(datetime.fromisoformat(f"{DAY}T{clock_time}:00+00:00") + timedelta(seconds=seconds))


class Hall:
    """Writes visits as the inbox's reader does."""

    def __init__(self) -> None:
        self.given = list[dict[str, Any]]()
        self.told = list[dict[str, Any]]()

    def visit(self, issued: str, *events: tuple[str, str, dict[str, Any]], **more: Any) -> None:
        """Let somebody take a number, and let this become of him."""
        ticket = f"{len(self.given):08}-0000-4000-8000-000000000000"
        row: dict[str, Any] = {"number": "A1001", "service": "civil-affairs", "business_day": DAY, "priority": "none",
               "is_voided": False, "token": None, "claim": None, "kiosk": "k1"} | more  # fmt: skip
        self.given.append(row | {"ticket": ticket, "issued_at": issued})
        for name, moment, said in events:
            body = msgspec.json.encode(QueueBody(name, row["kiosk"], ticket, **said)).decode()
            self.told.append({
                "hub": "h1", "epoch": ticket, "seq": len(self.told), "kiosk": row["kiosk"], "ticket": ticket,
                "at": moment, "event": name, "body": body,
            })  # fmt: skip

    async def counted(self, engine: AsyncEngine) -> Counted:
        """Count the day."""
        async with engine.begin() as connection:
            for table, rows in ((tickets, self.given), (queue_events, self.told)):
                if rows:
                    await connection.execute(insert(table), rows)
        async with engine.connect() as connection:
            return await count_day(connection, CENTRE, DAY)


def ranged(low: int, high: int) -> dict[str, Any]:
    return {"expected_s": (low, high)}

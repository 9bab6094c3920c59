"""Every kiosk as central knows it: where it stands, whether it was turned away, and what it last said of itself."""

from datetime import timedelta
from typing import Any, Final

import msgspec
from sqlalchemy import RowMapping, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.tables.enrolled import kiosks
from central.base.tables.received import health

QUIET_AFTER: Final = timedelta(hours=2)  # a kiosk reports on change and hourly

listing = (
    select(
        kiosks.c.id.label("kiosk"),
        kiosks.c.centre,
        kiosks.c.digit,
        kiosks.c.revoked_at,
        health.c.at.label("reported_at"),
        health.c.report.label("health"),
    )
    .join_from(kiosks, health, kiosks.c.id == health.c.kiosk, isouter=True)
    .where(kiosks.c.role == "kiosk")
    .order_by(kiosks.c.centre, kiosks.c.digit, kiosks.c.enrolled_at)
)


def described(row: RowMapping) -> dict[str, Any]:
    """Return a row of the listing with its report opened; None where the kiosk has not reported yet."""
    report = None if row["health"] is None else msgspec.json.decode(row["health"])
    return {**row, "health": report}


async def count_quiet(connection: AsyncConnection) -> int:
    """Count the kiosks in service that have not reported for two hours, or never."""
    latest = clock.as_text(clock.now() - QUIET_AFTER)
    query = (
        select(func.count())
        .select_from(kiosks.outerjoin(health, kiosks.c.id == health.c.kiosk))
        .where(
            kiosks.c.role == "kiosk", kiosks.c.revoked_at.is_(None), or_(health.c.at.is_(None), health.c.at < latest)
        )
    )
    return int(await connection.scalar(query) or 0)

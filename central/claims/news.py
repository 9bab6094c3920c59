"""Which claims' owners are to be told something: that it is tomorrow, or that it can't be kept as promised."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, Final, Literal

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.tables.claimed import claims
from central.claims.ends import CLOSED, REOPENED

#: On the day before, at this time of the centres.
REMINDED_AT: Final = time(17)


@dataclass(frozen=True, slots=True)
class News:
    """A word on a claim, of use until its time; `event` tells it from another of the kind on the same claim."""

    kind: Literal["claim-tomorrow", "claim-off"]
    claim: str
    centre: str
    at: datetime
    event: str


async def due(connection: AsyncConnection, now: datetime) -> Sequence[News]:
    """Return what is to be told now of open claims; who tells it sees to it that each is told once."""
    local = now.astimezone(clock.CENTRE_TIME)
    tomorrow = (local.date() + timedelta(days=1)).isoformat()
    ahead = claims.c.state == "booked", claims.c.at > clock.as_text(now)
    rows = (await connection.execute(select(claims).where(*ahead).order_by(claims.c.at))).all()
    found = [_news("claim-off", row, _event(row, row.off)) for row in rows if row.off not in (None, REOPENED)]
    if local.time() >= REMINDED_AT:
        begins = clock.as_text(datetime.combine(local.date(), REMINDED_AT, clock.CENTRE_TIME))
        # Who made his claim only since then knows.
        of_tomorrow = [
            row for row in rows if row.off in (None, REOPENED) and row.day == tomorrow and row.made_at < begins
        ]
        found += [_news("claim-tomorrow", row, _event(row, row.day)) for row in of_tomorrow]
    return found


def _event(row: Row[Any], what: str) -> str:
    """Return what tells a word from an earlier one: a day may be closed, opened and closed again, and each is news."""
    return f"{what} {row.change}" if row.off in (CLOSED, REOPENED) else what


def _news(kind: Literal["claim-tomorrow", "claim-off"], row: Row[Any], event: str) -> News:
    return News(kind, row.id, row.centre, datetime.fromisoformat(row.at), event)

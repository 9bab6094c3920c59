"""Who has a claim should know of it from the evening before, and that it can't be kept as promised while that is so."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Text, and_, case, cast, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.tables.claimed import claims
from central.base.tables.messages import told
from central.claims.ends import CLOSED, REOPENED
from central.intake.receiving import apart
from central.kiosks.centres import names_of
from central.levels.level import Level
from central.messages.texts import Said
from common.messages.kind import Kind

#: On the day before, at this time of the centres.
REMINDED_AT: Final = time(17)
_IS_OFF: Final = func.coalesce(claims.c.off, REOPENED) != REOPENED


@dataclass(frozen=True)
class OfClaim:
    """One of both words on an open claim, of use until its time."""

    name: Kind
    subject: Final = "claim"
    stuck: Final[str] = apart.MESSAGE
    newest_alone: Final = False

    async def changed(self, connection: AsyncConnection, now: datetime, waiting: Collection[str]) -> Collection[str]:
        """Return the claims of which it is so and stands nowhere yet, and those of which it waits."""
        own = told.c.kind == self.name, told.c.subject == self.subject, told.c.about == claims.c.id
        unsaid = ~exists().where(*own, told.c.what == self._what())
        query = select(claims.c.id).where(self._holds(now), unsaid).order_by(claims.c.at, claims.c.id)
        return list(dict.fromkeys([*waiting, *(await connection.scalars(query))]))

    async def levels(
        self, connection: AsyncConnection, now: datetime, about: Collection[str]
    ) -> Mapping[str, Level | None]:
        """Return what should be known of each claim that central knows."""
        is_so = self._holds(now).label("is_so")
        query = select(claims, self._what().label("what"), is_so).where(claims.c.id.in_(about))
        rows = (await connection.execute(query.order_by(claims.c.id))).all()
        names = {centre: await names_of(connection, centre) for centre in sorted({row.centre for row in rows})}
        found: dict[str, Level | None] = {}
        for row in rows:
            at = datetime.fromisoformat(row.at)
            since = _reminded(date.fromisoformat(row.day)) if self.name == "claim-tomorrow" else now
            said = Said(centre=names[row.centre], at=row.at)
            level = Level(about=row.id, what=row.what, since=since, ends=at, centre=row.centre, said=said)
            found[row.id] = level if row.is_so else None
        return found

    def _what(self) -> ColumnElement[str]:
        """A day may be closed, opened and closed again, and each is another thing to know."""
        word = claims.c.day if self.name == "claim-tomorrow" else claims.c.off
        return case((claims.c.off.in_((CLOSED, REOPENED)), word + " " + cast(claims.c.change, Text)), else_=word)

    def _holds(self, now: datetime) -> ColumnElement[bool]:
        ahead = claims.c.state == "booked", claims.c.at > clock.as_text(now)
        if self.name == "claim-off":
            return and_(*ahead, _IS_OFF)
        today = now.astimezone(clock.CENTRE_TIME).date()
        days = [today + timedelta(days=n) for n in (-1, 0, 1) if _reminded(today + timedelta(days=n)) <= now]
        # Who made his claim only since then knows.
        before = [
            and_(claims.c.day == day.isoformat(), claims.c.made_at < clock.as_text(_reminded(day))) for day in days
        ]
        return and_(*ahead, ~_IS_OFF, or_(*before))


def _reminded(day: date) -> datetime:
    return datetime.combine(day - timedelta(days=1), REMINDED_AT, clock.CENTRE_TIME)

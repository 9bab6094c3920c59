"""What a ticket's page says of its centre: the day's hours, a holiday tomorrow, and the municipality's notices."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.tables.enrolled import kiosks
from central.feed import Audience
from central.insight.public.status import said_of
from central.insight.public.texts import Language, tell
from central.publishing import in_force
from common.city.calendar import Days
from common.protocol.feed_message import CalendarDay
from common.protocol.notice import Notices, standing

_PUBLISHED: Final = ("calendar", "settings", "notices")


@dataclass(frozen=True, slots=True)
class CentreNews:
    """A centre's days as published, None where nobody has said anything of one, and the notices that stand now."""

    today: CalendarDay | None = None
    tomorrow: CalendarDay | None = None
    notices: Sequence[Mapping[str, str]] = ()

    def lines(self, language: Language) -> list[str]:
        """Return a sentence for each."""
        days = _said_of(self.today, "today", language), _said_of(self.tomorrow, "tomorrow", language)
        notices = [words.get(language) or words["ar"] for words in self.notices]
        return [*(line for line in days if line is not None), *notices]


NOTHING_NEW = CentreNews()


@dataclass(frozen=True, slots=True)
class _Published:
    """What operators have published for an audience, up to the message `newest`."""

    audience: Audience
    newest: int | None
    days: Days
    opens: str | None
    closes: str | None
    notices: Sequence[Notices]


class NewsReader:
    """Reads what is published for a centre when it has changed; any other look at a page costs one small query."""

    def __init__(self) -> None:
        """Begin with nothing read."""
        self._published: dict[tuple[str, str], _Published] = {}

    async def news_of(self, connection: AsyncConnection, ticket: Row[Any]) -> CentreNews:
        """Return what there is to say of the `centre` of a ticket: its kiosk may stand elsewhere since."""
        now = clock.now()
        today = now.astimezone(clock.CENTRE_TIME).date()
        said = await self._read(connection, ticket.kiosk, ticket.centre)
        of_today = said.days.get(today.isoformat())
        if of_today is None and said.opens and said.closes:  # what only the kiosk's own file says is not known here
            of_today = CalendarDay(today.isoformat(), opens=said.opens, closes=said.closes)
        if of_today is not None and await _was_closed(connection, ticket.centre, of_today):
            of_today = None
        tomorrow = said.days.get((today + timedelta(days=1)).isoformat())
        return CentreNews(of_today, tomorrow, standing(said.notices, "page", now))

    async def _read(self, connection: AsyncConnection, kiosk: str, centre: str) -> _Published:
        query = select(kiosks.c.centre, in_force.newest_message(*_PUBLISHED)).where(kiosks.c.id == kiosk)
        stands_in, newest = (await connection.execute(query)).one()
        audience = Audience(kiosk=kiosk) if stands_in == centre else Audience(centre)
        kept = self._published.get((kiosk, centre))
        if kept is not None and (kept.audience, kept.newest) == (audience, newest):
            return kept
        settings = await in_force.settings(connection, audience)
        days, notices = await in_force.special_days(connection, centre), await in_force.notices(connection, centre)
        hours = settings.get("kiosk.opens"), settings.get("kiosk.closes")
        said = self._published[kiosk, centre] = _Published(audience, newest, days, *hours, notices)
        return said


async def _was_closed(connection: AsyncConnection, centre: str, day: CalendarDay) -> bool:
    """Whether the centre's hub has said, within the hours of today, that it is closed: its manager closed the day."""
    told = None if day.closed else await said_of(connection, centre, day.date)
    if told is None or told.now is None or told.now.state != "closed":
        return False
    at = datetime.fromisoformat(told.at).astimezone(clock.CENTRE_TIME)
    return (day.opens or "") <= f"{at:%H:%M}" < (day.closes or "")


def _said_of(day: CalendarDay | None, which: str, language: Language) -> str | None:
    if day is None:
        return None
    name = day.names.get(language) or day.names.get("ar", "")
    if day.closed:
        return tell(language, f"ticket.closed_{which}", name=name)
    return tell(language, f"ticket.open_{which}", opens=day.opens, closes=day.closes, name=name)

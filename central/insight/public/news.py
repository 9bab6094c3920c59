"""What a ticket's page says of its centre: the day's hours, a holiday tomorrow, and the municipality's notices."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.tables.enrolled import kiosks
from central.feed import Audience
from central.insight.public.texts import Language, tell
from central.publishing import in_force
from common.protocol.feed_message import CalendarDay
from common.protocol.notice import standing


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


async def news_of(connection: AsyncConnection, kiosk: str) -> CentreNews:
    """Return what there is to say of the centre of a kiosk."""
    now = clock.now()
    today = now.astimezone(clock.CENTRE_TIME).date()
    centre = await connection.scalar(select(kiosks.c.centre).where(kiosks.c.id == kiosk))
    days = await in_force.special_days(connection, centre)
    of_today = days.get(today.isoformat())
    if of_today is None:
        settings = await in_force.settings(connection, Audience(kiosk=kiosk))
        opens, closes = settings.get("kiosk.opens"), settings.get("kiosk.closes")
        if opens and closes:  # what only the kiosk's own file says is not known here
            of_today = CalendarDay(today.isoformat(), opens=opens, closes=closes)
    tomorrow = days.get((today + timedelta(days=1)).isoformat())
    return CentreNews(of_today, tomorrow, standing(await in_force.notices(connection, centre), "page", now))


def _said_of(day: CalendarDay | None, which: str, language: Language) -> str | None:
    if day is None:
        return None
    name = day.names.get(language) or day.names.get("ar", "")
    if day.closed:
        return tell(language, f"ticket.closed_{which}", name=name)
    return tell(language, f"ticket.open_{which}", opens=day.opens, closes=day.closes, name=name)

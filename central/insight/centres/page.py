"""The centres' pages drawn: whole without a script, small enough for any phone and line, each figure with its time."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

from central.base import clock
from central.insight.centres.linked import linked_data
from central.insight.centres.now import CentreLine, Centres, GroupLine, ServiceLine
from central.insight.centres.reading import Centre
from central.insight.centres.usual import spans
from central.insight.public.assets import with_brand
from central.insight.public.texts import LANGUAGES, Language, direction, following, moment_said, tell
from common.city.brand.brand import brand
from common.city.catalogue import Service, Weekday
from common.city.groups import Words
from common.city.money import money
from common.city.spoken_day import spoken_day
from common.city.wait_words import wait_words
from common.protocol.queue.service_now import OTHER_REASON
from common.web.assets import Asset
from common.web.templates import template

HERE: Final = Path(__file__).parent
#: Quiet hours are said only where they held on so many of the days that tried them.
SAID_FROM: Final = 0.8


@cache
def assets() -> Mapping[str, Asset]:
    """Return what the pages load, in the colours of the brand that is in force."""
    return with_brand({"centres.css": (HERE / "files" / "centres.css").read_bytes()})


def list_page(now: Centres, known: Mapping[str, Centre], language: Language) -> bytes:
    """Draw the page of all centres."""
    words = Wording(now, known, language)
    return _drawn("centres.html", language, "", now=now, words=words)


def centre_page(now: Centres, known: Mapping[str, Centre], code: str, language: Language) -> bytes | None:
    """Draw the page of one centre; None where there is no such centre."""
    if code not in known:
        return None
    line = next(one for one in now.centres if one.centre == code)
    words = Wording(now, known, language)
    services = {one.code: one for one in known[code].catalogue.services}
    linked = linked_data(line, known[code], language)
    return _drawn("centre.html", language, f"/{code}", words=words, centre=line, services=services, linked=linked)


def _drawn(name: str, language: Language, path: str, **values: object) -> bytes:
    page = template(HERE / "files" / name).render(
        language=language,
        direction=direction(language),
        other=following(language),
        query="" if language == LANGUAGES[0] else f"?lang={language}",
        path=path,
        emblem="emblem.png" in assets(),
        authority=(brand().authority or {}).get(language),
        asset=lambda name: f"/centres/-/{name}?v={assets()[name].mark}",
        t=lambda text_id: tell(language, text_id),
        **values,
    )
    return page.encode()


class Wording:
    """What the pages say of centres, groups and services, in one language."""

    def __init__(self, now: Centres, known: Mapping[str, Centre], language: Language) -> None:
        """Speak of one moment."""
        self._at = datetime.fromisoformat(now.as_of)
        self._known = known
        self._language = language
        self._names = {one.centre: one.names for one in now.centres}

    def tell(self, text_id: str, n: int | None = None, **values: Any) -> str:
        """Return a text."""
        return tell(self._language, text_id, n, **values)

    def name(self, names: Words) -> str:
        """Return a name in the page's language."""
        return names.get(self._language) or names.get("ar", "")

    @property
    def as_of(self) -> str:
        """The moment of the page."""
        return self.tell("centres.as_of", at=self._clock(self._at))

    def state(self, centre: CentreLine) -> str:
        """Say how a centre stands."""
        if centre.state != "unknown":
            return self.tell(f"centres.{centre.state}")
        if centre.heard_at is None:
            return self.tell("centres.never_heard")
        return self.tell("centres.silent_since", at=self._moment(centre.heard_at))

    def today(self, centre: CentreLine) -> str:
        """Say when a centre is open today, and why it is not; empty where nobody has said."""
        day = self._at.astimezone(clock.CENTRE_TIME).date()
        special = self._known[centre.centre].hours.special(day)
        why = "" if special is None else self.name(special.names)
        if special is not None and special.closed:
            return self.tell("centres.closed_today_because", why=why) if why else self.tell("centres.closed_today")
        if centre.opens is None or centre.closes is None:
            return ""
        if centre.state == "closed" and centre.opens <= self._clock(self._at) < centre.closes:
            return ""  # its day was closed before its time: nobody reads "closed" and "open until two"
        hours = self.tell("centres.hours", opens=centre.opens, closes=centre.closes)
        return f"{hours} ({why})" if why else hours

    def next_days(self, centre: CentreLine) -> list[str]:
        """Name the closed and short days of the coming week."""
        hours = self._known[centre.centre].hours
        today = self._at.astimezone(clock.CENTRE_TIME).date()
        days = [date.fromordinal(today.toordinal() + ahead) for ahead in range(1, 8)]
        return [self.special_day(day, centre) for day in days if hours.special(day) is not None]

    def special_day(self, day: date, centre: CentreLine) -> str:
        """Say what a closed or short day is like."""
        special = self._known[centre.centre].hours.special(day)
        why = "" if special is None else self.name(special.names)
        said = spoken_day(day, self._language)
        if special is None or special.closed:
            return self.tell("centres.closed_on", day=said, why=why)
        return self.tell("centres.short_on", day=said, opens=special.opens, closes=special.closes, why=why)

    def group(self, centre: CentreLine, group: GroupLine) -> str:
        """Return what a group is called: its name where it has one, else its letter."""
        catalogue = self._known[centre.centre].catalogue
        desk = next((one for one in catalogue.desks.values() if one.queue == group.group), None)
        names = catalogue.groups.get(group.group) or (desk.names if desk is not None else None)
        return group.group if names is None else self.name(names)

    def waiting(self, group: GroupLine) -> str:
        """Say how many wait."""
        if isinstance(group.waiting, str):
            return self.tell("centres.few")
        return self.tell("centres.waiting", group.waiting)

    def wait(self, group: GroupLine) -> str:
        """Say how long somebody waits who takes a number now; empty where nobody knows."""
        if group.low_min is None or group.high_min is None:
            return ""
        found = wait_words(group.low_min, group.high_min)
        if found is None:
            return ""
        name, values = found
        return self.tell(f"ticket.wait_{name}", values.get("n"), low=values.get("low"))

    def usually(self, centre: CentreLine) -> str:
        """Say when a centre usually is quiet; empty where too few days are known to say so."""
        usual = self._known[centre.centre].usual
        if usual.right.share is None or usual.right.share < SAID_FROM:
            return ""
        hours = [self.tell("centres.span", since=since, until=until) for since, until in spans(usual.quietest)]
        return self.tell("centres.quietest", hours=self.tell("centres.comma").join(hours)) if hours else ""

    def stops(self, centre: CentreLine) -> list[ServiceLine]:
        """Return the services that stand still."""
        return [one for one in centre.services if one.state == "interrupted"]

    def stopped(self, service: ServiceLine) -> str:
        """Say since when and why a service stands still."""
        because = service.reason_names is not None and service.reason != OTHER_REASON
        since = "" if service.since is None else self._moment(service.since)
        name = f"centres.stopped{'_since' if since else ''}{'_because' if because else ''}"
        return self.tell(name, since=since, reason=self.name(service.reason_names or {}))

    def until(self, service: ServiceLine) -> str:
        """Say when a service is expected to work again; empty where nobody has, or that time is over."""
        now = f"{self._at.astimezone(clock.CENTRE_TIME):%H:%M}"
        return self.tell("centres.until", at=service.until) if service.until is not None and service.until > now else ""

    def elsewhere(self, service: ServiceLine) -> str:
        """Say in which other centres a service works; empty where in none."""
        names = [self.name(self._names[one.centre]) for one in service.also_at]
        return self.tell("centres.works_at", centres=self.tell("centres.comma").join(names)) if names else ""

    def fee(self, service: Service) -> str:
        """Say what a service costs; empty where nobody has said."""
        if service.fee is None:
            return ""
        if service.fee.due_minor == 0:
            return self.tell("centres.free")
        return self.tell("centres.fee", money=self.name(money(service.fee.due_minor, service.fee.currency)))

    def hours(self, service: Service) -> str:
        """Say when a service is open, where it has hours of its own."""
        if service.hours is None:
            return ""
        days = self.tell("centres.comma").join(self._weekdays(service.hours.days))
        return self.tell("centres.service_hours", days=days, opens=service.hours.opens, closes=service.hours.closes)

    def _weekdays(self, days: Sequence[Weekday]) -> list[str]:
        return [self.tell(f"centres.day_{day}") for day in days]

    def _moment(self, text: str) -> str:
        """Return a moment by the clock of the hall; with its day where that is not today."""
        return moment_said(datetime.fromisoformat(text), self._at, self._language)

    def _clock(self, moment: datetime) -> str:
        return f"{moment.astimezone(clock.CENTRE_TIME):%H:%M}"

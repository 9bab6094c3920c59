"""What a claim at a centre depends on: its rules, the service's group, and when both are open."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.claims.planned import making, plan
from central.claims.planned.plan import Rules
from central.claims.refusal import ClaimRefused
from central.claims.wanted import Door, Wanted
from central.feed import Audience
from central.publishing import in_force
from common.city.calendar import GOOD_FOR_DAYS, CentreHours
from common.city.catalogue import Service, load_catalogue

_MINUTES: Final = 15


@dataclass(frozen=True, slots=True)
class ClaimsCentre:
    """A centre that takes claims, seen from one service."""

    code: str
    service: Service
    rules: Rules
    hours: CentreHours
    usual_minutes: int

    @property
    def queue(self) -> str:
        """Return the group that the service belongs to."""
        return self.service.queue

    def checked_time(self, wanted: Wanted, door: Door, now: datetime) -> datetime:
        """Return the time of a claim: of one from afar now. Raises ClaimRefused, ValueError."""
        if wanted.kind == "afar":
            if not self.is_open(now):
                raise ClaimRefused("closed", "the service is closed now: a number from afar is for the same hour")
            return now
        if wanted.at is None:
            raise ValueError("at: expected the time of an appointment")
        soonest = now if door.is_act else now + timedelta(minutes=self.rules.earliest_min)
        last = clock.business_date(now) + timedelta(days=self.rules.window_days)
        if wanted.at < soonest or clock.business_date(wanted.at) > last:
            raise ClaimRefused(
                "outside-window",
                f"a time from {self.rules.earliest_min} minutes to {self.rules.window_days} days ahead can be had",
            )
        if not self.is_open(wanted.at):
            raise ClaimRefused("closed", "the service is closed then")
        return wanted.at

    def is_open(self, moment: datetime) -> bool:
        """Return whether centre and service are open then."""
        local = moment.astimezone(clock.CENTRE_TIME)
        return self.hours.is_open(local) and (self.service.hours is None or self.service.hours.is_open(local))

    def expires(self, at: datetime) -> datetime:
        """Return when the code of a claim is good no more: the end of the second working day after."""
        day = at.astimezone(clock.CENTRE_TIME).date()
        days = self.hours.days_after(day, self.service.hours, GOOD_FOR_DAYS)
        last = (days[-1] if days else day) + timedelta(days=1)
        return datetime.combine(last, time(), clock.CENTRE_TIME).astimezone(UTC)


async def centre_of(connection: AsyncConnection, centre: str, service: str) -> ClaimsCentre:
    """Return what is known of a service at a centre. Raises ClaimRefused where it takes no claims."""
    of_centre = await plan.newest(connection, centre) if centre.isprintable() else None  # PostgreSQL knows no NUL
    if of_centre is None:
        raise ClaimRefused("not-offered", f"{centre[:40]!r} takes no claims")
    published = await in_force.catalogue(connection, Audience(centre))
    found = load_catalogue(published.published if published is not None else ()).get(service)
    if found is None or not found.queue:
        raise ClaimRefused("not-offered", f"{service[:40]!r} is no service of {centre}")
    minutes = next((line.minutes for line in of_centre.plan if line.group == found.queue), _MINUTES)
    return ClaimsCentre(centre, found, of_centre.rules, await making.hours_of(connection, centre), minutes)

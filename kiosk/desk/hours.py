"""Whether a service is within the hours of its centre and its own, and from when until when a claim of it is good."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from common.city.calendar import CentreHours
from common.city.catalogue import Catalogue, Hours, Service
from common.machine.stamp import Stamp
from common.protocol.codes.claim_code import Claim
from kiosk.desk.answers import Refusal, Refused
from kiosk.desk.others import AheadOf, nobody_counts
from kiosk.prompts.ticket import Stopped
from offline_store.issuing.business_day import ZONE
from offline_store.queue.word import HubWord


def times_of_day(stamp: Stamp, word: HubWord | None = None) -> tuple[datetime, ...]:
    """Return the local times that may be right now: this machine's own where it is sure, else what the hub says.

    A battery's clock is off by its drift: it would close a service that the hall has open. It counts where the hub is
    silent, beside what that said last of the time in this boot, which runs on; one that can't be trusted never does.
    """
    own = stamp.local(ZONE)
    found = () if own is None else (own,)
    if stamp.is_sure or word is None or word.boot_id != stamp.boot_id:
        return found
    if word.is_fresh(stamp.boot_id, stamp.boot_time_ns / 1e9):
        found = ()
    if word.hall_time is None:
        return found
    since = timedelta(microseconds=(stamp.boot_time_ns - word.heard_boot_ns) // 1000)
    return (*found, datetime.fromisoformat(word.hall_time).astimezone(ZONE) + since)


def closed(service: Service, centre: CentreHours, times: Sequence[datetime]) -> Refused | None:
    """Judge the hours of service and centre by the times that may be right: what is open by one of them is open."""
    if not times or any(centre.is_open(one) and (service.hours is None or service.hours.is_open(one)) for one in times):
        return None
    now = times[0]
    opens = centre.next_opening(now, service.hours)
    if opens is None:
        return Refused(Refusal.CLOSED, f"{service.code} is closed now; nobody has said when it opens")
    sentence = f"{service.code} is closed now; it opens on {opens.day:%Y/%m/%d} at {opens.at}"
    return Refused(Refusal.CLOSED, sentence, opens.day, opens.at, opens.day == now.date())


def prolonged(claim: Claim, *, catalogue: Callable[[], Catalogue], centre: Callable[[], CentreHours]) -> Claim:
    """Return a claim with its end as the calendar has it now: days that were closed since it was signed don't count."""
    service = catalogue().get(claim.service)
    at, ends = (datetime.fromtimestamp(one, UTC).astimezone(ZONE) for one in (claim.at, claim.expires))
    good_until = centre().good_until(at, ends, None if service is None else service.hours)
    return replace(claim, expires=int(good_until.timestamp()))


def taken_from(at: datetime, early_min: int, centre: CentreHours, service: Hours | None) -> datetime:
    """Return from when on the code of a local time is taken: so many minutes before, but not before it is open."""
    opening = centre.next_opening(datetime.combine(at, time(), at.tzinfo), service)
    early = at - timedelta(minutes=early_min)
    if opening is None or opening.day != at.date():
        return early
    return max(early, datetime.combine(at, time.fromisoformat(opening.at), at.tzinfo))


class Giving:
    """Whether a service gives numbers now.

    Args:
        hours: returns the centre's own hours, where it has some.
        ahead: what somebody meets who takes a number of a service now; of one that stands still, that it does.
        times: returns the local times that may be right at a moment.
    """

    def __init__(
        self,
        hours: Callable[[], CentreHours] = CentreHours,
        ahead: AheadOf = nobody_counts,
        times: Callable[[Stamp], Sequence[datetime]] = times_of_day,
    ) -> None:
        self.hours = hours
        self.ahead = ahead
        self._times = times

    def no_numbers(self, service: Service, stamp: Stamp, *, is_told: bool) -> Refused | None:
        """Return why nobody gets a number of this service: it is closed, or stands still and gives none meanwhile.

        Of one of which nobody can say whether it works by now, who was told so and asks for a number gets it.
        """
        refused = closed(service, self.hours(), self._times(stamp))
        if refused is not None or service.numbers != "stop":
            return refused
        stopped = self._stopped(service.code)
        if stopped is None or (is_told and stopped.is_unsure):
            return None
        return Refused(Refusal.INTERRUPTED, f"{service.code} stands still, and gives no numbers meanwhile")

    def stands_still(self, service_code: str) -> bool:
        """Whether a service is known to stand still."""
        stopped = self._stopped(service_code)
        return stopped is not None and not stopped.is_unsure

    def _stopped(self, service_code: str) -> Stopped | None:
        ahead = self.ahead(service_code, preferred=False, closes=None)
        return ahead if isinstance(ahead, Stopped) else None

    def closes(self, service: Service, now: Stamp) -> str | None:
        """Return when the service or the centre closes, whichever is earlier."""
        today = now.wall_time.astimezone(ZONE).date()
        ends = (None if service.hours is None else service.hours.closes), self.hours().closes(today)
        return min((end for end in ends if end is not None), default=None)

"""Whether a service is within the hours of its centre and its own, and until when a claim of it is good."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from common.city.calendar import CentreHours
from common.city.catalogue import Catalogue, Service
from common.machine.stamp import Stamp
from common.protocol.codes.claim_code import Claim
from kiosk.desk.answers import Refusal, Refused
from offline_store.issuing.business_day import ZONE


def closed(service: Service, centre: CentreHours, stamp: Stamp) -> Refused | None:
    """Judge the hours of service and centre; a clock that can't be trusted closes nothing."""
    now = stamp.wall_time.astimezone(ZONE)
    is_served = centre.is_open(now) and (service.hours is None or service.hours.is_open(now))
    if is_served or stamp.trust == "untrusted":
        return None
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

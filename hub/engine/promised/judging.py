"""What a claim is worth that was shown for a ticket: known by its signature, or by what central said of the day.

A kiosk passes on what it was shown; the credit is what central signed, and how late it is the hub's own line says. A
claim counts once: the next ticket that bears it has an ordinary place.
"""

from datetime import UTC, date, datetime
from typing import Final, NamedTuple

from msgspec.structs import replace

from common.protocol.claim_feed import ClaimOfDay, ClaimRules, digits_mark
from common.protocol.codes.claim_code import read_claim_code
from common.protocol.codes.issued import Genuine, Unverified
from common.protocol.queue.claim import ClaimFound, ClaimKind, TicketClaim
from common.queue.standing import Ticket
from hub.engine.act import Act, Look
from hub.engine.promised.standing import stood_still
from hub.log.reading import label_of
from offline_store.disk.sql import run
from offline_store.feed.claims import PREFIX_DIGITS
from offline_store.issuing.business_day import ZONE, business_date

_US: Final = 1_000_000
_MIN_US: Final = 60 * _US
_IS_CLAIMED: Final = "SELECT EXISTS (SELECT 1 FROM hub_tickets WHERE claimed = ? AND id <> ? AND is_voided = 0)"


class Promise(NamedTuple):
    """A claim as this hub believes it. Times are seconds since 1970."""

    id: str
    kind: ClaimKind
    service: str
    at: int
    credit_min: int
    expires: int


def promised(look: Act | Look, ticket: Ticket, shown: TicketClaim) -> Ticket:
    """Return a ticket with the place that its claim gives it, or with its own where the claim gives none."""
    promise = _believed(look, shown)
    day = label_of(look.connection, ticket.day)
    if promise is None or day is None or not _is_good(look, ticket, promise, day):
        return replace(ticket, claim="unknown", shown=None)
    if is_claimed(look, promise.id, ticket.id):
        return replace(ticket, claim="used", claimed=None, shown=None)
    late_us = _late_us(look, ticket, shown, promise)
    credit_us = _credit_us(look, ticket, promise, late_us, day)
    return replace(
        ticket,
        claim="good",
        claimed=promise.id,
        claim_at=_time_of_day(promise.at) if promise.kind == "booked" and _is_of_day(promise, day) else None,
        due_line=ticket.arrived_line + max(0, -late_us),
        credit_us=credit_us,
        shown=None,
    )


def is_claimed(look: Act | Look, claim_id: str, claiming_id: str) -> bool:
    """Return whether another ticket than this one has the place of a claim, or of a carried ticket."""
    return bool(run(look.connection, _IS_CLAIMED, (claim_id, claiming_id)).fetchone()[0])


def borne(look: Act | Look, ticket: Ticket, claim_id: str) -> Ticket:
    """Return a ticket that bears a claim by central's own word: nobody else gets its place any more."""
    if is_claimed(look, claim_id, ticket.id):
        return replace(ticket, claim="used")
    return replace(ticket, claim="good", claimed=claim_id)


def found_by_digits(look: Act | Look, digits: str) -> ClaimFound | None:
    """Return the claim, not expired, of which these are the eight digits; None where this hub knows none."""
    for day in look.centre.claims_of_days.values():
        mark = digits_mark(day.key, digits)
        for one in day.claims:
            if one.digits == mark and not _is_withdrawn(look, one.id) and not _is_over(look, one):
                used = is_claimed(look, one.id, "")
                return ClaimFound(one.id, one.kind, one.service, one.at, one.minutes, one.expires, used)
    return None


def credit_left_us(credit_min: int, late_us: int, rules: ClaimRules) -> int:
    """Return the credit of an appointment so late: whole for a while, then a minute less each minute, then none."""
    beyond_us = late_us - rules.late_full_min * _MIN_US
    if beyond_us <= 0:
        return credit_min * _MIN_US
    return 0 if late_us >= rules.late_none_min * _MIN_US else max(0, credit_min * _MIN_US - beyond_us)


def _believed(look: Act | Look, shown: TicketClaim) -> Promise | None:
    """Return what was shown as central signed it, or as it named it for one of these days."""
    found = None if shown.code is None else read_claim_code(shown.code, keys=look.centre.claim_keys)
    if isinstance(found, Genuine):
        claim = found.said
        if claim.centre != look.centre_code:
            return None
        at = claim.issued if claim.kind == "afar" else claim.at
        return Promise(claim.id, claim.kind, claim.service, at, claim.credit_min, claim.expires)
    if shown.code is not None and not isinstance(found, Unverified):
        return None
    wanted = found.said.id if isinstance(found, Unverified) else shown.id
    known = _of_days(look, wanted, shown.digits)
    if known is None:
        return None
    return Promise(known.id, known.kind, known.service, known.at, known.credit_min, known.expires)


def _of_days(look: Act | Look, claim_id: str | None, digits: str | None) -> ClaimOfDay | None:
    for day in look.centre.claims_of_days.values():
        mark = None if digits is None else digits_mark(day.key, digits)
        for one in day.claims:
            if one.id == claim_id or (claim_id is None and one.digits == mark):
                return one
    return None


def _is_good(look: Act | Look, ticket: Ticket, promise: Promise, day: str) -> bool:
    """Return whether a claim may give this ticket a place: of its service, its day or a later one, and still open."""
    has_expired = _is_over(look, promise)
    is_ahead = _date_of(promise.at) > date.fromisoformat(day)
    return promise.service == ticket.service and not (has_expired or is_ahead or _is_withdrawn(look, promise.id))


def _is_over(look: Act | Look, claim: Promise | ClaimOfDay) -> bool:
    """Return whether a claim has expired, as far as a trusted clock knows; closed days that came later don't count."""
    if not look.stamp.tells_time or _now(look) < claim.expires:
        return False
    service = look.centre.services.get(claim.service)
    at, ends = (datetime.fromtimestamp(one, UTC).astimezone(ZONE) for one in (claim.at, claim.expires))
    good_until = look.centre.hours.good_until(at, ends, None if service is None else service.hours)
    return _now(look) >= good_until.timestamp()


def _is_withdrawn(look: Act | Look, claim_id: str) -> bool:
    return claim_id[:PREFIX_DIGITS] in look.centre.claims_withdrawn


def _late_us(look: Act | Look, ticket: Ticket, shown: TicketClaim, promise: Promise) -> int:
    """Return how late somebody came; negative: early. By the hub's line; the kiosk's word only without a true clock."""
    if not look.stamp.tells_time:
        return (shown.late_s or 0) * _US
    arrived_us = look.stamp.unix_us - (look.line_us - ticket.arrived_line)
    return arrived_us - promise.at * _US


def _credit_us(look: Act | Look, ticket: Ticket, promise: Promise, late_us: int, day: str) -> int:
    rules = look.centre.claim_rules
    is_of_day = _is_of_day(promise, day)
    if promise.kind == "afar":  # the minutes since joining
        most_us = min(promise.credit_min, rules.afar_most_min) * _MIN_US
        return max(0, min(late_us, most_us)) if is_of_day else 0
    left_us = credit_left_us(promise.credit_min, late_us, rules) if is_of_day else 0
    whole_us = promise.credit_min * _MIN_US
    if left_us == whole_us:
        return whole_us
    since_us, until_us = _window_us(look, promise)
    due_line = ticket.arrived_line - late_us
    return whole_us if stood_still(look, promise.service, due_line + since_us, due_line + until_us) else left_us


def _window_us(look: Act | Look, promise: Promise) -> tuple[int, int]:
    """Return from when to when, seen from its time, somebody could have come for a claim and found the centre working.

    Before it opens and after it closes nobody is called on any day: that is no standstill. On a day on which it does
    not open at all, those who were expected were kept by that.
    """
    rules, at = look.centre.claim_rules, datetime.fromtimestamp(promise.at, UTC).astimezone(ZONE)
    since_us, until_us = -rules.early_min * _MIN_US, rules.late_none_min * _MIN_US
    hours = look.centre.hours.on(at.date())
    if hours is None or not hours.opens_on(at.date()):
        return since_us, until_us
    opens_us, closes_us = (_from(at, one) for one in (hours.opens, hours.closes))
    return max(since_us, opens_us), min(until_us, closes_us)


def _from(at: datetime, time_of_day: str) -> int:
    """Return how far a time of its day lies after a moment."""
    minutes = int(time_of_day[:2]) * 60 + int(time_of_day[3:])
    return minutes * _MIN_US - (at.hour * 3600 + at.minute * 60 + at.second) * _US


def _is_of_day(promise: Promise, day: str) -> bool:
    """Return whether a promise is for this day: on a later one nobody is expected at its time any more."""
    return _date_of(promise.at) == date.fromisoformat(day)


def _date_of(at: int) -> date:
    return business_date(datetime.fromtimestamp(at, UTC))


def _time_of_day(at: int) -> str:
    return f"{datetime.fromtimestamp(at, UTC).astimezone(ZONE):%H:%M}"


def _now(look: Act | Look) -> float:
    return look.stamp.unix_us / _US

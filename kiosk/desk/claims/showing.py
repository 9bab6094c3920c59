"""Claims that are shown: judged without a network, and a number given once for each."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Protocol

from sqlalchemy import select

from common.city.calendar import CentreHours
from common.city.catalogue import Catalogue
from common.machine.stamp import Clock, Stamp, rfc3339
from common.protocol.codes.claim_code import Claim, read_claim_code
from common.protocol.codes.issued import Genuine, Unverified
from common.protocol.queue.claim import ClaimFound, TicketClaim
from kiosk.desk import order_facts
from kiosk.desk.answers import Issued, Refused
from kiosk.desk.claims.outcome import ClaimFacts, ClaimOutcome, days_late, judge
from kiosk.desk.hours import prolonged
from kiosk.prompts.ticket import Expected
from kiosk.prompts.ui import Priority
from offline_store.disk import tables
from offline_store.disk.database import Store
from offline_store.feed.claims import PREFIX_DIGITS, claim_keys, claim_rules, withdrawn_prefixes
from offline_store.feed.payments import receipt_keys
from offline_store.issuing.business_day import ZONE
from offline_store.queue.shown import ShownTicket, find_number


@dataclass(frozen=True, slots=True)
class ClaimShown:
    """What became of a claim that was shown.

    Attributes:
        outcome: what to say.
        claim: what the code says; None of what is no claim of central's. Of `unverified` it is nobody's word yet.
        ticket: the number that was given; of `used` the one that was given before.
        elsewhere: of `used` the number of today that another kiosk gave.
        refused: why there is no number in spite of a good claim.
        shown: what the ticket of an `unverified` one bears, for the hub to judge.
        early_min: how many minutes before its time it is taken.
        is_closed: whether the centre is closed at its time: the calendar may be newer than the code.
    """

    outcome: ClaimOutcome
    claim: Claim | None = None
    ticket: Issued | None = None
    refused: Refused | None = None
    shown: TicketClaim | None = None
    early_min: int = 0
    is_closed: bool = False
    elsewhere: ShownTicket | None = None

    @property
    def at(self) -> datetime | None:
        """Return its time in the centre's zone."""
        return None if self.claim is None else datetime.fromtimestamp(self.claim.at, UTC).astimezone(ZONE)


class _Issue(Protocol):
    def __call__(
        self, service_code: str, *, intention: str, priority: Priority, claim: TicketClaim
    ) -> Issued | Refused: ...


class ClaimDesk:
    """Judges claims and has numbers given for them. Raises what the store raises; then nothing was recorded.

    Args:
        store: the open store.
        clock: gives each number its moment.
        centre: this centre's code.
        is_interrupted: whether a service stands still by the hub's word.
        catalogue: returns the services as they are now.
        hours: returns when the centre is open.
        issue: gives a number.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        *,
        centre: str,
        is_interrupted: Callable[[str], bool],
        catalogue: Callable[[], Catalogue],
        hours: Callable[[], CentreHours],
        issue: _Issue,
    ) -> None:
        self._store = store
        self._clock = clock
        self._centre = centre
        self._is_interrupted = is_interrupted
        self._catalogue = catalogue
        self._hours = hours
        self._issue = issue

    def show(self, brought: str | ClaimFound, priority: Priority) -> ClaimShown:
        """Judge a code, or what the hub has said of digits, and give the number where the outcome says so."""
        stamp = self._clock.now()
        with self._store.read() as connection:
            keys, rules, gone = claim_keys(connection), claim_rules(connection), withdrawn_prefixes(connection)
            others = {*order_facts.app_keys(connection), *order_facts.revoked_kids(connection)}
            others = (others | receipt_keys(connection).keys()) - {*keys}
        if isinstance(brought, str):
            text, is_used = brought.strip("\r\n"), False
            code = read_claim_code(text, keys=keys, others=others)
        else:
            text, is_used, code = None, brought.used, Genuine(self._of_digits(brought))
        if not isinstance(code, Genuine | Unverified):
            return ClaimShown(judge(code, ClaimFacts(self._centre), now=None, zone=ZONE))
        if isinstance(code, Genuine):
            code = Genuine(prolonged(code.said, catalogue=self._catalogue, centre=self._hours))
        claim = code.said
        number, intention = self._given(claim.id)
        withdrawn, stopped = claim.id[:PREFIX_DIGITS] in gone, self._is_interrupted(claim.service)
        elsewhere = find_number(self._store, claim.id, stamp) if isinstance(code, Genuine) and number is None else None
        has_number = number is not None or (elsewhere is not None and elsewhere.stands != "voided")
        facts = ClaimFacts(self._centre, rules, is_used or has_number, withdrawn, stopped)
        now = self._now(stamp)
        outcome = judge(code, facts, now=now, zone=ZONE)
        body = _body(claim, now, text)
        if outcome is ClaimOutcome.UNVERIFIED:
            return ClaimShown(outcome, claim, shown=body)
        if outcome is ClaimOutcome.USED:
            return ClaimShown(outcome, claim, ticket=number, elsewhere=elsewhere)
        if not outcome.gives_number:
            at = datetime.fromtimestamp(claim.at, UTC).astimezone(ZONE)
            return ClaimShown(outcome, claim, early_min=rules.early_min, is_closed=not self._hours().is_open(at))
        given = self._issue(claim.service, intention=intention, priority=priority, claim=body)
        if isinstance(given, Refused):
            return ClaimShown(outcome, claim, refused=given)
        shown = ClaimShown(outcome, claim)
        # On a later day its time is none any more; which day it is only a trusted clock knows.
        names_time = claim.kind == "booked" and now is not None and days_late(claim, now, ZONE) == 0
        expected = Expected(f"{shown.at:%H:%M}" if names_time else None, outcome is ClaimOutcome.LATE)
        return replace(shown, ticket=replace(given, expected=expected))

    def _of_digits(self, found: ClaimFound) -> Claim:
        """Return the claim that the hub has found."""
        times = found.at, found.minutes, "", 0, found.at, found.expires
        return Claim(found.id, self._centre, found.service, found.kind, *times)

    def _given(self, claim_id: str) -> tuple[Issued | None, str]:
        """Return the number that was given here for a claim and not taken back, and what names the next touch."""
        ticket = tables.tickets.c
        of_claim = select(ticket.intention, ticket.voided).where(ticket.intention.startswith(f"claim:{claim_id}:"))
        with self._store.read() as connection:
            rows = connection.execute(of_claim).all()
            good = next((row for row in rows if row.voided is None), None)
            number = None if good is None else order_facts.ticket_of_intention(connection, good.intention)
        return number, f"claim:{claim_id}:{len(rows)}"

    def _now(self, stamp: Stamp) -> float | None:
        """Return Unix seconds, never before what is known for sure; None of a clock that can't be trusted."""
        if not stamp.tells_time:
            return None
        trusted = self._store.trusted_time()
        now = stamp.wall_time.timestamp()
        return now if trusted is None else max(now, trusted.floor.timestamp())


def _body(claim: Claim, now: float | None, code: str | None) -> TicketClaim:
    """Return what a ticket says of the claim that was shown for it; the hub judges the code itself."""
    at = rfc3339(datetime.fromtimestamp(claim.at, UTC))
    late_s = None if now is None else round(now - claim.at)
    return TicketClaim(claim.kind, id=claim.id, at=at, late_s=late_s, code=code)

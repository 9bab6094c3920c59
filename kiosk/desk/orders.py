"""Orders at the desk: what a code is, what becomes of it, and what is recorded; through `kiosk.desk.desk.Desk`."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Protocol

import structlog

from common.city.catalogue import CASHIER, INFORMATION, Catalogue
from common.machine.errors import NoBusinessDay, StoreUnavailable, TicketsClosed
from common.machine.stamp import Clock, Stamp
from common.protocol.codes.order_claims import POST, Claims
from kiosk.desk import order_facts
from kiosk.desk.answers import Issued, OrderRecorded, Refusal, Refused, issued
from kiosk.desk.order_code import Forged, Genuine, OrderCode, Unverified, normal_order_number, read_order_code
from kiosk.desk.order_facts import KnownOrder, OrderState
from kiosk.desk.order_record import OrderRecord
from kiosk.desk.outcome import OrderFacts, Outcome, judge
from offline_store.chain.epoch import REVOKED
from offline_store.delivery.order_questions import note_question
from offline_store.disk.database import Store
from offline_store.feed.claims import claim_keys
from offline_store.feed.payments import receipt_keys
from offline_store.issuing.business_day import ZONE
from offline_store.issuing.intake import MadeHere, TicketRequest, accept_order
from offline_store.queue.shown import find_number

_log = structlog.get_logger(__name__)
_LEADS_TO = {Outcome.ACCEPTED_UNPAID: CASHIER, Outcome.ACCEPTED_UNVERIFIED: INFORMATION}
"""The desk that an order leads to, whose number is given with it."""


class _Issue(Protocol):
    def __call__(self, service_code: str, *, intention: str, order: str | None = None) -> Issued | Refused: ...


class OrderDesk:
    """Judges and records orders. Raises what the store raises; then nothing was recorded."""

    def __init__(
        self, store: Store, clock: Clock, *, catalogue: Callable[[], Catalogue], centre: str, issue: _Issue
    ) -> None:
        self._store = store
        self._clock = clock
        self._catalogue = catalogue
        self._centre = centre
        self._issue = issue

    def order(self, code_text: str, intention: str) -> OrderRecorded:
        """Judge a code or a typed number, and record it where the outcome says so."""
        stamp = self._clock.now()
        number = normal_order_number(code_text)
        if number is not None:
            return self._typed(number, intention, stamp)
        code_text = code_text.strip("\r\n")  # as the reader does, so that the digest is that of the code
        trusted = self._store.trusted_time()
        floor = trusted.floor.timestamp() if trusted is not None else 0.0
        with self._store.read() as connection:
            keys = order_facts.app_keys(connection)
            revoked = order_facts.revoked_kids(connection)
            salvaged = order_facts.salvaged_at(connection)
            others = claim_keys(connection).keys() | receipt_keys(connection).keys()
        now = stamp.wall_time.timestamp()
        code = read_order_code(
            code_text, keys=keys, now=now, tells_time=stamp.tells_time, not_before=floor, others=others
        )
        code = _revoked_unseen(code, revoked)
        told, known, facts = self._facts(code, intention)
        if isinstance(code, Genuine) and salvaged is not None and code.issued <= salvaged and not (told or known):
            # It may have been accepted here before what the salvage lost: central sees to it that it is not done twice.
            code = Unverified("store-salvaged", code)
        outcome = judge(code, facts, now=max(now, floor))
        match code:
            case Genuine():
                return self._genuine(code_text, code, outcome, told, known, intention, stamp)
            case Unverified():
                return self._record(self._unverified(code_text, code.claimed), intention, stamp)
            case _:
                return OrderRecorded(outcome)

    def order_with_card(
        self, service_code: str, intention: str, person: dict[str, str], made_here: MadeHere
    ) -> OrderRecorded | Refused:
        """Record an order that has no code: unique by its intention, to be paid at the cashier."""
        service = self._catalogue().get(service_code)
        if service is None or not service.orderable:
            return Refused(Refusal.UNKNOWN_SERVICE, f"{service_code[:40]!r} can't be ordered at this centre")
        record = OrderRecord(
            Outcome.ACCEPTED_UNPAID, f"CARD1:{intention}", service=service.code, destination=self._centre,
            person=person, made_here=made_here,
        )  # fmt: skip
        return self._record(record, intention, self._clock.now())

    def _facts(self, code: OrderCode, intention: str) -> tuple[OrderState | None, KnownOrder | None, OrderFacts]:
        services = {one.code for one in self._catalogue().services}
        told = known = None
        if isinstance(code, Genuine):  # a stranger's word could name anybody's order
            with self._store.read() as connection:
                told = order_facts.told(connection, order_id=code.order_id)
                known = order_facts.known_order(connection, order_id=code.order_id)
        facts = OrderFacts(
            self._centre,
            services,
            self._catalogue().free,
            told.state if told else None,
            # The same scan again is a retry of ours, not a citizen who comes twice.
            known is not None and known.intention != intention,
        )
        return told, known, facts

    def _genuine(
        self,
        code_text: str,
        claims: Claims,
        outcome: Outcome,
        told: OrderState | None,
        known: KnownOrder | None,
        intention: str,
        stamp: Stamp,
    ) -> OrderRecorded:
        if told is not None:
            return self._as_told(told, claims.service, claims.order_number, claims.destination, intention)
        answer = OrderRecorded(
            outcome,
            order=claims.order_id,
            service=claims.service,
            order_number=claims.order_number,
            destination=claims.destination,
            moment=datetime.fromtimestamp(claims.expires, UTC).astimezone(ZONE) if outcome is Outcome.EXPIRED else None,
        )
        if outcome is Outcome.REPEATED and known is not None:
            return self._again(answer, known, stamp)
        if outcome is Outcome.OTHER_CENTRE:
            self._ask_where_it_stands(claims.order_id)
        if not outcome.is_recorded:
            return answer
        record = OrderRecord(
            outcome,
            code_text,
            claims.order_id,
            claims.service,
            claims.order_number,
            claims.destination,
            claims.expires,
        )
        return self._record(record, intention, stamp)

    def _again(self, answer: OrderRecorded, known: KnownOrder, stamp: Stamp) -> OrderRecorded:
        """Return the first order's id and its very papers again, as copies; on a later day with a number of that day.

        The number of an earlier day is called no more, or is somebody else's by now.
        """
        with self._store.read() as connection:
            ticket, next_one = order_facts.number_now(connection, known.intention, stamp)
        leads_to = _LEADS_TO.get(Outcome(known.outcome))
        if leads_to is None or next_one is None:
            return replace(answer, id=known.id, ticket=ticket, is_copy=True)
        given = self._issue(leads_to, intention=next_one)
        if isinstance(given, Refused):
            return replace(answer, id=known.id, ticket_refused=given, is_copy=True)
        return replace(answer, outcome=Outcome(known.outcome), id=given.id, ticket=given, is_copy=False)

    def _unverified(self, code_text: str, claimed: Claims) -> OrderRecord:
        # A stranger's word until central has verified it: only a service that exists is repeated, the id never.
        known = self._catalogue().get(claimed.service)
        service = claimed.service if known is not None else None
        return OrderRecord(
            Outcome.ACCEPTED_UNVERIFIED, code_text, service=service, order_number=claimed.order_number,
            expires=claimed.expires,
        )  # fmt: skip

    def _typed(self, number: str, intention: str, stamp: Stamp) -> OrderRecorded:
        """Judge ten typed digits by what the feed and this kiosk know; what nobody knows is verified at the counter."""
        with self._store.read() as connection:
            told = order_facts.told(connection, number=number)
            known = order_facts.known_order(connection, number=number)
        if told is not None:
            return self._as_told(told, None, number, None, intention)
        if known is not None and known.intention != intention:
            answer = OrderRecorded(Outcome.REPEATED, order=known.order_id, service=known.service, order_number=number)
            return self._again(answer, known, stamp)
        return self._record(OrderRecord(Outcome.ACCEPTED_UNVERIFIED, number, order_number=number), intention, stamp)

    def news_of(self, sent: OrderRecorded) -> OrderRecorded | None:
        """Return what the feed says by now of an order that was sent to another centre, or None. Gives no ticket."""
        with self._store.read() as connection:
            told = None if sent.order is None else order_facts.told(connection, order_id=sent.order)
        return None if told is None else _said(told, sent.service, sent.order_number, sent.destination)

    def _ask_where_it_stands(self, order_id: str) -> None:
        """Have central asked for an order of another centre; where that can't be noted, the citizen is sent there."""
        try:
            note_question(self._store, order_id)
        except StoreUnavailable as error:
            _log.warning("order-question-not-noted", detail=str(error)[:200])

    def _as_told(
        self, told: OrderState, service: str | None, number: str | None, destination: str | None, intention: str
    ) -> OrderRecorded:
        """Return what the feed says; what is ready here gets a ticket with priority, once a day."""
        answer = _said(told, service, number, destination)
        # A code's own word counts only where it names a centre; what the feed says always does.
        place = told.centre or (None if destination == POST else destination)
        if answer.outcome is not Outcome.READY or place not in (None, self._centre):
            return answer
        elsewhere = find_number(self._store, told.order_id, self._clock.now())
        if elsewhere is not None and elsewhere.stands in ("waits", "called"):
            return replace(answer, elsewhere=elsewhere)
        offered = answer.service is not None and self._catalogue().get(answer.service) is not None
        ticket = self._issue(
            answer.service if offered and answer.service else INFORMATION, intention=intention, order=told.order_id
        )
        if isinstance(ticket, Refused):
            return replace(answer, ticket_refused=ticket)
        return replace(answer, id=ticket.id, ticket=ticket)

    def _record(self, record: OrderRecord, intention: str, stamp: Stamp) -> OrderRecorded:
        desk = self._catalogue().get(_LEADS_TO.get(record.outcome, ""))
        wanted = None if desk is None else TicketRequest(desk.code, desk.prefix)
        refused: Refused | None = None
        accept = partial(accept_order, self._store, record.request, intention=intention, stamp=stamp)
        try:
            accepted = accept(ticket=wanted)
        except (TicketsClosed, NoBusinessDay) as error:
            if isinstance(error, TicketsClosed) and error.reason == REVOKED:
                return OrderRecorded(Outcome.ASK_COUNTER, order_number=record.order_number)
            # An order needs no queue number: it is recorded without one, and the citizen is told.
            reason = Refusal.TICKETS_CLOSED if isinstance(error, TicketsClosed) else Refusal.NO_BUSINESS_DAY
            refused = Refused(reason, str(error))
            accepted = accept()
        if accepted is None:
            return OrderRecorded(Outcome.ASK_COUNTER, order_number=record.order_number)
        leads_to = _LEADS_TO.get(Outcome(accepted.outcome))
        answer = OrderRecorded(
            Outcome(accepted.outcome),
            accepted.id,
            record.order_id,
            accepted.service,
            accepted.order_number,
            record.destination,
            recorded_at=stamp.local(ZONE),
            ticket=issued(accepted.ticket, leads_to, stamp) if accepted.ticket and leads_to else None,
            ticket_refused=refused,
            document=record.made_here.document if record.made_here else None,
            copies=record.made_here.copies if record.made_here else None,
            is_copy=accepted.repeated,
        )
        return self._before(answer, record, intention, stamp) if accepted.repeated else answer

    def _before(self, answer: OrderRecorded, record: OrderRecord, intention: str, stamp: Stamp) -> OrderRecorded:
        """Return what a record that was there already means: our own retry, or a citizen who comes again."""
        digest = None if record.order_id is not None else record.request.digest
        with self._store.read() as connection:
            own = order_facts.order_of_intention(connection, intention)
            known = order_facts.known_order(connection, order_id=record.order_id, code_sha256=digest)
        if own is not None or known is None:
            return answer
        is_unverified = answer.outcome == record.outcome == Outcome.ACCEPTED_UNVERIFIED
        return self._again(answer if is_unverified else replace(answer, outcome=Outcome.REPEATED), known, stamp)


def _said(told: OrderState, service: str | None, number: str | None, destination: str | None) -> OrderRecorded:
    """Put what the feed says into the desk's words; what it leaves out is as the code says it."""
    return OrderRecorded(
        Outcome(told.state),
        order=told.order_id,
        service=told.service or service,
        order_number=told.number or number,
        destination=told.centre or destination,
        moment=told.at,
    )


def _revoked_unseen(code: OrderCode, revoked: dict[bytes, int]) -> OrderCode:
    """A key that was revoked before this kiosk ever saw it signs nothing that was issued since."""
    if isinstance(code, Unverified) and code.reason == "unknown-key":
        revoked_at = revoked.get(code.claimed.kid)
        if revoked_at is not None and code.claimed.issued >= revoked_at:
            return Forged("revoked")
    return code

"""The one path by which screens and commands issue tickets and record orders.

Synchronous and thread-safe: flows call it through `asyncio.to_thread`, the command line calls it directly::

    answer = desk.issue("water-bill", intention=new_intention())      # kiosk issue
    if isinstance(answer, Issued):
        paper = desk.print_ticket(answer)                             # left out with --no-print

When a call has returned, what it says is on disk. What a citizen can cause is a return value; nothing of the store
raises out of here, since every refusal must have a face.
"""

import threading
import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import structlog

from common.city.catalogue import Catalogue, Service
from common.machine.errors import NoBusinessDay, SealingImpossible, StoreError, TicketsClosed
from common.machine.stamp import Clock, Stamp
from common.protocol.queue.claim import ClaimFound, TicketClaim
from kiosk.desk import order_facts
from kiosk.desk.answers import Issued, OrderRecorded, PaperOutcome, Refusal, Refused, issued
from kiosk.desk.claims.showing import ClaimDesk, ClaimShown
from kiosk.desk.hours import Giving
from kiosk.desk.orders import OrderDesk
from kiosk.desk.others import NoPapers, Papers
from kiosk.desk.outcome import Outcome
from kiosk.prompts.ticket import Ahead
from kiosk.prompts.ui import Priority, Trouble
from offline_store.chain import audit
from offline_store.disk.database import Store
from offline_store.issuing.intake import MadeHere, TicketRequest, accept_ticket
from offline_store.issuing.ticket import set_priority, void_ticket
from offline_store.queue.shown import ShownTicket, find_shown

__all__ = ["Desk", "Issued", "OrderRecorded", "PaperOutcome", "Papers", "Refusal", "Refused", "new_intention"]

_log = structlog.get_logger(__name__)


def new_intention() -> str:
    """Name one touch or one scan. The same name twice is the same ticket or order, also after a restart."""
    return str(uuid.uuid4())


class Desk:
    """Issues tickets and records orders.

    Args:
        store: the open store.
        clock: gives each record its moment.
        catalogue: returns the services as they are now.
        centre: this centre's code.
        papers: prints; None where there is no printer.
        giving: says whether a service gives numbers now, and how many come before the next one.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        *,
        catalogue: Callable[[], Catalogue],
        centre: str,
        papers: Papers | None = None,
        giving: Giving | None = None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._catalogue = catalogue
        self._papers = papers or NoPapers(PaperOutcome("skipped"))
        self._giving = giving = giving or Giving()
        # One at a time in this process, so that a quota is counted and used in one go.
        self._lock = threading.Lock()
        self._orders = OrderDesk(store, clock, catalogue=catalogue, centre=centre, issue=self._issue)
        claim_desk = partial(ClaimDesk, store, clock, centre=centre, catalogue=catalogue, hours=giving.hours)
        self._claims = claim_desk(is_interrupted=self._giving.stands_still, issue=partial(self._issue, is_told=True))

    def issue(
        self,
        service_code: str,
        *,
        intention: str,
        priority: Priority = Priority.NONE,
        order: str | None = None,
        claim: TicketClaim | None = None,
        is_told: bool = False,
    ) -> Issued | Refused:
        """Return the next number of a service, or of a desk (`information`, `cashier`).

        Args:
            service_code: as in the catalogue.
            intention: names the touch; the same one gives the same ticket again, marked `is_repeated`.
            priority: marked on ticket and item.
            order: order id (32 hex digits) of a ready document to be collected; one ticket a day each.
            claim: the earlier paper that was shown; the hub judges it.
            is_told: its owner knows that nobody can say whether the service works, and wants it all the same.
        """
        with self._lock:
            return self._issue(
                service_code, intention=intention, priority=priority, order=order, claim=claim, is_told=is_told
            )

    def claim(self, shown: str | ClaimFound, *, priority: Priority = Priority.NONE) -> ClaimShown | Refused:
        """Judge the code of a claim, or what the hub said of digits; give its number where it is good here and now."""
        with self._lock:
            return self._guarded("claim", lambda: self._claims.show(shown, priority))

    def ticket_shown(self, claim: TicketClaim) -> ShownTicket | Refused | None:
        """Return the ticket of a paper that is shown once more; None where this kiosk knows nothing of it."""
        return self._guarded("ticket-shown", lambda: find_shown(self._store, claim, self._clock.now()))

    def order(self, code_text: str, *, intention: str) -> OrderRecorded | Refused:
        """Judge an order code or a typed order number, and record it where it is to be recorded.

        Args:
            code_text: the code as scanned, or ten digits.
            intention: names the scan.
        """
        with self._lock:
            return self._guarded("order", lambda: self._orders.order(code_text, intention))

    def news_of(self, sent: OrderRecorded) -> OrderRecorded | None:
        """Return what central has told by now of an order that was sent to another centre; None where nothing yet.

        Reads only, and gives no ticket. It is asked each second: a store that fails has its face by what records.
        """
        try:
            return self._orders.news_of(sent)
        except StoreError:
            return None

    def order_with_card(
        self, service_code: str, *, intention: str, person: dict[str, str], document: str | None = None, copies: int = 1
    ) -> OrderRecorded | Refused:
        """Record an unpaid order for the person of an identity card, with a ticket for the cashier.

        Args:
            service_code: a service that the app can order.
            intention: names the confirmation.
            person: the card's fields, sealed to central before they touch the disk.
            document: which of the service's documents, by its code; None where it has no list.
            copies: how many.
        """
        with self._lock:
            return self._guarded(
                "order",
                lambda: self._orders.order_with_card(service_code, intention, person, MadeHere(document, copies)),
            )

    def availability(self, service: Service) -> Refused | None:
        """Return why this service gives no number now, or None when it does."""
        stamp = self._clock.now()
        refused = self._giving.no_numbers(service, stamp, is_told=True)
        if refused is not None or service.daily_quota is None:
            return refused
        return self._guarded("availability", lambda: self._quota(service, stamp))

    def take_back(self, ticket: Issued) -> Refused | None:
        """Void a number that was taken by a wrong touch; it is never given again."""

        def void() -> None:
            void_ticket(self._store, ticket.id, "undone", self._clock.now())

        return self._guarded("take-back", void)

    def say_priority(self, ticket: Issued, priority: Priority) -> Issued | Refused:
        """Note a priority that was said after the number was given, which stays; others come before it from then on."""

        def note() -> Issued:
            set_priority(self._store, ticket.id, priority.value, self._clock.now())
            service = self._catalogue().get(ticket.service)
            noted = replace(ticket, priority=priority)
            return replace(noted, ahead=None) if service is None else self._looking_ahead(noted, service)

        return self._guarded("priority", note)

    def print_ticket(self, ticket: Issued, *, copy: bool = False, language: str | None = None) -> PaperOutcome:
        """Print a ticket; a copy bears the same number and the mark نسخة. One given before is a copy by itself."""
        return self._papers.print_ticket(ticket, copy=copy or ticket.is_repeated, language=language)

    def print_void(self, ticket: Issued, *, language: str | None = None) -> PaperOutcome:
        """Print a slip that marks the paper of a number that was taken back, which is in the citizen's hand."""
        return self._papers.print_void(ticket, language=language)

    def without_paper(self) -> Sequence[tuple[Issued, Trouble]]:
        """Return the numbers of the last minutes that have no paper, the newest first, and why each has none."""
        return self._papers.without_paper()

    def print_receipt(self, order: OrderRecorded, *, copy: bool = False, language: str | None = None) -> PaperOutcome:
        """Print the one paper of an order: its queue ticket where it came with one, else its receipt."""
        if not order.has_receipt:
            return PaperOutcome("skipped")
        if order.outcome is Outcome.READY and order.ticket is not None:
            return self.print_ticket(order.ticket, copy=copy, language=language)
        return self._papers.print_receipt(order, copy=copy or order.is_copy, language=language)

    def call_help(self) -> str | Refused:
        """Record a call for staff; return the item's id, by which it is passed on and acknowledged."""

        def record() -> str:
            return audit.record(self._store, "help-called", self._clock.now())

        return self._guarded("help", record)

    def _issue(
        self,
        service_code: str,
        *,
        intention: str,
        priority: Priority = Priority.NONE,
        order: str | None = None,
        claim: TicketClaim | None = None,
        is_told: bool = False,
    ) -> Issued | Refused:
        service = self._catalogue().get(service_code)
        if service is None:
            return Refused(Refusal.UNKNOWN_SERVICE, f"there is no service {service_code[:40]!r} at this centre")
        stamp = self._clock.now()
        # A document that is ready is handed over whatever the hours and quotas of ordering it; a place is in no quota.
        refused = None if order is not None else self._giving.no_numbers(service, stamp, is_told=is_told)
        if refused is None and order is None and claim is None:
            refused = self._guarded("quota", lambda: self._quota(service, stamp))
        if refused is not None:
            return refused
        accepted = self._guarded(
            "issue",
            lambda: accept_ticket(
                self._store,
                TicketRequest(service.code, service.prefix, priority.value, claim),
                intention=intention,
                stamp=stamp,
                order_id=order,
                passed=None if order is None else self._passed(order),
            ),
        )
        if isinstance(accepted, Refused):
            return accepted
        given = replace(issued(accepted, service.code, stamp, priority, order), claim=claim)
        return given if given.is_repeated else self._looking_ahead(given, service)

    def _passed(self, order_id: str) -> str | None:
        with self._store.read() as connection:
            return order_facts.passed_of(connection, order_id)

    def _looking_ahead(self, given: Issued, service: Service) -> Issued:
        """Return a number with how many come before it, as far as the hub has said so."""
        is_preferred = given.priority is not Priority.NONE or given.order_id is not None
        ahead = self._giving.ahead(
            service.code, preferred=is_preferred, closes=self._giving.closes(service, self._clock.now())
        )
        # Nobody has judged the claim yet, and what is counted is for who comes without one.
        return given if given.claim is not None and isinstance(ahead, Ahead) else replace(given, ahead=ahead)

    def _quota(self, service: Service, stamp: Stamp) -> Refused | None:
        if service.daily_quota is None:
            return None
        with self._store.read() as connection:
            given = order_facts.issued_today(connection, service.code, stamp)
        if given < service.daily_quota:
            return None
        return Refused(Refusal.QUOTA_FULL, f"no number is left today for {service.code}")

    def _guarded[T](self, what: str, act: Callable[[], T]) -> T | Refused:
        """Turn what the store raises into a refusal with a face; it has recorded nothing then."""
        try:
            return act()
        except TicketsClosed as error:
            refused = Refused(Refusal.TICKETS_CLOSED, str(error))
        except NoBusinessDay as error:
            refused = Refused(Refusal.NO_BUSINESS_DAY, str(error))
        except SealingImpossible as error:
            refused = Refused(Refusal.NO_SEALING_KEY, str(error))
        except StoreError as error:
            refused = Refused(Refusal.STORE, str(error))
        _log.error("desk-refused", act=what, reason=refused.reason.value, problem=refused.sentence[:200])
        return refused

"""What stands on a paper, drawn from the record, the catalogue as it is now, and this place's names."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from common.city.catalogue import Catalogue
from common.protocol.codes.order_claims import POST
from devices.paper import Paper
from kiosk.desk.answers import Booked, Issued, OrderRecorded, PaymentPaper
from kiosk.desk.outcome import Outcome
from kiosk.desk.payments.amounts import amount_text
from kiosk.papers import documents
from kiosk.papers.contents import AppointmentContent, ReceiptContent, TicketContent, Words
from kiosk.papers.payment_documents import PaymentContent
from kiosk.prompts.ui import Priority
from offline_store.issuing.business_day import ZONE

_TICKETS: Final = "/t/{id}"


@dataclass(frozen=True, slots=True)
class PaperContent:
    """Composes what papers say here.

    Args:
        catalogue: gives the catalogue as it is now.
        centre: code of this centre.
        kiosk: what a complaint calls this kiosk, such as `homs-main 2`; ASCII.
        language: the paper's leading language, unless a call names another.
        page: address of the public status page with `{id}` in it, or empty.
        notices: gives what the municipality says on papers now.
    """

    catalogue: Callable[[], Catalogue]
    centre: str
    kiosk: str
    language: str = "ar"
    page: str = ""
    notices: Callable[[], Sequence[Words]] = tuple

    def centre_names(self) -> Words:
        """Return this centre's name in each language."""
        return self.catalogue().centre_names(self.centre)

    def of_order(self, order: OrderRecorded, ticket: Issued) -> TicketContent:
        """Return what stands on the ticket that came with an order."""
        content = self.of_ticket(ticket, order.service, order.order_number, order.document)
        catalogue, by_post = self.catalogue(), order.destination == POST
        service = catalogue.get(order.service) if order.service else None
        fee = None if service is None else service.fee_of(order.document)
        due = None if fee is None else fee.due_minor * (order.copies or 1)
        told = replace(content, copies=order.copies, by_post=by_post, for_whom=order.for_whom)
        return replace(told, fee_minor=due, currency=fee.currency if fee else "")

    def of_ticket(
        self, ticket: Issued, service: str | None = None, order_number: str | None = None, document: str | None = None
    ) -> TicketContent:
        """Return what stands on a ticket; all but the first are those of the order that it belongs to."""
        catalogue = self.catalogue()
        code = service or ticket.service
        found, mark = catalogue.get(code), catalogue.marks.get(ticket.number[:1])
        return TicketContent(
            id=ticket.id,
            number=ticket.number,
            centre=catalogue.centre_names(self.centre),
            service=found.document_names(document) if found else catalogue.names(code),
            kiosk=self.kiosk,
            issued_at=ticket.issued_at,
            ahead=ticket.ahead,
            expected=ticket.expected,
            papers=found.papers if found else (),
            fee_minor=found.fee.due_minor if found and found.fee else None,
            currency=found.fee.currency if found and found.fee else "",
            priority="none" if ticket.priority is Priority.NONE else ticket.priority.value,
            order_number=order_number,
            page=self.page.replace("{id}", ticket.token) if ticket.token else "",
            sign=None if mark is None else mark.sign,
            notices=self.notices(),
        )

    def of_receipt(self, order: OrderRecorded, item_id: str) -> ReceiptContent:
        """Return what stands on an order's receipt."""
        catalogue = self.catalogue()
        by_post = order.destination == POST
        known = order.destination is not None and not by_post
        return ReceiptContent(
            id=item_id,
            order_number=order.order_number,
            centre=catalogue.centre_names(self.centre),
            service=catalogue.names(order.service) if order.service else None,
            collect_at=catalogue.centre_names(order.destination) if known and order.destination else None,
            by_post=by_post,
            is_verified=order.outcome is not Outcome.ACCEPTED_UNVERIFIED,
            for_whom=order.for_whom,
            kiosk=self.kiosk,
            recorded_at=order.recorded_at,
        )

    def of_booked(self, booked: Booked) -> AppointmentContent:
        """Return what stands on an appointment's paper."""
        catalogue = self.catalogue()
        names, service = catalogue.names(booked.service), catalogue.get(booked.service)
        return AppointmentContent(
            centre=catalogue.centre_names(self.centre),
            service=names,
            moment=booked.moment,
            opens=booked.opens,
            code=booked.code,
            digits=booked.digits,
            people=booked.people,
            papers=service.papers if service else (),
            kiosk=self.kiosk,
        )

    def of_payment(self, paper: PaymentPaper) -> PaymentContent:
        """Return what stands on a paper of a payment; the receipt's page lies beside the tickets' pages."""
        now, site = paper.now, self.page.removesuffix(_TICKETS) if self.page.endswith(_TICKETS) else ""
        return PaymentContent(
            kind=paper.kind,
            payment=now.payment,
            centre=self.centre_names(),
            biller=paper.biller,
            payer=paper.payer or {"ar": now.payer},
            amount=amount_text(now),
            bill_no=now.bill_no,
            receipt=now.receipt or "",
            payer_receipt=now.payer_receipt or "",
            seal=now.seal or "",
            page=f"{site}/r/{now.page}" if site and now.page else "",
            check_page=f"{site}/v" if site else "",
            late_days=paper.late_days,
            moment=datetime.fromisoformat(now.at).astimezone(ZONE),
            kiosk=self.kiosk,
        )

    def usual(self, moment: datetime) -> list[Paper]:
        """Return tickets of the services on the start screen: their fixed lines are what the printer should keep."""
        return [
            documents.ticket(self.of_ticket(Issued("", "A1001", service.code, "", moment)), self.language)
            for service in self.catalogue().main()
        ]

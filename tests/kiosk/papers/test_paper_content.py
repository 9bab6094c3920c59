"""What stands on each paper, whole, as it is drawn from record, catalogue and place."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from common.city.brand.brand import brand
from common.city.catalogue import Fee
from common.city.money import money
from common.protocol.codes.order_claims import POST
from common.protocol.payments.answers import PaymentNow
from common.protocol.payments.setup import BillerRecord
from kiosk.desk.answers import Booked, Issued, OrderRecorded, PaymentPaper
from kiosk.desk.outcome import Outcome
from kiosk.desk.payments.amounts import amount_text
from kiosk.desk.payments.paper_bill import digits_of, number_on_paper
from kiosk.flows.ordering.fees import fee_text
from kiosk.papers import documents
from kiosk.papers.contents import AppointmentContent, ReceiptContent, TicketContent
from kiosk.papers.paper_content import PaperContent
from kiosk.papers.payment_documents import PaymentContent
from kiosk.prompts.ticket import Ahead, Expected
from kiosk.prompts.ui import Priority, Text
from offline_store.issuing.business_day import ZONE
from tests.kit import payments as kit
from tests.kit.desk import undescribed_catalogue

PAPER = {"ar": "الهوية", "en": "identity card"}
CATALOGUE = undescribed_catalogue(
    {"code": "clearance", "papers": [PAPER], "fee": {"amount_minor": 150_000, "currency": "SYP", "pound": "new"}},
    {"code": "water-bill", "fee": {"amount_minor": 500, "currency": "USD"}},
)
CENTRE = CATALOGUE.centre_names("homs-main")
CONTENT = PaperContent(
    lambda: CATALOGUE, "homs-main", "homs-main 2", page="https://status.example/t/{id}", notices=lambda: [PAPER]
)
MOMENT = datetime(2026, 11, 25, 12, 0, tzinfo=ZONE)
TICKET = Issued(
    "id1", "B2001", "clearance", "2026-11-25", MOMENT, Priority.ELDERLY, ahead=Ahead(3, "12:00"), token="5d" * 16,
    expected=Expected("12:30"),
)  # fmt: skip


def test_a_ticket_says_what_its_service_costs_and_wants() -> None:
    service = CATALOGUE.get("clearance")
    assert service is not None
    known = TicketContent(
        id="id1", number="B2001", centre=CENTRE, service=service.names, kiosk="homs-main 2", issued_at=MOMENT,
        ahead=Ahead(3, "12:00"), expected=Expected("12:30"), papers=(PAPER,), fee_minor=150_000, currency="SYP",
        priority="elderly", page=f"https://status.example/t/{'5d' * 16}", sign=CATALOGUE.marks["B"].sign,
        notices=[PAPER],
    )  # fmt: skip
    assert CONTENT.of_ticket(TICKET) == known
    bare = replace(TICKET, number="Q2001", service="no-such", priority=Priority.NONE, token=None)
    assert CONTENT.of_ticket(bare) == replace(
        known, number="Q2001", service=CATALOGUE.names("no-such"), papers=(), fee_minor=None, currency="",
        priority="none", page="", sign=None,
    )  # fmt: skip
    water = CONTENT.of_ticket(TICKET, "water-bill", "4017263958")
    assert (water.service, water.order_number) == (CATALOGUE.names("water-bill"), "4017263958")
    assert (water.fee_minor, water.currency, water.papers) == (500, "USD", ())


@pytest.mark.parametrize(
    ("changed", "fee", "by_post"),
    [
        ({"service": "clearance", "copies": 3}, (450_000, "SYP"), False),
        ({"service": "clearance", "destination": POST}, (150_000, "SYP"), True),
        ({"service": "civil-affairs", "document": "family", "copies": 2}, (None, ""), False),
        ({"service": None, "destination": "homs-new"}, (None, ""), False),
    ],
)
def test_the_ticket_of_an_order_says_what_all_its_copies_cost(
    changed: dict[str, Any], fee: tuple[int | None, str], by_post: bool
) -> None:
    order = OrderRecorded(Outcome.ACCEPTED_UNPAID, "o1", order_number="4017263958", for_whom="سلمى", **changed)
    found = CONTENT.of_order(order, TICKET)
    asked = CONTENT.of_ticket(TICKET, order.service, "4017263958", order.document)
    assert found == replace(
        asked, copies=order.copies, by_post=by_post, for_whom="سلمى", fee_minor=fee[0], currency=fee[1]
    )
    if order.document:
        service = CATALOGUE.get("civil-affairs")
        assert service is not None
        assert found.service == service.document_names("family") != service.names


def test_a_receipt_says_where_to_collect_and_whether_that_is_sure() -> None:
    order = OrderRecorded(
        Outcome.ACCEPTED, "o1", "ab", "clearance", "4017263958", "homs-new", recorded_at=MOMENT, for_whom="سلمى"
    )
    whole = ReceiptContent(
        id="r1", order_number="4017263958", centre=CENTRE, service=CATALOGUE.names("clearance"),
        collect_at=CATALOGUE.centre_names("homs-new"), by_post=False, is_verified=True, for_whom="سلمى",
        kiosk="homs-main 2", recorded_at=MOMENT,
    )  # fmt: skip
    assert CONTENT.of_receipt(order, "r1") == whole
    post = replace(order, destination=POST, outcome=Outcome.ACCEPTED_UNVERIFIED)
    assert CONTENT.of_receipt(post, "r1") == replace(whole, collect_at=None, by_post=True, is_verified=False)
    unknown = replace(order, destination=None, service=None)
    assert CONTENT.of_receipt(unknown, "r1") == replace(whole, collect_at=None, service=None)


def test_an_appointment_s_paper_says_what_to_bring() -> None:
    opens = MOMENT.replace(hour=11)
    booked = Booked("b1", "clearance", MOMENT, opens, "CODE", "12345674", 3)
    whole = AppointmentContent(
        centre=CENTRE, service=CATALOGUE.names("clearance"), moment=MOMENT, opens=opens, code="CODE",
        digits="12345674", people=3, papers=(PAPER,), kiosk="homs-main 2",
    )  # fmt: skip
    assert CONTENT.of_booked(booked) == whole
    elsewhere = replace(booked, service="no-such")
    assert CONTENT.of_booked(elsewhere) == replace(whole, service=CATALOGUE.names("no-such"), papers=())


def _now(**changed: Any) -> PaymentNow:
    _, answer, personal = kit.payment("marked")
    return msgspec.convert(answer | personal | changed, PaymentNow)


def test_a_payment_s_paper_has_its_page_beside_the_tickets_pages() -> None:
    names = {"en": "Water company"}
    paper = PaymentPaper("receipt", _now(), names, {"en": "Sham Cash"}, 5)
    whole = PaymentContent(
        kind="receipt", payment=kit.PAYMENT, centre=CENTRE, biller=names, payer={"en": "Sham Cash"},
        amount=amount_text(_now()), bill_no=kit.BILL_NO, receipt="W-2026-118842", payer_receipt="TX-90871",
        seal=_now().seal or "", page=f"https://status.example/r/{'5d' * 16}",
        check_page="https://status.example/v", late_days=5,
        moment=datetime(2026, 11, 25, 9, 2, tzinfo=UTC).astimezone(ZONE), kiosk="homs-main 2",
    )  # fmt: skip
    assert CONTENT.of_payment(paper) == whole
    bare = PaymentPaper("entering", _now(receipt=None, payer_receipt=None, seal=None, page=None))
    assert CONTENT.of_payment(bare) == replace(
        whole, kind="entering", biller=None, payer={"ar": "shamcash"}, receipt="", payer_receipt="", seal="", page="",
        late_days=0,
    )  # fmt: skip
    for page in ("", "https://status.example/other/{id}"):
        elsewhere = replace(CONTENT, page=page).of_payment(paper)
        assert elsewhere == replace(whole, page="", check_page="")


def test_the_printer_keeps_the_lines_of_the_start_screen_s_services() -> None:
    papers = replace(CONTENT, language="en").usual(MOMENT)
    assert papers == [
        documents.ticket(CONTENT.of_ticket(Issued("", "A1001", service.code, "", MOMENT)), "en")
        for service in CATALOGUE.main()
    ]
    assert len(papers) == 6


def test_an_amount_of_the_former_pound_says_what_it_is_in_the_present_one() -> None:
    own = brand().currency
    assert amount_text(_now(amount=4_250_000)) == Text("service.fee_amount", {"money": money(4_250_000, "SYP")})
    old = amount_text(_now(amount=4_250_000, pound="old"))
    now = money(own.due(4_250_000, "old"))
    assert old == Text("pay.amount_old", {"old": money(4_250_000, pound="old"), "now": now})
    other = amount_text(_now(amount=500, currency="USD", pound="old"))
    assert other == Text("service.fee_amount", {"money": money(500, "USD")})


def test_a_fee_is_that_of_all_copies_and_nothing_is_free() -> None:
    assert fee_text(Fee(150_000, pound="new"), 3) == Text("service.fee_amount", {"money": money(450_000, "")})
    assert fee_text(Fee(150_000, pound="new")) == Text("service.fee_amount", {"money": money(150_000, "")})
    assert fee_text(Fee(0, pound="new"), 3) == Text("service.fee_free")


@pytest.mark.parametrize(
    ("pattern", "digits"),
    [("[0-9]{10}", (10, 10)), ("[0-9]{4,8}", (4, 8)), ("W[0-9]{3}", (4, 4)), ("[12][0-9]{0,2}", (1, 3)),
     ("", (1, 1)), ("[0-9]{0,1}", (1, 1)), ("abc", (3, 3))],
)  # fmt: skip
def test_how_many_digits_fit_a_pattern(pattern: str, digits: tuple[int, int]) -> None:
    assert digits_of(pattern) == digits


@pytest.mark.parametrize(
    ("payload", "number"),
    [
        (b"W0387465129", "0387465129"), (b" W0387465129\r\n", "0387465129"), (b"W038746512", None),
        (b"W03874651290", None), (b"X0387465129", None), (b"W038746512\xff", None), (b" " * 250 + b"W0387465129", None),
        (b"", None),
    ],
)  # fmt: skip
def test_a_paper_bill_s_code_gives_its_number_by_its_biller_s_rules(payload: bytes, number: str | None) -> None:
    biller = kit.setup_of().billers[0]
    found = number_on_paper(biller, payload)
    assert found == (None if number is None else {"subscriber": number})
    other: BillerRecord = msgspec.structs.replace(biller, fields=[])
    assert number_on_paper(other, b"W0387465129") is None

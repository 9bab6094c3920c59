"""Each paper says what it must, in both languages, on every printer, whole and inside the paper."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Literal

import pytest
import zxingcpp
from PIL import Image

from common.city.brand.brand import brand
from common.city.money import money
from common.protocol.queue.claim import digits_of
from devices.paper import Banner, Emblem, Number, Paper, Qr, Text
from devices.receipt_printer import profile
from devices.receipt_printer.simulator.simulator import PrinterSimulator
from devices.receipt_printer.typeset import typesetting
from kiosk.commands.sample import raw_job
from kiosk.desk.earlier_paper import claim_of_code
from kiosk.language import Language
from kiosk.papers import documents, payment_documents, staff_documents
from kiosk.papers.contents import AppointmentContent, ReceiptContent, TicketContent
from kiosk.papers.payment_documents import PaymentContent
from kiosk.prompts.ticket import Ahead, Expected, Stopped
from kiosk.prompts.ui import Text as Said
from tests.devices.receipt_printer.preview import preview
from tests.kit.claims import claim_at, code_of
from tests.kit.notices import LONGEST_NOTICE
from tests.kit.payments import PAYMENT as PAID
from tests.kit.payments import seal

ID = "0193f3c2-7b1e-7c55-9a40-1d2f3a4b5c6d"


CENTRE = {"ar": "مركز حمص الجديدة", "en": "New Homs centre"}


LONGEST = {
    "ar": "سجل العاملين في الدولة («غير موظف») وبراءة ذمة من مجلس المدينة (صورة ثانية)",
    "en": "State employees register (“not employed”) and clearance from the city council (second copy)",
}


PAPERS = tuple({"ar": f"وثيقة مطلوبة رقم {n}", "en": f"required paper {n}"} for n in range(6))


TICKET = TicketContent(
    id=ID,
    number="B21234",
    centre=CENTRE,
    service=LONGEST,
    kiosk="homs-new 2",
    issued_at=datetime(2026, 11, 24, 9, 5),  # noqa: DTZ001 (what is printed is a wall clock)
    ahead=Ahead(123, "09:05", (20, 45)),
    papers=PAPERS,
    fee_minor=1_234_567_80,
    priority="disabled",
    order_number="4017263958",
    page=f"https://status.example/t/{'5d' * 16}",
    notices=(
        LONGEST_NOTICE,
        {"ar": "المصعد معطل", "en": "The lift is out of order"},
    ),
)


RECEIPT = ReceiptContent(
    id=ID,
    order_number="4017263958",
    centre=CENTRE,
    service=LONGEST,
    collect_at=CENTRE,
    is_verified=False,
    kiosk="homs-new 2",
    recorded_at=TICKET.issued_at,
)


APPOINTMENT = AppointmentContent(
    centre=CENTRE,
    service=LONGEST,
    moment=datetime(2026, 12, 1, 10, 30),  # noqa: DTZ001 (the same)
    opens=datetime(2026, 12, 1, 10, 0),  # noqa: DTZ001 (the same)
    code=code_of(claim_at(service="lease-registration", centre="homs-main")),
    digits="12345674",
    papers=PAPERS,
    kiosk="homs-new 2",
)


PAYMENT = PaymentContent(
    kind="receipt",
    payment=PAID,
    centre=CENTRE,
    biller={"ar": "المؤسسة العامة لمياه الشرب والصرف الصحي في حمص", "en": "Homs drinking water and sewerage company"},
    payer={"ar": "شام كاش", "en": "Sham Cash"},
    amount=Said("service.fee_amount", {"money": money(4_250_000)}),
    bill_no="HM2-1128-0042-1",
    receipt="W-2026-118842",
    payer_receipt="TX-90871-2231",
    seal=seal(),
    page=f"https://status.example/r/{'5d' * 16}",
    check_page="https://status.example/v",
    late_days=5,
    moment=TICKET.issued_at,
    kiosk="homs-new 2",
)


PAYMENT_KINDS: tuple[Literal["receipt", "entering", "reference", "bank", "refund"], ...] = (
    "receipt", "entering", "reference", "bank", "refund",
)  # fmt: skip


def payment(kind: Literal["receipt", "entering", "reference", "bank", "refund"]) -> Callable[[str], Paper]:
    return lambda language: payment_documents.payment_paper(replace(PAYMENT, kind=kind), language)


DOCUMENTS: dict[str, Callable[[str], Paper]] = {
    "ticket": lambda language: documents.ticket(TICKET, language),
    "cashier": lambda language: documents.cashier_ticket(TICKET, language),
    "checking": lambda language: documents.checking_ticket(TICKET, language),
    "expected": lambda language: documents.ticket(replace(TICKET, expected=Expected("10:30")), language),
    "late": lambda language: documents.ticket(replace(TICKET, expected=Expected("10:30", is_late=True)), language),
    "appointment": lambda language: documents.appointment(APPOINTMENT, language),
    "appointment-people": lambda language: documents.appointment(replace(APPOINTMENT, people=3), language),
    "collection": lambda language: documents.collection_ticket(TICKET, language),
    "receipt": lambda language: documents.order_receipt(RECEIPT, language),
    "receipt-verified": lambda language: documents.order_receipt(replace(RECEIPT, is_verified=True), language),
    "by-post": lambda language: documents.order_receipt(replace(RECEIPT, by_post=True), language),
    **{f"payment-{kind}": payment(kind) for kind in PAYMENT_KINDS},
    "payment-order": lambda language: payment_documents.payment_paper(replace(PAYMENT, biller=None), language),
    "copy": lambda language: documents.copy_of(documents.ticket(TICKET, language)),
    "void": lambda language: documents.void_slip(TICKET, language),
    "waiting-list": lambda language: staff_documents.waiting_list(
        CENTRE, "homs-new 2", TICKET.issued_at, [("A1001", "08:20"), ("B21234", "12:00")], language
    ),
    "hall-list": lambda language: staff_documents.waiting_list(
        CENTRE, "homs-new 2", TICKET.issued_at, [("A1001", "08:20"), ("B21234", "(C)")], language, hall="11:40"
    ),
    "hall-list-of-unknown-age": lambda language: staff_documents.waiting_list(
        CENTRE, "homs-new 2", None, [("A1001", ""), ("B21234", "(C)")], language, hall=""
    ),
    "test-page": lambda language: staff_documents.page_for_testing(
        CENTRE, "homs-new 2", TICKET.issued_at, ("x",), language
    ),
    "counters": lambda language: staff_documents.counters_report(
        CENTRE, "homs-new 2", TICKET.issued_at, [("أوراق", "12,345  (17)")], language
    ),
}


def _texts(paper: Paper) -> list[str]:
    return [op.text for op in paper.ops if isinstance(op, Text | Banner | Number)]


def _says(paper: Paper, words: str) -> bool:
    return any(words in text for text in _texts(paper))


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_paper_is_whole_on_every_printer(name: str, language: str) -> None:
    paper = DOCUMENTS[name](language)
    for text in _texts(paper):
        assert typesetting.missing_characters(text) == set(), text
        assert "{" not in text
    for model in profile.names():
        loaded = profile.load(model)
        for mm in (58, 80) if loaded.width_dots > 480 else (58,):
            simulator = PrinterSimulator(loaded)
            simulator.receive(raw_job(paper, model, mm))
            simulator.tear_off()
            assert simulator.unknown == [], f"{model} {mm} mm"
            (sheet,) = simulator.sheets
            ink = sheet.image.convert("L").point([255 if v == 0 else 0 for v in range(256)]).getbbox()
            assert ink is not None
            assert ink[2] <= profile.layout(loaded, mm).width_dots
            codes = [op.data for op in paper.ops if isinstance(op, Qr)]
            assert _codes(sheet.image) == codes, f"{model} {mm} mm"


def _codes(image: Image.Image) -> list[str]:
    """Read the QR codes, each of which must have its four modules of white around it (ISO/IEC 18004, 9.1)."""
    framed = Image.new("L", (image.width + 80, image.height + 80), 255)
    framed.paste(image.convert("L"), (40, 40))
    read = zxingcpp.read_barcodes(framed)
    for found in read:
        first, last = found.position.top_left, found.position.bottom_right
        side = typesetting.qr_picture(found.text, 1).rows
        quiet = 4 * round((last.x - first.x) / side) - 1
        around = framed.crop((first.x - quiet, first.y - quiet, last.x + 1 + quiet, last.y + 1 + quiet))
        around.paste(255, (quiet - 1, quiet - 1, around.width - quiet + 1, around.height - quiet + 1))
        assert around.getextrema() == (255, 255), "something stands in the quiet zone"
    return [found.text for found in read]


def test_a_ticket_holds_all_that_is_known() -> None:
    paper = documents.ticket(TICKET)
    for words in (
        CENTRE["ar"],
        LONGEST["ar"],
        LONGEST["en"],
        "B2·1234",
        "2026/11/24 09:05",
        "123 شخصاً قبلك",
        "بين 20 و45 دقيقة",
        "الساعة 09:05",
        "وثيقة مطلوبة رقم 5",
        "1,234,567.80",
        "الرقم صالح لهذا اليوم فقط",
        "إذا انقطعت الكهرباء",
        "أولوية",
        "homs-new 2",
    ):
        assert _says(paper, words), words
    assert [op.data for op in paper.ops if isinstance(op, Qr)] == [TICKET.page]


@pytest.mark.parametrize("name", ["ticket", "collection", "checking"])
def test_every_number_says_how_long_it_is_good(name: str) -> None:
    assert _says(DOCUMENTS[name]("ar"), "الرقم صالح لهذا اليوم فقط")
    assert _says(DOCUMENTS[name]("ar"), "إذا انقطعت الكهرباء")
    assert _says(DOCUMENTS[name]("en"), "Valid today only")
    assert _says(DOCUMENTS[name]("en"), "if the power is cut")


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_paper_says_that_there_is_priority_and_never_why(language: str) -> None:
    papers = [documents.ticket(replace(TICKET, priority=why), language) for why in ("elderly", "disabled", "pregnant")]
    assert papers[0] == papers[1] == papers[2]
    assert _says(papers[0], Language(language).text("paper.priority"))
    assert documents.ticket(replace(TICKET, priority="none"), language) != papers[0]


@pytest.mark.parametrize("name", ["ticket", "cashier", "checking", "collection"])
def test_every_ticket_has_a_code_that_names_it_later_with_a_word_beside_it_and_eight_digits(name: str) -> None:
    seven = digits_of(ID)
    foot = _texts(DOCUMENTS[name]("ar"))[-3:]
    assert foot == ["تابع دورك من هاتفك", f"{seven[:4]} {seven[4:]}", "homs-new 2"]
    without_page = documents.ticket(replace(TICKET, page=""))
    assert _texts(without_page)[-3:] == ["للموظف", *foot[1:]]
    for paper in (DOCUMENTS[name]("ar"), without_page):
        (code,) = (op.data for op in paper.ops if isinstance(op, Qr))
        claim = claim_of_code(code)
        assert claim is not None
        assert (claim.id == ID) != (claim.token_sha256 is not None)


@pytest.mark.parametrize(
    ("people", "ar", "en"),
    [
        (2, "هذا الموعد لشخصين.", "for 2 people."),
        (3, "لـ 3 أشخاص.", "for 3 people."),
        (4, "لـ 4 أشخاص.", "for 4 people."),
    ],
)
def test_an_appointment_says_for_how_many_it_is_where_they_are_several(people: int, ar: str, en: str) -> None:
    for language in ("ar", "en"):
        paper = documents.appointment(replace(APPOINTMENT, people=people), language)
        assert _says(paper, ar)
        assert _says(paper, en)
    assert not _says(documents.appointment(APPOINTMENT), "هذا الموعد")


def test_a_ticket_leaves_out_what_is_not_known() -> None:
    bare = replace(TICKET, issued_at=None, ahead=None, papers=(), fee_minor=None, priority="none", page="")
    paper = documents.ticket(bare)
    joined = "\n".join(_texts(paper))
    assert "قبلك" not in joined
    assert not re.search(r"20\d\d/", joined)
    assert "الرسم" not in joined
    assert "المطلوبة" not in joined
    assert "أولوية" not in joined
    assert [op.data for op in paper.ops if isinstance(op, Qr)] == [f"SY1T:{ID}"]


@pytest.mark.parametrize(
    ("before", "words"), [(0, "لا أحد قبلك"), (1, "شخص واحد قبلك"), (2, "شخصان قبلك"), (5, "5 أشخاص")]
)
def test_the_people_ahead_are_counted_in_arabic(before: int, words: str) -> None:
    assert _says(documents.ticket(replace(TICKET, ahead=Ahead(before, "09:05"))), words)


def test_a_number_that_was_taken_back_is_marked_by_a_slip_without_any_code() -> None:
    paper = documents.void_slip(TICKET)
    assert isinstance(paper.ops[0], Banner)
    assert paper.ops[0].text == "ملغى  ·  CANCELLED"
    assert _says(paper, "B2·1234")
    assert _says(paper, "This number was cancelled and will not be called.")
    assert not [op for op in paper.ops if isinstance(op, Number | Qr | Emblem)]


def test_the_number_has_its_groups_sign_and_the_paper_the_emblem() -> None:
    paper = documents.ticket(replace(TICKET, sign="square"))
    assert [op.sign for op in paper.ops if isinstance(op, Number)] == ["square"]
    assert isinstance(paper.ops[0], Emblem)
    assert paper.ops[0].png == brand().picture("emblem")


def test_free_is_said_and_another_currency_is_named() -> None:
    assert _says(documents.ticket(replace(TICKET, fee_minor=0), "en"), "No fee")
    assert _says(documents.ticket(replace(TICKET, fee_minor=500, currency="USD"), "en"), "5 USD")


def test_a_copy_is_the_same_paper_under_a_mark() -> None:
    original = documents.ticket(TICKET)
    copy = documents.copy_of(original)
    assert copy.ops[2:] == original.ops
    assert isinstance(copy.ops[0], Banner)
    assert "نسخة" in copy.ops[0].text


def test_arabic_lines_lie_in_the_order_of_the_document() -> None:
    """The preview's ink, line by line from the top, is each op's own ink."""
    layout = profile.layout(profile.load("generic-80mm"), 80)
    ops = tuple(op for op in documents.ticket(TICKET).ops if isinstance(op, Text))
    tops = [preview(Paper("x", ops[:count]), layout).height for count in range(1, len(ops) + 1)]
    assert tops == sorted(tops)
    whole = preview(Paper("x", ops), layout)
    for count, height in enumerate(tops, 1):
        part = preview(Paper("x", ops[:count]), layout)
        assert whole.crop((0, 0, whole.width, height)).tobytes() == part.tobytes()


def test_the_paper_of_a_service_that_stands_still_says_so_and_counts_nobody() -> None:
    why = Said("service.stopped_since_because", {"since": "09:40", "reason": {"ar": "خط السجل المدني", "en": "line"}})
    paper = documents.ticket(replace(TICKET, ahead=Stopped(why, "12:00")))
    for words in ("متوقفة منذ الساعة 09:40: خط السجل المدني", "إن عادت الخدمة اليوم نودي على رقمك في دوره"):
        assert _says(paper, words)
    assert not _says(paper, "قبلك")


def test_the_paper_says_as_of_its_time_that_the_turn_may_not_come_today() -> None:
    paper = documents.ticket(replace(TICKET, ahead=Ahead(90, "12:40", is_doubtful=True)))
    assert _says(paper, "قد لا يصل دورك اليوم")
    assert _says(paper, "12:40")


@pytest.mark.parametrize("name", ["ticket", "cashier", "checking", "collection"])
def test_notices_stand_on_each_ticket_in_both_languages(name: str) -> None:
    for language in ("ar", "en"):
        said = [op.text for op in DOCUMENTS[name](language).ops if isinstance(op, Text)]
        for words in TICKET.notices:
            assert {words["ar"], words["en"]} <= set(said)

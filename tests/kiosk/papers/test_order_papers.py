"""The papers of orders: receipt and number say what was ordered, what it costs and where to collect it."""

from dataclasses import replace

import pytest

from common.protocol.codes.receipt_code import ISSUER
from common.protocol.codes.signed_code import take_apart
from common.protocol.queue.claim import digits_of
from devices.paper import Qr, Text
from kiosk.language import Language
from kiosk.papers import documents
from tests.kiosk.papers.test_documents import CENTRE, DOCUMENTS, ID, PAYMENT, PAYMENT_KINDS, RECEIPT, TICKET, _says
from tests.kit.payments import PAYMENT as PAID


@pytest.mark.parametrize(("language", "when"), [("ar", "من يوم الدوام القادم"), ("en", "From the next working day")])
def test_a_receipt_says_where_and_when_to_collect_once_that_is_sure(language: str, when: str) -> None:
    sure = replace(RECEIPT, is_verified=True)
    assert _says(documents.order_receipt(sure, language), when)
    assert _says(documents.order_receipt(sure, language), CENTRE[language])
    assert not _says(documents.order_receipt(RECEIPT, language), when)  # the counter decides first
    assert not _says(documents.order_receipt(replace(sure, by_post=True), language), when)


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_paper_of_an_order_that_is_collected_later_is_not_for_today_only(language: str) -> None:
    words = Language(language)
    paper = documents.cashier_ticket(replace(TICKET, copies=2), language)
    assert not _says(paper, words.text("paper.valid_today"))
    assert all(_says(paper, words.text(f"paper.{said}")) for said in ("queue_today", "keep_to_collect"))
    assert _says(paper, words.text("copies.count", n=2))
    assert not _says(
        documents.cashier_ticket(replace(TICKET, by_post=True), language), words.text("paper.keep_to_collect")
    )


def test_a_receipt_has_no_digits_for_it_is_no_ticket() -> None:
    paper = documents.order_receipt(RECEIPT)
    assert [op.data for op in paper.ops if isinstance(op, Qr)] == [ID]
    assert _says(paper, "homs-new 2 / 3A4B5C6D")
    assert not any(_says(paper, words) for words in (digits_of(ID)[:4], "للموظف", "تابع"))


def test_an_order_with_the_card_says_for_whom_and_how_many_on_ticket_and_receipt() -> None:
    ordered = replace(TICKET, copies=2, for_whom="سلمى")
    paper = documents.cashier_ticket(ordered)
    assert _says(paper, "نسختان")
    assert _says(paper, "باسم: سلمى")
    receipt = documents.order_receipt(replace(RECEIPT, for_whom="Salma"), "en")
    assert _says(receipt, "For: Salma")
    assert not _says(receipt, "The app tells you"), "who ordered here with the card may have no app"
    named = [op for op in paper.ops if isinstance(op, Text) and "سلمى" in op.text]
    assert [op.private for op in named] == [True]
    assert "سلمى" not in repr(ordered)


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_number_for_checking_an_order_bears_what_was_typed_and_that_nobody_has_checked_it(language: str) -> None:
    paper = documents.checking_ticket(TICKET, language)
    assert _says(paper, "4017 263 958")
    assert _says(paper, "We have not verified the order yet: ask at the information desk")
    assert _says(paper, "لم نتأكد من الطلب بعد: اسأل في الاستعلامات")
    assert not _says(paper, Language(language).text("paper.order_received"))


def test_an_order_that_nobody_could_verify_says_so() -> None:
    assert _says(documents.order_receipt(RECEIPT), "لم نتأكد من الطلب بعد: اسأل في الاستعلامات")
    assert not _says(documents.order_receipt(replace(RECEIPT, is_verified=True)), "التأكد")


@pytest.mark.parametrize("kind", PAYMENT_KINDS)
def test_a_receipts_seal_stands_on_a_receipt_alone(kind: str) -> None:
    paper = DOCUMENTS[f"payment-{kind}"]("ar")
    codes = [op.data for op in paper.ops if isinstance(op, Qr)]
    assert (PAYMENT.seal in codes) == (kind == "receipt")
    assert (f"SY1P:{PAID}" in codes) == (kind != "receipt")
    if kind == "receipt":
        assert take_apart(codes[0]).issuer == ISSUER
        assert _says(paper, PAYMENT.receipt)
        assert _says(paper, PAYMENT.payer_receipt)
        assert _says(paper, PAYMENT.check_page)
    else:
        assert not _says(paper, PAYMENT.receipt)
        assert _says(paper, "ليست إيصالاً")
    assert _says(paper, PAYMENT.bill_no)
    assert _says(paper, "42,500 ليرة سورية جديدة")

"""A receipt's code and page: what the code says, which page stays, and when a mark counts as handed out."""

from typing import Any

import pytest

from central.base.tables.paid.payments import payment_events
from central.keys import issuer_keys, receipt_keys
from central.keys.receipt_keys import open_proof, page_digest
from central.payments.flow import receipts
from central.payments.ports.biller import Marked
from common.protocol.codes.receipt_code import Receipt
from tests.central.payments.flow.conftest import NOW, Till, moment

PAYMENT = "5b0e21a4-56dd-4e51-8f66-3e3b0a3f6c11"
PAID: dict[str, Any] = {"id": PAYMENT, "state": "paid", "payer_receipt": "R1", "paid_at": moment()}


async def marked(till: Till, receipt: str = "W1") -> None:
    row = await till.row(PAYMENT)
    async with till.engine.begin() as connection:
        await receipts.marked(connection, till.ring, row, Marked(receipt, moment()), "biller")


async def key_of_receipts(till: Till) -> None:
    async with till.engine.begin() as connection:
        await issuer_keys.ensure(connection, till.ring, issuer_keys.RECEIPTS)


@pytest.mark.parametrize(("payer_receipt", "said"), [("R1", "R1"), (None, "")])
async def test_a_marked_payment_has_a_code_that_says_what_was_paid(
    till: Till, monkeypatch: pytest.MonkeyPatch, payer_receipt: str | None, said: str
) -> None:
    sealed: list[Receipt] = []

    async def seal(_: Any, __: Any, receipt: Receipt) -> str:
        sealed.append(receipt)
        return "sealed"

    monkeypatch.setattr(receipt_keys, "seal", seal)
    await till.put(**(PAID | {"payer_receipt": payer_receipt}))
    await marked(till)
    assert sealed == [
        Receipt(
            payment=PAYMENT.replace("-", ""), biller="water", biller_receipt="W1", payer="wallet", payer_receipt=said,
            bill_no="B1", amount=12_500, currency="SYP", pound="new", paid=int(NOW.timestamp()),
        )
    ]  # fmt: skip
    row = await till.row(PAYMENT)
    proof = open_proof(till.ring.vault(), PAYMENT, row.proof)
    assert (proof.seal, len(proof.page), row.page_sha256) == ("sealed", 32, page_digest(proof.page))
    assert (row.state, row.receipt, row.marked_at) == ("marked", "W1", moment())


async def test_the_page_that_was_shown_before_stays_the_payment_s_page(till: Till) -> None:
    await key_of_receipts(till)
    await till.put(**PAID, **receipts.page_of(till.ring, PAYMENT))
    before = await till.row(PAYMENT)
    first = open_proof(till.ring.vault(), PAYMENT, before.proof)
    assert (first.seal, len(first.page)) == (None, 32)
    await marked(till)
    after = await till.row(PAYMENT)
    proof = open_proof(till.ring.vault(), PAYMENT, after.proof)
    assert (proof.page, after.page_sha256) == (first.page, before.page_sha256)
    assert proof.seal


async def test_without_a_key_it_is_marked_without_a_code_and_that_is_named(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    named: list[Any] = []
    monkeypatch.setattr(receipts.log, "warning", lambda event, **fields: named.append((event, fields)))
    await till.put(**PAID)
    await marked(till)
    row = await till.row(PAYMENT)
    assert (row.state, row.proof, row.page_sha256) == ("marked", None, None)
    assert named == [("receipt-not-sealed", {"payment": PAYMENT, "why": "NoReceiptKeyError"})]


@pytest.mark.parametrize(
    ("events", "state"),
    [
        ([], "marked"),
        ([("told", "marked")], "told"),
        ([("told", "told")], "told"),
        ([("told", "paid")], "marked"),
        ([("told", "paid"), ("told", "marked")], "told"),
        ([("asked", "marked")], "marked"),
        ([("told", "marked"), ("refund-due", "")], "marked"),  # another receipt than the one that stands now
    ],
)
async def test_a_receipt_that_a_kiosk_handed_out_before_central_was_set_back_is_told(
    till: Till, events: list[tuple[str, str]], state: str
) -> None:
    await till.put(**PAID)
    await till.put(**(PAID | {"id": "p2", "bill_no": "B2"}))
    for event, told in events:
        detail = f'{{"told":"{told}"}}'
        await till.put(payment_events, payment=PAYMENT, event=event, by="kiosk", detail=detail, at=moment())
    await till.put(payment_events, payment="p2", event="told", by="kiosk", detail='{"told":"told"}', at=moment())
    await marked(till)
    assert ((await till.row(PAYMENT)).state, (await till.row("p2")).state) == (state, "paid")

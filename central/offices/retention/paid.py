"""Bills, payments and what both sides' books said of them; what is not ended stays, however old it is."""

from sqlalchemy import exists, select

from central.base.tables.paid.books import biller_entries, filed_debts, kept_marks, payer_entries, payer_words
from central.base.tables.paid.payments import bills, payment_events, payment_marks, payment_refunds, payments
from central.offices.retention.sweep import Sweep

_ENDED = ("marked", "told", "expired", "withdrawn", "refunded")


def sweeps(before: str) -> list[Sweep]:
    """Return what was begun, and said, before a moment."""
    over = (payments.c.at < before) & payments.c.state.in_(_ENDED)
    kept = select(payments.c.id)
    of_bill = exists().where(payments.c.bill == bills.c.id)
    is_alone = payer_entries.c.payment.is_(None) | payer_entries.c.payment.not_in(kept)
    of_entry = payer_entries.c.payer, payer_entries.c.receipt
    named = exists().where(
        payer_entries.c.payer == payer_words.c.payer, payer_entries.c.receipt == payer_words.c.receipt
    )
    of_debt = filed_debts.c.biller, filed_debts.c.debt_mark
    old_debt = (filed_debts.c.taken_at < before) & filed_debts.c.is_open.is_(False)
    return [
        Sweep("payments", (payments.c.id,), over),
        Sweep("payment_events", (payment_events.c.id,), payment_events.c.payment.not_in(kept)),
        Sweep("payment_marks", (payment_marks.c.id,), payment_marks.c.payment.not_in(kept)),
        Sweep("payment_refunds", (payment_refunds.c.id,), payment_refunds.c.payment.not_in(kept)),
        Sweep("bills", (bills.c.id,), (bills.c.at < before) & ~of_bill),
        Sweep("payer_entries", of_entry, (payer_entries.c.at < before) & is_alone),
        Sweep("payer_words", (payer_words.c.id,), (payer_words.c.at < before) & ~named),
        Sweep("biller_entries", (biller_entries.c.biller, biller_entries.c.seq), biller_entries.c.at < before),
        Sweep("filed_debts", of_debt, old_debt),
        Sweep("marks", (kept_marks.c.seq,), (kept_marks.c.at < before) & kept_marks.c.written_at.is_not(None)),
    ]

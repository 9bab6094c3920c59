"""Bills that somebody asked for, each try to pay one, and what became of it.

What is done with a payment is a row of its own that never changes: a mark, a step of a refund. `whole` reads a payment
with what these say of it. Its state, reason and sum are what the ledger's fold said last: a cache.
"""

from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Index,
    Integer,
    Select,
    Table,
    Text,
    UniqueConstraint,
    select,
)  # fmt: skip

from central.base.tables.base import RowId, metadata

# Who asked which bill, until the biller has answered. What was typed is sealed at rest.
bill_inquiries = Table(
    "bill_inquiries",
    metadata,
    Column("kiosk", Text, primary_key=True),
    Column("inquiry", Text, primary_key=True),
    Column("biller", Text, nullable=False),
    Column("fields", Text, nullable=False),  # JSON, sealed at rest
    Column("at", Text, nullable=False),
    Column("claimed_until", Text),
)

# How often numbers that nobody has, or that owe nothing, were asked for.
bill_misses = Table(
    "bill_misses",
    metadata,
    Column("biller", Text, primary_key=True),
    Column("day", Text, primary_key=True),
    Column("count", Integer, nullable=False),
)

bills = Table(
    "bills",
    metadata,
    Column("id", Text, primary_key=True),
    Column("biller", Text, nullable=False),
    Column("kiosk", Text, nullable=False),
    # JSON of payments.billers.port.Debt, sealed at rest: debt, subscriber and name.
    Column("sealed", Text, nullable=False),
    # Keyed hashes (Vault.mark): the same debt, or subscriber, whatever bill, and neither can be read out of them.
    Column("debt_mark", Text, nullable=False),
    Column("subscriber_mark", Text, nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("currency", Text, nullable=False),
    Column("pound", Text, nullable=False),
    Column("due", Text),
    Column("period", Text),
    Column("at", Text, nullable=False),
    Index("ix_bills_at", "at"),
    Index("ix_bills_subscriber_mark", "biller", "subscriber_mark"),
)

# A row a try, and one for each further sum of money that came under its number (`extra` above 0).
payments = Table(
    "payments",
    metadata,
    Column("id", Text, primary_key=True),  # also the key under which it is marked at the biller
    Column("bill_no", Text, nullable=False),
    Column("extra", Integer, nullable=False),
    Column("bill", Text),  # null for an order's fee
    Column("order_id", Text),
    Column("debt_mark", Text, nullable=False),
    Column("biller", Text, nullable=False),
    Column("payer", Text, nullable=False),  # `cash` at the cashier
    Column("kiosk", Text, nullable=False),
    Column("centre", Text, nullable=False),
    Column("inquiry", Text),  # who waits for it
    Column("amount", BigInteger, nullable=False),
    Column("currency", Text, nullable=False),
    Column("pound", Text, nullable=False),
    Column("state", Text, nullable=False),  # common.protocol.payments.answers.PaymentState
    # Why money goes back: paid-elsewhere, amount-changed, not-taken, twice, wrong-amount, reversed, withdrawn.
    # Of one that expired: not-ours, where its number had been paid before anybody was shown it.
    Column("reason", Text),
    Column("show", Text),  # what the code on the screen holds, sealed at rest
    Column("payer_receipt", Text),
    # JSON of seal and page token, sealed at rest; of the token the digest alone stands in the clear.
    Column("proof", Text),
    Column("page_sha256", Text, unique=True),
    Column("at", Text, nullable=False),
    Column("dies_at", Text, nullable=False),
    Column("paid_at", Text),
    Column("paid_amount", BigInteger),  # what came; null until then
    Column("withdrawn_at", Text),  # it was never shown: nobody waits for it
    # When something is to be done for it next, null where nothing is; how often in vain; until when one works on it.
    Column("due_at", Text),
    Column("tries", Integer, nullable=False),
    Column("claimed_until", Text),
    Column("refund_receipt", Text),  # the payer's number of what its sum went back by, once the whole of it has
    UniqueConstraint("payer", "bill_no", "extra", name="uq_payments_payer_bill_no"),
    Index("ix_payments_due_at", "due_at"),
    Index("ix_payments_state", "state", "at"),
    Index("ix_payments_debt_mark", "biller", "debt_mark"),
    Index("ix_payments_at", "at"),
)

# Append-only: what each payment became, when and by whose word.
payment_events = Table(
    "payment_events",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("payment", Text, nullable=False),
    # A state, or `withdrawn`, `told`, `late`, `asked`, `refund-refused`, `another-sum`.
    Column("event", Text, nullable=False),
    Column("by", Text, nullable=False),  # kiosk, payer, books, biller, central, or operator:NAME
    Column("detail", Text, nullable=False),  # JSON, nothing personal
    Column("at", Text, nullable=False),
    Index("ix_payment_events_payment", "payment"),
)

# Append-only: that a biller has entered a payment, or why it is not and its money goes back; the newest holds.
payment_marks = Table(
    "payment_marks",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("payment", Text, nullable=False),
    Column("mark", Text, nullable=False),  # entered, or a reason as of payments
    Column("payer_receipt", Text),  # of the sum that was entered
    Column("receipt", Text),  # the biller's
    Column("at", Text, nullable=False),
    Index("ix_payment_marks_payment", "payment"),
)

# Append-only: each step by which two operators give a sum back, by the payer's number of the sum.
payment_refunds = Table(
    "payment_refunds",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("payment", Text, nullable=False),  # whose row the sum had then: the key under which its payer gives it back
    Column("payer", Text, nullable=False),
    Column("payer_receipt", Text, nullable=False),
    Column("step", Text, nullable=False),  # proposed, dropped (it pays after all), ordered, made
    Column("by", Text),  # the operator; null where nobody decided it
    Column("amount", BigInteger),  # what was made: a part where another had gone before
    Column("receipt", Text),  # the payer's number of what was made
    Column("at", Text, nullable=False),
    Index("ix_payment_refunds_payer_receipt", "payer", "payer_receipt"),
    Index("ix_payment_refunds_payment", "payment"),
)

_MARKED: Final = payment_marks.c.payment == payments.c.id, payment_marks.c.mark == "entered"
_OF_SUM: Final = tuple(payment_refunds.c[one] == payments.c[one] for one in ("payer", "payer_receipt"))


def _newest(column: Column[Any], *where: ColumnElement[bool]) -> Any:
    return select(column).where(*where).order_by(column.table.c.id.desc()).limit(1).scalar_subquery()


def _step(*steps: str) -> Any:
    return _newest(payment_refunds.c.by, *_OF_SUM, payment_refunds.c.step.in_(steps))


SAID: Final = (
    _newest(payment_marks.c.receipt, *_MARKED).label("receipt"),  # the biller's
    _newest(payment_marks.c.at, *_MARKED).label("marked_at"),
    _step("proposed", "dropped").label("refund_proposed_by"),
    _step("ordered").label("refund_made_by"),
    _newest(payment_refunds.c.receipt, *_OF_SUM, payment_refunds.c.step == "made").label("refund_answer"),
)
"""What a payment's marks and refunds say of it, beside its own columns."""


def whole() -> Select[Any]:
    """Return the query of payments with what their marks and refunds say."""
    return select(payments, *SAID)

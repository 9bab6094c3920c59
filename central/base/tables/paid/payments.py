"""Bills that somebody asked for, each try to pay one, and what became of it."""

from sqlalchemy import BigInteger, Column, Index, Integer, Table, Text, UniqueConstraint

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
    Column("receipt", Text),
    # JSON of seal and page token, sealed at rest; of the token the digest alone stands in the clear.
    Column("proof", Text),
    Column("page_sha256", Text, unique=True),
    Column("at", Text, nullable=False),
    Column("dies_at", Text, nullable=False),
    Column("paid_at", Text),
    Column("paid_amount", BigInteger),  # what came; null until then
    Column("marked_at", Text),
    Column("withdrawn_at", Text),  # it was never shown: nobody waits for it
    # When something is to be done for it next, null where nothing is; how often in vain; until when one works on it.
    Column("due_at", Text),
    Column("tries", Integer, nullable=False),
    Column("claimed_until", Text),
    # Refund: who proposed, who made it, the payer's number of it.
    Column("refund_proposed_by", Text),
    Column("refund_made_by", Text),
    Column("refund_receipt", Text),
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
    # A state, or `withdrawn`, `told`, `late`, `asked`, `refund-proposed`, `another-sum`.
    Column("event", Text, nullable=False),
    Column("by", Text, nullable=False),  # kiosk, payer, books, biller, central, or operator:NAME
    Column("detail", Text, nullable=False),  # JSON, nothing personal
    Column("at", Text, nullable=False),
    Index("ix_payment_events_payment", "payment"),
)

# Append-only: that a biller has entered a payment, or why its money goes back, whatever comes; the newest holds.
payment_decisions = Table(
    "payment_decisions",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("payment", Text, nullable=False),
    Column("decision", Text, nullable=False),  # entered, or a reason as of payments
    Column("payer_receipt", Text),  # of the sum that was entered
    Column("receipt", Text),  # the biller's
    Column("at", Text, nullable=False),
    Index("ix_payment_decisions_payment", "payment"),
)

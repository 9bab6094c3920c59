"""What payers' and billers' own books say, as far as they were read, and the books that we keep for some billers."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Table, Text, UniqueConstraint

from central.base.tables.base import RowId, metadata

# Append-only: each word of a payer's on a sum, as it came. One that corrects another names it, which stays.
payer_words = Table(
    "payer_words",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("payer", Text, nullable=False),
    Column("receipt", Text, nullable=False),
    Column("kind", Text, nullable=False),  # paid, refunded
    Column("bill_no", Text, nullable=False),
    Column("amount", BigInteger),
    Column("currency", Text),
    Column("at", Text, nullable=False),  # as the payer says, else when it was heard
    Column("source", Text, nullable=False),  # payer (a webhook or an answer), books, file
    Column("heard_at", Text, nullable=False),
    Column("through", Text),  # the last day of the file that says so
    Column("replaces", BigInteger),  # the word that it corrects
    Index("ix_payer_words_bill_no", "payer", "bill_no"),
    Index("ix_payer_words_receipt", "payer", "receipt"),
    Index("ix_payer_words_at", "at"),
)

# The word that stands on each sum, once by its payer's number, and which payment the sum is of.
payer_entries = Table(
    "payer_entries",
    metadata,
    Column("payer", Text, primary_key=True),
    Column("receipt", Text, primary_key=True),  # the payer's own number of it
    Column("kind", Text, nullable=False),  # paid, refunded
    Column("bill_no", Text, nullable=False),
    Column("amount", BigInteger),  # null until the payer's books name it
    Column("currency", Text),
    Column("payment", Text),  # null: a number not ours, or that nobody here knows
    Column("at", Text, nullable=False),  # as the payer says, else when it was heard
    Column("booked_at", Text),  # when it was read in the payer's books; null: only said
    Column("through", Text),  # the last day of the newest file that says so
    Index("ix_payer_entries_at", "payer", "at"),
    Index("ix_payer_entries_payment", "payment"),
)

biller_entries = Table(
    "biller_entries",
    metadata,
    Column("biller", Text, primary_key=True),
    Column("seq", BigInteger, primary_key=True),
    Column("kind", Text, nullable=False),  # new, amount, marked, paid-elsewhere, reversed
    Column("debt_mark", Text, nullable=False),
    Column("amount", BigInteger),
    Column("receipt", Text),
    Column("key", Text),  # under which it was marked: a payment of ours
    Column("by", Text),
    Column("at", Text, nullable=False),  # when it was read
    Index("ix_biller_entries_key", "key"),
    Index("ix_biller_entries_debt_mark", "biller", "debt_mark"),
)

# Up to where books were read, and what a payer or biller last said of itself.
payment_ports = Table(
    "payment_ports",
    metadata,
    Column("side", Text, primary_key=True),  # payer, biller
    Column("name", Text, primary_key=True),
    Column("cursor", Text),
    Column("read_at", Text),
    Column("fields", Text),  # JSON of what a biller asks for, as it last said
    Column("address", Text),  # the random part of a payer's webhook, sealed at rest
    Column("claimed_until", Text),  # until when one process reads its books
)

# Debts of billers that give files: the newest file holds, and what was marked stays marked whatever a later one says.
filed_debts = Table(
    "filed_debts",
    metadata,
    Column("biller", Text, primary_key=True),
    Column("debt_mark", Text, primary_key=True),
    Column("subscriber_mark", Text, nullable=False),
    Column("sealed", Text, nullable=False),  # JSON of payments.billers.port.Debt, sealed at rest
    Column("amount", BigInteger, nullable=False),
    Column("is_open", Boolean, nullable=False),  # named by the newest file
    Column("taken_at", Text, nullable=False),
    Index("ix_filed_debts_subscriber_mark", "biller", "subscriber_mark"),
)

# Marks that we keep: for billers of files, until they are written out, and of orders' fees.
kept_marks = Table(
    "kept_marks",
    metadata,
    Column("seq", RowId, primary_key=True, autoincrement=True),
    Column("biller", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("debt_mark", Text, nullable=False),
    Column("sealed", Text, nullable=False),  # the debt's id, sealed at rest
    Column("amount", BigInteger, nullable=False),
    Column("currency", Text, nullable=False),
    Column("payer", Text, nullable=False),
    Column("receipt", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("written_at", Text),
    UniqueConstraint("biller", "key", name="uq_kept_marks_biller_key"),
    UniqueConstraint("biller", "debt_mark", name="uq_kept_marks_biller_debt_mark"),
)

"""The table of payments that were opened here, beside those of `offline_store.disk.tables`, which names it."""

from sqlalchemy import Column, Integer, Table, Text

from offline_store.disk.metadata import metadata

# opened -> what central says of it. A row without `told` is one of which nobody has been told how it ended: after a cut
# the next start says it. Nothing of a subscriber is in it.
payments = Table(
    "payments",
    metadata,
    Column("payment", Text, primary_key=True),
    Column("inquiry", Text, nullable=False),
    Column("bill_no", Text, nullable=False),
    Column("biller", Text, nullable=False),
    Column("payer", Text, nullable=False),
    Column("amount", Integer, nullable=False),  # of the currency's smallest unit
    Column("currency", Text, nullable=False),
    Column("pound", Text, nullable=False),
    Column("dies_at", Text, nullable=False),  # by central
    Column("opened_at", Integer, nullable=False),
    Column("state", Text, nullable=False),  # as central last said it
    Column("told", Text),  # the state that screen or paper last named
)

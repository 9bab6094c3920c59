"""What is asked of central and waited for, and payments opened here; `offline_store.disk.tables` names them."""

from sqlalchemy import Column, Index, Integer, Table, Text, text

from offline_store.disk.metadata import metadata

# asked -> answered | refused | withdrawn by central's word, failed by nobody's -> shown | over; what may have been done
# and was not shown: -> undo -> over.
inquiries = Table(
    "inquiries",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kiosk", Text, nullable=False),  # under which id it was asked: after another enrolment it is undone as that
    Column("kind", Text, nullable=False),
    Column("body", Text, nullable=False),  # JSON; personal fields sealed to central in it
    Column("reply_key", Text, nullable=False),  # public: its private half is in the asking process's memory alone
    # When it dies, by the asker's own boot: no clock setting moves it.
    Column("boot_id", Text, nullable=False),
    Column("dies_ns", Integer, nullable=False),
    Column("asked_at", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("revision", Integer, nullable=False, server_default="0"),  # of what central calls pending
    Column("answer", Text),  # JSON; personal fields sealed to the reply key in it
    Index("ix_inquiries_open", "state", sqlite_where=text("state IN ('asked', 'answered', 'failed', 'undo')")),
)

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

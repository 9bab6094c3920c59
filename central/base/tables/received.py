"""What came from kiosks and hubs: batches, their items, the chains these make, and what does not fit."""

from sqlalchemy import BigInteger, Column, Index, Table, Text, UniqueConstraint, text

from central.base.tables.base import RowId, metadata

GONE = ""
"""The body of an applied item whose content was deleted by rule: no item that can be read has an empty one."""

batches = Table(
    "batches",
    metadata,
    # Random: items name it, and no row has to be read back first.
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("kiosk", Text, nullable=False),
    Column("received_at", Text, nullable=False),
    # Evidence that outlives TLS. The kiosk's own time (`created`) stands in the input and is never judged.
    Column("content_digest", Text, nullable=False),
    Column("signature_input", Text, nullable=False),
    Column("signature", Text, nullable=False),
    # The address that was signed; null for what came on a stick, or before it was kept.
    Column("target", Text),
    Index("ix_batches_kiosk", "kiosk"),
)

inbox = Table(
    "inbox",
    metadata,
    Column("arrival", RowId, primary_key=True, autoincrement=True),
    Column("id", Text, nullable=False),
    Column("kiosk", Text, nullable=False),
    # Null, with the raw JSON in `body`, for a quarantined item that could not even be read as an item.
    Column("epoch", Text),
    Column("seq", BigInteger),
    Column("kind", Text),
    Column("wall_time", Text),
    Column("boot_time_ns", BigInteger),
    Column("boot_id", Text),
    Column("clock", Text),
    # GONE where the rule took it; the row stays, since what comes again is told by its id, place and hash.
    Column("body", Text, nullable=False),
    Column("prev_hash", Text),
    Column("hash", Text, nullable=False),
    Column("result", Text, nullable=False),  # applied, quarantined
    Column("reason", Text),
    Column("batch", BigInteger, nullable=False),
    # The order an item of kind `order` claims in the clear.
    Column("order_id", Text),
    # null: nothing sealed; waiting -> opened | unsealable
    Column("seal_state", Text),
    # Ids stand on paper and are no secret: one that another kiosk used first must not turn the real ticket away.
    # The id stands first, so that one index also finds it wherever it was used.
    UniqueConstraint("id", "kiosk"),
    UniqueConstraint("kiosk", "epoch", "seq"),
    Index(
        "ix_inbox_waiting",
        "arrival",
        sqlite_where=text("seal_state = 'waiting'"),
        postgresql_where=text("seal_state = 'waiting'"),
    ),
    # What /metrics and `central quarantine` look for, and what waits for a key of the app: few among millions.
    Index(
        "ix_inbox_quarantined",
        "arrival",
        sqlite_where=text("result = 'quarantined'"),
        postgresql_where=text("result = 'quarantined'"),
    ),
    Index(
        "ix_inbox_key_unknown",
        "arrival",
        sqlite_where=text("reason = 'code-key-unknown'"),
        postgresql_where=text("reason = 'code-key-unknown'"),
    ),
    Index(
        "ix_inbox_order",
        "order_id",
        sqlite_where=text("order_id IS NOT NULL"),
        postgresql_where=text("order_id IS NOT NULL"),
    ),
    # What a kiosk answered when it was asked for its log: the page of a machine looks for the newest.
    Index(
        "ix_inbox_diagnosis",
        "kiosk",
        "arrival",
        sqlite_where=text("kind = 'diagnosis'"),
        postgresql_where=text("kind = 'diagnosis'"),
    ),
)

chains = Table(
    "chains",
    metadata,
    Column("kiosk", Text, primary_key=True),
    Column("epoch", Text, primary_key=True),
    # Up to here every item is present; 0 and 64 zeros until the epoch's first item has come.
    Column("head_seq", BigInteger, nullable=False),
    Column("head_hash", Text, nullable=False),
    Column("max_seq", BigInteger, nullable=False),
)

findings = Table(
    "findings",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("kiosk", Text, nullable=False),
    Column("epoch", Text, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("code", Text, nullable=False),
    Column("item", Text, nullable=False),
    Column("at", Text, nullable=False),
    # When somebody has seen to it, and who.
    Column("settled_at", Text),
    Column("settled_by", Text),
    UniqueConstraint("kiosk", "epoch", "seq", "code", "item"),
)

health = Table(
    "health",
    metadata,
    Column("kiosk", Text, primary_key=True),
    Column("report", Text, nullable=False),
    Column("at", Text, nullable=False),
)

# When each kiosk and hub was last heard, to the half minute: what it asked or delivered, whatever it said.
contacts = Table(
    "contacts",
    metadata,
    Column("kiosk", Text, primary_key=True),
    Column("at", Text, nullable=False),
)

# What each kiosk said of itself whenever it changed.
health_history = Table(
    "health_history",
    metadata,
    Column("kiosk", Text, primary_key=True),
    Column("at", Text, primary_key=True),
    Column("state", Text, nullable=False),  # JSON of kiosks.state.KioskState
)

waiting_lists = Table(
    "waiting_lists",
    metadata,
    Column("hub", Text, primary_key=True),
    Column("list", Text, nullable=False),  # JSON of what the hub said
    Column("at", Text, nullable=False),  # when central heard it
)

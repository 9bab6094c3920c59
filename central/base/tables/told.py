"""What central tells: the feed, its numberings, the time, and new versions in stages."""

from sqlalchemy import BigInteger, Column, Index, Integer, Table, Text, text

from central.base.tables.base import RowId, metadata

feed = Table(
    "feed",
    metadata,
    # Given by `feed.append` under a lock, so that ids become visible in their order.
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    # What a newer message of the same kind and key replaces: a kid, an order id, a technician's id, or nothing.
    Column("key", Text, nullable=False),
    Column("body", Text, nullable=False),
    # Who it is for; both null: every kiosk.
    Column("centre", Text),
    Column("kiosk", Text),
    Column("at", Text, nullable=False),
    # Random, 16 hex digits: after a restore an id comes again, its mark never.
    Column("mark", Text, nullable=False),
    Index("ix_feed_kind_key", "kind", "key", "id"),
    Index("ix_feed_audience", "centre", "kiosk", "id"),
    Index(
        "ix_feed_order_states",
        "centre",
        "at",
        sqlite_where=text("kind = 'order-state'"),
        postgresql_where=text("kind = 'order-state'"),
    ),
)

# One numbering of the feed each; the last one is on.
feed_epochs = Table(
    "feed_epochs",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("epoch", Text, nullable=False, unique=True),
    Column("why", Text, nullable=False),
    Column("began_at", Text, nullable=False),
    # Every message of this epoch has an id above it.
    Column("floor", BigInteger, nullable=False),
)

# Who showed lately that central lacks what it said or took: of two, a feed epoch begins.
feed_claims = Table(
    "feed_claims",
    metadata,
    Column("kiosk", Text, primary_key=True),
    Column("at", Text, nullable=False),
)

# One row from the first time that was signed: the last word, to the hour. A clock that is days ahead of it waits.
signed_time = Table(
    "signed_time",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("at", Text, nullable=False),
)

rollouts = Table(
    "rollouts",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("version", Text, nullable=False),
    Column("role", Text, nullable=False, server_default="kiosk"),  # kiosk or hub: whose version it is
    Column("due_from", Text, nullable=False),  # the earliest time at which a machine installs it
    Column("first", Integer, nullable=False),  # how many are told at the beginning
    Column("state", Text, nullable=False),  # running, stopped, done
    Column("started_at", Text, nullable=False),
    Column("why", Text),  # it was stopped
    # When somebody or the timer last looked at the next step; of one that is over, when that was.
    Column("looked_at", Text),
)

rollout_kiosks = Table(
    "rollout_kiosks",
    metadata,
    Column("rollout", BigInteger, primary_key=True),
    Column("kiosk", Text, primary_key=True),
    Column("told_at", Text, nullable=False),
)

"""How long what is kept, as the city says, and the copies that were made of all of it."""

from sqlalchemy import BigInteger, Column, Integer, Table, Text

from central.base.tables.base import RowId, metadata

retention = Table(
    "retention",
    metadata,
    Column("kind", Text, primary_key=True),  # one of retention.kinds
    Column("days", Integer),  # null, or no row: for ever
    # What was older than this may be gone; null until something went.
    Column("gone_before", Text),
    # When last all that was older had gone, or since when the rule stands.
    Column("kept_at", Text),
)

backups = Table(
    "backups",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("made_at", Text, nullable=False),
    Column("folder", Text, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("checked_at", Text),  # when it was last restored into a scratch database
)

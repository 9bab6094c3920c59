"""How long what is kept, as the city says."""

from sqlalchemy import Column, Integer, Table, Text

from central.base.tables.base import metadata

retention = Table(
    "retention",
    metadata,
    Column("kind", Text, primary_key=True),  # personal, items, feed, health
    Column("days", Integer),  # null, or no row: for ever
    # What was older than this may be gone; null until something went.
    Column("gone_before", Text),
)

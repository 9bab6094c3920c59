"""What kiosks and hubs ask while somebody waits, for a day."""

from sqlalchemy import BigInteger, Column, Index, Table, Text

from central.base.tables.base import metadata

inquiries = Table(
    "inquiries",
    metadata,
    Column("kiosk", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    # Of what was asked: the same id with another question is no repetition. Null where it was undone before it came.
    Column("sha256", Text),
    Column("state", Text, nullable=False),  # pending, answered, refused, withdrawn
    Column("revision", BigInteger, nullable=False),
    # JSON, sealed at rest: a code may stand in it that is worth a place.
    Column("answer", Text),
    # By what the kind that answered knows what it did, to undo it.
    Column("reference", Text),
    Column("reply_key", Text),
    Column("at", Text, nullable=False),
    Index("ix_inquiries_at", "kiosk", "at"),
)

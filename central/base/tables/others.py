"""Other systems of the city that ask or tell central something, each by its token."""

from sqlalchemy import Column, Table, Text

from central.base.tables.base import metadata

systems = Table(
    "systems",
    metadata,
    Column("name", Text, primary_key=True),
    Column("may", Text, nullable=False),  # order-states, visits, claims
    Column("token_sha256", Text, nullable=False, unique=True),
    # Where it wants to hear that there is something new.
    Column("webhook", Text),
    # What its webhooks are signed with, sealed at rest; null of one that has only its token, from before there was any.
    Column("webhook_secret", Text),
    Column("given_at", Text, nullable=False),
)

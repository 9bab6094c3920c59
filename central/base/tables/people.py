"""Who looks at central, and what they did."""

from sqlalchemy import BigInteger, Column, Integer, Table, Text

from central.base.tables.base import RowId, metadata

# `centres` is a JSON list of codes, null: all.
operators = Table(
    "operators",
    metadata,
    Column("name", Text, primary_key=True),
    Column("role", Text, nullable=False),  # reader, manager, administrator
    Column("centres", Text),
    Column("password_hash", Text, nullable=False),
    Column("totp_secret", Text, nullable=False),
    Column("totp_used", BigInteger, nullable=False),  # the last step whose code was taken: no code counts twice
)

operator_sessions = Table(
    "operator_sessions",
    metadata,
    Column("token_sha256", Text, primary_key=True),
    Column("operator", Text, nullable=False),
    Column("begun_at", Text, nullable=False),
    Column("used_at", Text, nullable=False),
)

operator_failures = Table(
    "operator_failures",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("at", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("address", Text, nullable=False),
)

operations = Table(
    "operations",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("at", Text, nullable=False),
    Column("operator", Text, nullable=False),
    Column("act", Text, nullable=False),
    Column("detail", Text, nullable=False),
)

# Kiosks and hubs that are being worked on: they ring for nobody.
muted = Table(
    "muted",
    metadata,
    Column("kiosk", Text, primary_key=True),
    Column("until", Text, nullable=False),
    Column("operator", Text, nullable=False),
)

"""Keys: central's own, those of the citizen's app; whether central ever served others, or is a sandbox."""

from sqlalchemy import BigInteger, Column, Integer, Table, Text

from central.base.tables.base import RowId, metadata

central_keys = Table(
    "central_keys",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("purpose", Text, nullable=False),  # signing, sealing, claims, receipts
    Column("kid", Text, nullable=False, unique=True),
    Column("public_key", Text, nullable=False),
    # The private key, sealed by the key file that each machine of central's has.
    Column("wrapped", Text),
    # The signing key before it, which vouches for this one; null for the first.
    Column("signed_by", Text),
    Column("signature", Text),
    # The feed message that told the kiosks; null for the first keys, which come with enrolment.
    Column("feed_id", BigInteger),
    # The newer signing key that has taken this one back, and its word.
    Column("retired_by", Text),
    Column("retirement", Text),
    # Of a key for claims or receipts: since when another one signs in its place, seconds since 1970.
    Column("ended_at", BigInteger),
)

# One row from the first time that central served others than its own machine: from then on it mints no demo codes.
serving = Table(
    "serving",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("public_since", Text, nullable=False),
)

# One row from the first moment of a sandbox: how far its clock was moved ahead.
sandbox = Table(
    "sandbox",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("ahead_s", BigInteger, nullable=False),
)

app_keys = Table(
    "app_keys",
    metadata,
    Column("kid", Text, primary_key=True),
    Column("public_key", Text, nullable=False),
    Column("valid_from", BigInteger, nullable=False),
    Column("valid_until", BigInteger, nullable=False),
    Column("revoked_at", BigInteger),
)

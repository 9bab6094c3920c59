"""Who is enrolled, in which centre, by which code, and with which digit."""

from sqlalchemy import Column, Index, Integer, Table, Text, UniqueConstraint, text

from central.base.tables.base import RowId, metadata

kiosks = Table(
    "kiosks",
    metadata,
    Column("id", Text, primary_key=True),
    Column("centre", Text, nullable=False),
    Column("digit", Integer, nullable=False),
    Column("public_key", Text, nullable=False, unique=True),
    Column("enrolled_at", Text, nullable=False),
    Column("revoked_at", Text),
    # The newest of central's signing keys that this kiosk is known to know: answers to it are signed with it.
    Column("signing_kid", Text, nullable=False),
    # The newest that enrolment gave it: a kiosk that has lost its store knows that one and no later one.
    Column("enrolment_kid", Text, nullable=False),
    # kiosk, or hub: a centre's own server, with digit 0 and where kiosks and pages reach it.
    Column("role", Text, nullable=False, server_default="kiosk"),
    Column("address", Text),
    Column("certificate_sha256", Text),
    # Base64 of DER: the hub's public TLS key, and the newest certificate that central signed for it.
    Column("tls_key", Text),
    Column("certificate", Text),
)

centres = Table(
    "centres",
    metadata,
    Column("code", Text, primary_key=True),
    Column("name_ar", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("kiosks_wanted", Integer, nullable=False),
)

digits = Table(
    "digits",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("centre", Text, nullable=False),
    Column("digit", Integer, nullable=False),
    Column("kiosk", Text, nullable=False),
    # The business date on which it was given back; null while in use. It may be given again on a later date only.
    Column("freed_on", Text),
    # Of a revoked kiosk, which may not have heard of it: the last business date on which nobody else has its digit,
    # unless it has said its last before.
    Column("rests_until", Text),
    Index(
        "uq_digits_in_use",
        "centre",
        "digit",
        unique=True,
        sqlite_where=text("freed_on IS NULL"),
        postgresql_where=text("freed_on IS NULL"),
    ),
)

enrolment_codes = Table(
    "enrolment_codes",
    metadata,
    Column("code_sha256", Text, primary_key=True),
    Column("centre", Text, nullable=False),
    Column("expires_at", Text, nullable=False),
    # Who used it: the same key gets the same answer again.
    Column("public_key", Text),
    Column("kiosk", Text),
    Column("role", Text, nullable=False, server_default="kiosk"),
    # A hub's address outside the city's own networks and zone, which key asked with it, and the administrator who
    # confirmed it: until then nobody is enrolled there.
    Column("asked_address", Text),
    Column("asked_key", Text),
    Column("confirmed_by", Text),
)

wrong_codes = Table(
    "wrong_codes",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("at", Text, nullable=False),
    # Who guessed, and what: others and other codes are none the worse for it.
    Column("address", Text, nullable=False),
    Column("code_sha256", Text, nullable=False),
)

clerks = Table(
    "clerks",
    metadata,
    Column("id", Text, primary_key=True),
    Column("centre", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),  # clerk, manager
    # The first two digits of the PIN: they name the clerk in the centre.
    Column("sign", Text, nullable=False),
    Column("pin_hash", Text, nullable=False),
    Column("pin_at", Text, nullable=False, server_default=""),  # when it was made
    UniqueConstraint("centre", "sign"),
    UniqueConstraint("centre", "name"),
)

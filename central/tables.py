"""Central's tables, the same on SQLite and PostgreSQL. Changes to them are Alembic revisions in `migrations/`.

Times are RFC 3339 text in UTC with microseconds: they sort as text and read the same in both databases.
"""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, MetaData, Table, Text, UniqueConstraint, text

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite counts rows by itself only in a column of exactly this type.
RowId = BigInteger().with_variant(Integer(), "sqlite")

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

central_keys = Table(
    "central_keys",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("purpose", Text, nullable=False),  # signing, sealing
    Column("kid", Text, nullable=False, unique=True),
    Column("public_key", Text, nullable=False),
    # The private key, sealed by the key file that each machine of central's has; null until `central migrate`.
    Column("wrapped", Text),
    # The signing key before it, which vouches for this one; null for the first.
    Column("signed_by", Text),
    Column("signature", Text),
    # The feed message that told the kiosks; null for the first keys, which come with enrolment.
    Column("feed_id", BigInteger),
    # The newer signing key that has taken this one back, and its word.
    Column("retired_by", Text),
    Column("retirement", Text),
)

# One row from the first time that central served others than its own machine: from then on it mints no demo codes.
serving = Table(
    "serving",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("public_since", Text, nullable=False),
)

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
    UniqueConstraint("kiosk", "epoch", "seq", "code", "item"),
)

opened = Table(
    "opened",
    metadata,
    Column("kiosk", Text, primary_key=True),
    Column("item", Text, primary_key=True),
    Column("content", Text, nullable=False),
    Column("opened_at", Text, nullable=False),
)

orders = Table(
    "orders",
    metadata,
    Column("order_id", Text, primary_key=True),
    Column("item", Text, nullable=False),
    Column("kiosk", Text, nullable=False),
    Column("number", Text, nullable=False),
    Column("service", Text, nullable=False),
    Column("centre", Text, nullable=False),
    Column("at", Text, nullable=False),
    # The code's own personal block, opened; null where there is none or it does not open.
    Column("personal", Text),
    UniqueConstraint("kiosk", "item"),
)

feed = Table(
    "feed",
    metadata,
    # Given by `feed.append` under a lock, so that ids become visible in their order.
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    # What a newer message of the same kind and key replaces: a kid, an order id, a technician's id, or nothing.
    Column("key", Text, nullable=False),
    Column("body", Text, nullable=False),
    # Whom it is for; both null: every kiosk.
    Column("centre", Text),
    Column("kiosk", Text),
    Column("at", Text, nullable=False),
    # Random, 16 hex digits: after a restore an id comes again, its mark never.
    Column("mark", Text, nullable=False),
    Index("ix_feed_kind_key", "kind", "key", "id"),
    Index("ix_feed_audience", "centre", "kiosk", "id"),
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

app_keys = Table(
    "app_keys",
    metadata,
    Column("kid", Text, primary_key=True),
    Column("public_key", Text, nullable=False),
    Column("valid_from", BigInteger, nullable=False),
    Column("valid_until", BigInteger, nullable=False),
    Column("revoked_at", BigInteger),
)

health = Table(
    "health",
    metadata,
    Column("kiosk", Text, primary_key=True),
    Column("report", Text, nullable=False),
    Column("at", Text, nullable=False),
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
    UniqueConstraint("centre", "sign"),
    UniqueConstraint("centre", "name"),
)

# Tickets and queue events as read out of the inbox: made anew from it at any time, see `visits.projection`.
tickets = Table(
    "tickets",
    metadata,
    Column("kiosk", Text, primary_key=True),
    Column("ticket", Text, primary_key=True),
    Column("number", Text, nullable=False),
    Column("service", Text, nullable=False),
    Column("business_day", Text, nullable=False),
    Column("priority", Text, nullable=False),
    Column("is_voided", Boolean, nullable=False),
    Column("issued_at", Text, nullable=False),
    Column("token", Text),
    Index("ix_tickets_business_day_kiosk", "business_day", "kiosk"),
    Index(
        "ix_tickets_token",
        "token",
        sqlite_where=text("token IS NOT NULL"),
        postgresql_where=text("token IS NOT NULL"),
    ),
)

queue_events = Table(
    "queue_events",
    metadata,
    Column("hub", Text, primary_key=True),
    Column("epoch", Text, primary_key=True),
    Column("seq", BigInteger, primary_key=True),
    # The ticket that it is about; null for what concerns a counter or a day.
    Column("kiosk", Text),
    Column("ticket", Text),
    Column("at", Text, nullable=False),
    Column("body", Text, nullable=False),  # JSON of the item's body
    Index("ix_queue_events_kiosk_ticket", "kiosk", "ticket"),
)

projections = Table(
    "projections",
    metadata,
    Column("name", Text, primary_key=True),
    # Every item up to here has been read for good.
    Column("arrival", BigInteger, nullable=False),
)

waiting_lists = Table(
    "waiting_lists",
    metadata,
    Column("hub", Text, primary_key=True),
    Column("list", Text, nullable=False),  # JSON of what the hub said
    Column("at", Text, nullable=False),  # when central heard it
)

# Who looks at central, and what they did. `centres` is a JSON list of codes, null: all.
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

# What each kiosk said of itself whenever it changed, and which are being worked on: those ring for nobody.
health_history = Table(
    "health_history",
    metadata,
    Column("kiosk", Text, primary_key=True),
    Column("at", Text, primary_key=True),
    Column("state", Text, nullable=False),  # JSON of kiosks.state.KioskState
)
muted = Table(
    "muted",
    metadata,
    Column("kiosk", Text, primary_key=True),
    Column("until", Text, nullable=False),
    Column("operator", Text, nullable=False),
)

rollouts = Table(
    "rollouts",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("version", Text, nullable=False),
    Column("due_from", Text, nullable=False),  # the earliest time at which a kiosk installs it
    Column("first", Integer, nullable=False),  # how many are told at the beginning
    Column("state", Text, nullable=False),  # running, stopped, done
    Column("started_at", Text, nullable=False),
    Column("why", Text),  # it was stopped
)

rollout_kiosks = Table(
    "rollout_kiosks",
    metadata,
    Column("rollout", BigInteger, primary_key=True),
    Column("kiosk", Text, primary_key=True),
    Column("told_at", Text, nullable=False),
)

"""Central's tables of 1.0.0."""

import uuid
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# SQLite counts rows by itself only in a column of exactly this type.
ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SHIPPED = (
    ("homs-main", "المركز الرئيسي", "Main centre"),
    ("homs-new", "مركز حمص الجديدة", "New Homs centre"),
    ("homs-hamra", "مركز الحمراء", "Al-Hamra centre"),
)


def upgrade() -> None:
    _enrolled()
    _kept()
    _keys()
    _ordered()
    _others()
    _people()
    _received()
    _told()
    _visited()


def _enrolled() -> None:
    op.create_table(
        "kiosks",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("centre", sa.Text(), nullable=False),
        sa.Column("digit", sa.Integer(), nullable=False),
        sa.Column("public_key", sa.Text(), nullable=False),
        sa.Column("enrolled_at", sa.Text(), nullable=False),
        sa.Column("revoked_at", sa.Text(), nullable=True),
        sa.Column("signing_kid", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), server_default="kiosk", nullable=False),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("certificate_sha256", sa.Text(), nullable=True),
        sa.Column("enrolment_kid", sa.Text(), nullable=False),
        sa.Column("tls_key", sa.Text(), nullable=True),
        sa.Column("certificate", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kiosks")),
        sa.UniqueConstraint("public_key", name=op.f("uq_kiosks_public_key")),
    )
    centres = op.create_table(
        "centres",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name_ar", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("kiosks_wanted", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_centres")),
    )
    op.bulk_insert(
        centres, [{"code": code, "name_ar": ar, "name_en": en, "kiosks_wanted": 0} for code, ar, en in SHIPPED]
    )
    op.create_table(
        "digits",
        sa.Column("id", ROW_ID, autoincrement=True, nullable=False),
        sa.Column("centre", sa.Text(), nullable=False),
        sa.Column("digit", sa.Integer(), nullable=False),
        sa.Column("kiosk", sa.Text(), nullable=False),
        sa.Column("freed_on", sa.Text(), nullable=True),
        sa.Column("rests_until", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digits")),
    )
    op.create_index(
        "uq_digits_in_use",
        "digits",
        ["centre", "digit"],
        unique=True,
        sqlite_where=sa.text("freed_on IS NULL"),
        postgresql_where=sa.text("freed_on IS NULL"),
    )
    op.create_table(
        "enrolment_codes",
        sa.Column("code_sha256", sa.Text(), nullable=False),
        sa.Column("centre", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.Text(), nullable=False),
        sa.Column("public_key", sa.Text(), nullable=True),
        sa.Column("kiosk", sa.Text(), nullable=True),
        sa.Column("role", sa.Text(), server_default="kiosk", nullable=False),
        sa.Column("asked_address", sa.Text(), nullable=True),
        sa.Column("asked_key", sa.Text(), nullable=True),
        sa.Column("confirmed_by", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("code_sha256", name=op.f("pk_enrolment_codes")),
    )
    op.create_table(
        "wrong_codes",
        sa.Column("id", ROW_ID, autoincrement=True, nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("code_sha256", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wrong_codes")),
    )
    op.create_table(
        "clerks",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("centre", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("sign", sa.Text(), nullable=False),
        sa.Column("pin_hash", sa.Text(), nullable=False),
        sa.Column("pin_at", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clerks")),
        sa.UniqueConstraint("centre", "sign", name=op.f("uq_clerks_centre_sign")),
        sa.UniqueConstraint("centre", "name", name=op.f("uq_clerks_centre_name")),
    )


def _kept() -> None:
    op.create_table(
        "retention",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.Column("gone_before", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("kind", name=op.f("pk_retention")),
    )


def _keys() -> None:
    op.create_table(
        "central_keys",
        sa.Column("id", ROW_ID, autoincrement=True, nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("kid", sa.Text(), nullable=False),
        sa.Column("public_key", sa.Text(), nullable=False),
        sa.Column("signed_by", sa.Text(), nullable=True),
        sa.Column("signature", sa.Text(), nullable=True),
        sa.Column("feed_id", sa.BigInteger(), nullable=True),
        sa.Column("retired_by", sa.Text(), nullable=True),
        sa.Column("retirement", sa.Text(), nullable=True),
        sa.Column("wrapped", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_central_keys")),
        sa.UniqueConstraint("kid", name=op.f("uq_central_keys_kid")),
    )
    op.create_table(
        "serving",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("public_since", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_serving")),
    )
    op.create_table(
        "app_keys",
        sa.Column("kid", sa.Text(), nullable=False),
        sa.Column("public_key", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.BigInteger(), nullable=False),
        sa.Column("valid_until", sa.BigInteger(), nullable=False),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("kid", name=op.f("pk_app_keys")),
    )


def _ordered() -> None:
    op.create_table(
        "opened",
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.Text(), nullable=False),
        sa.Column("kiosk", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("kiosk", "item", name=op.f("pk_opened")),
    )
    op.create_table(
        "orders",
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("kiosk", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("centre", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("personal", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_orders")),
        sa.UniqueConstraint("kiosk", "item", name=op.f("uq_orders_kiosk_item")),
    )


def _others() -> None:
    op.create_table(
        "systems",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("may", sa.Text(), nullable=False),
        sa.Column("token_sha256", sa.Text(), nullable=False),
        sa.Column("webhook", sa.Text(), nullable=True),
        sa.Column("told", sa.BigInteger(), nullable=False),
        sa.Column("given_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_systems")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_systems_token_sha256")),
    )


def _people() -> None:
    op.create_table(
        "operators",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("centres", sa.Text(), nullable=True),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("totp_secret", sa.Text(), nullable=False),
        sa.Column("totp_used", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_operators")),
    )
    op.create_table(
        "operator_sessions",
        sa.Column("token_sha256", sa.Text(), nullable=False),
        sa.Column("operator", sa.Text(), nullable=False),
        sa.Column("begun_at", sa.Text(), nullable=False),
        sa.Column("used_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("token_sha256", name=op.f("pk_operator_sessions")),
    )
    op.create_table(
        "operator_failures",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operator_failures")),
    )
    op.create_table(
        "operations",
        sa.Column("id", ROW_ID, autoincrement=True, nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("operator", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operations")),
    )
    op.create_table(
        "muted",
        sa.Column("kiosk", sa.Text(), nullable=False),
        sa.Column("until", sa.Text(), nullable=False),
        sa.Column("operator", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("kiosk", name=op.f("pk_muted")),
    )


def _received() -> None:
    op.create_table(
        "batches",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kiosk", sa.Text(), nullable=False),
        sa.Column("received_at", sa.Text(), nullable=False),
        sa.Column("content_digest", sa.Text(), nullable=False),
        sa.Column("signature_input", sa.Text(), nullable=False),
        sa.Column("signature", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batches")),
    )
    op.create_index("ix_batches_kiosk", "batches", ["kiosk"], unique=False)
    op.create_table(
        "inbox",
        sa.Column("arrival", ROW_ID, autoincrement=True, nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kiosk", sa.Text(), nullable=False),
        sa.Column("epoch", sa.Text(), nullable=True),
        sa.Column("seq", sa.BigInteger(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("wall_time", sa.Text(), nullable=True),
        sa.Column("boot_time_ns", sa.BigInteger(), nullable=True),
        sa.Column("boot_id", sa.Text(), nullable=True),
        sa.Column("clock", sa.Text(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("prev_hash", sa.Text(), nullable=True),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("batch", sa.BigInteger(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=True),
        sa.Column("seal_state", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("arrival", name=op.f("pk_inbox")),
        sa.UniqueConstraint("kiosk", "epoch", "seq", name=op.f("uq_inbox_kiosk_epoch_seq")),
        sa.UniqueConstraint("id", "kiosk", name=op.f("uq_inbox_id_kiosk")),
    )
    op.create_index(
        "ix_inbox_key_unknown",
        "inbox",
        ["arrival"],
        unique=False,
        sqlite_where=sa.text("reason = 'code-key-unknown'"),
        postgresql_where=sa.text("reason = 'code-key-unknown'"),
    )
    op.create_index(
        "ix_inbox_order",
        "inbox",
        ["order_id"],
        unique=False,
        sqlite_where=sa.text("order_id IS NOT NULL"),
        postgresql_where=sa.text("order_id IS NOT NULL"),
    )
    op.create_index(
        "ix_inbox_quarantined",
        "inbox",
        ["arrival"],
        unique=False,
        sqlite_where=sa.text("result = 'quarantined'"),
        postgresql_where=sa.text("result = 'quarantined'"),
    )
    op.create_index(
        "ix_inbox_waiting",
        "inbox",
        ["arrival"],
        unique=False,
        sqlite_where=sa.text("seal_state = 'waiting'"),
        postgresql_where=sa.text("seal_state = 'waiting'"),
    )
    op.create_table(
        "chains",
        sa.Column("kiosk", sa.Text(), nullable=False),
        sa.Column("epoch", sa.Text(), nullable=False),
        sa.Column("head_seq", sa.BigInteger(), nullable=False),
        sa.Column("head_hash", sa.Text(), nullable=False),
        sa.Column("max_seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("kiosk", "epoch", name=op.f("pk_chains")),
    )
    op.create_table(
        "findings",
        sa.Column("id", ROW_ID, autoincrement=True, nullable=False),
        sa.Column("kiosk", sa.Text(), nullable=False),
        sa.Column("epoch", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("settled_at", sa.Text(), nullable=True),
        sa.Column("settled_by", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_findings")),
        sa.UniqueConstraint(
            "kiosk", "epoch", "seq", "code", "item", name=op.f("uq_findings_kiosk_epoch_seq_code_item")
        ),
    )
    op.create_table(
        "health",
        sa.Column("kiosk", sa.Text(), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("kiosk", name=op.f("pk_health")),
    )
    op.create_table(
        "health_history",
        sa.Column("kiosk", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("kiosk", "at", name=op.f("pk_health_history")),
    )
    op.create_table(
        "waiting_lists",
        sa.Column("hub", sa.Text(), nullable=False),
        sa.Column("list", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("hub", name=op.f("pk_waiting_lists")),
    )


def _told() -> None:
    op.create_table(
        "feed",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("centre", sa.Text(), nullable=True),
        sa.Column("kiosk", sa.Text(), nullable=True),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed")),
    )
    op.create_index("ix_feed_audience", "feed", ["centre", "kiosk", "id"], unique=False)
    op.create_index("ix_feed_kind_key", "feed", ["kind", "key", "id"], unique=False)
    op.create_index(
        "ix_feed_order_states",
        "feed",
        ["centre", "at"],
        unique=False,
        sqlite_where=sa.text("kind = 'order-state'"),
        postgresql_where=sa.text("kind = 'order-state'"),
    )
    epochs = op.create_table(
        "feed_epochs",
        sa.Column("id", ROW_ID, autoincrement=True, nullable=False),
        sa.Column("epoch", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("began_at", sa.Text(), nullable=False),
        sa.Column("floor", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed_epochs")),
        sa.UniqueConstraint("epoch", name=op.f("uq_feed_epochs_epoch")),
    )
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    op.execute(sa.insert(epochs).values(epoch=str(uuid.uuid4()), why="first", began_at=now, floor=0))
    op.create_table(
        "feed_claims",
        sa.Column("kiosk", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("kiosk", name=op.f("pk_feed_claims")),
    )
    op.create_table(
        "signed_time",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signed_time")),
    )
    op.create_table(
        "rollouts",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("due_from", sa.Text(), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("started_at", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("looked_at", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rollouts")),
    )
    op.create_table(
        "rollout_kiosks",
        sa.Column("rollout", sa.BigInteger(), nullable=False),
        sa.Column("kiosk", sa.Text(), nullable=False),
        sa.Column("told_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("rollout", "kiosk", name=op.f("pk_rollout_kiosks")),
    )


def _visited() -> None:
    op.create_table(
        "tickets",
        sa.Column("kiosk", sa.Text(), nullable=False),
        sa.Column("ticket", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("business_day", sa.Text(), nullable=False),
        sa.Column("priority", sa.Text(), nullable=False),
        sa.Column("is_voided", sa.Boolean(), nullable=False),
        sa.Column("issued_at", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("kiosk", "ticket", name=op.f("pk_tickets")),
    )
    op.create_index("ix_tickets_business_day_kiosk", "tickets", ["business_day", "kiosk"], unique=False)
    op.create_index(
        "ix_tickets_token",
        "tickets",
        ["token"],
        unique=False,
        sqlite_where=sa.text("token IS NOT NULL"),
        postgresql_where=sa.text("token IS NOT NULL"),
    )
    op.create_table(
        "queue_events",
        sa.Column("hub", sa.Text(), nullable=False),
        sa.Column("epoch", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("kiosk", sa.Text(), nullable=True),
        sa.Column("ticket", sa.Text(), nullable=True),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("hub", "epoch", "seq", name=op.f("pk_queue_events")),
    )
    op.create_index("ix_queue_events_kiosk_ticket", "queue_events", ["kiosk", "ticket"], unique=False)
    op.create_table(
        "projections",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("arrival", sa.BigInteger(), nullable=False),
        sa.Column("ended", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_projections")),
    )
    op.create_table(
        "outcomes",
        sa.Column("kiosk", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("business_day", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("is_copy", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("kiosk", "item", name=op.f("pk_outcomes")),
    )
    op.create_index("ix_outcomes_business_day_kiosk", "outcomes", ["business_day", "kiosk"], unique=False)
    op.create_table(
        "boots",
        sa.Column("kiosk", sa.Text(), nullable=False),
        sa.Column("business_day", sa.Text(), nullable=False),
        sa.Column("boot_id", sa.Text(), nullable=False),
        sa.Column("first_at", sa.Text(), nullable=False),
        sa.Column("last_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("kiosk", "business_day", "boot_id", name=op.f("pk_boots")),
    )
    op.create_table(
        "backups",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("made_at", sa.Text(), nullable=False),
        sa.Column("folder", sa.Text(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("checked_at", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_backups")),
    )
    op.create_table(
        "contacts",
        sa.Column("kiosk", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("kiosk", name=op.f("pk_contacts")),
    )
    op.create_table(
        "counted_days",
        sa.Column("centre", sa.Text(), nullable=False),
        sa.Column("business_day", sa.Text(), nullable=False),
        sa.Column("changes", sa.BigInteger(), nullable=False),
        sa.Column("counted_changes", sa.BigInteger(), nullable=False),
        sa.Column("counted", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("centre", "business_day", name=op.f("pk_counted_days")),
    )
    op.create_index(
        "ix_counted_days_changed",
        "counted_days",
        ["business_day"],
        unique=False,
        sqlite_where=sa.text("changes > counted_changes"),
        postgresql_where=sa.text("changes > counted_changes"),
    )

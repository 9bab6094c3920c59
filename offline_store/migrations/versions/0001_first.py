"""The store of 1.0.0."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# Whatever issues, voids or prints a ticket is seen, whatever writes it.
TRIGGERS = (
    """CREATE TRIGGER ticket_issued AFTER INSERT ON tickets BEGIN
        INSERT INTO ticket_changes (ticket_row) VALUES (NEW.row);
    END""",
    """CREATE TRIGGER ticket_voided AFTER UPDATE OF voided ON tickets BEGIN
        INSERT INTO ticket_changes (ticket_row) VALUES (NEW.row);
    END""",
    """CREATE TRIGGER ticket_printed AFTER UPDATE OF state ON print_jobs WHEN NEW.state <> 'sending' BEGIN
        INSERT INTO ticket_changes (ticket_row)
        SELECT items.row FROM items JOIN tickets ON tickets.row = items.row WHERE items.id = NEW.item_id;
    END""",
)


def upgrade() -> None:
    _chain()
    _issued()
    _listeners()
    _feed()
    _service()


def _chain() -> None:
    op.create_table(
        "store",
        sa.Column("one", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("epoch", sa.Text(), nullable=False),
        sa.Column("kiosk", sa.Text(), nullable=False),
        sa.Column("centre", sa.Text(), nullable=False),
        sa.Column("digit", sa.Integer(), nullable=False),
        sa.Column("machine", sa.Text(), nullable=True),
        sa.Column("head_seq", sa.Integer(), nullable=False),
        sa.Column("head_hash", sa.Text(), nullable=False),
        sa.Column("floor_us", sa.Integer(), nullable=True),
        sa.Column("anchor_us", sa.Integer(), nullable=True),
        sa.Column("anchor_boot_id", sa.Text(), nullable=True),
        sa.Column("anchor_boot_time_ns", sa.Integer(), nullable=True),
        sa.Column("tickets_closed", sa.Text(), nullable=True),
        sa.Column("next_day_base", sa.Integer(), server_default="0", nullable=False),
        sa.Column("first_pin_ended", sa.Integer(), server_default="0", nullable=False),
        sa.Column("signed_us", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("one", name=op.f("pk_store")),
    )
    op.create_table(
        "epochs",
        sa.Column("epoch", sa.Text(), nullable=False),
        sa.Column("kiosk", sa.Text(), nullable=False),
        sa.Column("digit", sa.Integer(), nullable=False),
        sa.Column("former", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("epoch", name=op.f("pk_epochs")),
    )
    op.create_table(
        "items",
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("epoch", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("wall_time", sa.Text(), nullable=False),
        sa.Column("boot_time_ns", sa.Integer(), nullable=False),
        sa.Column("boot_id", sa.Text(), nullable=False),
        sa.Column("clock", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("prev_hash", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("ended_at", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("row", name=op.f("pk_items")),
        sa.UniqueConstraint("epoch", "seq", name=op.f("uq_items_epoch_seq")),
        sa.UniqueConstraint("id", name=op.f("uq_items_id")),
    )
    op.create_index("ix_items_dead", "items", ["row"], unique=False, sqlite_where=sa.text("state = 'dead'"))
    op.create_index("ix_items_waiting", "items", ["row"], unique=False, sqlite_where=sa.text("state = 'waiting'"))
    op.create_table(
        "chain_gaps",
        sa.Column("epoch", sa.Text(), nullable=False),
        sa.Column("first_seq", sa.Integer(), nullable=False),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.Column("first_prev_hash", sa.Text(), nullable=False),
        sa.Column("last_hash", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("epoch", "first_seq", name=op.f("pk_chain_gaps")),
    )


def _issued() -> None:
    op.create_table(
        "business_days",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("date", sa.Text(), nullable=False),
        sa.Column("opened_by", sa.Text(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=True),
        sa.Column("counter_base", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_business_days")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "counters",
        sa.Column("day_id", sa.Integer(), nullable=False),
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day_id", "prefix", name=op.f("pk_counters")),
    )
    op.create_table(
        "tickets",
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("intention", sa.Text(), nullable=False),
        sa.Column("day_id", sa.Integer(), nullable=False),
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("digit", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("priority", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=True),
        sa.Column("voided", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("row", name=op.f("pk_tickets")),
        sa.UniqueConstraint("day_id", "prefix", "digit", "n", name=op.f("uq_tickets_day_id_prefix_digit_n")),
        sa.UniqueConstraint("intention", name=op.f("uq_tickets_intention")),
    )
    op.create_index(
        "ix_tickets_order",
        "tickets",
        ["day_id", "order_id"],
        unique=False,
        sqlite_where=sa.text("order_id IS NOT NULL"),
    )
    op.create_table(
        "orders",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("intention", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=True),
        sa.Column("code_sha256", sa.Text(), nullable=False),
        sa.Column("service", sa.Text(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("order_number", sa.Text(), nullable=True),
        sa.Column("expires_at", sa.Integer(), nullable=True),
        sa.Column("recorded_us", sa.Integer(), nullable=False),
        sa.Column("boot_id", sa.Text(), nullable=False),
        sa.Column("boot_time_ns", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_orders")),
        sa.UniqueConstraint("intention", name=op.f("uq_orders_intention")),
        sa.UniqueConstraint("order_id", name=op.f("uq_orders_order_id")),
    )
    op.create_index("ix_orders_code_sha256", "orders", ["code_sha256"], unique=False)
    op.create_index(
        "uq_orders_unverified", "orders", ["code_sha256"], unique=True, sqlite_where=sa.text("order_id IS NULL")
    )
    op.create_table(
        "print_jobs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.Column("paper", sa.Text(), nullable=False),
        sa.Column("copy", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("millimetres", sa.Integer(), nullable=True),
        sa.Column("started_at", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_print_jobs")),
    )
    op.create_index("ix_print_jobs_item_id", "print_jobs", ["item_id"], unique=False)
    op.create_index(
        "ix_print_jobs_sending", "print_jobs", ["id"], unique=False, sqlite_where=sa.text("state = 'sending'")
    )


def _listeners() -> None:
    op.create_table(
        "ticket_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_row", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_changes")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "listeners",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("peer", sa.Text(), nullable=False),
        sa.Column("term", sa.Integer(), nullable=False),
        sa.Column("heard_through", sa.Integer(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_listeners")),
    )
    op.create_table(
        "calls_heard",
        sa.Column("day_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("counter", sa.Integer(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("day_id", "number", name=op.f("pk_calls_heard")),
    )
    for trigger in TRIGGERS:
        op.execute(trigger)


def _feed() -> None:
    op.create_table(
        "feed",
        sa.Column("one", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("cursor", sa.Text(), nullable=True),
        sa.Column("business_day_serial", sa.Integer(), server_default="0", nullable=False),
        sa.Column("epoch", sa.Text(), nullable=True),
        sa.Column("through", sa.Integer(), nullable=True),
        sa.Column("generation", sa.Integer(), server_default="0", nullable=False),
        sa.Column("part", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("one", name=op.f("pk_feed")),
    )
    op.create_table(
        "catalogue",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("entry", sa.Text(), nullable=False),
        sa.Column("heard", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_catalogue")),
    )
    op.create_table(
        "app_keys",
        sa.Column("kid", sa.Text(), nullable=False),
        sa.Column("public_key", sa.Text(), nullable=True),
        sa.Column("alg", sa.Integer(), nullable=True),
        sa.Column("valid_from", sa.Integer(), nullable=True),
        sa.Column("valid_until", sa.Integer(), nullable=True),
        sa.Column("revoked_at", sa.Integer(), nullable=True),
        sa.Column("heard", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("kid", name=op.f("pk_app_keys")),
    )
    op.create_table(
        "order_states",
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=True),
        sa.Column("centre", sa.Text(), nullable=True),
        sa.Column("service", sa.Text(), nullable=True),
        sa.Column("heard", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_order_states")),
    )
    op.create_index("ix_order_states_number", "order_states", ["number"], unique=False)
    op.create_table(
        "order_questions",
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("day_id", sa.Integer(), nullable=False),
        sa.Column("asked", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("row", name=op.f("pk_order_questions")),
        sa.UniqueConstraint("order_id", name=op.f("uq_order_questions_order_id")),
    )
    op.create_table(
        "technicians",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("centre", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("pin_hash", sa.Text(), nullable=False),
        sa.Column("heard", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_technicians")),
    )
    op.create_table(
        "settings",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("heard", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_settings")),
    )
    op.create_table(
        "central_keys",
        sa.Column("kid", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("public_key", sa.Text(), nullable=False),
        sa.Column("current", sa.Integer(), server_default="1", nullable=False),
        sa.Column("added", sa.Integer(), server_default="0", nullable=False),
        sa.Column("retired", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("kid", "purpose", name=op.f("pk_central_keys")),
    )
    op.create_table(
        "centre_records",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("heard", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("kind", name=op.f("pk_centre_records")),
    )
    op.create_table(
        "feed_set_aside",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("received_at", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed_set_aside")),
    )


def _service() -> None:
    op.create_table(
        "alarms",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("since_at", sa.Integer(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_alarms")),
    )
    op.create_table(
        "delivery",
        sa.Column("one", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last_success_at", sa.Integer(), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("last_error_at", sa.Integer(), nullable=True),
        sa.Column("next_attempt_at", sa.Integer(), nullable=True),
        sa.Column("try_now", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("one", name=op.f("pk_delivery")),
    )
    op.create_table(
        "tallies",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("trip", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_tallies")),
    )
    op.create_table(
        "pin_attempts",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("boot_id", sa.Text(), nullable=False),
        sa.Column("boot_time_ns", sa.Integer(), nullable=False),
        sa.Column("waited_s", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_pin_attempts")),
    )

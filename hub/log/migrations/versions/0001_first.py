"""The hub's tables of 1.0.0."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _log()
    _queue()
    _time()
    _people()


def _log() -> None:
    op.create_table(
        "hub_state",
        sa.Column("one", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("term", sa.Integer(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("line_us", sa.Integer(), server_default="0", nullable=False),
        sa.Column("work_us", sa.Integer(), server_default="0", nullable=False),
        sa.Column("wall_us", sa.Integer(), nullable=True),
        sa.Column("boot_id", sa.Text(), nullable=True),
        sa.Column("boot_time_ns", sa.Integer(), nullable=True),
        sa.Column("store_day", sa.Integer(), server_default="0", nullable=False),
        sa.Column("follower", sa.Text(), nullable=True),
        sa.Column("pulled_line", sa.Integer(), nullable=True),
        sa.Column("board_heard_at", sa.Text(), nullable=True),
        sa.Column("board_speaks", sa.Integer(), server_default="0", nullable=False),
        sa.Column("recall_due", sa.Integer(), server_default="0", nullable=False),
        sa.Column("seen_term", sa.Integer(), server_default="0", nullable=False),
        sa.Column("log_lost", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("one", name=op.f("pk_hub_state")),
    )
    op.create_table(
        "hub_events",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("term", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("kiosk", sa.Text(), nullable=True),
        sa.Column("ticket", sa.Text(), nullable=True),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("counter", sa.Integer(), nullable=True),
        sa.Column("clerk", sa.Text(), nullable=True),
        sa.Column("press", sa.Text(), nullable=True),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("line_us", sa.Integer(), nullable=False),
        sa.Column("work_us", sa.Integer(), nullable=False),
        sa.Column("wall_time", sa.Text(), nullable=False),
        sa.Column("boot_time_ns", sa.Integer(), nullable=False),
        sa.Column("boot_id", sa.Text(), nullable=False),
        sa.Column("clock", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_hub_events")),
    )
    op.create_table(
        "hub_events_aside",
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("term", sa.Integer(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("row", name=op.f("pk_hub_events_aside")),
    )
    op.create_table(
        "hub_presses",
        sa.Column("counter", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hub", sa.Text(), nullable=False),
        sa.Column("term", sa.Integer(), nullable=False),
        sa.Column("line_us", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("counter", "key", name=op.f("pk_hub_presses")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_hub_presses_seq", "hub_presses", ["seq"], unique=False)


def _queue() -> None:
    op.create_table(
        "hub_tickets",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kiosk", sa.Text(), nullable=False),
        sa.Column("epoch", sa.Text(), nullable=False),
        sa.Column("kiosk_seq", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("priority", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=True),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("queue", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("arrived_line", sa.Integer(), nullable=False),
        sa.Column("arrived_work", sa.Integer(), nullable=False),
        sa.Column("is_certain", sa.Integer(), nullable=False),
        sa.Column("issued_at", sa.Text(), nullable=False),
        sa.Column("paper", sa.Text(), nullable=True),
        sa.Column("is_voided", sa.Integer(), nullable=False),
        sa.Column("only_counter", sa.Integer(), nullable=True),
        sa.Column("front_line", sa.Integer(), nullable=True),
        sa.Column("absences", sa.Integer(), nullable=False),
        sa.Column("absent_line", sa.Integer(), nullable=True),
        sa.Column("absent_seq", sa.Integer(), nullable=True),
        sa.Column("counter", sa.Integer(), nullable=True),
        sa.Column("call_seq", sa.Integer(), nullable=True),
        sa.Column("call_counter", sa.Integer(), nullable=True),
        sa.Column("called_at", sa.Text(), nullable=True),
        sa.Column("called_line", sa.Integer(), nullable=True),
        sa.Column("called_work", sa.Integer(), nullable=True),
        sa.Column("came_line", sa.Integer(), nullable=True),
        sa.Column("came_work", sa.Integer(), nullable=True),
        sa.Column("ended_line", sa.Integer(), nullable=True),
        sa.Column("ended_work", sa.Integer(), nullable=True),
        sa.Column("end", sa.Text(), nullable=True),
        sa.Column("parked_at", sa.Text(), nullable=True),
        sa.Column("estimate_s", sa.Integer(), nullable=True),
        sa.Column("low_s", sa.Integer(), nullable=True),
        sa.Column("high_s", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hub_tickets")),
    )
    op.create_index("ix_hub_tickets_day_number", "hub_tickets", ["day", "number"], unique=False)
    op.create_index("ix_hub_tickets_kiosk", "hub_tickets", ["kiosk", "epoch", "kiosk_seq"], unique=False)
    op.create_index("ix_hub_tickets_state", "hub_tickets", ["state", "day"], unique=False)
    op.create_table(
        "hub_counters",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("ticket", sa.Text(), nullable=True),
        sa.Column("clerk", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("acted_line", sa.Integer(), nullable=True),
        sa.Column("acted_work", sa.Integer(), nullable=True),
        sa.Column("last_press", sa.Text(), nullable=True),
        sa.Column("last_seq", sa.Integer(), nullable=True),
        sa.Column("must_resume", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_hub_counters")),
    )
    op.create_table(
        "hub_days",
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("is_closed", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_hub_days")),
    )
    op.create_table(
        "hub_day_labels",
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("label", name=op.f("pk_hub_day_labels")),
    )
    op.create_table(
        "hub_by_hand",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("ranges", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", "day", name=op.f("pk_hub_by_hand")),
    )
    op.create_table(
        "hub_overrides",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_hub_overrides")),
    )


def _time() -> None:
    op.create_table(
        "hub_kiosk_boots",
        sa.Column("kiosk", sa.Text(), nullable=False),
        sa.Column("boot_id", sa.Text(), nullable=False),
        sa.Column("offset_us", sa.Integer(), nullable=False),
        sa.Column("seen_line", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("kiosk", "boot_id", name=op.f("pk_hub_kiosk_boots")),
    )
    op.create_table(
        "hub_work_spans",
        sa.Column("line_us", sa.Integer(), nullable=False),
        sa.Column("work_us", sa.Integer(), nullable=False),
        sa.Column("is_running", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("line_us", name=op.f("pk_hub_work_spans")),
    )


def _people() -> None:
    op.create_table(
        "hub_sessions",
        sa.Column("token_sha256", sa.Text(), nullable=False),
        sa.Column("clerk", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("counter", sa.Integer(), nullable=True),
        sa.Column("began_line", sa.Integer(), nullable=False),
        sa.Column("began_at", sa.Text(), nullable=False),
        sa.Column("ended", sa.Text(), nullable=True),
        sa.Column("pin_sha256", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("token_sha256", name=op.f("pk_hub_sessions")),
    )
    op.create_index("ix_hub_sessions_counter", "hub_sessions", ["counter"], unique=False)
    op.create_table(
        "hub_locks",
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_line", sa.Integer(), nullable=False),
        sa.Column("until_line", sa.Integer(), nullable=False),
        sa.Column("under_way", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("scope", name=op.f("pk_hub_locks")),
    )
    op.create_table(
        "hub_help_calls",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kiosk", sa.Text(), nullable=False),
        sa.Column("asked_line", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.Text(), nullable=False),
        sa.Column("seen_by", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hub_help_calls")),
        sa.UniqueConstraint("id", "kiosk", name=op.f("uq_hub_help_calls_id_kiosk")),
    )

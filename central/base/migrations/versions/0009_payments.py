"""Payments."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bill_inquiries",
        sa.Column("kiosk", sa.Text(), nullable=False),
        sa.Column("inquiry", sa.Text(), nullable=False),
        sa.Column("biller", sa.Text(), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("claimed_until", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("kiosk", "inquiry", name=op.f("pk_bill_inquiries")),
    )
    op.create_table(
        "bill_misses",
        sa.Column("biller", sa.Text(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("biller", "day", name=op.f("pk_bill_misses")),
    )
    op.create_table(
        "biller_entries",
        sa.Column("biller", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("debt_mark", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("receipt", sa.Text(), nullable=True),
        sa.Column("key", sa.Text(), nullable=True),
        sa.Column("by", sa.Text(), nullable=True),
        sa.Column("at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("biller", "seq", name=op.f("pk_biller_entries")),
    )
    with op.batch_alter_table("biller_entries", schema=None) as batch_op:
        batch_op.create_index("ix_biller_entries_debt_mark", ["biller", "debt_mark"], unique=False)
        batch_op.create_index("ix_biller_entries_key", ["key"], unique=False)

    op.create_table(
        "bills",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("biller", sa.Text(), nullable=False),
        sa.Column("kiosk", sa.Text(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("debt_mark", sa.Text(), nullable=False),
        sa.Column("subscriber_mark", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("pound", sa.Text(), nullable=False),
        sa.Column("due", sa.Text(), nullable=True),
        sa.Column("period", sa.Text(), nullable=True),
        sa.Column("at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bills")),
    )
    with op.batch_alter_table("bills", schema=None) as batch_op:
        batch_op.create_index("ix_bills_at", ["at"], unique=False)
        batch_op.create_index("ix_bills_subscriber_mark", ["biller", "subscriber_mark"], unique=False)

    op.create_table(
        "filed_debts",
        sa.Column("biller", sa.Text(), nullable=False),
        sa.Column("debt_mark", sa.Text(), nullable=False),
        sa.Column("subscriber_mark", sa.Text(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("taken_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("biller", "debt_mark", name=op.f("pk_filed_debts")),
    )
    with op.batch_alter_table("filed_debts", schema=None) as batch_op:
        batch_op.create_index("ix_filed_debts_subscriber_mark", ["biller", "subscriber_mark"], unique=False)

    op.create_table(
        "kept_marks",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("biller", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("debt_mark", sa.Text(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("payer", sa.Text(), nullable=False),
        sa.Column("receipt", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("written_at", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_kept_marks")),
        sa.UniqueConstraint("biller", "debt_mark", name="uq_kept_marks_biller_debt_mark"),
        sa.UniqueConstraint("biller", "key", name="uq_kept_marks_biller_key"),
    )
    op.create_table(
        "payer_entries",
        sa.Column("payer", sa.Text(), nullable=False),
        sa.Column("receipt", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("bill_no", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=True),
        sa.Column("payment", sa.Text(), nullable=True),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("booked_at", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("payer", "receipt", name=op.f("pk_payer_entries")),
    )
    with op.batch_alter_table("payer_entries", schema=None) as batch_op:
        batch_op.create_index("ix_payer_entries_at", ["payer", "at"], unique=False)
        batch_op.create_index("ix_payer_entries_payment", ["payment"], unique=False)

    op.create_table(
        "payment_events",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("payment", sa.Text(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_events")),
    )
    with op.batch_alter_table("payment_events", schema=None) as batch_op:
        batch_op.create_index("ix_payment_events_payment", ["payment"], unique=False)

    op.create_table(
        "payment_ports",
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("cursor", sa.Text(), nullable=True),
        sa.Column("read_at", sa.Text(), nullable=True),
        sa.Column("fields", sa.Text(), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("claimed_until", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("side", "name", name=op.f("pk_payment_ports")),
    )
    op.create_table(
        "payments",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("bill_no", sa.Text(), nullable=False),
        sa.Column("extra", sa.Integer(), nullable=False),
        sa.Column("bill", sa.Text(), nullable=True),
        sa.Column("order_id", sa.Text(), nullable=True),
        sa.Column("debt_mark", sa.Text(), nullable=False),
        sa.Column("biller", sa.Text(), nullable=False),
        sa.Column("payer", sa.Text(), nullable=False),
        sa.Column("kiosk", sa.Text(), nullable=False),
        sa.Column("centre", sa.Text(), nullable=False),
        sa.Column("inquiry", sa.Text(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("pound", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("show", sa.Text(), nullable=True),
        sa.Column("payer_receipt", sa.Text(), nullable=True),
        sa.Column("receipt", sa.Text(), nullable=True),
        sa.Column("proof", sa.Text(), nullable=True),
        sa.Column("page_sha256", sa.Text(), nullable=True),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("dies_at", sa.Text(), nullable=False),
        sa.Column("paid_at", sa.Text(), nullable=True),
        sa.Column("paid_amount", sa.BigInteger(), nullable=True),
        sa.Column("marked_at", sa.Text(), nullable=True),
        sa.Column("withdrawn_at", sa.Text(), nullable=True),
        sa.Column("due_at", sa.Text(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("claimed_until", sa.Text(), nullable=True),
        sa.Column("refund_proposed_by", sa.Text(), nullable=True),
        sa.Column("refund_made_by", sa.Text(), nullable=True),
        sa.Column("refund_receipt", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payments")),
        sa.UniqueConstraint("page_sha256", name=op.f("uq_payments_page_sha256")),
        sa.UniqueConstraint("payer", "bill_no", "extra", name="uq_payments_payer_bill_no"),
    )
    with op.batch_alter_table("payments", schema=None) as batch_op:
        batch_op.create_index("ix_payments_at", ["at"], unique=False)
        batch_op.create_index("ix_payments_debt_mark", ["biller", "debt_mark"], unique=False)
        batch_op.create_index("ix_payments_due_at", ["due_at"], unique=False)
        batch_op.create_index("ix_payments_state", ["state", "at"], unique=False)

    with op.batch_alter_table("clerks", schema=None) as batch_op:
        batch_op.alter_column("pin_at", existing_type=sa.TEXT(), server_default="", existing_nullable=False)

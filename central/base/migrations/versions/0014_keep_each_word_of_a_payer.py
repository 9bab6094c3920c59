"""Keep each word of a payer."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "payer_words",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("payer", sa.Text(), nullable=False),
        sa.Column("receipt", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("bill_no", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=True),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("heard_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payer_words")),
    )
    with op.batch_alter_table("payer_words", schema=None) as batch_op:
        batch_op.create_index("ix_payer_words_at", ["at"], unique=False)
        batch_op.create_index("ix_payer_words_bill_no", ["payer", "bill_no"], unique=False)
    # What was known of each sum is the first word on it that there is.
    op.execute(
        "INSERT INTO payer_words (payer, receipt, kind, bill_no, amount, currency, at, source, heard_at) "
        "SELECT payer, receipt, kind, bill_no, amount, currency, at, "
        "CASE WHEN booked_at IS NULL THEN 'payer' ELSE 'books' END, coalesce(booked_at, at) "
        "FROM payer_entries ORDER BY at, payer, receipt"
    )

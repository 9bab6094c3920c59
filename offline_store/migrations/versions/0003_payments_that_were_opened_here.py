"""Payments that were opened here."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "payments",
        sa.Column("payment", sa.Text(), nullable=False),
        sa.Column("inquiry", sa.Text(), nullable=False),
        sa.Column("bill_no", sa.Text(), nullable=False),
        sa.Column("biller", sa.Text(), nullable=False),
        sa.Column("payer", sa.Text(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("pound", sa.Text(), nullable=False),
        sa.Column("dies_at", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("told", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("payment", name=op.f("pk_payments")),
    )

"""Keep that a visitor has answered, and count the answers; keep which carried ticket a ticket was given for."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "feedback",
        sa.Column("kiosk", sa.Text(), nullable=False),
        sa.Column("ticket", sa.Text(), nullable=False),
        sa.Column("day_over_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("kiosk", "ticket", name=op.f("pk_feedback")),
    )
    op.create_table(
        "feedback_counts",
        sa.Column("centre", sa.Text(), nullable=False),
        sa.Column("business_day", sa.Text(), nullable=False),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("served", sa.Text(), nullable=False),
        sa.Column("face", sa.Integer(), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("centre", "business_day", "service", "served", "face", name=op.f("pk_feedback_counts")),
    )
    op.add_column("tickets", sa.Column("claim", sa.Text(), nullable=True))
    op.create_index(
        "ix_tickets_claim",
        "tickets",
        ["claim"],
        unique=False,
        sqlite_where=sa.text("claim IS NOT NULL"),
        postgresql_where=sa.text("claim IS NOT NULL"),
    )

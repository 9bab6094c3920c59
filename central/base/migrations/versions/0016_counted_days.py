"""Days of centres, counted and kept for reports, with what they are counted from beside visits."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("projections", sa.Column("ended", sa.BigInteger()))
    op.add_column("projections", sa.Column("ended_at", sa.Text()))
    where = sa.text("kind = 'order-state'")
    op.create_index("ix_feed_order_states", "feed", ["centre", "at"], sqlite_where=where, postgresql_where=where)
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
    op.create_index("ix_outcomes_business_day_kiosk", "outcomes", ["business_day", "kiosk"])
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
        "counted_days",
        sa.Column("centre", sa.Text(), nullable=False),
        sa.Column("business_day", sa.Text(), nullable=False),
        sa.Column("changes", sa.BigInteger(), nullable=False),
        sa.Column("counted_changes", sa.BigInteger(), nullable=False),
        sa.Column("counted", sa.Text()),
        sa.PrimaryKeyConstraint("centre", "business_day", name=op.f("pk_counted_days")),
    )
    where = sa.text("changes > counted_changes")
    op.create_index(
        "ix_counted_days_changed", "counted_days", ["business_day"], sqlite_where=where, postgresql_where=where
    )
    # What is in the tables of visits already is to be counted; what comes says so by itself.
    op.execute(
        "INSERT INTO counted_days (centre, business_day, changes, counted_changes) "
        "SELECT DISTINCT kiosks.centre, tickets.business_day, 1, 0 "
        "FROM tickets JOIN kiosks ON kiosks.id = tickets.kiosk"
    )

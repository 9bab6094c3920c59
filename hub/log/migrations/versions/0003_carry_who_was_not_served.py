"""Carry who was not served to a later day."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("hub_tickets", schema=None) as batch_op:
        for name in ("told_today", "token_sha256", "first_day", "last_day", "claim", "claimed"):
            batch_op.add_column(sa.Column(name, sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("place_line", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("shown", sa.Text(), nullable=True))
        for name in ("last_day", "claimed"):
            where = sa.text(f"{name} IS NOT NULL")
            batch_op.create_index(f"ix_hub_tickets_{name}", [name], sqlite_where=where)
    with op.batch_alter_table("hub_counters", schema=None) as batch_op:
        batch_op.add_column(sa.Column("called_carried", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("hub_days", schema=None) as batch_op:
        batch_op.add_column(sa.Column("early_line", sa.Integer(), nullable=True))

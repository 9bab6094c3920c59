"""Carry when an alarm was told."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("hub_alarms", schema=None) as batch_op:
        batch_op.add_column(sa.Column("told_at", sa.Text(), nullable=True))

"""Carry who was told an alarm."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("hub_alarms", schema=None) as batch_op:
        batch_op.add_column(sa.Column("told_to", sa.Text(), nullable=True))

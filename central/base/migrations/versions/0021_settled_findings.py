"""Settled findings."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("findings", schema=None) as batch_op:
        batch_op.add_column(sa.Column("settled_at", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("settled_by", sa.Text(), nullable=True))

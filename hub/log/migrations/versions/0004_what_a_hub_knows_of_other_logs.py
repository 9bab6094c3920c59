"""What a hub knows of other logs."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("hub_sessions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("pin_sha256", sa.Text(), nullable=True))

    with op.batch_alter_table("hub_state", schema=None) as batch_op:
        batch_op.add_column(sa.Column("seen_term", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("log_lost", sa.Integer(), server_default="0", nullable=False))

"""Tell from how far the board is read."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("hub_state", schema=None) as batch_op:
        batch_op.add_column(sa.Column("board_wanted_m", sa.Float(), nullable=True))
        batch_op.add_column(sa.Column("board_serves_m", sa.Float(), nullable=True))

"""Count how often a message may have gone out."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("hub_messages", schema=None) as batch_op:
        batch_op.add_column(sa.Column("sends", sa.Integer(), server_default="0", nullable=False))

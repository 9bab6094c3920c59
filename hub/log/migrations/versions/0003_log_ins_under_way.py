"""Log-ins under way."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("hub_locks", schema=None) as batch_op:
        batch_op.add_column(sa.Column("under_way", sa.Integer(), server_default="0", nullable=False))

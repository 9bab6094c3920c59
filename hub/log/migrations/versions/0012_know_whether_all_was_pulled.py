"""Know whether all was pulled."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("hub_state", schema=None) as batch_op:
        batch_op.add_column(sa.Column("holds_all", sa.Integer(), server_default="0", nullable=False))

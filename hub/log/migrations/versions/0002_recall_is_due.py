"""A hub that began without a log keeps in mind that central has not been heard yet."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("hub_state", schema=None) as batch_op:
        batch_op.add_column(sa.Column("recall_due", sa.Integer(), server_default="0", nullable=False))

"""Keep when somebody with an appointment is expected, and which credit his claim gave him."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("hub_tickets", schema=None) as batch_op:
        batch_op.add_column(sa.Column("claim_at", sa.Text(), nullable=True))
        for name in ("due_line", "credit_us"):
            batch_op.add_column(sa.Column(name, sa.Integer(), nullable=True))

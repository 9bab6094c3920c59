"""Orders of other centres whose state central is asked for."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "order_questions",
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("day_id", sa.Integer(), nullable=False),
        sa.Column("asked", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("row", name=op.f("pk_order_questions")),
        sa.UniqueConstraint("order_id", name=op.f("uq_order_questions_order_id")),
    )

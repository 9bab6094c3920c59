"""Count how often a message may have gone out."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("messages", sa.Column("sends", sa.Integer(), server_default="0", nullable=False))

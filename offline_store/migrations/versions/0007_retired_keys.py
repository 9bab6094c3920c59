"""Signing keys of central that a newer one has taken back."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("central_keys") as batch:
        batch.add_column(sa.Column("retired", sa.Integer(), server_default="0", nullable=False))

"""The address that a batch's signature covers: without it nobody could verify the evidence later."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("batches", sa.Column("target", sa.Text(), nullable=True))
    op.create_index("ix_batches_kiosk", "batches", ["kiosk"])

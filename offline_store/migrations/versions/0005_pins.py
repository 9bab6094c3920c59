"""The lock after wrong PINs keeps what was waited for; the first PIN ends for good."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("pin_attempts") as batch:
        batch.add_column(sa.Column("waited_s", sa.Integer(), server_default="0", nullable=False))
    with op.batch_alter_table("store") as batch:
        batch.add_column(sa.Column("first_pin_ended", sa.Integer(), server_default="0", nullable=False))
    op.execute("UPDATE store SET first_pin_ended = 1 WHERE EXISTS (SELECT 1 FROM technicians)")

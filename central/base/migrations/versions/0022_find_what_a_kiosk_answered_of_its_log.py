"""Find what a kiosk answered of its log."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.create_index(
            "ix_inbox_diagnosis",
            ["kiosk", "arrival"],
            unique=False,
            sqlite_where=sa.text("kind = 'diagnosis'"),
            postgresql_where=sa.text("kind = 'diagnosis'"),
        )

"""The digit of a revoked kiosk rests until that kiosk has said its last."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("digits", sa.Column("rests_until", sa.Text(), nullable=True))

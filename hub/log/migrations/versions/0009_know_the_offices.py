"""Know the offices."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "hub_offices",
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("seen_line", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("origin", name=op.f("pk_hub_offices")),
    )

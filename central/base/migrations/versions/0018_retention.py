"""A table of rules: how long what is kept."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "retention",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("days", sa.Integer()),
        sa.Column("gone_before", sa.Text()),
        sa.PrimaryKeyConstraint("kind", name=op.f("pk_retention")),
    )

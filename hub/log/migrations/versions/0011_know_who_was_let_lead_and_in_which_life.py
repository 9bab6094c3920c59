"""Know who was let lead, and in which life."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "hub_led",
        sa.Column("term", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("hub", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=True),
        sa.Column("at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("term", "hub", name=op.f("pk_hub_led")),
    )
    op.create_table(
        "hub_lives",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("life", sa.Text(), nullable=False),
        sa.Column("hub", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_hub_lives")),
    )

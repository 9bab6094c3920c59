"""New versions reach kiosks in stages: which is on its way, and who was told."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    row_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "rollouts",
        sa.Column("id", row_id, nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("due_from", sa.Text(), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("started_at", sa.Text(), nullable=False),
        sa.Column("why", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_rollouts"),
    )
    op.create_table(
        "rollout_kiosks",
        sa.Column("rollout", sa.BigInteger(), nullable=False),
        sa.Column("kiosk", sa.Text(), nullable=False),
        sa.Column("told_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("rollout", "kiosk", name="pk_rollout_kiosks"),
    )

"""Keep which service an event of the queue is about: one that stopped, or works again."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("queue_events", sa.Column("service", sa.Text(), nullable=True))
    op.create_index(
        "ix_queue_events_service",
        "queue_events",
        ["hub", "at"],
        unique=False,
        sqlite_where=sa.text("service IS NOT NULL"),
        postgresql_where=sa.text("service IS NOT NULL"),
    )

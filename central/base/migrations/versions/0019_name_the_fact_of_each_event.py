"""Name the fact of each event."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("queue_events", sa.Column("author", sa.Text(), nullable=True))
    op.add_column("queue_events", sa.Column("life", sa.Text(), nullable=True))
    op.add_column("queue_events", sa.Column("log_seq", sa.BigInteger(), nullable=True))
    op.create_index(
        "ix_queue_events_fact",
        "queue_events",
        ["life", "author", "log_seq"],
        unique=True,
        sqlite_where=sa.text("life IS NOT NULL"),
        postgresql_where=sa.text("life IS NOT NULL"),
    )

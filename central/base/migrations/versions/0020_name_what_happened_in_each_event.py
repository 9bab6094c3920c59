"""Name what happened in each event."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None
# A body is JSON as its hub wrote it; PostgreSQL 15 has no word for what is none.
_SAID = {
    "postgresql": """substring(body from '"event"\\s*:\\s*"([^"]*)"')""",
    "sqlite": "CASE WHEN json_valid(body) THEN json_extract(body, '$.event') END",
}


def upgrade() -> None:
    op.add_column("queue_events", sa.Column("event", sa.Text(), nullable=True))
    said = _SAID[op.get_bind().dialect.name]
    op.execute(f"UPDATE queue_events SET event = coalesce({said}, '')")  # noqa: S608 - one of two texts of our own
    with op.batch_alter_table("queue_events") as batch_op:
        batch_op.alter_column("event", existing_type=sa.Text(), nullable=False)
    of_no_ticket = sa.text("ticket IS NULL")
    op.create_index(
        "ix_queue_events_hub_at",
        "queue_events",
        ["hub", "at"],
        sqlite_where=of_no_ticket,
        postgresql_where=of_no_ticket,
    )

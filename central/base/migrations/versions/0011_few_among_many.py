"""Indexes for what /metrics and a new key of the app look for: they read the whole inbox before."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name, condition in (
        ("ix_inbox_quarantined", "result = 'quarantined'"),
        ("ix_inbox_key_unknown", "reason = 'code-key-unknown'"),
    ):
        where = sa.text(condition)
        op.create_index(name, "inbox", ["arrival"], sqlite_where=where, postgresql_where=where)

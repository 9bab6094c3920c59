"""When retention was kept: a rule that there is stands from now on, so that its next night is waited for."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("retention", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kept_at", sa.Text(), nullable=True))
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    op.execute(sa.table("retention", sa.column("kept_at")).update().values(kept_at=now))

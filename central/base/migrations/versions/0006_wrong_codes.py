"""Wrong enrolment codes are counted by address and by code. What was counted before is a minute old at most."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("DELETE FROM wrong_codes")
    with op.batch_alter_table("wrong_codes") as batch:
        batch.add_column(sa.Column("address", sa.Text(), nullable=False))
        batch.add_column(sa.Column("code_sha256", sa.Text(), nullable=False))

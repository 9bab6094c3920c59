"""Central's signing keys are taken back by newer ones; which key each kiosk has from its enrolment."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("central_keys", sa.Column("retired_by", sa.Text(), nullable=True))
    op.add_column("central_keys", sa.Column("retirement", sa.Text(), nullable=True))
    with op.batch_alter_table("kiosks") as batch:
        batch.add_column(sa.Column("enrolment_kid", sa.Text(), nullable=True))
    # The first key of all has come with every enrolment so far.
    op.execute(
        "UPDATE kiosks SET enrolment_kid = (SELECT kid FROM central_keys WHERE purpose = 'signing' ORDER BY id LIMIT 1)"
    )
    with op.batch_alter_table("kiosks") as batch:
        batch.alter_column("enrolment_kid", existing_type=sa.Text(), nullable=False)

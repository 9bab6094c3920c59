"""The feed's place as central's own text, with its epoch; snapshots in parts."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("feed") as batch:
        batch.alter_column("cursor", existing_type=sa.Integer(), type_=sa.Text())
        batch.add_column(sa.Column("epoch", sa.Text(), nullable=True))
        batch.add_column(sa.Column("through", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("generation", sa.Integer(), server_default="0", nullable=False))
        batch.add_column(sa.Column("part", sa.Integer(), nullable=True))
    op.execute("UPDATE feed SET cursor = NULL")  # a number of before is no place any more: a snapshot follows
    for name in ("catalogue", "app_keys", "order_states", "technicians", "settings", "centre_records"):
        with op.batch_alter_table(name) as batch:
            batch.add_column(sa.Column("heard", sa.Integer(), server_default="0", nullable=False))

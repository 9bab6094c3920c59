"""Keep each follower by itself."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "hub_followers",
        sa.Column("hub", sa.Text(), nullable=False),
        sa.Column("pulled_line", sa.Integer(), nullable=False),
        sa.Column("pulled_at", sa.Text(), nullable=True),
        sa.Column("through", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("hub", name=op.f("pk_hub_followers")),
    )
    op.execute(
        "INSERT INTO hub_followers (hub, pulled_line) SELECT follower, pulled_line FROM hub_state "
        "WHERE follower IS NOT NULL AND pulled_line IS NOT NULL"
    )

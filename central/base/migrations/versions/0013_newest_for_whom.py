"""An index for the newest message of each audience: every batch's answer says it."""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_feed_audience", "feed", ["centre", "kiosk", "id"])

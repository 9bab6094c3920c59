"""A hub's TLS key, and the certificate that central signed for it."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("kiosks", sa.Column("tls_key", sa.Text(), nullable=True))
    op.add_column("kiosks", sa.Column("certificate", sa.Text(), nullable=True))

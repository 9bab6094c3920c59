"""Say which file says so."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("payer_entries", schema=None) as batch_op:
        batch_op.add_column(sa.Column("through", sa.Text(), nullable=True))

    with op.batch_alter_table("payer_words", schema=None) as batch_op:
        batch_op.add_column(sa.Column("through", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("replaces", sa.BigInteger(), nullable=True))
        batch_op.create_index("ix_payer_words_receipt", ["payer", "receipt"], unique=False)
    # Until now each further word on a sum was written only where it took the place of the one before.
    op.execute(
        "UPDATE payer_words SET replaces = (SELECT max(older.id) FROM payer_words AS older WHERE older.id < "
        "payer_words.id AND older.payer = payer_words.payer AND older.receipt = payer_words.receipt)"
    )

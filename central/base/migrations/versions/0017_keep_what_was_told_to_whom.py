"""Keep what was told to whom."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None
_KEPT = """id, kind, channel, made_at, dies_at, state, until, handed_at, tries, sends, reference, subject, about,
centre, said, recipient, cost, number"""


def upgrade() -> None:
    op.create_table(
        "told",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=True),
        sa.Column("made_at", sa.Text(), nullable=False),
        sa.Column("dies_at", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("until", sa.Text(), nullable=True),
        sa.Column("handed_at", sa.Text(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("sends", sa.Integer(), server_default="0", nullable=False),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("centre", sa.Text(), nullable=True),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=True),
        sa.Column("cost", sa.BigInteger(), nullable=True),
        sa.Column("number", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_told")),
        sa.UniqueConstraint("kind", "subject", "about", "what", name=op.f("uq_told_kind_subject_about_what")),
        sa.UniqueConstraint("number", name=op.f("uq_told_number")),
    )
    with op.batch_alter_table("told", schema=None) as batch_op:
        batch_op.create_index("ix_told_recipient_handed_at", ["recipient", "handed_at"], unique=False)
        batch_op.create_index("ix_told_state_dies_at", ["state", "dies_at"], unique=False)

    op.execute(
        f"INSERT INTO told ({_KEPT}, what) SELECT {_KEPT}, event FROM messages"  # noqa: S608 - two lists of our own
    )
    op.drop_table("messages")

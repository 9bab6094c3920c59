"""Tell staff what stands: what kiosks need, alarms, and the messages on them."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "hub_kiosk_needs",
        sa.Column("kiosk", sa.Text(), nullable=False),
        sa.Column("needs", sa.Text(), nullable=False),
        sa.Column("heard_line", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("kiosk", name=op.f("pk_hub_kiosk_needs")),
    )
    op.create_table(
        "hub_alarms",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("machine", sa.Text(), nullable=False),
        sa.Column("digits", sa.Text(), nullable=False),
        sa.Column("since", sa.Text(), nullable=False),
        sa.Column("taken_at", sa.Text(), nullable=True),
        sa.Column("taken_by", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_hub_alarms")),
        sa.UniqueConstraint("digits", name=op.f("uq_hub_alarms_digits")),
    )
    op.create_table(
        "hub_messages",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=True),
        sa.Column("made_at", sa.Text(), nullable=False),
        sa.Column("dies_at", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("until", sa.Text(), nullable=True),
        sa.Column("handed_at", sa.Text(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("alarm", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hub_messages")),
    )
    op.create_index("ix_hub_messages_alarm", "hub_messages", ["alarm", "person"], unique=False)
    op.create_index("ix_hub_messages_state", "hub_messages", ["state", "dies_at"], unique=False)
    op.create_table(
        "hub_texts_let_go",
        sa.Column("one", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("one", name=op.f("pk_hub_texts_let_go")),
    )

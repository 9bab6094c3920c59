"""Hubs of centres: who they are, their clerks, and visits read out of the inbox."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _identity()
    _clerks()
    _visits()


def _identity() -> None:
    for table in ("kiosks", "enrolment_codes"):
        op.add_column(table, sa.Column("role", sa.Text(), server_default="kiosk", nullable=False))
    op.add_column("kiosks", sa.Column("address", sa.Text(), nullable=True))
    op.add_column("kiosks", sa.Column("certificate_sha256", sa.Text(), nullable=True))


def _clerks() -> None:
    op.create_table(
        "clerks",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("centre", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("sign", sa.Text(), nullable=False),
        sa.Column("pin_hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clerks")),
        sa.UniqueConstraint("centre", "sign", name=op.f("uq_clerks_centre_sign")),
        sa.UniqueConstraint("centre", "name", name=op.f("uq_clerks_centre_name")),
    )


def _visits() -> None:
    op.create_table(
        "tickets",
        sa.Column("kiosk", sa.Text(), nullable=False),
        sa.Column("ticket", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("business_day", sa.Text(), nullable=False),
        sa.Column("priority", sa.Text(), nullable=False),
        sa.Column("is_voided", sa.Boolean(), nullable=False),
        sa.Column("issued_at", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("kiosk", "ticket", name=op.f("pk_tickets")),
    )
    op.create_index(op.f("ix_tickets_business_day_kiosk"), "tickets", ["business_day", "kiosk"])
    op.create_index(
        op.f("ix_tickets_token"),
        "tickets",
        ["token"],
        sqlite_where=sa.text("token IS NOT NULL"),
        postgresql_where=sa.text("token IS NOT NULL"),
    )
    op.create_table(
        "queue_events",
        sa.Column("hub", sa.Text(), nullable=False),
        sa.Column("epoch", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("kiosk", sa.Text(), nullable=True),
        sa.Column("ticket", sa.Text(), nullable=True),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("hub", "epoch", "seq", name=op.f("pk_queue_events")),
    )
    op.create_index(op.f("ix_queue_events_kiosk_ticket"), "queue_events", ["kiosk", "ticket"])
    op.create_table(
        "projections",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("arrival", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_projections")),
    )
    op.create_table(
        "waiting_lists",
        sa.Column("hub", sa.Text(), nullable=False),
        sa.Column("list", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("hub", name=op.f("pk_waiting_lists")),
    )

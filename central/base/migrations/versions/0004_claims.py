"""Keep claims: seats made ahead, who has one, and which requests for one were answered."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("central_keys", sa.Column("ended_at", sa.BigInteger(), nullable=True))
    op.create_table(
        "seat_plans",
        sa.Column("id", _ROW_ID, autoincrement=True, nullable=False),
        sa.Column("centre", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seat_plans")),
    )
    op.create_index("ix_seat_plans_centre", "seat_plans", ["centre", "id"], unique=False)
    op.create_table(
        "seats",
        sa.Column("id", _ROW_ID, autoincrement=True, nullable=False),
        sa.Column("centre", sa.Text(), nullable=False),
        sa.Column("queue", sa.Text(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("minutes", "capacity", "desk", "same_day", "credit_min")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seats")),
        sa.UniqueConstraint("centre", "queue", "at", name="uq_seats_centre_queue_at"),
    )
    op.create_index("ix_seats_centre_day", "seats", ["centre", "day"], unique=False)
    _claims()
    op.create_table(
        "claim_seats",
        sa.Column("claim", sa.Text(), nullable=False),
        sa.Column("seat", sa.BigInteger(), nullable=False),
        sa.Column("by_desk", sa.Boolean(), nullable=False),
        sa.Column("until", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("claim", "seat", name=op.f("pk_claim_seats")),
    )
    op.create_index("ix_claim_seats_seat", "claim_seats", ["seat"], unique=False)
    op.create_table(
        "claim_requests",
        sa.Column("system", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("request_sha256", sa.Text(), nullable=False),
        sa.Column("claim", sa.Text(), nullable=True),
        sa.Column("at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("system", "key", name=op.f("pk_claim_requests")),
    )


def _claims() -> None:
    op.create_table(
        "claims",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("id", "centre", "service", "queue", "kind")),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("minutes", "people", "credit_min")),
        sa.Column("state", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=True) for name in ("held_until", "digits", "code", "expires_at", "who")),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("made_by", "made_on", "made_at")),
        sa.Column("ended_at", sa.Text(), nullable=True),
        sa.Column("off", sa.Text(), nullable=True),
        sa.Column("change", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claims")),
        sa.UniqueConstraint("change", name=op.f("uq_claims_change")),
    )
    op.create_index("ix_claims_centre_day", "claims", ["centre", "day"], unique=False)
    op.create_index("ix_claims_who", "claims", ["who", "made_on"], unique=False)
    op.create_index(
        "uq_claims_digits",
        "claims",
        ["centre", "digits"],
        unique=True,
        sqlite_where=sa.text("state = 'booked'"),
        postgresql_where=sa.text("state = 'booked'"),
    )
    op.create_index(
        "ix_claims_open",
        "claims",
        ["at"],
        unique=False,
        sqlite_where=sa.text("state IN ('held', 'booked')"),
        postgresql_where=sa.text("state IN ('held', 'booked')"),
    )

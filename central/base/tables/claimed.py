"""Claims: what a centre has seats for, who has one, and which requests were answered already."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, Table, Text, UniqueConstraint, text

from central.base.tables.base import RowId, metadata

# Rules and plan as an operator published them; a centre's newest one holds.
seat_plans = Table(
    "seat_plans",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("centre", Text, nullable=False),
    Column("body", Text, nullable=False),  # JSON of claims.plan.SeatPlan
    Column("at", Text, nullable=False),
    Index("ix_seat_plans_centre", "centre", "id"),
)

# Made ahead, a row for each time at which a group takes claims. What was promised outlives the row's capacity.
seats = Table(
    "seats",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("centre", Text, nullable=False),
    Column("queue", Text, nullable=False),  # the group's letter
    Column("day", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("capacity", Integer, nullable=False),
    # Of the capacity: given away at the desk alone until the day before, and by nobody before the day itself.
    Column("desk", Integer, nullable=False),
    Column("same_day", Integer, nullable=False),
    Column("credit_min", Integer, nullable=False),
    UniqueConstraint("centre", "queue", "at", name="uq_seats_centre_queue_at"),
    Index("ix_seats_centre_day", "centre", "day"),
)

# Laid over the plan by hand, the later over the earlier; one that was taken back stays here and counts no more.
seat_changes = Table(
    "seat_changes",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("centre", Text, nullable=False),
    Column("queue", Text, nullable=False),
    Column("day", Text, nullable=False),
    Column("half_hour", Text),  # HH:MM; null: each of the day
    Column("seats", Integer, nullable=False),  # of half an hour
    Column("made_by", Text, nullable=False),  # an operator's name, or hub:ID/CLERK
    Column("made_at", Text, nullable=False),
    Column("undone_by", Text),
    Column("undone_at", Text),
    Index("ix_seat_changes_day", "centre", "day"),
)

claims = Table(
    "claims",
    metadata,
    Column("id", Text, primary_key=True),
    Column("centre", Text, nullable=False),
    Column("service", Text, nullable=False),
    Column("queue", Text, nullable=False),
    Column("kind", Text, nullable=False),  # booked, afar
    Column("day", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("people", Integer, nullable=False),
    Column("credit_min", Integer, nullable=False),
    Column("state", Text, nullable=False),  # held, booked, arrived, missed, cancelled, withdrawn, lapsed
    Column("held_until", Text),
    # Null while it is held.
    Column("digits", Text),
    Column("code", Text),
    Column("expires_at", Text),
    Column("who", Text),  # an HMAC; null where nobody said who it is
    Column("made_by", Text, nullable=False),  # system:NAME, kiosk:ID, hub:ID, offices:NAME or desk
    Column("made_on", Text, nullable=False),  # the business date
    Column("made_at", Text, nullable=False),
    Column("ended_at", Text),
    # Why it can't be kept as promised: closed, closed-early, standing; reopened where it can be again.
    Column("off", Text),
    # Given one after the other, to every change of every claim.
    Column("change", BigInteger, nullable=False, unique=True),
    Index("ix_claims_centre_day", "centre", "day"),
    Index("ix_claims_who", "who", "made_on"),
    Index(
        "uq_claims_digits",
        "centre",
        "digits",
        unique=True,
        sqlite_where=text("state = 'booked'"),
        postgresql_where=text("state = 'booked'"),
    ),
    Index(
        "ix_claims_open",
        "at",
        sqlite_where=text("state IN ('held', 'booked')"),
        postgresql_where=text("state IN ('held', 'booked')"),
    ),
)

# Which seats a claim has: `until` null for good, else until then: a hold's end, or when a freed seat comes back.
claim_seats = Table(
    "claim_seats",
    metadata,
    Column("claim", Text, primary_key=True),
    Column("seat", BigInteger, primary_key=True),
    Column("by_desk", Boolean, nullable=False),
    Column("until", Text),
    Index("ix_claim_seats_seat", "seat"),
)

# Answers that may be asked for again, by the system and its Idempotency-Key.
claim_requests = Table(
    "claim_requests",
    metadata,
    Column("system", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("request_sha256", Text, nullable=False),
    Column("claim", Text),
    Column("at", Text, nullable=False),
)

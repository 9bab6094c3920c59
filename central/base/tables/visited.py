"""Visits as read out of the inbox: made again from it at any time, see `visits.projection`."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Table, Text, text

from central.base.tables.base import metadata

# Tickets and queue events as read out of the inbox: made again from it at any time, see `visits.projection`.
tickets = Table(
    "tickets",
    metadata,
    Column("kiosk", Text, primary_key=True),
    Column("ticket", Text, primary_key=True),
    Column("number", Text, nullable=False),
    Column("service", Text, nullable=False),
    Column("business_day", Text, nullable=False),
    Column("priority", Text, nullable=False),
    Column("is_voided", Boolean, nullable=False),
    Column("issued_at", Text, nullable=False),
    Column("token", Text),
    # What it was given for: a claim of central's, by its id; a carried ticket, by its id or by its token's digest.
    Column("claim", Text),
    Column("carried", Text),
    Column("carried_token", Text),
    # The digits of either, typed where no hub was asked.
    Column("digits", Text),
    Index("ix_tickets_business_day_kiosk", "business_day", "kiosk"),
    Index(
        "ix_tickets_token",
        "token",
        sqlite_where=text("token IS NOT NULL"),
        postgresql_where=text("token IS NOT NULL"),
    ),
    *(
        Index(
            f"ix_tickets_{name}",
            name,
            sqlite_where=text(f"{name} IS NOT NULL"),
            postgresql_where=text(f"{name} IS NOT NULL"),
        )
        for name in ("claim", "carried", "carried_token", "digits")
    ),
)

queue_events = Table(
    "queue_events",
    metadata,
    Column("hub", Text, primary_key=True),
    Column("epoch", Text, primary_key=True),
    Column("seq", BigInteger, primary_key=True),
    # The ticket that it is about; null for what concerns a counter or a day.
    Column("kiosk", Text),
    Column("ticket", Text),
    Column("at", Text, nullable=False),
    Column("event", Text, nullable=False),  # what happened, see common.protocol.queue.event
    Column("body", Text, nullable=False),  # JSON of the item's body
    # The service that stopped, or works again; null for all else.
    Column("service", Text),
    # The fact that it tells, and that counts once: the hub that wrote it, in which life, its place in that log. Null of
    # hubs of 1.0.
    Column("author", Text),
    Column("life", Text),
    Column("log_seq", BigInteger),
    Index(
        "ix_queue_events_fact",
        "life",
        "author",
        "log_seq",
        unique=True,
        sqlite_where=text("life IS NOT NULL"),
        postgresql_where=text("life IS NOT NULL"),
    ),
    Index("ix_queue_events_kiosk_ticket", "kiosk", "ticket"),
    Index(
        "ix_queue_events_hub_at",
        "hub",
        "at",
        sqlite_where=text("ticket IS NULL"),
        postgresql_where=text("ticket IS NULL"),
    ),
    Index(
        "ix_queue_events_service",
        "hub",
        "at",
        sqlite_where=text("service IS NOT NULL"),
        postgresql_where=text("service IS NOT NULL"),
    ),
)

projections = Table(
    "projections",
    metadata,
    Column("name", Text, primary_key=True),
    # Every item up to here has been read for good.
    Column("arrival", BigInteger, nullable=False),
    # Where the inbox ended at a moment: minutes later everything up to there is to be seen.
    Column("ended", BigInteger),
    Column("ended_at", Text),
)

# What became of papers and orders at kiosks, an item each, and in which spans each boot of a machine was heard.
outcomes = Table(
    "outcomes",
    metadata,
    Column("kiosk", Text, primary_key=True),
    Column("item", Text, primary_key=True),
    Column("business_day", Text, nullable=False),
    Column("kind", Text, nullable=False),  # order, print
    Column("outcome", Text, nullable=False),
    Column("is_copy", Boolean, nullable=False),
    Index("ix_outcomes_business_day_kiosk", "business_day", "kiosk"),
)

boots = Table(
    "boots",
    metadata,
    Column("kiosk", Text, primary_key=True),
    Column("business_day", Text, primary_key=True),
    Column("boot_id", Text, primary_key=True),
    Column("first_at", Text, nullable=False),
    Column("last_at", Text, nullable=False),
)

# What a centre did on a day, see `reports.counted`. Whatever changes a day adds one to `changes`, in its transaction;
# `counted` holds what was there at `counted_changes`.
counted_days = Table(
    "counted_days",
    metadata,
    Column("centre", Text, primary_key=True),
    Column("business_day", Text, primary_key=True),
    Column("changes", BigInteger, nullable=False),
    Column("counted_changes", BigInteger, nullable=False),
    Column("counted", Text),  # JSON of reports.counted.Counted
    Index(
        "ix_counted_days_changed",
        "business_day",
        sqlite_where=text("changes > counted_changes"),
        postgresql_where=text("changes > counted_changes"),
    ),
)

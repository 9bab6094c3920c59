"""Visits as read out of the inbox: made anew from it at any time, see `visits.projection`."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Table, Text, text

from central.tables.base import metadata

# Tickets and queue events as read out of the inbox: made anew from it at any time, see `visits.projection`.
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
    Index("ix_tickets_business_day_kiosk", "business_day", "kiosk"),
    Index(
        "ix_tickets_token",
        "token",
        sqlite_where=text("token IS NOT NULL"),
        postgresql_where=text("token IS NOT NULL"),
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
    Column("body", Text, nullable=False),  # JSON of the item's body
    Index("ix_queue_events_kiosk_ticket", "kiosk", "ticket"),
)

projections = Table(
    "projections",
    metadata,
    Column("name", Text, primary_key=True),
    # Every item up to here has been read for good.
    Column("arrival", BigInteger, nullable=False),
)

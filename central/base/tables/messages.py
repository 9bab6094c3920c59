"""Messages to citizens: the outbox, where numbers come from, who asked to be told, and each centre's rules."""

from typing import Final

from sqlalchemy import BigInteger, Column, Index, Table, Text, UniqueConstraint

from central.base.tables.base import metadata
from common.messages import outbox

SYSTEM: Final = "system"
"""The subject of rows that are for another system, and no message to a citizen."""
STAFF: Final = "staff"
"""The subject of rows that are for staff."""

told = Table(
    "told",
    metadata,
    *outbox.columns(),
    # What it is about: order, claim, watch, system or staff, and its id. `what` tells two of a kind on one apart.
    Column("subject", Text, nullable=False),
    Column("about", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("centre", Text),
    Column("said", Text, nullable=False),  # JSON of messages.texts.Said
    # A keyed hash of the number that it was handed for; null until then, and where the app was told.
    Column("recipient", Text),
    # What it cost by the price of then, in the smallest unit of the money; null where nobody has said.
    Column("cost", BigInteger),
    # Its place in what the app reads; null until it is told.
    Column("number", BigInteger, unique=True),
    UniqueConstraint("kind", "subject", "about", "what"),
    Index("ix_told_state_dies_at", "state", "dies_at"),
    Index("ix_told_recipient_handed_at", "recipient", "handed_at"),
)

# What is left of those that retention took: how many of each day, and what they cost. Nothing of it is personal.
message_counts = Table(
    "message_counts",
    metadata,
    Column("day", Text, primary_key=True),  # business day on which they were made
    Column("kind", Text, primary_key=True),
    Column("channel", Text, primary_key=True),  # empty: none was asked
    Column("centre", Text, primary_key=True),  # empty: of none
    Column("state", Text, primary_key=True),
    Column("n", BigInteger, nullable=False),
    Column("cost", BigInteger, nullable=False),
)

# A number, sealed at rest, by what it may be written for.
message_contacts = Table(
    "message_contacts",
    metadata,
    Column("subject", Text, primary_key=True),
    Column("about", Text, primary_key=True),
    Column("sealed", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("given_at", Text, nullable=False),
)

# Who waits with a ticket and asked by the app to be told when his turn is near.
watches = Table(
    "watches",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kiosk", Text, nullable=False),
    Column("ticket", Text, nullable=False),
    Column("asked_at", Text, nullable=False),
    Column("ended_at", Text),  # stopped by a touch on the page
    Column("interrupted_at", Text),  # since when his service last stood still while he waited
    UniqueConstraint("kiosk", "ticket"),
    Index("ix_watches_asked_at", "asked_at"),
)

message_rules = Table(
    "message_rules",
    metadata,
    Column("centre", Text, primary_key=True),  # empty: all that have none of their own
    Column("rules", Text, nullable=False),  # JSON of publishing.messages.Rules
    Column("staff", Text, nullable=False),  # names and numbers, sealed at rest
)

"""Every table of the kiosk's store (SQLite). The schema itself is made by the migrations; a test holds both equal.

Times named `*_at` are whole seconds since 1970 by the wall clock of the moment, for people to read; the order of
things is the order of rows, never of times. Columns stand in the order of the file, new ones last: salvage reads by it.
"""

from sqlalchemy import Column, Index, Integer, Table, Text, UniqueConstraint, text

from offline_store.disk.feed_tables import (
    app_keys,
    catalogue,
    central_keys,
    centre_records,
    feed,
    feed_set_aside,
    order_questions,
    order_states,
    settings,
    technicians,
)
from offline_store.disk.hall_tables import hall_as_of, hall_rows
from offline_store.disk.inquiry_tables import inquiries, payments
from offline_store.disk.metadata import metadata

__all__ = [
    "alarms",
    "app_keys",
    "business_days",
    "catalogue",
    "central_keys",
    "centre_records",
    "chain_gaps",
    "counters",
    "delivery",
    "epochs",
    "feed",
    "feed_set_aside",
    "hall_as_of",
    "hall_rows",
    "inquiries",
    "items",
    "listeners",
    "metadata",
    "order_questions",
    "order_states",
    "orders",
    "payments",
    "pin_attempts",
    "print_jobs",
    "settings",
    "store",
    "tallies",
    "technicians",
    "ticket_changes",
    "tickets",
]

# One row. The head of the chain stands here as well as in items, so that a removed last item is noticed.
store = Table(
    "store",
    metadata,
    Column("one", Integer, primary_key=True, autoincrement=False),
    Column("epoch", Text, nullable=False),
    Column("kiosk", Text, nullable=False),
    Column("centre", Text, nullable=False),
    Column("digit", Integer, nullable=False),
    Column("machine", Text),
    Column("head_seq", Integer, nullable=False),
    Column("head_hash", Text, nullable=False),
    # The time floor is the greatest trusted time ever; the anchor is the latest, and when in which boot it was true.
    Column("floor_us", Integer),
    Column("anchor_us", Integer),
    Column("anchor_boot_id", Text),
    Column("anchor_boot_time_ns", Integer),
    Column("tickets_closed", Text),
    Column("next_day_base", Integer, nullable=False, server_default="0"),
    # 1 once a technician has come by the feed: the PIN that enrolment gave never serves again, no matter who leaves.
    Column("first_pin_ended", Integer, nullable=False, server_default="0"),
    Column("signed_us", Integer),  # the latest time that central signed
)

# Every epoch that has items here: whose it was. Items of an epoch before a salvage keep it, with their seq and hash.
epochs = Table(
    "epochs",
    metadata,
    Column("epoch", Text, primary_key=True),
    Column("kiosk", Text, nullable=False),
    Column("digit", Integer, nullable=False),
    Column("former", Text),
)

# The outbox and the audit chain at once. `row` is the order of delivery.
# waiting -> acknowledged (central has it) | dead (central refused it); dead -> waiting by a technician's retry.
items = Table(
    "items",
    metadata,
    Column("row", Integer, primary_key=True),
    Column("id", Text, nullable=False),
    Column("epoch", Text, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("wall_time", Text, nullable=False),
    Column("boot_time_ns", Integer, nullable=False),
    Column("boot_id", Text, nullable=False),
    Column("clock", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("prev_hash", Text, nullable=False),
    Column("hash", Text, nullable=False),
    Column("state", Text, nullable=False, server_default="waiting"),  # waiting, acknowledged, dead
    Column("reason", Text),
    Column("ended_at", Integer),
    UniqueConstraint("id"),
    UniqueConstraint("epoch", "seq"),
    # Small at all times: what central has leaves these indexes.
    Index("ix_items_waiting", "row", sqlite_where=text("state = 'waiting'")),
    Index("ix_items_dead", "row", sqlite_where=text("state = 'dead'")),
)

# Runs of items that are no longer here, so that the chain can still be followed across them.
chain_gaps = Table(
    "chain_gaps",
    metadata,
    Column("epoch", Text, primary_key=True),
    Column("first_seq", Integer, primary_key=True),
    Column("last_seq", Integer, nullable=False),
    Column("first_prev_hash", Text, nullable=False),
    Column("last_hash", Text, nullable=False),
    Column("reason", Text, nullable=False),  # pruned, unreadable
)

# AUTOINCREMENT: an id never comes twice, whatever is deleted.
business_days = Table(
    "business_days",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("date", Text, nullable=False),
    Column("opened_by", Text, nullable=False),
    Column("serial", Integer),  # central's, where the feed named the day
    Column("counter_base", Integer, nullable=False, server_default="0"),
    sqlite_autoincrement=True,
)

counters = Table(
    "counters",
    metadata,
    Column("day_id", Integer, primary_key=True),
    Column("prefix", Text, primary_key=True),
    Column("n", Integer, nullable=False),
)

# `row` is the item's row: a ticket's id is its item's id, and both leave together.
tickets = Table(
    "tickets",
    metadata,
    Column("row", Integer, primary_key=True),
    Column("intention", Text, nullable=False),
    Column("day_id", Integer, nullable=False),
    Column("prefix", Text, nullable=False),
    Column("digit", Integer, nullable=False),
    Column("n", Integer, nullable=False),
    Column("number", Text, nullable=False),
    Column("service", Text, nullable=False),
    Column("priority", Text, nullable=False),
    Column("order_id", Text),
    Column("voided", Text),
    UniqueConstraint("intention"),
    UniqueConstraint("day_id", "prefix", "digit", "n"),
    Index("ix_tickets_order", "day_id", "order_id", sqlite_where=text("order_id IS NOT NULL")),
)

# An order stays after its item has gone, until it has long expired: a code must not be accepted twice.
orders = Table(
    "orders",
    metadata,
    Column("id", Text, primary_key=True),
    Column("intention", Text, nullable=False),
    Column("order_id", Text),
    Column("code_sha256", Text, nullable=False),
    Column("service", Text),
    Column("outcome", Text, nullable=False),
    Column("order_number", Text),
    Column("expires_at", Integer),
    Column("recorded_us", Integer, nullable=False),
    Column("boot_id", Text, nullable=False),
    Column("boot_time_ns", Integer, nullable=False),
    UniqueConstraint("intention"),
    UniqueConstraint("order_id"),
    # Only codes that could not be checked are unique by their text: they must not stand in the way of the genuine one.
    Index("uq_orders_unverified", "code_sha256", unique=True, sqlite_where=text("order_id IS NULL")),
    Index("ix_orders_code_sha256", "code_sha256"),
)

# sending -> printed | not_printed | unknown. The row is on disk before the first byte goes out.
print_jobs = Table(
    "print_jobs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("item_id", Text, nullable=False),
    Column("paper", Text, nullable=False),
    Column("copy", Integer, nullable=False),
    Column("state", Text, nullable=False),  # sending, printed, not_printed, unknown
    Column("reason", Text),
    Column("millimetres", Integer),
    Column("started_at", Integer, nullable=False),
    Column("ended_at", Integer),
    Index("ix_print_jobs_item_id", "item_id"),
    Index("ix_print_jobs_sending", "id", sqlite_where=text("state = 'sending'")),
)

# Who hears of tickets beside central, by a copy: one row a listener. Triggers of the migration write the changes:
# issued, voided, printed. A listener with another peer or term is told the day from its beginning.
ticket_changes = Table(
    "ticket_changes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("ticket_row", Integer, nullable=False),
    sqlite_autoincrement=True,
)
listeners = Table(
    "listeners",
    metadata,
    Column("name", Text, primary_key=True),
    Column("peer", Text, nullable=False),
    Column("term", Integer, nullable=False),
    Column("heard_through", Integer, nullable=False),  # an id of ticket_changes
    Column("statement", Text),  # JSON: the greatest that a hub it followed has signed
)

# What a technician has to see, one row a condition.
alarms = Table(
    "alarms",
    metadata,
    Column("code", Text, primary_key=True),
    Column("since_at", Integer, nullable=False),
    Column("detail", Text, nullable=False),
)
# One row: how delivery goes. `try_now` counts the requests to deliver at once.
delivery = Table(
    "delivery",
    metadata,
    Column("one", Integer, primary_key=True, autoincrement=False),
    Column("last_success_at", Integer),
    Column("last_error", Text),
    Column("last_error_at", Integer),
    Column("next_attempt_at", Integer),
    Column("try_now", Integer, nullable=False, server_default="0"),
)
tallies = Table(
    "tallies",
    metadata,
    Column("name", Text, primary_key=True),
    Column("total", Integer, nullable=False),
    Column("trip", Integer, nullable=False),
)
pin_attempts = Table(
    "pin_attempts",
    metadata,
    Column("name", Text, primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("boot_id", Text, nullable=False),
    Column("boot_time_ns", Integer, nullable=False),
    Column("waited_s", Integer, nullable=False, server_default="0"),  # of the lock, before that moment
)

"""The tables of the hall's rows as the hub told them, beside those of `offline_store.disk.tables`, which names them."""

from sqlalchemy import Column, Integer, Table, Text

from offline_store.disk.metadata import metadata

# What stands of each number of the hall: what anybody there may know, and nothing else.
hall_rows = Table(
    "hall_rows",
    metadata,
    Column("day", Integer, primary_key=True),  # counts the hub's days
    Column("kiosk", Text, primary_key=True),
    Column("number", Text, primary_key=True),
    Column("service", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("place", Integer, nullable=False),  # the order in which people came
    Column("queue", Text),
    Column("counter", Integer),
    Column("called", Text),
    Column("end", Text),
    Column("priority", Integer, nullable=False),
    Column("shown", Text, nullable=False),  # digests of what it is known by, parted by spaces
)
# One row, or none where nothing is known: up to where the rows hold all, and when that was heard.
hall_as_of = Table(
    "hall_as_of",
    metadata,
    Column("one", Integer, primary_key=True, autoincrement=False),
    Column("hub", Text, nullable=False),
    Column("life", Text, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("wall_time", Text, nullable=False),
    Column("clock", Text, nullable=False),
    Column("boot_id", Text, nullable=False),
    Column("boot_time_ns", Integer, nullable=False),
)

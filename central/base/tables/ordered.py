"""What was opened of sealed parts, and orders, each once."""

from sqlalchemy import Column, Table, Text, UniqueConstraint

from central.base.tables.base import metadata

opened = Table(
    "opened",
    metadata,
    Column("kiosk", Text, primary_key=True),
    Column("item", Text, primary_key=True),
    Column("content", Text, nullable=False),
    Column("opened_at", Text, nullable=False),
)

orders = Table(
    "orders",
    metadata,
    Column("order_id", Text, primary_key=True),
    Column("item", Text, nullable=False),
    Column("kiosk", Text, nullable=False),
    Column("number", Text, nullable=False),
    Column("service", Text, nullable=False),
    Column("centre", Text, nullable=False),
    Column("at", Text, nullable=False),
    # The code's own personal block, opened; null where there is none or it does not open.
    Column("personal", Text),
    UniqueConstraint("kiosk", "item"),
)

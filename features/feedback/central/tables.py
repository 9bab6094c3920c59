"""What central keeps of visitors' answers. Its revision 0002 makes these tables, with this feature or without."""

from sqlalchemy import BigInteger, Column, Integer, Table, Text

from central.base.tables.base import metadata

# Of which tickets somebody has answered "Was it done?", and when their day was over; what he said is in
# `feedback_counts` alone.
feedback = Table(
    "feedback",
    metadata,
    Column("kiosk", Text, primary_key=True),
    Column("ticket", Text, primary_key=True),
    Column("day_over_at", Text, nullable=False),
)

# Answers counted, by the day of the visit. They are of no person, and can't be made again from anything.
feedback_counts = Table(
    "feedback_counts",
    metadata,
    Column("centre", Text, primary_key=True),
    Column("business_day", Text, primary_key=True),
    Column("service", Text, primary_key=True),
    Column("served", Text, primary_key=True),  # see wire.Served
    Column("face", Integer, primary_key=True),
    Column("n", BigInteger, nullable=False),
)

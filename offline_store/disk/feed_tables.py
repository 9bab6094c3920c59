"""The tables of what the feed brought, beside those of `offline_store.disk.tables`, which names them too."""

from sqlalchemy import Column, Index, Integer, Table, Text, UniqueConstraint

from offline_store.disk.metadata import metadata

# What the feed brought. `cursor` is central's text, NULL asks for a snapshot; `through` is how far `epoch` is heard.
# Each snapshot is a generation: what it says gets its number in `heard`, and what has another in the end is gone.
feed = Table(
    "feed",
    metadata,
    Column("one", Integer, primary_key=True, autoincrement=False),
    Column("cursor", Text),
    Column("business_day_serial", Integer, nullable=False, server_default="0"),
    Column("epoch", Text),
    Column("through", Integer),
    Column("generation", Integer, nullable=False, server_default="0"),
    Column("part", Integer),  # the last part taken of a snapshot under way
)
catalogue = Table(
    "catalogue",
    metadata,
    Column("code", Text, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("entry", Text, nullable=False),  # JSON, the fields of common/city/services.toml
    Column("heard", Integer, nullable=False, server_default="0"),
)
app_keys = Table(
    "app_keys",
    metadata,
    Column("kid", Text, primary_key=True),
    Column("public_key", Text),  # NULL: revoked before it was ever seen
    Column("alg", Integer),
    Column("valid_from", Integer),
    Column("valid_until", Integer),
    Column("revoked_at", Integer),
    Column("heard", Integer, nullable=False, server_default="0"),  # when the revocation was last said
)
order_states = Table(
    "order_states",
    metadata,
    Column("order_id", Text, primary_key=True),
    Column("number", Text),
    Column("state", Text, nullable=False),
    Column("at", Text),
    Column("centre", Text),
    Column("service", Text),
    Column("heard", Integer, nullable=False, server_default="0"),
    Index("ix_order_states_number", "number"),
)
# Orders of other centres whose codes were shown here: central is asked where they stand. Nothing of whose they are.
order_questions = Table(
    "order_questions",
    metadata,
    Column("row", Integer, primary_key=True),
    Column("order_id", Text, nullable=False),
    Column("day_id", Integer, nullable=False),  # of business_days, 0 before the first
    Column("asked", Integer, nullable=False, server_default="0"),  # 1: central has answered that it was asked
    UniqueConstraint("order_id"),
)
technicians = Table(
    "technicians",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("centre", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("pin_hash", Text, nullable=False),
    Column("heard", Integer, nullable=False, server_default="0"),
)
settings = Table(
    "settings",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),  # JSON
    Column("heard", Integer, nullable=False, server_default="0"),
)
central_keys = Table(
    "central_keys",
    metadata,
    Column("kid", Text, primary_key=True),
    Column("purpose", Text, primary_key=True),  # sealing, signing
    Column("public_key", Text, nullable=False),
    Column("current", Integer, nullable=False, server_default="1"),  # 0: superseded, kept to verify older things
    Column("added", Integer, nullable=False, server_default="0"),  # grows: the feed message's id, 0 from enrolment
    Column("retired", Integer, nullable=False, server_default="0"),  # 1: taken back by a newer one's word, for good
)
# What central says of the centre whole, one row a kind of the feed: hubs, kiosks, counters, clerks.
centre_records = Table(
    "centre_records",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("body", Text, nullable=False),  # JSON of the kind's struct
    Column("message_id", Integer, nullable=False),  # the feed's own: grows with each word
    Column("heard", Integer, nullable=False, server_default="0"),
)
feed_set_aside = Table(
    "feed_set_aside",
    metadata,
    Column("id", Integer, primary_key=True),  # the feed's own message id
    Column("kind", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("received_at", Integer, nullable=False),
)

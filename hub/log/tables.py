"""The hub's tables, in the same SQLite file as its offline_store.

An event and the item that tells central of it are one transaction. The schema is made by the migrations here; a test
holds both equal.
"""

from sqlalchemy import Column, Float, Index, Integer, Table, Text, UniqueConstraint, text

from common.messages import outbox
from hub.log.authors import led, lives, metadata

# One row: who leads, how the hub's time line and working time stood at the last beat, and the store's day last seen.
state = Table(
    "hub_state",
    metadata,
    Column("one", Integer, primary_key=True, autoincrement=False),
    Column("term", Integer, nullable=False),
    Column("role", Text, nullable=False),  # leading, following
    Column("line_us", Integer, nullable=False, server_default="0"),
    Column("work_us", Integer, nullable=False, server_default="0"),
    Column("wall_us", Integer),  # only where it was trusted
    Column("boot_id", Text),
    Column("boot_time_ns", Integer),
    Column("store_day", Integer, nullable=False, server_default="0"),
    Column("follower", Text),  # what a version before 1.1 reads, as the next
    Column("pulled_line", Integer),
    Column("board_heard_at", Text),
    Column("board_speaks", Integer, nullable=False, server_default="0"),
    Column("board_wanted_m", Float),  # from how many metres the board should be read, and can be
    Column("board_serves_m", Float),
    Column("recall_due", Integer, nullable=False, server_default="0"),  # 1: its log is lost; 2: a part is back
    Column("seen_term", Integer, nullable=False, server_default="0"),  # the greatest that any hub was heard to have
    # Whether a hub that follows has pulled its leader's log to the end since it began; else it may lack who was called.
    Column("holds_all", Integer, nullable=False, server_default="0"),
    Column("log_lost", Integer, nullable=False, server_default="0"),  # the line where a loss was noticed, on that day
    Column("alone_since", Text),  # when it led on because it led last, with neither every other hub nor central heard
    # From which event on the log was pulled from another hub, and may lack at central; null: of none.
    Column("hand_on_from", Integer),
)

# The log: only ever appended to, and read from its end, so that no index costs a press anything. `body` holds what the
# event made of its ticket and its counter, whole.
events = Table(
    "hub_events",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("term", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("kiosk", Text),
    Column("ticket", Text),
    Column("number", Text),
    Column("counter", Integer),
    Column("clerk", Text),
    Column("press", Text),
    Column("day", Integer, nullable=False),
    Column("line_us", Integer, nullable=False),
    Column("work_us", Integer, nullable=False),
    Column("wall_time", Text, nullable=False),
    Column("boot_time_ns", Integer, nullable=False),
    Column("boot_id", Text, nullable=False),
    Column("clock", Text, nullable=False),
    Column("body", Text, nullable=False),
)

# Events that another hub did not have when it took over; kept, and no part of the log any more.
events_aside = Table(
    "hub_events_aside",
    metadata,
    Column("row", Integer, primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("term", Integer, nullable=False),
    Column("event", Text, nullable=False),  # JSON
)

# The final answer of each press, kept with it: a repeat gets the same bytes. `term` is of the hub that answered.
presses = Table(
    "hub_presses",
    metadata,
    Column("counter", Integer, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("digest", Text, nullable=False),
    Column("status", Integer, nullable=False),
    Column("answer", Text, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("hub", Text, nullable=False),
    Column("term", Integer, nullable=False),
    Column("line_us", Integer, nullable=False),
    Index("ix_hub_presses_seq", "seq"),
    sqlite_with_rowid=False,
)

# Projections: made of the log alone.
tickets = Table(
    "hub_tickets",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kiosk", Text, nullable=False),
    Column("epoch", Text, nullable=False),
    Column("kiosk_seq", Integer, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("digest", Text, nullable=False),
    Column("number", Text, nullable=False),
    Column("service", Text, nullable=False),
    Column("priority", Text, nullable=False),
    Column("order_id", Text),
    Column("day", Integer, nullable=False),
    Column("queue", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("arrived_line", Integer, nullable=False),
    Column("arrived_work", Integer, nullable=False),
    Column("is_certain", Integer, nullable=False),
    Column("issued_at", Text, nullable=False),
    Column("paper", Text),
    Column("is_voided", Integer, nullable=False),
    Column("only_counter", Integer),
    Column("front_line", Integer),
    Column("absences", Integer, nullable=False),
    Column("absent_line", Integer),
    Column("absent_seq", Integer),
    Column("counter", Integer),
    Column("call_seq", Integer),
    Column("call_counter", Integer),
    Column("called_at", Text),
    Column("called_line", Integer),
    Column("called_work", Integer),
    Column("came_line", Integer),
    Column("came_work", Integer),
    Column("ended_line", Integer),
    Column("ended_work", Integer),
    Column("end", Text),
    Column("parked_at", Text),
    Column("estimate_s", Integer),
    Column("low_s", Integer),
    Column("high_s", Integer),
    Column("told_today", Text),  # yes or doubtful; null where nothing was said of it
    Column("token_sha256", Text),
    Column("first_day", Text),
    Column("last_day", Text),
    Column("claim", Text),
    Column("claimed", Text),
    Column("place_line", Integer),
    Column("shown", Text),
    Column("claim_at", Text),
    Column("due_line", Integer),
    Column("credit_us", Integer),
    Index("ix_hub_tickets_state", "state", "day"),
    Index("ix_hub_tickets_day_number", "day", "number"),
    Index("ix_hub_tickets_kiosk", "kiosk", "epoch", "kiosk_seq"),
    # Of the few that were carried over, and of those that claimed one.
    Index("ix_hub_tickets_last_day", "last_day", sqlite_where=text("last_day IS NOT NULL")),
    Index("ix_hub_tickets_claimed", "claimed", sqlite_where=text("claimed IS NOT NULL")),
)
counters = Table(
    "hub_counters",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("state", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("ticket", Text),
    Column("clerk", Text),
    Column("reason", Text),
    Column("acted_line", Integer),
    Column("acted_work", Integer),
    Column("last_press", Text),
    Column("last_seq", Integer),
    Column("must_resume", Integer, nullable=False),
    Column("called_carried", Integer, nullable=False, server_default="0"),
)
days = Table(
    "hub_days",
    metadata,
    Column("day", Integer, primary_key=True),
    Column("label", Text, nullable=False),
    Column("is_closed", Integer, nullable=False),
    Column("early_line", Integer),  # when a manager closed it before its time
)
# Every label that a day ever had: a ticket issued before a relabel still belongs to it.
day_labels = Table(
    "hub_day_labels",
    metadata,
    Column("label", Text, primary_key=True),
    Column("day", Integer, nullable=False),
)
# Numbers that were called by voice while there was no hub: who comes late with one has been served.
by_hand = Table(
    "hub_by_hand",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("day", Integer, primary_key=True),
    Column("ranges", Text, nullable=False),  # JSON
)
# What a manager set on the hub's own page: in force until central publishes a newer word than `message_id`.
overrides = Table(
    "hub_overrides",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),  # JSON
    Column("message_id", Integer, nullable=False),
    Column("seq", Integer, nullable=False),
)
# Stretches of the time line in which working time ran, or stood. `seq`: of the event; null of a log from before 1.1.
work_spans = Table(
    "hub_work_spans",
    metadata,
    Column("line_us", Integer, primary_key=True),
    Column("work_us", Integer, nullable=False),
    Column("is_running", Integer, nullable=False),
    Column("seq", Integer),
)
help_calls = Table(
    "hub_help_calls",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kiosk", Text, nullable=False),
    Column("asked_line", Integer, nullable=False),
    Column("asked_at", Text, nullable=False),
    Column("seen_by", Text),
    UniqueConstraint("id", "kiosk"),
)
PROJECTIONS = (tickets, counters, days, day_labels, by_hand, overrides, work_spans, led, lives, help_calls)

sessions = Table(
    "hub_sessions",
    metadata,
    Column("token_sha256", Text, primary_key=True),
    Column("clerk", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("counter", Integer),
    Column("began_line", Integer, nullable=False),
    Column("began_at", Text, nullable=False),
    Column("ended", Text),
    Column("pin_sha256", Text),  # of the PIN's hash: a new PIN ends the session
    Index("ix_hub_sessions_counter", "counter"),
)
# Wrong PINs by clerk, by address and in all, with the moment on the hub's time line until which none is heard.
locks = Table(
    "hub_locks",
    metadata,
    Column("scope", Text, primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("last_line", Integer, nullable=False),
    Column("until_line", Integer, nullable=False),
    Column("under_way", Integer, nullable=False, server_default="0"),  # counted as failed, not judged yet
)
# Addresses of office PCs, on which somebody has logged in: a standby is told of them, for its cookies are its own.
offices = Table(
    "hub_offices", metadata, Column("origin", Text, primary_key=True), Column("seen_line", Integer, nullable=False)
)
# Where a kiosk's boot clock lies on the hub's time line: line = offset + boot time. The least that was ever seen.
kiosk_boots = Table(
    "hub_kiosk_boots",
    metadata,
    Column("kiosk", Text, primary_key=True),
    Column("boot_id", Text, primary_key=True),
    Column("offset_us", Integer, nullable=False),
    Column("seen_line", Integer, nullable=False),
)
# What kiosks last said that they need, and when, so that another process of this hub knows it too.
kiosk_needs = Table(
    "hub_kiosk_needs",
    metadata,
    Column("kiosk", Text, primary_key=True),
    Column("needs", Text, nullable=False),  # JSON: words
    Column("heard_line", Integer, nullable=False),
)
# What staff is told of, from its beginning to its end; two digits take it.
alarms = Table(
    "hub_alarms",
    metadata,
    Column("name", Text, primary_key=True),  # kind/machine
    Column("kind", Text, nullable=False),
    Column("machine", Text, nullable=False),
    Column("digits", Text, nullable=False, unique=True),
    Column("since", Text, nullable=False),
    Column("taken_at", Text),
    Column("taken_by", Text),
    Column("told_at", Text),  # when the hub that led before told of it last; what this one told stands in messages
    Column("told_to", Text),  # whom it had told, as JSON: this hub's own marks of their numbers
)
messages = Table(
    "hub_messages",
    metadata,
    *outbox.columns(),
    Column("alarm", Text, nullable=False),
    # Who: a mark of the number, which lies in the list of staff alone; and what it says.
    Column("person", Text, nullable=False),
    Column("text", Text, nullable=False),
    Index("ix_hub_messages_alarm", "alarm", "person"),
    Index("ix_hub_messages_state", "state", "dies_at"),
)
# Texts that came in and took no alarm: how many, not what.
texts_let_go = Table(
    "hub_texts_let_go",
    metadata,
    Column("one", Integer, primary_key=True, autoincrement=False),
    Column("n", Integer, nullable=False),
)

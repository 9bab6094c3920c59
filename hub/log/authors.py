"""Who wrote the log: which hubs were let lead, by whom, in which lives its events were written; and who pulls it.

But for the last they are made of the log alone. A life is a hub's from one start, taking of the lead, or return of its
log to the next.
"""

from collections.abc import Sequence
from typing import Final

from msgspec import Struct
from sqlalchemy import Column, Connection, Integer, MetaData, Table, Text, bindparam, select

from offline_store.disk.sql import precompiled, run

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# Who was let lead, by whom: the greatest (term, hub) leads.
led = Table(
    "hub_led",
    metadata,
    Column("term", Integer, primary_key=True, autoincrement=False),
    Column("hub", Text, primary_key=True),
    Column("by", Text),
    Column("at", Text, nullable=False),
)
# Each life from its own event on.
lives = Table(
    "hub_lives",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("life", Text, nullable=False),
    Column("hub", Text, nullable=False),
)

# Who has pulled the log since this hub leads, when last, and what it held then.
followers = Table(
    "hub_followers",
    metadata,
    Column("hub", Text, primary_key=True),
    Column("pulled_line", Integer, nullable=False),
    Column("pulled_at", Text),  # null of one that was noted by a version before 1.1
    Column("through", Integer),
)


# All hubs and pages of a centre ask for both again and again.
_NEWEST_LED: Final = precompiled(
    select(led.c.term, led.c.hub, led.c.by, led.c.at).order_by(led.c.term.desc(), led.c.hub.desc())
)
_LIFE_AT: Final = precompiled(
    select(lives.c.seq, lives.c.life, lives.c.hub).where(lives.c.seq <= bindparam("at")).order_by(lives.c.seq.desc())
)


class Led(Struct, frozen=True):
    """A hub was let lead, by a manager (their id), or by central, when it enrolled the centre's first."""

    term: int
    hub: str
    by: str | None
    at: str


class Life(Struct, frozen=True):
    """A life, of a hub, from the event of a seq on."""

    seq: int
    life: str
    hub: str


def newest_led(connection: Connection) -> Led | None:
    """Return who was let lead last, as far as this log tells; None where it does not."""
    row = run(connection, _NEWEST_LED).fetchone()
    return None if row is None else Led(*row)


def life_at(connection: Connection, seq: int) -> Life | None:
    """Return in which life the event of a seq was written; None of a log from before 1.1."""
    row = run(connection, _LIFE_AT, {"at": seq}).fetchone()
    return None if row is None else Life(*row)


def lives_from(connection: Connection, seq: int, most: int) -> list[Life]:
    """Return the lives in which the log was written from an event on, oldest first, so many at most."""
    first, columns = life_at(connection, seq), lives.c
    later = select(columns.seq, columns.life, columns.hub).where(columns.seq > seq).order_by(columns.seq).limit(most)
    found = [Life(*row) for row in connection.execute(later)]
    return (found if first is None else [first, *found])[:most]


def lives_of(connection: Connection, seqs: Sequence[int]) -> list[Life | None]:
    """Return for each event of these seqs, which grow, in which life it was written."""
    if not seqs:
        return []
    columns = lives.c
    since = select(columns.seq, columns.life, columns.hub).where(columns.seq > seqs[0], columns.seq <= seqs[-1])
    begun = [Life(*row) for row in connection.execute(since.order_by(columns.seq))]
    first = life_at(connection, seqs[0])
    return [max((one for one in begun if one.seq <= seq), key=lambda one: one.seq, default=first) for seq in seqs]

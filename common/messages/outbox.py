"""The rule of an outbox, as statements over a table that has `columns`: central's and a hub's alike.

A row is claimed before its message is handed to a channel, by one process, for `ANSWERED_WITHIN`. Of a kind that is
sent at most once the claim says `handed` already: found open after a kill it becomes `unknown`. Of the others it waits
on, and is handed again. What is too old is dropped, and never sent late.

Times are RFC 3339 text in UTC with microseconds; they sort as text.
"""

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    Column,
    Insert,
    Integer,
    Select,
    Table,
    Text,
    Update,
    and_,
    case,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.sql.elements import ColumnElement

from common.messages.kind import RULES, Kind
from common.messages.port import Outcome

ANSWERED_WITHIN: Final = timedelta(minutes=2)
"""Longer than any channel's own deadlines."""
FIRST_PAUSE: Final = timedelta(seconds=10)
LONGEST_PAUSE: Final = timedelta(minutes=15)
UNSURE_PAUSES: Final[tuple[timedelta, ...]] = (timedelta(hours=1), timedelta(hours=12), timedelta(days=1))
"""Before what may have gone out is said again; the last of them holds on while it lives: it may never have arrived."""
REPORTED_WITHIN: Final = timedelta(days=3)
LISTED: Final = ("id", "kind", "channel", "made_at", "dies_at", "state")
"""What the commands say of a message."""
AT_MOST_ONCE: Final = [kind for kind, rule in RULES.items() if rule.at_most_once]


def columns() -> tuple[Column[Any], ...]:
    """Return what every outbox has of a message, besides to whom it goes and what it says."""
    return (
        Column("id", Text, primary_key=True),
        Column("kind", Text, nullable=False),
        Column("channel", Text),
        Column("made_at", Text, nullable=False),
        Column("dies_at", Text, nullable=False),
        Column("state", Text, nullable=False),
        # Until when the process that claimed it has to have said what became of it; of one that waits: not before.
        Column("until", Text),
        # When it may first have gone out, and how often handing it failed.
        Column("handed_at", Text),
        Column("tries", Integer, nullable=False),
        # How often it may have gone out.
        Column("sends", Integer, nullable=False, server_default="0"),
        # What the channel's later report calls it.
        Column("reference", Text),
    )


def as_text(moment: datetime) -> str:
    """Return a moment as rows have it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def new(kind: Kind, now: datetime, dies_at: datetime | None = None) -> dict[str, Any]:
    """Return the values of a new message. Raises ValueError where its kind needs a moment to die at."""
    life = RULES[kind].life
    if life is None and dies_at is None:
        raise ValueError(f"{kind} is of use until a moment that has to be said")
    end = now + life if life is not None else dies_at
    assert end is not None  # noqa: S101 - one of both is there
    values = {"id": str(uuid.uuid4()), "kind": kind, "made_at": as_text(now), "dies_at": as_text(end)}
    return values | {"state": "waiting", "tries": 0, "sends": 0}


def left_s(dies_at: str, now: datetime) -> float:
    """Return for how long a message is of use still, in seconds."""
    return max(0.0, (datetime.fromisoformat(dies_at) - now).total_seconds())


def due(table: Table, now: datetime, most: int, *more: ColumnElement[bool]) -> Select[Any]:
    """Return what may be handed now, the one that dies first before the others.

    `more` leaves out what has no way out now: among the first so many it would keep those waiting that have one.
    """
    return select(table).where(*_waits(table, now), *more).order_by(table.c.dies_at, table.c.made_at).limit(most)


def claim(table: Table, message: str, kind: str, now: datetime) -> Update:
    """Take a message before it is handed; no row is changed where somebody else has."""
    values: dict[str, Any] = {"until": as_text(now + ANSWERED_WITHIN), "sends": table.c.sends + 1}
    if kind in AT_MOST_ONCE:
        values |= {"state": "handed", "handed_at": as_text(now)}
    return update(table).where(table.c.id == message, *_waits(table, now)).values(values)


def answered(table: Table, message: str, kind: str, outcome: Outcome, now: datetime, **sent: str | None) -> Update:
    """Note what a channel made of a message that was claimed; `sent`: its channel, and reference."""
    own = table.c.id == message, table.c.until.is_not(None)
    if outcome == "unknown" and kind not in AT_MOST_ONCE:
        *first, last = (as_text(now + pause) for pause in UNSURE_PAUSES)
        again = case(*((table.c.sends <= at, moment) for at, moment in enumerate(first, 1)), else_=last)
        until = case((table.c.dies_at < again, table.c.dies_at), else_=again)  # nobody waits for what is of no use then
        values = {"state": "waiting", "until": until, "handed_at": as_text(now), "channel": sent["channel"]}
        return update(table).where(*own).values(values)
    return update(table).where(*own).values(state=outcome, until=None, handed_at=as_text(now), **sent)


def not_sent(table: Table, message: str, now: datetime) -> Update:
    """Let a message that was claimed wait on, ever longer: no channel could begin with it."""
    pauses = [min(FIRST_PAUSE * 2**tries, LONGEST_PAUSE) for tries in range(8)]
    later = case(
        *((table.c.tries == tries, as_text(now + pause)) for tries, pause in enumerate(pauses)),
        else_=as_text(now + LONGEST_PAUSE),
    )
    own = table.c.id == message, table.c.until.is_not(None)
    sent_before = case((table.c.sends > 1, table.c.handed_at), else_=None)
    values = {"state": "waiting", "until": later, "tries": table.c.tries + 1, "sends": table.c.sends - 1}
    return update(table).where(*own).values(values | {"handed_at": sent_before})


def wait(table: Table, message: str, now: datetime, until: datetime) -> Update:
    """Leave a message that nobody has claimed until a moment: it is night, or nobody is there to tell."""
    return update(table).where(table.c.id == message, *_waits(table, now)).values(until=as_text(until))


def drop(table: Table, message: str, now: datetime) -> Update:
    """End a message that nobody has claimed: what it says is so no more. No claim lasts longer than an answer may."""
    own = update(table).where(table.c.id == message, table.c.state == "waiting", is_free(table, now))
    return own.values(state=_ended_unsent(table), until=None)


def is_free(table: Table, now: datetime) -> ColumnElement[bool]:
    """Say that surely nobody hands a message over now."""
    until, longest = table.c.until, as_text(now + ANSWERED_WITHIN)
    return or_(until.is_(None), until <= as_text(now), until > longest)


def _waits(table: Table, now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Return by what a message is known that may be taken now: also one that is said again waits while it is handed."""
    text = as_text(now)
    may = or_(table.c.until.is_(None), table.c.until <= text)
    return table.c.state == "waiting", may, table.c.dies_at > text


def close_open(table: Table, now: datetime) -> Update:
    """End what was being handed when a process was killed, where it must not be said twice."""
    is_open = and_(table.c.kind.in_(AT_MOST_ONCE), table.c.state == "handed", table.c.until <= as_text(now))
    return update(table).where(is_open).values(state="unknown", until=None)


def close_before(table: Table, moment: str) -> Update:
    """End what waited in a copy that was brought back then, where it may have gone out and must not be said twice."""
    waited = (table.c.state == "waiting", table.c.kind.in_(AT_MOST_ONCE), table.c.made_at < moment)
    return update(table).where(*waited).values(state="unknown", until=None)


def drop_old(table: Table, now: datetime) -> Update:
    """End what waits beyond its life: dropped, or unknown where an answer had been lost. Not what is being handed."""
    text = as_text(now)
    is_over = and_(
        table.c.state == "waiting", table.c.dies_at <= text, or_(table.c.until.is_(None), table.c.until <= text)
    )
    return update(table).where(is_over).values(state=_ended_unsent(table), until=None)


def _ended_unsent(table: Table) -> Any:
    return case((table.c.handed_at.is_(None), "dropped"), else_="unknown")


def reported(table: Table, channel: str, reference: str, outcome: Outcome, now: datetime) -> Update:
    """Note a later report; of a message that is older, or ended otherwise, it says nothing."""
    own = (table.c.channel == channel, table.c.reference == reference, table.c.state == "handed")
    lately = table.c.made_at > as_text(now - REPORTED_WITHIN)
    return update(table).where(*own, lately).values(state=outcome)


def listing(table: Table, state: str | None) -> Select[Any]:
    """Return all messages, the oldest first, or those in one state."""
    query = select(*(table.c[name] for name in LISTED)).order_by(table.c.made_at, table.c.id)
    return query if state is None else query.where(table.c.state == state)


def went_out(table: Table, since: datetime, *more: ColumnElement[bool]) -> Select[Any]:
    """Count how often something may have gone out, of what went out last since a moment, by a number's channel."""
    query = select(func.coalesce(func.sum(table.c.sends), 0))
    return query.where(table.c.handed_at > as_text(since), table.c.channel != APP, *more)


def make(table: Table, rows: Sequence[dict[str, Any]]) -> Insert:
    """Put new messages in."""
    return insert(table).values(list(rows))


APP: Final = "app"
"""The channel of the citizens' app: its makers are told, and no number is needed."""

"""Alarms from beginning to end, whom each is told how often, and who takes it: by two digits, or a touch."""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, Row, delete, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from common.messages import outbox
from hub.log import tables
from hub.messages.conditions import Condition

AGAIN_AFTER: Final = timedelta(minutes=15)
KEPT: Final = timedelta(days=30)
SAID: Final = "said"
"""The kind of what somebody has put in by hand."""
NONE: Final[Mapping[str, Condition]] = {}
alarms, messages = tables.alarms, tables.messages


class StandingAlarm(Struct, frozen=True):
    """An alarm as the manager's page shows it."""

    digits: str
    kind: str
    machine: str
    since: str
    taken_by: str | None


def settle(
    connection: Connection, standing: Mapping[str, Condition], now: datetime, young: Mapping[str, Condition] = NONE
) -> list[Row[Any]]:
    """Begin and end alarms by what stands; return those of which somebody is to be told, for nobody has taken them.

    `young`: what this process has not seen for long enough to begin an alarm. One that has begun, before a restart or
    under another hub, goes on by it; of a kiosk that is silent, which may mean that nobody listened, nothing is told.
    """
    known = {row.name: row for row in connection.execute(select(alarms))}
    over = known.keys() - standing.keys() - young.keys()
    connection.execute(delete(alarms).where(alarms.c.name.in_(over)))
    used = {row.digits for name, row in known.items() if name not in over}
    for name, one in {**young, **standing}.items():
        if name in known and known[name].machine != one.machine:
            connection.execute(update(alarms).where(alarms.c.name == name).values(machine=one.machine))
        if name in known or name in young:
            continue
        free = [f"{number:02}" for number in range(10, 100) if f"{number:02}" not in used]
        if not free:  # ninety stand already: nobody reads another one
            break
        digits = secrets.choice(free)
        used.add(digits)
        since = outbox.as_text(now - timedelta(seconds=one.age_s or 0))
        row = {"name": name, "kind": one.kind, "machine": one.machine, "digits": digits, "since": since}
        connection.execute(insert(alarms).values(row))
    untaken = list(connection.execute(select(alarms).where(alarms.c.taken_at.is_(None)).order_by(alarms.c.since)))
    is_of_none = messages.c.alarm.not_in([row.name for row in untaken]) & ~messages.c.alarm.startswith(f"{SAID}/")
    late = messages.c.state == "waiting", is_of_none
    connection.execute(update(messages).where(*late).values(state="dropped"))  # it would help nobody any more
    return [row for row in untaken if row.name in standing or row.kind != "kiosk-silent"]


def is_due(connection: Connection, alarm: str, person: str, now: datetime) -> bool:
    """Return whether somebody was told nothing of an alarm for a quarter of an hour, and nothing waits for him.

    Also after a clock was set back. Whom the hub before this one has told is not known, so that it counts for all.
    """
    own = messages.c.alarm == alarm, messages.c.person == person, messages.c.state != "dropped"
    since = outbox.as_text(now - AGAIN_AFTER)
    lately = messages.c.handed_at.between(since, outbox.as_text(now))
    here = select(messages.c.id).where(*own, (messages.c.state == "waiting") | lately)
    # By the other hub's clock, which may be a little ahead of this one.
    by_another = alarms.c.told_at.between(since, outbox.as_text(now + AGAIN_AFTER))
    before = select(alarms.c.name).where(alarms.c.name == alarm, by_another)
    return all(connection.scalar(one.limit(1)) is None for one in (here, before))


def put(connection: Connection, alarm: str, person: str, text: str, now: datetime) -> str:
    """Put a message for one of the staff in; return its id."""
    values = outbox.new("staff-alarm", now) | {"alarm": alarm, "person": person, "text": text}
    connection.execute(outbox.make(messages, [values]))
    return str(values["id"])


def follow_clock(connection: Connection, now: datetime) -> None:
    """Let what waits wait by the clock as it is, also one that a power cut has set back: it would wait for years."""
    fresh = outbox.new("staff-alarm", now)
    ahead = messages.c.state == "waiting", messages.c.made_at > fresh["made_at"]
    values = {"made_at": fresh["made_at"], "dies_at": fresh["dies_at"], "until": None}
    connection.execute(update(messages).where(*ahead).values(values))


def forget_old(connection: Connection, now: datetime) -> None:
    """Let messages go that nobody asks about any more."""
    connection.execute(delete(messages).where(messages.c.made_at < outbox.as_text(now - KEPT)))


def take(connection: Connection, digits: str, by: str, now: datetime) -> bool:
    """Note that somebody sees to an alarm, from which on nobody is told of it; False where none has these digits.

    `by`: a clerk, or the mark of who sent a text; names of staff stay in central's list.
    """
    own = update(alarms).where(alarms.c.digits == digits)
    values = {"taken_at": outbox.as_text(now), "taken_by": by}
    return connection.execute(own.values(values)).rowcount == 1


def hear_text(connection: Connection, text: str, person: str, now: datetime) -> bool:
    """Take the alarm whose two digits somebody has sent who was told of it; any other text is counted, not kept."""
    digits = digits_of(text)
    if _was_told(connection, digits, person):
        return take(connection, digits, person, now)
    let_go(connection)
    return False


def answer(connection: Connection, digits: str, person: str, text: str, now: datetime) -> None:
    """Answer once an alarm to who took it by its digits: repeated by a forger they would spend the centre's credit."""
    alarm = connection.execute(select(alarms.c.name, alarms.c.since).where(alarms.c.digits == digits)).one()
    name = f"{SAID}/taken/{alarm.name}"
    own = messages.c.alarm == name, messages.c.person == person, messages.c.made_at >= alarm.since
    if connection.scalar(select(messages.c.id).where(*own).limit(1)) is None:
        put(connection, name, person, text, now)


def digits_of(text: str) -> str:
    """Return the two digits that a text is, empty where it is another."""
    said = text.strip()
    return f"{int(said):02}" if len(said) == 2 and said.isdecimal() else ""


def let_go(connection: Connection) -> None:
    """Count a text that takes no alarm; nothing else of it is kept."""
    row = upsert(tables.texts_let_go).values(one=1, n=1)
    connection.execute(row.on_conflict_do_update(["one"], set_={"n": tables.texts_let_go.c.n + 1}))


def _was_told(connection: Connection, digits: str, person: str) -> bool:
    """Return whether somebody was told the alarm of these digits, by this hub or the one that led before."""
    alarm = connection.execute(select(alarms.c.name, alarms.c.told_to).where(alarms.c.digits == digits)).one_or_none()
    if alarm is None:
        return False
    if alarm.told_to is not None and person in msgspec.json.decode(alarm.told_to, type=list[str]):
        return True
    own = messages.c.alarm == alarm.name, messages.c.person == person, messages.c.handed_at.is_not(None)
    return connection.scalar(select(messages.c.id).where(*own).limit(1)) is not None


def standing_alarms(connection: Connection) -> list[StandingAlarm]:
    """Return what stands, the oldest first."""
    columns = (alarms.c.digits, alarms.c.kind, alarms.c.machine, alarms.c.since, alarms.c.taken_by)
    return [StandingAlarm(*row) for row in connection.execute(select(*columns).order_by(alarms.c.since))]


def message_counts(connection: Connection) -> dict[str, int]:
    """Count the messages that are kept, by state."""
    counted = select(messages.c.state, func.count()).group_by(messages.c.state)
    return {row[0]: row[1] for row in connection.execute(counted)}


def texts_let_go(connection: Connection) -> int:
    """Return how many texts came in that took no alarm."""
    return int(connection.scalar(select(tables.texts_let_go.c.n)) or 0)

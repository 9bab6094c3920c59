"""Events: what one says, how it is written down, and how it makes its ticket and counter what they are.

An event carries its ticket and its counter whole, as it left them. So the projections are the newest image of each, a
rebuild needs no rule of the day it was made on, and an undo finds in the log what stood before.
"""

from collections.abc import Iterator
from typing import Any, Final

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, bindparam, delete, insert, literal_column, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from common.protocol.queue.event import DAY_CLOSED, MOVED_ON
from common.protocol.queue.service_now import INTERRUPTED, RESUMED
from common.queue.standing import Counter, Ticket
from hub.log import authors, tables
from offline_store.disk.sql import precompiled, run

WORK_SWITCHED: Final = "work-switched"
LED: Final = "led"
LIFE_BEGAN: Final = "life-began"
_EVENT_COLUMNS: Final = tuple(column.name for column in tables.events.c)
_TICKET_COLUMNS: Final = Ticket.__struct_fields__
_COUNTER_COLUMNS: Final = Counter.__struct_fields__


class EventBody(Struct, frozen=True, omit_defaults=True):
    """What an event made of its ticket and counter, and what else it tells."""

    ticket: Ticket | None = None
    counter: Counter | None = None
    documents: dict[str, int] | None = None
    reason: str | None = None
    detail: dict[str, Any] | None = None


class Event(Struct, frozen=True, kw_only=True):
    """One line of the log."""

    seq: int
    term: int
    kind: str
    day: int
    line_us: int
    work_us: int
    wall_time: str
    boot_time_ns: int
    boot_id: str
    clock: str
    kiosk: str | None = None
    ticket: str | None = None
    number: str | None = None
    counter: int | None = None
    clerk: str | None = None
    press: str | None = None
    body: str = "{}"

    def read_body(self) -> EventBody:
        """Read the body."""
        return msgspec.json.decode(self.body, type=EventBody)


INSERT_EVENT = precompiled(insert(tables.events).values({name: bindparam(name) for name in _EVENT_COLUMNS}))


def _put(table: Any, columns: tuple[str, ...], key: str) -> str:
    row = upsert(table).values({name: bindparam(name) for name in columns})
    return precompiled(
        row.on_conflict_do_update(
            index_elements=[key], set_={name: row.excluded[name] for name in columns if name != key}
        )
    )


_PUT_TICKET = _put(tables.tickets, _TICKET_COLUMNS, "id")
# What changes of no ticket, but the day of one whose day ended by a slip: an update that names it would touch every
# index for nothing.
_FIXED: Final = ("id", "kiosk", "epoch", "kiosk_seq", "number", "service", "day", "issued_at")
_WHOLE: Final = frozenset({"arrived", "undone", MOVED_ON})
_CHANGE_TICKET = precompiled(
    update(tables.tickets)
    .where(tables.tickets.c.id == bindparam("id"))
    .values({name: bindparam(name) for name in _TICKET_COLUMNS if name not in _FIXED})
)
_PUT_COUNTER = _put(tables.counters, _COUNTER_COLUMNS, "number")
SELECT_EVENTS: Final = select(*(tables.events.c[name] for name in Event.__struct_fields__)).order_by(
    tables.events.c.seq
)
_EVENTS_AFTER: Final = precompiled(
    SELECT_EVENTS.where(tables.events.c.seq > bindparam("after")).limit(bindparam("most")).offset(literal_column("0"))
)


def write_event(connection: Connection, event: Event, body: EventBody) -> None:
    """Append an event and bring the projections to where it leaves them, in the caller's transaction."""
    run(connection, INSERT_EVENT, {name: getattr(event, name) for name in _EVENT_COLUMNS})
    project(connection, event, body)


def project(connection: Connection, event: Event, body: EventBody) -> None:
    """Make the projections what this event says."""
    if body.ticket is not None:
        row = {name: getattr(body.ticket, name) for name in _TICKET_COLUMNS}
        if event.kind in _WHOLE or run(connection, _CHANGE_TICKET, row).rowcount == 0:
            run(connection, _PUT_TICKET, row)
    if body.counter is not None:
        run(connection, _PUT_COUNTER, {name: getattr(body.counter, name) for name in _COUNTER_COLUMNS})
    if body.detail is not None and (told := _DETAILS.get(event.kind)) is not None:
        told(connection, event, body.detail)


def _day_named(connection: Connection, event: Event, detail: dict[str, Any]) -> None:
    """A day opened, was relabelled or closed."""
    early_line = event.line_us if detail.get("early") else None
    row = upsert(tables.days).values(
        day=event.day, label=detail["label"], is_closed=int(event.kind == DAY_CLOSED), early_line=early_line
    )
    # Another date opens no day that a manager has closed.
    changed = ("label",) if event.kind == "day-relabelled" else ("label", "is_closed", "early_line")
    kept = {name: row.excluded[name] for name in changed}
    connection.execute(row.on_conflict_do_update(["day"], set_=kept))
    label = upsert(tables.day_labels).values(label=detail["label"], day=event.day)
    connection.execute(label.on_conflict_do_update(["label"], set_={"day": label.excluded.day}))


def _by_hand(connection: Connection, event: Event, detail: dict[str, Any]) -> None:
    ranges = msgspec.json.encode(detail["ranges"]).decode()
    connection.execute(insert(tables.by_hand).values(seq=event.seq, day=event.day, ranges=ranges))


def _override(connection: Connection, event: Event, detail: dict[str, Any]) -> None:
    value = msgspec.json.encode(detail["value"]).decode()
    values = {"value": value, "message_id": detail["message_id"], "seq": event.seq}
    connection.execute(
        upsert(tables.overrides).values(name=detail["name"], **values).on_conflict_do_update(["name"], set_=values)
    )


def _work_switched(connection: Connection, event: Event, detail: dict[str, Any]) -> None:
    values = {"work_us": detail["work_us"], "is_running": int(detail["is_running"]), "seq": event.seq}
    row = upsert(tables.work_spans).values(line_us=detail["line_us"], **values)
    connection.execute(row.on_conflict_do_update(["line_us"], set_=values))


def _help_asked(connection: Connection, event: Event, detail: dict[str, Any]) -> None:
    row = {"id": detail["id"], "kiosk": detail["kiosk"], "asked_line": event.line_us, "asked_at": event.wall_time}
    connection.execute(upsert(tables.help_calls).values(row).on_conflict_do_nothing())


def _help_seen(connection: Connection, event: Event, detail: dict[str, Any]) -> None:
    columns = tables.help_calls.c
    unseen = update(tables.help_calls).where(columns.id == detail["id"], columns.seen_by.is_(None))
    connection.execute(unseen.values(seen_by=event.clerk))


def _led(connection: Connection, event: Event, detail: dict[str, Any]) -> None:
    row = {"term": detail["term"], "hub": detail["hub"], "by": detail["by"], "at": event.wall_time}
    connection.execute(upsert(authors.led).values(row).on_conflict_do_nothing())


def _life_began(connection: Connection, event: Event, detail: dict[str, Any]) -> None:
    connection.execute(insert(authors.lives).values(seq=event.seq, life=detail["life"], hub=detail["hub"]))


_DETAILS: Final = {
    "day-opened": _day_named,
    "day-relabelled": _day_named,
    DAY_CLOSED: _day_named,
    "by-hand": _by_hand,
    "rules-set": _override,
    "groups-set": _override,
    "boards-set": _override,
    INTERRUPTED: _override,
    RESUMED: _override,
    "orders-taken": _override,
    WORK_SWITCHED: _work_switched,
    LED: _led,
    LIFE_BEGAN: _life_began,
    "help-asked": _help_asked,
    "help-seen": _help_seen,
}


def read_events(connection: Connection, after: int = 0, limit: int | None = None) -> Iterator[Event]:
    """Yield the log's events after a seq, oldest first."""
    rows = run(connection, _EVENTS_AFTER, {"after": after, "most": -1 if limit is None else limit})
    for row in rows.fetchall():
        yield Event(**dict(zip(Event.__struct_fields__, row, strict=True)))


def rebuild(connection: Connection) -> None:
    """Make every projection again from the log, in the caller's transaction; working time of 1.0 stays as it is."""
    spans = tables.work_spans
    for table in tables.PROJECTIONS:
        connection.execute(delete(table) if table is not spans else delete(spans).where(spans.c.seq.is_not(None)))
    for event in list(read_events(connection)):
        project(connection, event, event.read_body())

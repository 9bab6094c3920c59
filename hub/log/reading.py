"""Reading tickets and counters back as they stand."""

from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Row, select

from common.queue.standing import Counter, Ticket
from hub.log import tables
from offline_store.disk.sql import run

TICKET_COLUMNS: Final = tuple(tables.tickets.c[name] for name in Ticket.__struct_fields__)
#: The order in which people came; numbers of one kiosk and one moment stand in the order of their issue.
PLACE: Final = tuple(tables.tickets.c[name] for name in ("arrived_line", "kiosk", "epoch", "kiosk_seq"))
_FLAGS: Final = ("is_certain", "is_voided")
TICKET_SQL: Final = ", ".join(f'"{name}"' for name in Ticket.__struct_fields__)
_ONE_TICKET: Final = f"SELECT {TICKET_SQL} FROM hub_tickets WHERE id = ?"  # noqa: S608 - names of our own columns
_COUNTER_SQL: Final = ", ".join(f'"{name}"' for name in Counter.__struct_fields__)
_ALL_COUNTERS: Final = f"SELECT {_COUNTER_SQL} FROM hub_counters ORDER BY number"  # noqa: S608 - the same
_ONE_COUNTER: Final = f"SELECT {_COUNTER_SQL} FROM hub_counters WHERE number = ?"  # noqa: S608 - the same


class Day(NamedTuple):
    """A day of the queue: its label is the business day. `early_line`: when a manager closed it before its time."""

    label: str
    is_closed: bool
    early_line: int | None


class HelpCalled(NamedTuple):
    """A citizen's call for somebody; `seen_by`: the clerk who goes."""

    kiosk: str
    seen_by: str | None


def as_ticket(row: Row[Any] | tuple[Any, ...]) -> Ticket:
    """Make a ticket of a row with TICKET_COLUMNS."""
    values: dict[str, Any] = dict(zip(Ticket.__struct_fields__, row, strict=True))
    for flag in _FLAGS:
        values[flag] = bool(values[flag])
    return Ticket(**values)


def as_counter(row: Row[Any] | tuple[Any, ...]) -> Counter:
    """Make a counter of a row with its columns."""
    values: dict[str, Any] = dict(zip(Counter.__struct_fields__, row, strict=True))
    for flag in ("must_resume", "called_carried"):
        values[flag] = bool(values[flag])
    return Counter(**values)


def find_ticket(connection: Connection, ticket_id: str) -> Ticket | None:
    """Return a ticket by its id."""
    row = run(connection, _ONE_TICKET, (ticket_id,)).fetchone()
    return None if row is None else as_ticket(row)


def find_number(connection: Connection, number: str, day: int) -> Ticket | None:
    """Return a ticket of a day by the number on its paper."""
    columns = tables.tickets.c
    query = select(*TICKET_COLUMNS).where(columns.day == day, columns.number == number)
    row = connection.execute(query).first()
    return None if row is None else as_ticket(row)


def find_counter(connection: Connection, number: int) -> Counter:
    """Return a counter as it stands; one that never acted is closed."""
    row = run(connection, _ONE_COUNTER, (number,)).fetchone()
    return Counter(number=number) if row is None else as_counter(row)


def all_counters(connection: Connection) -> list[Counter]:
    """Return every counter that ever acted, by number."""
    return [as_counter(row) for row in run(connection, _ALL_COUNTERS).fetchall()]


def find_day(connection: Connection, day: int) -> Day | None:
    """Return a day that this hub has served, by its number."""
    row = run(connection, "SELECT label, is_closed, early_line FROM hub_days WHERE day = ?", (day,)).fetchone()
    return None if row is None else Day(row[0], bool(row[1]), row[2])


def label_of(connection: Connection, day: int) -> str | None:
    """Return the date of a day, None where there is no such day."""
    found = find_day(connection, day)
    return None if found is None else found.label


def day_of_label(connection: Connection, label: str) -> int | None:
    """Return the number of the day that ever had this label."""
    row = run(connection, "SELECT day FROM hub_day_labels WHERE label = ?", (label,)).fetchone()
    return None if row is None else int(row[0])


def waiting_by_queue(connection: Connection, day: int) -> dict[str, int]:
    """Count those who wait, by queue."""
    query = "SELECT queue, count(*) FROM hub_tickets WHERE state = 'waiting' AND day = ? GROUP BY queue ORDER BY queue"
    return dict(run(connection, query, (day,)).fetchall())


def find_help(connection: Connection, call_id: str) -> HelpCalled | None:
    """Return a call for somebody by its id."""
    row = run(connection, "SELECT kiosk, seen_by FROM hub_help_calls WHERE id = ?", (call_id,)).fetchone()
    return None if row is None else HelpCalled(*row)

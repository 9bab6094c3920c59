"""How things stand, for board, counters, manager and the command `hub status`."""

from datetime import datetime
from typing import Final

from msgspec import Struct
from sqlalchemy import select

from common.queue.standing import Counter, CounterState
from hub.engine.act import Act, Look
from hub.log import tables
from hub.log.authors import Led, life_at, newest_led
from hub.log.reading import (
    PLACE,
    TICKET_COLUMNS,
    TICKET_SQL,
    all_counters,
    as_ticket,
    find_day,
    find_ticket,
    label_of,
    waiting_by_queue,
)
from offline_store.disk.sql import run

_US: Final = 1_000_000
MANY_IN_TEN_MINUTES: Final = 300
MAX_AWAY: Final = 100
MAX_LISTED: Final = 500
_OPEN_HELP: Final = (
    "SELECT id, kiosk, asked_at FROM hub_help_calls WHERE seen_by IS NULL AND asked_line > ? "
    "ORDER BY asked_line LIMIT 20"
)
_AWAY: Final = f"SELECT {TICKET_SQL} FROM hub_tickets WHERE state = ? AND day = ? ORDER BY called_line DESC LIMIT ?"  # noqa: S608


class BoardHeard(Struct, frozen=True):
    """When the hall's board was last there, and whether it says the calls."""

    heard_at: str
    speaks: bool


class CounterStatus(Struct, frozen=True):
    """A counter as the manager and `hub status` see it: `ticket` is a number, `called` when."""

    number: int
    state: CounterState
    clerk: str | None
    ticket: str | None
    called: str | None


class Status(Struct, frozen=True, kw_only=True):
    """What `hub status` prints."""

    term: int
    role: str
    life: str | None
    led: Led | None
    alone_since: str | None
    business_day: str | None
    waiting: dict[str, int]
    oldest_s: int
    counters: list[CounterStatus]
    board: BoardHeard | None


class Away(Struct, frozen=True):
    """Somebody parked or missed."""

    id: str
    number: str
    where: str | None


class Waiting(Struct, frozen=True, kw_only=True):
    """Somebody on the list of those who wait."""

    number: str
    service: str
    names: dict[str, str]
    group: str
    waited_s: int


class OverIssuing(Struct, frozen=True):
    """A kiosk that gives too many numbers."""

    kiosk: str
    given: int


class HelpCall(Struct, frozen=True):
    """A citizen who asked for somebody."""

    id: str
    kiosk: str
    asked_at: str


def oldest_wait_s(look: Act | Look) -> int:
    """Return the longest wait of those who wait, by the clock of the hall; 0 where nobody does."""
    query = "SELECT min(arrived_line) FROM hub_tickets WHERE state = 'waiting' AND day = ?"
    first = look.connection.exec_driver_sql(query, (look.day,)).scalar()
    return 0 if first is None else max(0, look.line_us - int(first)) // _US


def centre_names(look: Look) -> dict[str, str]:
    """Return what this centre is called, its code where nobody has said."""
    return look.centre.names_of(look.centre_code)


def waiting_of_all(look: Act | Look) -> dict[str, int]:
    """Count those who wait in each queue that a counter of this centre serves, also where nobody does."""
    counted = waiting_by_queue(look.connection, look.day)
    served = {group for counter in look.centre.counters.values() for group in counter.groups}
    return {queue: counted.get(queue, 0) for queue in sorted(served | counted.keys())}


def last_waits_s(look: Act | Look) -> dict[str, int]:
    """Return by queue how long the one who was called last there has waited, in seconds: a fact, no estimate."""
    query = (
        "SELECT queue, called_line, arrived_line, max(call_seq) FROM hub_tickets "
        "WHERE day = ? AND call_seq IS NOT NULL AND called_line IS NOT NULL GROUP BY queue"
    )
    rows = run(look.connection, query, (look.day,)).fetchall()
    return {queue: max(0, called_line - arrived_line) // _US for queue, called_line, arrived_line, _ in rows}


def business_day(look: Act | Look) -> str | None:
    """Return the date of the day that is served."""
    return label_of(look.connection, look.day)


def is_day_closed(look: Act | Look) -> bool:
    """Whether the day that is served was closed."""
    day = find_day(look.connection, look.day)
    return day is not None and day.is_closed


def status(look: Act | Look) -> Status:
    """Return how the queue and its counters stand."""
    row = look.connection.execute(select(tables.state.c.board_heard_at, tables.state.c.board_speaks)).one()
    life = life_at(look.connection, look.seq)
    return Status(
        term=look.term,
        role=look.role,
        life=None if life is None else life.life,
        led=newest_led(look.connection),
        alone_since=look.alone_since,
        business_day=business_day(look),
        waiting=waiting_by_queue(look.connection, look.day),
        oldest_s=oldest_wait_s(look),
        counters=[_counter(look, counter) for counter in counters_of(look)],
        board=BoardHeard(row.board_heard_at, bool(row.board_speaks)) if row.board_heard_at else None,
    )


def board_silent_s(look: Look) -> int | None:
    """Return how many seconds ago the hall's board was last heard; None where none ever was."""
    heard_at = look.connection.scalar(select(tables.state.c.board_heard_at))
    if heard_at is None:
        return None
    silent = datetime.fromisoformat(look.stamp.text) - datetime.fromisoformat(heard_at)
    return max(0, int(silent.total_seconds()))


def board_reach_m(look: Look) -> tuple[float, float] | None:
    """Return from how many metres the hall's board should be read and can be; None where none has told."""
    columns = tables.state.c
    row = look.connection.execute(select(columns.board_wanted_m, columns.board_serves_m)).one()
    return None if row.board_serves_m is None else (row.board_wanted_m, row.board_serves_m)


def counters_of(look: Act | Look) -> list[Counter]:
    """Return every counter of the centre, acted or not, by number."""
    known = {counter.number: counter for counter in all_counters(look.connection)}
    numbers = sorted(known.keys() | look.centre.counters.keys())
    return [known.get(number, Counter(number=number)) for number in numbers]


def away(look: Act | Look, state: str) -> list[Away]:
    """Return today's parked or missed ones, the latest first."""
    found = [as_ticket(row) for row in run(look.connection, _AWAY, (state, look.day, MAX_AWAY)).fetchall()]
    return [Away(one.id, one.number, one.parked_at or None) for one in found]


def waiting_list(look: Act | Look) -> list[Waiting]:
    """Return those who wait, first come first: number, service, group and wait; never a name."""
    columns = tables.tickets.c
    query = select(*TICKET_COLUMNS).where(columns.state == "waiting", columns.day == look.day)
    rows = look.connection.execute(query.order_by(*PLACE).limit(MAX_LISTED))
    people = [as_ticket(row) for row in rows]
    return [
        Waiting(
            number=one.number,
            service=one.service,
            names=names_of(look, one.service),
            group=one.queue,
            waited_s=max(0, look.line_us - one.arrived_line) // _US,
        )
        for one in people
    ]


def names_of(look: Act | Look, code: str) -> dict[str, str]:
    """Return what a service is called, its code where the catalogue has it no more."""
    known = look.centre.services.get(code)
    return dict(known.names) if known is not None else {"ar": code, "en": code}


def over_issuing(look: Act | Look) -> list[OverIssuing]:
    """Name kiosks that issued more than 300 of today's numbers within ten minutes of their own time, and how many.

    Whenever that was: a hub that was off hears of it later.
    """
    query = (
        "SELECT kiosk, max(given) AS given FROM (SELECT kiosk, count(*) OVER (PARTITION BY kiosk ORDER BY arrived_line "
        "RANGE BETWEEN ? PRECEDING AND CURRENT ROW) AS given FROM hub_tickets WHERE day = ?) "
        "GROUP BY kiosk HAVING max(given) > ? ORDER BY kiosk"
    )
    rows = look.connection.exec_driver_sql(query, (600 * _US, look.day, MANY_IN_TEN_MINUTES))
    return [OverIssuing(row.kiosk, row.given) for row in rows]


def open_help(look: Act | Look) -> list[HelpCall]:
    """Return the calls for staff that nobody has acknowledged, the oldest first."""
    return [HelpCall(*row) for row in run(look.connection, _OPEN_HELP, (look.line_us - 3600 * _US,)).fetchall()]


def _counter(look: Act | Look, counter: Counter) -> CounterStatus:
    ticket = None if counter.ticket is None else find_ticket(look.connection, counter.ticket)
    return CounterStatus(
        number=counter.number,
        state=counter.state,
        clerk=counter.clerk if counter.state != "closed" else None,
        ticket=None if ticket is None else ticket.number,
        called=None if ticket is None else ticket.called_at,
    )

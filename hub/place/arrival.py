"""A ticket's place by its age: what a kiosk's boot clock says of it, never when the message came or a clock showed.

Within one kiosk the order of issue always rules. What is uncertain lies between its neighbours, and is marked.
"""

from bisect import bisect_left
from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import Final, NamedTuple

from sqlalchemy import Connection, bindparam, case, func, select
from sqlalchemy.dialects.sqlite import insert as upsert

from common.machine.stamp import Stamp, told_time, unix_us
from common.protocol.queue.call import QueuedTicket
from hub.log import tables
from offline_store.disk import sql

_columns = tables.kiosk_boots.c
_heard = upsert(tables.kiosk_boots).values(
    {name: bindparam(name) for name in ("kiosk", "boot_id", "offset_us", "seen_line")}
)
_least = func.min(_columns.offset_us, _heard.excluded.offset_us)
_LEARN: Final = sql.precompiled(
    _heard.on_conflict_do_update(
        ["kiosk", "boot_id"],
        set_={
            "offset_us": case((_columns.seen_line < bindparam("booted"), _heard.excluded.offset_us), else_=_least),
            "seen_line": _heard.excluded.seen_line,
        },
    )
)
_BOOTS: Final = sql.precompiled(
    select(_columns.boot_id, _columns.offset_us, _columns.seen_line).where(_columns.kiosk == bindparam("of"))
)
# An uncertain ticket without an older neighbour is placed this long before the next one at most.
EARLIEST_US = 3600 * 1_000_000
# No ticket of a day that is served is older by a wall clock that tells the truth.
BELIEVED_AGE_US = 48 * 3600 * 1_000_000


class Place(NamedTuple):
    """Where a ticket belongs on the time line, and whether its age is known for sure."""

    line_us: int
    is_certain: bool
    latest_known_us: int | None = None

    @property
    def latest_us(self) -> int:
        """The latest that it can have been: where only its neighbours tell, when the next one was given."""
        return self.line_us if self.latest_known_us is None else self.latest_known_us


class _Boot(NamedTuple):
    """Where a kiosk's boot clock lies, and when this boot of the hub began; both on the hub's time line."""

    offset_us: int
    is_of_former: bool  # learned by a boot of the hub before this one, and not heard of since
    booted_us: int

    def place(self, ticket: QueuedTicket, line_us: int) -> Place:
        """Return when a ticket was issued. Over its own reboot the hub may have lost time the kiosk's clock has."""
        at = min(line_us, self.offset_us + ticket.boot_time_ns // 1000)
        return Place(at, is_certain=not self.is_of_former or at < self.booted_us)


def learn_boot(
    connection: Connection, kiosk: str, boot_id: str, boot_time_ns: int, line_us: int, booted_line_us: int
) -> None:
    """Learn where a kiosk's boot clock lies: a message is only ever late, so the least offset is the truest.

    What an earlier boot of this hub has learned is forgotten: over a reboot the line goes on by a wall clock, which may
    have been set right meanwhile, and a kiosk that ran through it would be older than all others by so much.

    Args:
        connection: the write transaction.
        kiosk: whose boot.
        boot_id: which.
        boot_time_ns: what its boot clock shows now.
        line_us: now, on the hub's time line.
        booted_line_us: when the hub's machine began, on its time line.
    """
    heard = {"kiosk": kiosk, "boot_id": boot_id, "offset_us": line_us - boot_time_ns // 1000, "seen_line": line_us}
    sql.run(connection, _LEARN, heard | {"booted": booted_line_us})


def place_tickets(
    connection: Connection, kiosk: str, tickets: Sequence[QueuedTicket], line_us: int, stamp: Stamp
) -> dict[str, Place]:
    """Place a kiosk's tickets, by id.

    Args:
        connection: the write transaction.
        kiosk: whose tickets.
        tickets: those to place; `learn_boot` has been told of the boot that sent them.
        line_us: now, on the hub's time line.
        stamp: now, by the hub's clock.
    """
    booted_us = line_us - stamp.boot_time_ns // 1000
    boots = {
        boot_id: _Boot(offset_us, seen_line < booted_us, booted_us)
        for boot_id, offset_us, seen_line in sql.run(connection, _BOOTS, {"of": kiosk})
    }
    placed: dict[str, Place] = {}
    ordered = sorted(tickets, key=lambda one: (one.epoch, one.seq))
    for epoch, of_epoch in groupby(ordered, key=lambda one: one.epoch):
        placed |= _place_epoch(connection, kiosk, epoch, list(of_epoch), boots, line_us, stamp)
    return placed


def _place_epoch(
    connection: Connection,
    kiosk: str,
    epoch: str,
    tickets: Sequence[QueuedTicket],
    boots: dict[str, _Boot],
    line_us: int,
    stamp: Stamp,
) -> dict[str, Place]:
    """Place tickets of one epoch, in the order of their seq."""
    neighbours = _Neighbours(connection, kiosk, epoch, tickets[0].seq, line_us)
    placed: dict[str, Place] = {}
    floor: int | None = None
    run: list[QueuedTicket] = []
    for ticket, following in zip(tickets, [*tickets[1:], None], strict=True):
        floor = _later(floor, neighbours.before(ticket.seq)) if not run else floor
        own = _own_word(ticket, boots, line_us, stamp)
        ceiling = neighbours.after(ticket.seq)
        if own is not None:
            at = min(own.line_us, ceiling)
            at = at if floor is None else max(at, floor)
            placed |= _between(run, floor, at)
            placed[ticket.id], floor, run = Place(at, own.is_certain), at, []
            continue
        run.append(ticket)
        if following is None or neighbours.lie_between(ticket.seq, following.seq):
            placed |= _between(run, floor, ceiling if floor is None else max(ceiling, floor))
            floor, run = placed[ticket.id].line_us, []
    return placed


class _Neighbours:
    """Where the numbers of one kiosk and epoch lie that were placed before."""

    def __init__(self, connection: Connection, kiosk: str, epoch: str, first_seq: int, line_us: int) -> None:
        of_epoch = "FROM hub_tickets WHERE kiosk = ? AND epoch = ? AND kiosk_seq"
        self._first: int | None = connection.exec_driver_sql(
            f"SELECT max(arrived_line) {of_epoch} < ?",
            (kiosk, epoch, first_seq),
        ).scalar_one()
        later = connection.exec_driver_sql(
            f"SELECT kiosk_seq, arrived_line {of_epoch} > ? ORDER BY kiosk_seq",
            (kiosk, epoch, first_seq),
        ).all()
        self._seqs = [int(row[0]) for row in later]
        self._lines = [int(row[1]) for row in later]
        self._line_us = line_us

    def lie_between(self, seq: int, later_seq: int) -> bool:
        """Whether any number between two others was placed before."""
        return bisect_left(self._seqs, seq) != bisect_left(self._seqs, later_seq)

    def before(self, seq: int) -> int | None:
        """Return the place of the number before a seq."""
        place = bisect_left(self._seqs, seq)
        return self._lines[place - 1] if place else self._first

    def after(self, seq: int) -> int:
        """Return the place of the number after a seq; now, where there is none."""
        place = bisect_left(self._seqs, seq)
        return min(self._line_us, self._lines[place]) if place < len(self._lines) else self._line_us


def _later(one: int | None, other: int | None) -> int | None:
    return max((value for value in (one, other) if value is not None), default=None)


def _between(run: Sequence[QueuedTicket], floor: int | None, ceiling: int) -> dict[str, Place]:
    """Spread tickets of unknown age evenly between their neighbours."""
    low = ceiling - EARLIEST_US if floor is None else floor
    step = (ceiling - low) // (len(run) + 1)
    return {ticket.id: Place(low + step * number, False, ceiling) for number, ticket in enumerate(run, 1)}


def _own_word(ticket: QueuedTicket, boots: dict[str, _Boot], line_us: int, stamp: Stamp) -> Place | None:
    """Return when a ticket was issued, by its own boot clock or a trusted wall clock; None where neither can tell."""
    boot = boots.get(ticket.boot_id)
    by_boot = None if boot is None else boot.place(ticket, line_us)
    if by_boot is not None and by_boot.is_certain:
        return by_boot
    return _by_wall_clock(ticket, line_us, stamp) or by_boot


def _by_wall_clock(ticket: QueuedTicket, line_us: int, stamp: Stamp) -> Place | None:
    if not (told_time(ticket.clock) and stamp.tells_time):
        return None
    try:
        issued = datetime.fromisoformat(ticket.wall_time)
        age_us = stamp.unix_us - unix_us(issued)
    except (ValueError, TypeError, OverflowError):
        return None
    if not 0 <= age_us <= BELIEVED_AGE_US:
        return None
    return Place(line_us - age_us, is_certain=ticket.clock == "synced" and stamp.is_sure)

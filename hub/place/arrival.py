"""A ticket's place by its age: what a kiosk's boot clock says of it, never when the message came or a clock showed.

Within one kiosk the order of issue always rules. What is uncertain lies between its neighbours, and is marked.
"""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

from sqlalchemy import Connection, func, select
from sqlalchemy.dialects.sqlite import insert as upsert

from hub.log import tables
from offline_store.stamp import Stamp, unix_us
from offline_store.wire.queue_call import QueuedTicket

# An uncertain ticket without an older neighbour is placed this long before the next one at most.
EARLIEST_US = 3600 * 1_000_000


class Place(NamedTuple):
    """Where a ticket belongs on the time line, and whether its age is known for sure."""

    line_us: int
    is_certain: bool


def learn_boot(connection: Connection, kiosk: str, boot_id: str, boot_time_ns: int, line_us: int) -> None:
    """Learn where a kiosk's boot clock lies: a message is only ever late, so the least offset is the truest."""
    boots = tables.kiosk_boots
    row = upsert(boots).values(
        kiosk=kiosk, boot_id=boot_id, offset_us=line_us - boot_time_ns // 1000, seen_line=line_us
    )
    least = func.min(boots.c.offset_us, row.excluded.offset_us)
    connection.execute(
        row.on_conflict_do_update(["kiosk", "boot_id"], set_={"offset_us": least, "seen_line": row.excluded.seen_line})
    )


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
    columns = tables.kiosk_boots.c
    rows = connection.execute(select(columns.boot_id, columns.offset_us).where(columns.kiosk == kiosk))
    offsets = {row.boot_id: int(row.offset_us) for row in rows}
    placed: dict[str, Place] = {}
    ordered = sorted(tickets, key=lambda one: (one.epoch, one.seq))
    for epoch, of_epoch in groupby(ordered, key=lambda one: one.epoch):
        placed |= _place_epoch(connection, kiosk, epoch, list(of_epoch), offsets, line_us, stamp)
    return placed


def _place_epoch(
    connection: Connection,
    kiosk: str,
    epoch: str,
    tickets: Sequence[QueuedTicket],
    offsets: dict[str, int],
    line_us: int,
    stamp: Stamp,
) -> dict[str, Place]:
    known = {one.seq: (one, _own_word(one, offsets, line_us, stamp)) for one in tickets}
    placed: dict[str, Place] = {}
    run: list[QueuedTicket] = []
    floor = _before(connection, kiosk, epoch, tickets[0].seq)
    for seq in sorted(known):
        ticket, place = known[seq]
        if place is None:
            run.append(ticket)
            continue
        ceiling = min(line_us, _after(connection, kiosk, epoch, seq) or line_us)
        at = max(floor if floor is not None else place.line_us, min(place.line_us, ceiling))
        placed |= _between(run, floor, at)
        run = []
        placed[ticket.id] = Place(at, place.is_certain)
        floor = at
    if run:
        limit = min(line_us, _after(connection, kiosk, epoch, run[-1].seq) or line_us)
        placed |= _between(run, floor, max(limit, floor or limit))
    return placed


def _between(run: Sequence[QueuedTicket], floor: int | None, ceiling: int) -> dict[str, Place]:
    """Spread tickets of unknown age evenly between their neighbours."""
    low = ceiling - EARLIEST_US if floor is None else floor
    step = (ceiling - low) // (len(run) + 1)
    return {ticket.id: Place(low + step * number, is_certain=False) for number, ticket in enumerate(run, 1)}


def _own_word(ticket: QueuedTicket, offsets: dict[str, int], line_us: int, stamp: Stamp) -> Place | None:
    """Say when a ticket was issued, by its own boot clock or by a trusted wall clock; None where neither can tell."""
    offset = offsets.get(ticket.boot_id)
    if offset is not None:
        return Place(min(line_us, offset + ticket.boot_time_ns // 1000), is_certain=True)
    if ticket.clock == "untrusted" or stamp.trust == "untrusted":
        return None
    try:
        issued = datetime.fromisoformat(ticket.wall_time)
        age_us = stamp.unix_us - unix_us(issued)
    except (ValueError, TypeError, OverflowError):
        return None
    is_certain = ticket.clock == stamp.trust == "synced"
    return Place(line_us - age_us, is_certain) if age_us >= 0 else None


def _before(connection: Connection, kiosk: str, epoch: str, seq: int) -> int | None:
    """Give the latest place of this kiosk's earlier numbers."""
    found: int | None = connection.exec_driver_sql(
        "SELECT max(arrived_line) FROM hub_tickets WHERE kiosk = ? AND epoch = ? AND kiosk_seq < ?", (kiosk, epoch, seq)
    ).scalar_one()
    return found


def _after(connection: Connection, kiosk: str, epoch: str, seq: int) -> int | None:
    """Give the earliest place of this kiosk's later numbers."""
    found: int | None = connection.exec_driver_sql(
        "SELECT min(arrived_line) FROM hub_tickets WHERE kiosk = ? AND epoch = ? AND kiosk_seq > ?", (kiosk, epoch, seq)
    ).scalar_one()
    return found

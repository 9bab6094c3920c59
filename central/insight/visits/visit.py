"""One visit: a ticket, and what became of it by the events of its centre's hubs."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, Final, Literal

import msgspec
from msgspec import Struct
from sqlalchemy import ColumnElement, Row, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from central.base.database.transactions import reading
from central.base.tables.enrolled import kiosks
from central.base.tables.visited import queue_events, tickets
from central.insight.visits import projection
from central.insight.visits.telling import TOLD_IN, of_own_centre
from central.kiosks.digit import centre_on
from common.protocol.envelope import QueueBody
from common.protocol.queue import event as queue_event
from common.protocol.queue.progress import Progress, progress_by

_stood_in = centre_on(tickets.c.kiosk, tickets.c.business_day, tickets.c.number)
OF_EVENT: Final = ("hub", "epoch", "seq", "author", "life", "log_seq", "at", "body")
_OF_PROGRESS_ALONE: Final = frozenset({"is_called", "days"})


class Visit(Struct, frozen=True, kw_only=True):
    """A line of `central visits`."""

    ticket: str
    kiosk: str
    number: str
    service: str
    issued_at: str
    called_at: str | None
    came_at: str | None
    ended_at: str | None
    end: str | None
    counter: int | None
    documents: dict[str, int]
    expected_s: tuple[int, int] | None
    today: Literal["yes", "doubtful"] | None


async def visits_of(engine: AsyncEngine, centre: str, day: str) -> AsyncIterator[Visit]:
    """Yield the visits of a centre on a business day (`YYYY-MM-DD`), in the order of their numbers' issue.

    Both those from kiosks and those that clerks gave by hand; items that came a moment ago are in it.
    """
    await projection.catch_up(engine)
    async with reading(engine, streams=True) as connection:
        async for _, visit in read_visits(connection, centre, day, day):
            yield visit


async def read_visits(
    connection: AsyncConnection, centre: str, first: str, last: str
) -> AsyncIterator[tuple[Row[Any], Visit]]:
    """Yield each ticket's row with its visit, day by day, as far as the inbox was read.

    Args:
        connection: one that streams.
        centre: its code.
        first: the first business day, `YYYY-MM-DD`.
        last: the last one, which is in it.
    """
    wanted = (_stood_in == centre) & tickets.c.business_day.between(first, last)
    async for found in _grouped(connection, wanted):
        yield found


async def read_named(
    connection: AsyncConnection, names: Sequence[tuple[str, str]]
) -> AsyncIterator[tuple[Row[Any], Visit]]:
    """Yield the same for tickets named by kiosk and id, as far as they are there."""
    if names:
        async for found in _grouped(connection, tuple_(tickets.c.kiosk, tickets.c.ticket).in_(names)):
            yield found


async def _grouped(connection: AsyncConnection, wanted: ColumnElement[bool]) -> AsyncIterator[tuple[Row[Any], Visit]]:
    issued = (
        select(
            tickets,
            _stood_in.label("centre"),
            *(queue_events.c[name] for name in OF_EVENT),
            TOLD_IN.label("told_in"),
        )
        .join(kiosks, kiosks.c.id == tickets.c.kiosk)
        .join(
            queue_events,
            (queue_events.c.kiosk == tickets.c.kiosk) & (queue_events.c.ticket == tickets.c.ticket),
            isouter=True,
        )
        .where(wanted)
        .order_by(tickets.c.business_day, tickets.c.issued_at, tickets.c.kiosk, tickets.c.ticket)
    )
    of_one: list[Row[Any]] = []
    async for row in await connection.stream(issued):
        if of_one and (row.kiosk, row.ticket) != (of_one[0].kiosk, of_one[0].ticket):
            yield of_one[0], _visit(of_one)
            of_one = []
        of_one.append(row)
    if of_one:
        yield of_one[0], _visit(of_one)


def _visit(rows: Sequence[Row[Any]]) -> Visit:
    ticket = rows[0]
    progress = progress_of(of_own_centre(rows, ticket.centre))
    if ticket.is_voided and progress.end is None:
        progress = msgspec.structs.replace(progress, end=queue_event.VOIDED)
    return Visit(
        ticket=ticket.ticket,
        kiosk=ticket.kiosk,
        number=ticket.number,
        service=ticket.service,
        issued_at=ticket.issued_at,
        **{name: value for name, value in msgspec.structs.asdict(progress).items() if name not in _OF_PROGRESS_ALONE},
    )


def progress_of(rows: Sequence[Row[Any]]) -> Progress:
    """Follow a ticket through rows of `queue_events` in any order; a row without a body is none."""
    return progress_by((row.at, msgspec.json.decode(row.body, type=QueueBody)) for row in in_order(rows))


def in_order(rows: Sequence[Row[Any]]) -> list[Row[Any]]:
    """Put events into the order of their author's chain, and several hubs' by time.

    Within a chain a clock that jumps back misleads nobody. What another hub has handed on stands in its life, and that
    where its author's chain has it.
    """
    told = sorted((row for row in rows if row.body is not None), key=lambda row: (row.hub, row.epoch, row.seq))
    began = dict[str, tuple[str, int]]()
    for row in told:
        if row.life is not None and row.hub == row.author:
            began.setdefault(row.life, (row.epoch, row.seq))
    placed, latest = [], dict[tuple[str, str], str]()
    for place, row in sorted(((_place(row, began), row) for row in told), key=lambda pair: pair[0]):
        latest[place[:2]] = max(latest.get(place[:2], ""), row.at)
        placed.append((latest[place[:2]], row))
    return [row for _, row in sorted(placed, key=lambda pair: pair[0])]


def _place(row: Row[Any], began: Mapping[str, tuple[str, int]]) -> tuple[str, str, int, int]:
    """Return where an event stands: whose chain, which, and where in it its life and the event are."""
    if row.life is None:
        return row.hub, row.epoch, row.seq, 0
    return (row.author, *began.get(row.life, (row.life, 0)), row.log_seq)

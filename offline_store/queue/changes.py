"""Tickets as a listener hears of them: what has changed since it last heard, and how far that is.

A listener is a row of `listeners` with a cursor of its own. It is told of a ticket when it is issued, voided, or a
paper of it has ended; a change says the whole ticket as it stands, so that one told twice or late does no harm.
"""

from typing import Any, Final, NamedTuple

import msgspec
from sqlalchemy import ColumnElement, Connection, bindparam, func, literal_column, select
from sqlalchemy.dialects.sqlite import insert as upsert

from common.protocol.queue.call import MAX_TICKETS, QueuedTicket
from common.protocol.queue.claim import token_digest
from common.protocol.queue.hub_statement import HubStatement
from offline_store.disk import tables
from offline_store.disk.database import Store
from offline_store.disk.sql import precompiled, run
from offline_store.issuing.ticket import recorded_body

HUB: Final = "hub"
#: More than one store ever counts. A salvaged store counts its changes from zero, one epoch higher.
_EPOCH_STRIDE: Final = 1_000_000_000
_change, _ticket, _item = tables.ticket_changes.c, tables.tickets.c, tables.items.c
_listener, _job, _day = tables.listeners.c, tables.print_jobs.c, tables.business_days.c
_HEARD = precompiled(
    select(_listener.peer, _listener.term, _listener.heard_through).where(_listener.name == bindparam("listener"))
)
_newest = func.max(_change.id)
_CHANGED = precompiled(
    select(_newest.label("change"), _change.ticket_row)
    .where(_change.id > bindparam("after"))
    .group_by(_change.ticket_row)
    .order_by(_newest)
    .limit(bindparam("most"))
    .offset(literal_column("0"))
)


class Changes(NamedTuple):
    """Tickets that have changed, oldest change first, and the cursor to keep once they are told.

    `is_first`: nothing was kept for this peer and term yet; then the cursor is to be kept even without a ticket.
    """

    tickets: list[QueuedTicket]
    through: int
    is_first: bool


def changes_for(store: Store, listener: str, peer: str, term: int) -> Changes:
    """Return what to tell a listener now, at most 200 tickets.

    A peer or a term that is new gets the business day from its beginning, and what the one before had not heard yet.
    Raises StoreUnavailable.
    """
    with store.read() as connection:
        known = run(connection, _HEARD, {"listener": listener}).fetchone()
        is_first = known is None or known[:2] != (peer, term)
        after = since_today(connection) if known is None else int(known[2])
        if known is not None and is_first:
            after = min(after, since_today(connection))
        changed = run(connection, _CHANGED, {"after": after, "most": MAX_TICKETS}).fetchall()
        if not changed:
            return Changes([], after, is_first)
        epochs = int(connection.execute(select(func.count()).select_from(tables.epochs)).scalar_one())
        rows = {row.row: row for row in connection.execute(_tickets(_ticket.row.in_([row for _, row in changed])))}
        told = [_queued(rows[row], epochs * _EPOCH_STRIDE + change) for change, row in changed if row in rows]
        return Changes(told, int(changed[-1][0]), is_first)


def note_told(
    store: Store, listener: str, peer: str, term: int, through: int, followed: HubStatement | None = None
) -> None:
    """Remember how far a listener has heard, and the greatest statement that is passed on. Raises StoreUnavailable."""
    said = None if followed is None else msgspec.json.encode(followed).decode()
    values = {"peer": peer, "term": term, "heard_through": through, "statement": said}
    with store.write() as connection:
        connection.execute(
            upsert(tables.listeners).values(name=listener, **values).on_conflict_do_update(["name"], set_=values)
        )


def tell_again(store: Store, listener: str, peer: str, term: int, held: int, followed: HubStatement | None) -> None:
    """Set a listener back to the change whose revision its peer holds; at most to today and to what was not told yet.

    A revision of an earlier store of this kiosk says nothing of the changes in this one. Raises StoreUnavailable.
    """
    epochs, change = divmod(held, _EPOCH_STRIDE)
    with store.read() as connection:
        told = connection.execute(select(_listener.heard_through).where(_listener.name == listener)).scalar()
        through = since_today(connection)
        through = through if told is None else min(through, told)
        if epochs == connection.execute(select(func.count()).select_from(tables.epochs)).scalar_one():
            through = max(through, change)
    note_told(store, listener, peer, term, through, followed)


def change_of(ticket: QueuedTicket) -> int:
    """Return the change that a ticket was told with."""
    return ticket.revision % _EPOCH_STRIDE


def followed_by(store: Store, listener: str) -> HubStatement | None:
    """Return the statement that `note_told` remembered. Raises StoreUnavailable."""
    with store.read() as connection:
        said = connection.execute(select(_listener.statement).where(_listener.name == listener)).scalar_one_or_none()
    return statement_of(said)


def statement_of(said: str | None) -> HubStatement | None:
    """Read a statement as `note_told` kept it. Raises msgspec.DecodeError for another text."""
    return None if said is None else msgspec.json.decode(said, type=HubStatement)


def since_today(connection: Connection) -> int:
    """Return the last change before the business day began; the last one of all where it has none."""
    today = select(func.max(_day.id)).scalar_subquery()
    first = (
        select(func.min(_change.id))
        .join(tables.tickets, _ticket.row == _change.ticket_row)
        .where(_ticket.day_id == today)
    )
    first_change = connection.execute(first).scalar_one()
    if first_change is not None:
        return int(first_change) - 1
    return int(connection.execute(select(func.coalesce(func.max(_change.id), 0))).scalar_one())


def _tickets(which: ColumnElement[bool]) -> Any:
    ended = (
        select(_job.state).where(_job.item_id == _item.id, _job.state != "sending").order_by(_job.id.desc()).limit(1)
    )
    paper = ended.correlate(tables.items).scalar_subquery()
    times = (_item.wall_time, _item.boot_time_ns, _item.boot_id, _item.clock)
    told = (_item.id, _item.epoch, _item.seq, _item.body, *times)
    return (
        select(tables.tickets, *told, _day.date, paper.label("paper"))
        .join(tables.items, _item.row == _ticket.row)
        .join(tables.business_days, _day.id == _ticket.day_id)
        .where(which)
    )


def _queued(row: Any, revision: int) -> QueuedTicket:
    body = recorded_body(row.body)
    return QueuedTicket(
        id=row.id,
        revision=revision,
        epoch=row.epoch,
        seq=row.seq,
        number=row.number,
        service=row.service,
        business_day=row.date,
        priority=row.priority,
        order_id=row.order_id,
        voided=row.voided is not None,
        boot_id=row.boot_id,
        boot_time_ns=row.boot_time_ns,
        wall_time=row.wall_time,
        clock=row.clock,
        paper=row.paper,
        claim=body.claim,
        token_sha256=None if body.token is None else token_digest(body.token),
    )

"""The outbox: what waits for central, what central refused, and how both end.

waiting -> acknowledged   central named the id as applied, duplicate or quarantined, in a verified answer
waiting -> dead           central answered conflict or rejected: set aside, visible, in nobody's way
dead    -> waiting        a technician retries
Nothing else moves an item, and nothing deletes one before it has been acknowledged for 90 days.
"""

from collections.abc import Iterable
from typing import NamedTuple, cast

from sqlalchemy import Connection, bindparam, func, literal_column, select, update

from common.machine.errors import NotFound
from common.machine.stamp import Stamp
from common.protocol.envelope import (
    MAX_BATCH_BYTES,
    MAX_BATCH_ITEMS,
    BodyUnreadable,
    Item,
    ItemResult,
    TicketBody,
    decode_body,
)
from offline_store.disk import tables
from offline_store.disk.database import Store
from offline_store.disk.sql import precompiled, run

TAKEN = frozenset({"applied", "duplicate", "quarantined"})
REFUSED = frozenset({"conflict", "rejected"})
_item = tables.items.c
_WIRE = [_item[name] for name in Item.__struct_fields__]
# What one item weighs on the wire beside its body: field names, ids, hashes, times.
_ITEM_OVERHEAD = 700
_epoch = tables.epochs.c
_NEXT = precompiled(
    select(_item.row, _epoch.kiosk, *_WIRE)
    .join_from(tables.items, tables.epochs, _epoch.epoch == _item.epoch)
    .where(_item.state == literal_column("'waiting'"), _item.row > bindparam("after_row"))
    .order_by(_item.row)
    .limit(bindparam("at_most"))
    .offset(literal_column("0"))
)
_COUNT_DEAD = precompiled(select(func.count()).where(_item.state == literal_column("'dead'")))
_END = precompiled(
    update(tables.items)
    .where(_item.id == bindparam("of"), _item.state == literal_column("'waiting'"))
    .values(state=bindparam("state"), reason=bindparam("reason"), ended_at=bindparam("ended_at"))
)


class OutboxRow(NamedTuple):
    """One item as `kiosk outbox` shows it; `number` and `business_day` of tickets only."""

    id: str
    seq: int
    kind: str
    state: str
    reason: str | None
    epoch: str
    number: str | None
    business_day: str | None


class Waiting(NamedTuple):
    """An item to be delivered, and its place in the order of delivery."""

    row: int
    kiosk: str
    item: Item


def waiting_items(
    connection: Connection, *, after_row: int = 0, limit: int = MAX_BATCH_ITEMS, max_bytes: int = MAX_BATCH_BYTES
) -> list[Waiting]:
    """Return the next waiting items in order, as many as a batch holds (at least one where any waits).

    An item of a former epoch names the kiosk that it was recorded as: its hash covers that id.
    """
    found: list[Waiting] = []
    size = 0
    # Fetched at once: row by row, each of a hundred calls would hand the interpreter to the thread that sends.
    for row, kiosk, *fields in run(connection, _NEXT, {"after_row": after_row, "at_most": limit}).fetchall():
        item = Item(*fields)
        size += len(item.body) + _ITEM_OVERHEAD
        if found and size > max_bytes:
            break
        found.append(Waiting(row, kiosk, item))
    return found


def count_waiting(connection: Connection) -> int:
    """Count what waits for delivery."""
    return int(connection.execute(select(func.count()).where(_item.state == "waiting")).scalar_one())


def count_dead(connection: Connection) -> int:
    """Count what central refused."""
    return int(run(connection, _COUNT_DEAD).fetchone()[0])


def apply_results(connection: Connection, results: Iterable[ItemResult], stamp: Stamp) -> tuple[int, int]:
    """Take a *verified* answer of central into the outbox; give how many items were acknowledged and how many refused.

    A result of any other name, or of an item that is not waiting, changes nothing: the item is sent again.
    """
    ended: dict[str, list[dict[str, str | int | None]]] = {"acknowledged": [], "dead": []}
    ended_at = _reckoned_s(connection, stamp)
    for result in results:
        state = "acknowledged" if result.result in TAKEN else "dead" if result.result in REFUSED else None
        if state is None:
            continue
        said = () if result.result == "applied" else (result.result,)
        reason = ": ".join((*said, *filter(None, (result.reason,)))) or None
        ended[state].append({"of": result.id, "state": state, "reason": reason, "ended_at": ended_at})
    # All of one kind in one call: a statement each costs the forwarder a third of its time.
    taken, refused = (connection.exec_driver_sql(_END, rows).rowcount if rows else 0 for rows in ended.values())
    return taken, refused


def _reckoned_s(connection: Connection, stamp: Stamp) -> int:
    """Return the time from which the 90 days count: a clock in 1970 or 2099 must neither hasten nor prevent the end."""
    if stamp.tells_time:
        return stamp.unix_s
    floor_us = connection.execute(select(tables.store.c.floor_us)).scalar_one()
    return stamp.unix_s if floor_us is None else int(floor_us) // 1_000_000


def list_items(store: Store, *, include_acknowledged: bool = False) -> list[OutboxRow]:
    """List what waits; on demand also what no longer does: what central has, or refused. Raises StoreUnavailable."""
    return _listed(store, ("waiting", "dead", "acknowledged") if include_acknowledged else ("waiting",))


def dead_items(store: Store) -> list[OutboxRow]:
    """List what central refused. Raises StoreUnavailable."""
    return _listed(store, ("dead",))


def _listed(store: Store, states: tuple[str, ...]) -> list[OutboxRow]:
    columns = (_item.id, _item.seq, _item.kind, _item.state, _item.reason, _item.epoch, _item.body)
    query = select(*columns).where(_item.state.in_(states)).order_by(_item.row)
    listed = []
    with store.read() as connection:
        for *row, body in connection.execute(query):
            # From the body: the number and the day as they were said, whatever became of the ticket since.
            listed.append(OutboxRow._make((*row, *_said(row[2], body))))
    return listed


def _said(kind: str, body: str) -> tuple[str | None, str | None]:
    """Return number and day of a ticket; neither where the body was damaged, since such an item must be listed too."""
    if kind != "ticket":
        return None, None
    try:
        ticket = cast("TicketBody", decode_body(kind, body))
    except BodyUnreadable:
        return None, None
    return ticket.number, ticket.business_day


def retry(store: Store, item_id: str) -> None:
    """Put a refused item back in the queue. Raises NotFound when no refused item has that id, StoreUnavailable."""
    with store.write() as connection:
        changed = connection.execute(
            update(tables.items)
            .where(_item.id == item_id, _item.state == "dead")
            .values(state="waiting", reason=None, ended_at=None)
        )
        if changed.rowcount != 1:
            raise NotFound("refused item", item_id)

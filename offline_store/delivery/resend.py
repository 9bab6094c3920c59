"""Sending again what central had acknowledged and lost: it was set back to a copy, or a technician asks for it.

A kiosk keeps for 90 days what central has, so that a lost day of central's is not lost. Sending again is harmless:
what central has it calls a duplicate.
"""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, Connection, bindparam, func, literal_column, select, update

from common.protocol.feed_page import MAX_PLACES, ChainPlace, Gap
from offline_store.disk import tables
from offline_store.disk.database import Store
from offline_store.disk.sql import precompiled, run

_item, _epoch = tables.items.c, tables.epochs.c
# Kept apart whole and raw, central cannot find such an item by its place in the chain.
_UNREADABLE = "'quarantined: unreadable-item'", "'duplicate: unreadable-item'"
_OWN_EPOCHS = precompiled(
    select(_epoch.epoch)
    .where(_epoch.kiosk == bindparam("kiosk"))
    .order_by(_epoch.epoch != bindparam("present"))
    .limit(bindparam("most"))
    .offset(literal_column("0"))
)
_LAST_ACKNOWLEDGED = precompiled(
    select(_item.epoch, _item.seq, _item.hash)
    .where(
        _item.epoch == bindparam("epoch"),
        _item.state == literal_column("'acknowledged'"),
        func.coalesce(_item.reason, literal_column("''")).not_in([literal_column(one) for one in _UNREADABLE]),
    )
    .order_by(_item.seq.desc())
    .limit(literal_column("1"))
    .offset(literal_column("0"))
)


def acknowledged_places(store: Store) -> list[ChainPlace]:
    """Return of each epoch of this kiosk the last item that central has acknowledged. Raises StoreUnavailable."""
    mine = {"kiosk": store.identity.kiosk, "present": store.epoch, "most": MAX_PLACES}
    with store.read() as connection:
        epochs = [epoch for (epoch,) in run(connection, _OWN_EPOCHS, mine).fetchall()]
        found = [run(connection, _LAST_ACKNOWLEDGED, {"epoch": epoch}).fetchone() for epoch in epochs]
    return [ChainPlace(*row) for row in found if row is not None]


def resend_gaps(store: Store, gaps: Iterable[Gap]) -> int:
    """Put back what central asks for. Give how many items wait again. Raises StoreUnavailable."""
    with store.write() as connection:
        return sum(_put_back(connection, (_item.epoch == gap.epoch) & (_item.seq > gap.after)) for gap in gaps)


def resend_former(store: Store) -> int:
    """Put back all that was recorded under another kiosk's id: no call of this one can ask what central has of it."""
    former = select(_epoch.epoch).where(_epoch.kiosk != store.identity.kiosk)
    with store.write() as connection:
        return _put_back(connection, _item.epoch.in_(former))


def resend_since(store: Store, seq: int | None) -> int:
    """Put back all that central has acknowledged, or of the present epoch what has that seq or a later one.

    Raises StoreUnavailable.
    """
    with store.write() as connection:
        everything = _item.row.is_not(None)
        return _put_back(connection, everything if seq is None else (_item.epoch == store.epoch) & (_item.seq >= seq))


def _put_back(connection: Connection, which: ColumnElement[bool]) -> int:
    waiting = update(tables.items).where(_item.state == "acknowledged", which)
    return connection.execute(waiting.values(state="waiting", reason=None, ended_at=None)).rowcount

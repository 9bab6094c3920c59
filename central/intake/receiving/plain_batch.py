"""What nearly every batch is: new items that follow the head of their chain. One statement takes them in and commits.

Where anything is otherwise, the statement leaves no trace, and the batch is looked at item by item. Only on PostgreSQL,
where each statement of a transaction is a journey of its own.
"""

import secrets
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Final

import msgspec
from sqlalchemy import ARRAY, Column, Text, any_, bindparam, exists, func, insert, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from central.base import clock, database
from central.base.database.rows import recordset
from central.base.tables import batches, chains, inbox
from central.intake.receiving import chain
from central.intake.receiving.arrival import NOTHING_BESIDE, Arrival
from central.intake.receiving.delivery import Delivery
from common.protocol.envelope import BatchAnswer, Item, ItemResult

# PostgreSQL manual, appendix A: an id or a place is taken; another sender of the same items was met half-way.
_TAKEN_OR_MET: Final = ("23505", "40001", "40P01")

# No parameter is named as a column is: SQLAlchemy would write it there.
# Counted, for where it's asked whether there are any PostgreSQL hopes to meet one soon, and reads the whole inbox.
_elsewhere = (
    select(func.count())
    .where(inbox.c.id == any_(bindparam("ids", type_=ARRAY(Text))))
    .where(inbox.c.kiosk != bindparam("of_kiosk", type_=Text))
    .scalar_subquery()
)
_head = chain.EXTEND.where(_elsewhere == 0).returning(chains.c.kiosk).cte("head")
_has_moved = exists(select(_head.c.kiosk))


def _given(column: Column[Any]) -> Any:
    return bindparam(f"of_{column.name}", type_=column.type).label(column.name)


_evidence = (
    insert(batches)
    .from_select([column.name for column in batches.columns], select(*map(_given, batches.columns)).where(_has_moved))
    .cte("evidence")
)
_sent, _names = recordset(inbox)
_items = (
    insert(inbox).from_select(_names, select(*_sent.columns).where(_has_moved)).returning(inbox.c.arrival).cte("items")
)
_TAKE: Final = select(func.count()).select_from(_items).add_cte(_evidence)


async def take(engine: AsyncEngine, delivery: Delivery) -> BatchAnswer | None:
    """Take a batch in, durably; None, and nothing is changed, where it is none of the plain ones.

    Raises NotReplicatedError, and DBAPIError where the database doesn't work.
    """
    items = _in_line(delivery)
    if items is None or engine.dialect.name != "postgresql":
        return None
    try:
        async with database.each_alone(engine) as connection:
            taken = (await connection.execute(_TAKE, _values(delivery, items))).scalar_one()
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) in _TAKEN_OR_MET:
            return None
        raise
    if not taken:
        return None
    return BatchAnswer([ItemResult(one.id, "applied") for one in delivery.arrivals], items[-1].seq)


def _in_line(delivery: Delivery) -> Sequence[Item] | None:
    """The items, in their order, where each follows the one before and there is nothing to be said of any."""
    if delivery.is_revoked or delivery.reports != NOTHING_BESIDE or not all(map(_is_plain, delivery.arrivals)):
        return None
    items = sorted((one.item for one in delivery.arrivals if one.item), key=lambda item: item.seq)
    follows = all(
        later.epoch == item.epoch and later.seq == item.seq + 1 and later.prev_hash == item.hash
        for item, later in pairwise(items)
    )
    has_twins = len({item.id for item in items}) < len(items)
    return items if items and follows and not has_twins else None


def _is_plain(arrival: Arrival) -> bool:
    return arrival.item is not None and arrival.refused is None and arrival.quarantine is None and arrival.told is None


def _values(delivery: Delivery, items: Sequence[Item]) -> dict[str, Any]:
    batch = secrets.randbits(62)
    by_id = {one.id: one for one in delivery.arrivals}
    rows = [by_id[item.id].row(delivery.kiosk, batch, is_revoked=False) for item in items]
    first, last = items[0], items[-1]
    evidence = delivery.evidence_row(batch, clock.as_text(clock.now()))
    return {
        "rows": msgspec.json.encode(rows).decode(),
        "ids": list(by_id),
        "of_epoch": first.epoch,
        "before": first.seq - 1,
        "head": first.prev_hash,
        "last": last.seq,
        "tip": last.hash,
        **{f"of_{column}": value for column, value in evidence.items()},
    }

"""The audit chain: recording what happened at the kiosk, and checking that no row was removed, changed or moved."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select

from common.machine.stamp import Stamp
from common.protocol.envelope import FIRST_PREV_HASH, AuditBody, Item, item_hash
from offline_store.chain.chain import append, read_head
from offline_store.chain.epoch import Detail
from offline_store.disk import tables
from offline_store.disk.database import Store

MAX_FINDINGS = 50
_item, _gap = tables.items.c, tables.chain_gaps.c


@dataclass(frozen=True, slots=True)
class ChainFault:
    """A place where the chain does not hold. `problem`: `removed`, `changed`, `reordered` or `head`."""

    epoch: str
    seq: int
    item_id: str | None
    problem: str

    def __str__(self) -> str:
        return f"item {self.seq} of epoch {self.epoch[:8]} ({self.item_id or 'gone'}): {self.problem}"


def record(store: Store, event: str, stamp: Stamp, detail: Detail | None = None) -> str:
    """Record an event that a technician or the kiosk caused; give the item's id. `detail` holds nothing personal.

    Raises StoreUnavailable.
    """
    with store.write() as connection:
        return append(connection, read_head(connection), "audit", AuditBody(event, detail or {}), stamp)[1]


def verify_chain(store: Store) -> list[ChainFault]:
    """Follow every epoch's chain from its first item to its head; give at most 50 faults, none when it holds.

    Runs that were pruned, or lost to a damaged disk, are bridged by the links that they left. About 100,000 items/s.
    Raises StoreUnavailable.
    """
    faults: list[ChainFault] = []
    with store.read() as connection:
        current, head_seq, head_hash = connection.execute(
            select(tables.store.c.epoch, tables.store.c.head_seq, tables.store.c.head_hash)
        ).one()
        for epoch, kiosk in connection.execute(select(tables.epochs.c.epoch, tables.epochs.c.kiosk)).all():
            end = (head_seq, head_hash) if epoch == current else None
            for fault in _faults_of(connection, epoch, kiosk, end):
                faults.append(fault)
                if len(faults) >= MAX_FINDINGS:
                    return faults
    return faults


def _faults_of(connection: Connection, epoch: str, kiosk: str, end: tuple[int, str] | None) -> Iterator[ChainFault]:
    gaps = {gap.first_seq: gap for gap in connection.execute(select(tables.chain_gaps).where(_gap.epoch == epoch))}
    seq, link, row = 0, FIRST_PREV_HASH, 0
    items = connection.execute(select(tables.items).where(_item.epoch == epoch).order_by(_item.seq)).yield_per(1000)
    for item in items:
        seq, link, whole = _across(gaps, seq, link)
        if not whole:
            yield ChainFault(epoch, seq, None, "removed")
        while seq + 1 < item.seq:
            seq += 1
            link = ""
            yield ChainFault(epoch, seq, None, "removed")
        problem = _problem(item, kiosk, link, row)
        if problem is not None:
            yield ChainFault(epoch, item.seq, item.id, problem)
        seq, link, row = item.seq, item.hash, item.row
    seq, link, _ = _across(gaps, seq, link)
    if end is not None and (seq, link) != end:
        yield ChainFault(epoch, max(seq, end[0]), None, "removed" if seq < end[0] else "head")


def _across(gaps: dict[int, Row[Any]], seq: int, link: str) -> tuple[int, str, bool]:
    """Step over known gaps; the third says whether each one continues the chain."""
    whole = True
    while (gap := gaps.get(seq + 1)) is not None:
        whole = whole and gap.first_prev_hash == link
        seq, link = gap.last_seq, gap.last_hash
    return seq, link, whole


def _problem(row: Row[Any], kiosk: str, link: str, former_row: int) -> str | None:
    item = Item(**{name: getattr(row, name) for name in Item.__struct_fields__})
    if item_hash(kiosk, item) != item.hash:
        return "changed"
    if link and item.prev_hash != link:
        return "reordered"
    return "reordered" if row.row <= former_row else None

"""What leaves the kiosk, and when: acknowledged items after 90 days, orders 90 days after they expired.

By time that central signed only: a clock in 2099 removes nothing. The chain's head stays, and each run of removed items
leaves its first and last link, so that what remains can still be verified.
"""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select

from common.machine.stamp import Stamp
from offline_store.disk import tables
from offline_store.disk.database import Store

KEPT_S = 90 * 86_400
AHEAD_OF_SIGNED_S = 86_400
"""NTP alone removes nothing: a wrong answer of it would take at once all that central has acknowledged."""
MAX_ROWS = 2000
"""Removed in one transaction: a citizen's accept waits for it."""
_item, _gap = tables.items.c, tables.chain_gaps.c
_ticket, _change = tables.tickets.c, tables.ticket_changes.c


def prune(store: Store, stamp: Stamp) -> int:
    """Remove what is due, at most 2000 items a call; give how many went. Nothing while the clock is not `synced`.

    Raises StoreUnavailable.
    """
    if not stamp.is_sure:
        return 0
    order, job = tables.orders.c, tables.print_jobs.c
    with store.write() as connection:
        signed_us = connection.execute(select(tables.store.c.signed_us)).scalar_one()
        if signed_us is None:
            return 0
        before = min(stamp.unix_s, signed_us // 1_000_000 + AHEAD_OF_SIGNED_S) - KEPT_S
        head_row = connection.execute(select(func.max(_item.row))).scalar_one()
        due = connection.execute(
            select(_item.row, _item.epoch, _item.seq, _item.prev_hash, _item.hash)
            .where(_item.state == "acknowledged", _item.ended_at < before, _item.row < head_row)
            .order_by(_item.row)
            .limit(MAX_ROWS)
        ).all()
        for run in _runs(due):
            _leave_gap(connection, run)
        rows = [row.row for row in due]
        for table in (tables.tickets, tables.items):
            connection.execute(delete(table).where(table.c.row.in_(rows)))
        _forget_changes(connection)
        connection.execute(delete(tables.print_jobs).where(job.ended_at < before))
        # An order without an expiry has its recording for one. Its item goes first: that one's 90 days are trusted.
        last_use = func.coalesce(order.expires_at, order.recorded_us / 1_000_000)
        is_kept = select(_item.row).where(_item.id == order.id).exists()
        connection.execute(delete(tables.orders).where(last_use < before, ~is_kept))
    return len(rows)


def _forget_changes(connection: Connection) -> None:
    """Remove what listeners were told of tickets that have gone. Changes are nearly in the order of their tickets."""
    oldest = select(_change.id).order_by(_change.id).limit(2 * MAX_ROWS)
    is_gone = ~select(_ticket.row).where(_ticket.row == _change.ticket_row).exists()
    connection.execute(delete(tables.ticket_changes).where(_change.id.in_(oldest), is_gone))


def _runs(due: Iterable[Any]) -> list[list[Any]]:
    """Split rows into runs without a gap in their epoch's seq."""
    numbered = enumerate(sorted(due, key=lambda row: (row.epoch, row.seq)))
    runs = groupby(numbered, key=lambda pair: (pair[1].epoch, pair[1].seq - pair[0]))
    return [[row for _, row in run] for _, run in runs]


def _leave_gap(connection: Connection, run: list[Any]) -> None:
    """Record that a run is gone, joined with the gap that it continues and the one that continues it."""
    epoch, first, last = run[0].epoch, run[0].seq, run[-1].seq
    start_hash, end_hash = run[0].prev_hash, run[-1].hash
    of_epoch = (_gap.epoch == epoch, _gap.reason == "pruned")
    before = connection.execute(select(tables.chain_gaps).where(*of_epoch, _gap.last_seq == first - 1)).one_or_none()
    after = connection.execute(select(tables.chain_gaps).where(*of_epoch, _gap.first_seq == last + 1)).one_or_none()
    if before is not None:
        first, start_hash = before.first_seq, before.first_prev_hash
    if after is not None:
        last, end_hash = after.last_seq, after.last_hash
    within = (_gap.first_seq >= first, _gap.last_seq <= last)
    connection.execute(delete(tables.chain_gaps).where(*of_epoch, *within))
    values = {"epoch": epoch, "first_seq": first, "last_seq": last, "first_prev_hash": start_hash}
    connection.execute(insert(tables.chain_gaps).values(**values, last_hash=end_hash, reason="pruned"))

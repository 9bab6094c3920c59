"""The store held against its second head, when it is opened: are commits lost that somebody may have seen?"""

from sqlalchemy import Connection, select, update

from common.machine.stamp import Stamp
from common.protocol.envelope import AuditBody
from offline_store.chain.chain import append, read_head
from offline_store.disk import tables
from offline_store.disk.database import Store
from offline_store.disk.second_head import SecondHead, read_second_head

COMMIT_CUT = "commit-cut"


def commits_lost(connection: Connection, second: SecondHead | None) -> int:
    """Count the items that were on disk for certain and are gone: at least so many.

    Args:
        connection: on the store.
        second: what `read_second_head` gave before this transaction began.
    """
    if second is None:
        return 0
    head = read_head(connection)
    if head.epoch == second.epoch:
        return max(0, second.before - head.seq)
    known = connection.execute(select(tables.epochs.c.epoch).where(tables.epochs.c.epoch == second.epoch)).first()
    return second.before if known is None else 0


def burn_cut_numbers(store: Store, stamp: Stamp) -> None:
    """Leave out one number of each prefix where the last commit was cut short.

    A power cut in the middle of a commit, seen by nobody, and a disk that lost just the last commit look the same; so
    the number that may stand on a paper is not given again. Rare: a commit takes some milliseconds. Raises
    StoreUnavailable, OSError.
    """
    if not _is_cut(store):
        return
    counters, days = tables.counters, tables.business_days
    with store.write() as connection:
        second, head = read_second_head(store.data_dir), read_head(connection)  # nobody else is about to commit now
        if second is None or second.epoch != head.epoch or second.seq <= head.seq:
            return
        day = select(days.c.id).order_by(days.c.id.desc()).limit(1).scalar_subquery()
        connection.execute(update(counters).where(counters.c.day_id == day).values(n=counters.c.n + 1))
        connection.execute(update(days).where(days.c.id == day).values(counter_base=days.c.counter_base + 1))
        following = tables.store.c.next_day_base
        connection.execute(update(tables.store).values(next_day_base=following + 1))
        append(connection, head, "audit", AuditBody(COMMIT_CUT, {"through": second.seq}), stamp)


def _is_cut(store: Store) -> bool:
    second = read_second_head(store.data_dir)
    with store.read() as connection:
        head = read_head(connection)
    return second is not None and second.epoch == head.epoch and second.seq > head.seq

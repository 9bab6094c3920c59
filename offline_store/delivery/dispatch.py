"""Between outbox and uplink: which items go into the next batch, and what central's answer says of each of them."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from common.machine.stamp import Stamp
from common.protocol.envelope import MAX_BATCH_ITEMS, BatchAnswer, Item, ItemResult
from offline_store.alarms import raise_alarm
from offline_store.delivery.outbox import REFUSED, apply_results, waiting_items
from offline_store.disk import tables
from offline_store.disk.database import Store

DEAD_LETTERS: Final = "dead-letters"


@dataclass(frozen=True, slots=True)
class BatchToSend:
    """Items of one kiosk, oldest first, that fit into one batch; the rows are places in the outbox."""

    kiosk: str
    first_row: int
    last_row: int
    items: list[Item]


@dataclass(frozen=True, slots=True)
class Settled:
    """How many items of some batches central has, how many it refused, and how many it did not name as it should."""

    acknowledged: int
    dead: int
    unsettled: int


def has_waiting(store: Store) -> bool:
    """Return whether anything waits for central. Raises StoreUnavailable."""
    waiting = select(tables.items.c.row).where(tables.items.c.state == "waiting").limit(1)
    with store.read() as connection:
        return connection.execute(waiting).first() is not None


def next_batch(
    store: Store,
    *,
    after_row: int = 0,
    max_items: int = MAX_BATCH_ITEMS,
    without: Collection[str] = (),
    without_rows: frozenset[int] = frozenset(),
) -> BatchToSend | None:
    """Take the next items after a row, all of one kiosk: a disk that was enrolled again has items of two.

    Args:
        store: the store.
        after_row: the last row that was tried in this round.
        max_items: at most so many; fewer where they would pass 256 KiB, but always one.
        without: kiosks whose items stay for now.
        without_rows: rows that stay for now.

    Raises:
        StoreUnavailable: the disk does not give them.
    """
    while True:
        with store.read() as connection:
            found = waiting_items(connection, after_row=after_row, limit=max_items)
        if not found:
            return None
        allowed = [one for one in found if one.kiosk not in without and one.row not in without_rows]
        if allowed:
            chosen = [waiting for waiting in allowed if waiting.kiosk == allowed[0].kiosk]
            # Rows between them that are another kiosk's come in a later batch, so this one must end before them.
            foreign = [waiting.row for waiting in allowed if waiting.kiosk != allowed[0].kiosk]
            chosen = [waiting for waiting in chosen if not foreign or waiting.row < foreign[0]]
            return BatchToSend(chosen[0].kiosk, chosen[0].row, chosen[-1].row, [waiting.item for waiting in chosen])
        after_row = found[-1].row


def settle(store: Store, answered: Sequence[tuple[BatchToSend, BatchAnswer]], stamp: Stamp) -> Settled:
    """Record verified answers, item by item, in one transaction. What an answer says of other ids is not heard.

    Raises:
        StoreUnavailable: nothing was recorded; central will call the same items duplicates.
    """
    heard = [result for batch, answer in answered for result in _heard(batch, answer.results)]
    refused = [result for result in heard if result.result in REFUSED]
    with store.write() as connection:
        acknowledged, dead = apply_results(connection, heard, stamp)
        if dead:
            last = refused[-1]
            text = f"central refused {dead} item(s), the last is {last.id}: {last.result} {last.reason or ''}"
            raise_alarm(connection, DEAD_LETTERS, text.strip(), stamp)
    return Settled(acknowledged, dead, sum(len(batch.items) for batch, _ in answered) - acknowledged - dead)


def _heard(batch: BatchToSend, results: Iterable[ItemResult]) -> Iterable[ItemResult]:
    """Leave out what is said of ids that were not sent, and of ids of which two different things are said."""
    said: dict[str, ItemResult | None] = {}
    for result in results:
        said[result.id] = result if said.get(result.id, result) == result else None
    return filter(None, (said.get(item.id) for item in batch.items))

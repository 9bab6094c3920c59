"""Items read from a damaged store: each proven by its own hash, merged of several copies, the gaps recorded."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection, insert, select

from common.protocol.envelope import FIRST_PREV_HASH, BodyUnreadable, Item, TicketBody, decode_body, item_hash
from offline_store.chain.epoch import FormerEpoch
from offline_store.disk import tables
from offline_store.salvage.findings import Findings, Record

_STATES = {"acknowledged", "waiting", "dead"}


@dataclass(frozen=True, slots=True)
class ReadItem:
    """An item that was read whole: its row, the kiosk its hash names, and its body where it is a ticket."""

    record: Record
    kiosk: str
    ticket: TicketBody | None


def read_items(found: Findings, kiosk: str) -> Iterator[ReadItem]:
    """Yield every item whose hash is right, once each, in the order of its chain. SQL's copies win, being current."""
    kiosks = {kiosk} | {str(row["kiosk"]) for row in (*found.both("epochs"), *found.both("store"))}
    pruned = {(gap["epoch"], gap["first_seq"], gap["last_seq"]) for gap in found.by_sql("chain_gaps")}
    taken = None
    for record in found.items():
        place = (str(record["epoch"]), int(record["seq"]))
        if place == taken or record["state"] not in _STATES or _is_pruned(place, pruned):
            continue
        item = _proven(record, kiosks)
        if item is not None:
            taken = place
            yield item


def _is_pruned(place: tuple[str, int], pruned: Iterable[tuple[str, int, int]]) -> bool:
    return any(epoch == place[0] and first <= place[1] <= last for epoch, first, last in pruned)


def _proven(record: Record, kiosks: set[str]) -> ReadItem | None:
    try:
        item = msgspec.convert({name: record[name] for name in Item.__struct_fields__}, Item)
        kiosk = next((kiosk for kiosk in kiosks if item_hash(kiosk, item) == item.hash), None)
        body = decode_body(item.kind, item.body)
    except (msgspec.ValidationError, BodyUnreadable):
        return None
    if kiosk is None:
        return None
    return ReadItem(record, kiosk, body if isinstance(body, TicketBody) else None)


class Chains:
    """What the items that were read leave of each former chain, followed one by one in the chain's order."""

    def __init__(self, connection: Connection, store: Record, lock_note: str | None) -> None:
        """Begin: `store` is the readable row of the damaged store or nothing, `lock_note` the lock file's epoch."""
        self._connection = connection
        self._store = store
        self._lock_note = lock_note
        self._ends: dict[str, tuple[int, str]] = {}
        self._newest: tuple[int, str | None] = (0, None)  # the row that was written last, and its epoch

    def follow(self, record: Record) -> None:
        """Take the next item of its chain; what is missing before it is recorded as a gap."""
        epoch = record["epoch"]
        seq, link = self._ends.get(epoch, (0, FIRST_PREV_HASH))
        if record["seq"] > seq + 1:
            self._gap(epoch, seq + 1, record["seq"] - 1, link, record["prev_hash"])
        self._ends[epoch] = (record["seq"], record["hash"])
        self._newest = max(self._newest, (int(record["row"]), epoch), key=lambda one: one[0])

    def end(self) -> FormerEpoch:
        """Record the gap at the end of the last chain, where one is known; give that chain's end."""
        of_store = str(self._store.get("epoch") or "") or None
        last = of_store or self._lock_note or self._newest[1]
        ends = [self._ends[last]] if last in self._ends else []
        if last is not None and last == of_store:
            head = (int(self._store["head_seq"]), str(self._store["head_hash"]))
            if ends and head[0] > ends[0][0]:
                self._gap(last, ends[0][0] + 1, head[0], ends[0][1], head[1])
            ends.append(head)
        return FormerEpoch(last, *max(ends)) if ends else FormerEpoch(last)

    def _gap(self, epoch: str, first: int, last: int, prev_hash: str, last_hash: str) -> None:
        gaps = tables.chain_gaps
        within = (gaps.c.epoch == epoch, gaps.c.first_seq >= first, gaps.c.last_seq <= last)
        if self._connection.execute(select(gaps.c.first_seq).where(*within).limit(1)).first() is None:
            values = {"epoch": epoch, "first_seq": first, "last_seq": last, "first_prev_hash": prev_hash}
            self._connection.execute(insert(gaps).values(**values, last_hash=last_hash, reason="unreadable"))

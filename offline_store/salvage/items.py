"""Items read from a damaged store: each proven by its own hash, merged of several copies, the gaps recorded."""

from collections.abc import Iterable
from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection, insert, select

from offline_store.chain.epoch import FormerEpoch
from offline_store.disk import tables
from offline_store.salvage.readable import Findings, Record
from offline_store.wire.envelope import FIRST_PREV_HASH, BodyUnreadable, Item, TicketBody, decode_body, item_hash

# Of several stale copies: what central has it has for good; sending once more does no harm, being set aside does.
_PREFERENCE = {"acknowledged": 0, "waiting": 1, "dead": 2}


@dataclass(frozen=True, slots=True)
class ReadItem:
    """An item that was read whole: its row, the kiosk its hash names, and its body where it is a ticket."""

    record: Record
    kiosk: str
    ticket: TicketBody | None


def read_items(found: Findings, kiosk: str) -> list[ReadItem]:
    """Give every item whose hash is right, once each, in the order of rows. SQL's copies win, for they are current."""
    kiosks = {kiosk} | {str(row["kiosk"]) for row in (*found.both("epochs"), *found.both("store"))}
    pruned = {(gap["epoch"], gap["first_seq"], gap["last_seq"]) for gap in found.by_sql.get("chain_gaps", [])}
    taken: dict[tuple[str, int], ReadItem] = {}
    stale = sorted(found.by_scan.get("items", []), key=lambda row: _PREFERENCE.get(str(row["state"]), 9))
    for record in (*found.by_sql.get("items", []), *stale):
        place = (str(record["epoch"]), int(record["seq"]))
        if place in taken or record["state"] not in _PREFERENCE or _is_pruned(place, pruned):
            continue
        item = _proven(record, kiosks)
        if item is not None:
            taken[place] = item
    return sorted(taken.values(), key=lambda item: int(item.record["row"]))


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


def record_gaps(connection: Connection, items: list[ReadItem], store: Record, lock_note: str | None) -> FormerEpoch:
    """Record which runs of each former chain are gone, so that the rest can be followed; give the last epoch's end.

    ``store``: the readable row of the damaged store or nothing; ``lock_note``: the epoch that the lock file names.
    """
    chains: dict[str, list[Record]] = {}
    for item in sorted(items, key=lambda item: int(item.record["seq"])):
        chains.setdefault(item.record["epoch"], []).append(item.record)
    last = str(store.get("epoch") or lock_note or (items[-1].record["epoch"] if items else "")) or None
    gaps = tables.chain_gaps
    for epoch, chain in chains.items():
        end_seq, end_hash = (store["head_seq"], store["head_hash"]) if epoch == store.get("epoch") else (0, "")
        for first, last_seq, prev_hash, last_hash in _missing(chain, end_seq, end_hash):
            within = (gaps.c.epoch == epoch, gaps.c.first_seq >= first, gaps.c.last_seq <= last_seq)
            if connection.execute(select(gaps.c.first_seq).where(*within).limit(1)).first() is None:
                values = {"epoch": epoch, "first_seq": first, "last_seq": last_seq, "first_prev_hash": prev_hash}
                connection.execute(insert(gaps).values(**values, last_hash=last_hash, reason="unreadable"))
    ends: list[tuple[int, str]] = [(row["seq"], row["hash"]) for row in chains.get(last or "", [])[-1:]]
    if store and store["epoch"] == last:
        ends.append((store["head_seq"], store["head_hash"]))
    return FormerEpoch(last, *max(ends)) if ends else FormerEpoch(last)


def _missing(chain: list[Record], end_seq: int, end_hash: str) -> Iterable[tuple[int, int, str, str]]:
    seq, link = 0, FIRST_PREV_HASH
    for record in chain:
        if record["seq"] > seq + 1:
            yield seq + 1, record["seq"] - 1, link, record["prev_hash"]
        seq, link = record["seq"], record["hash"]
    if end_seq > seq:
        yield seq + 1, end_seq, link, end_hash

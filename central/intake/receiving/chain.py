"""The audit chain of each kiosk, as central sees it: how far it is whole, and what does not fit.

Items come in any order. A gap is what lies between `head_seq` and `max_seq` of `chains`; everything else that does not
fit becomes a row of `findings`, once: a broken link, a sequence used twice, an id used twice.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from sqlalchemy import Row, bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import database
from central.base.tables import chains, findings, inbox
from central.intake.receiving.arrival import REVOCATION_LACKED, Arrival
from common.protocol.envelope import FIRST_PREV_HASH

# How many stored items one batch walks on over when it closed a gap; the next batch goes on from there.
CATCH_UP_ITEMS = 5000

EXTEND = (
    update(chains)
    .where(chains.c.kiosk == bindparam("of_kiosk"), chains.c.epoch == bindparam("of_epoch"))
    .where(chains.c.head_seq == bindparam("before"), chains.c.max_seq == bindparam("before"))
    .where(chains.c.head_hash == bindparam("head"))
    .values(head_seq=bindparam("last"), head_hash=bindparam("tip"), max_seq=bindparam("last"))
)
"""Moves a head to the last of the items that follow it, where it is still the one before the first of them."""

# seq, prev_hash, hash, id
Link = tuple[int, str, str, str]


async def advance(
    connection: AsyncConnection, kiosk: str, fresh: Sequence[Arrival], sent: Sequence[Arrival], moment: str
) -> int:
    """Extend the chains by the `fresh` items; returns how far the epoch of the last item `sent` is whole, else 0."""
    last = max((one.item for one in sent if one.item), key=lambda item: item.seq, default=None)
    acked_through = 0
    epochs = {one.item.epoch for one in fresh if one.item} | ({last.epoch} if last else set())
    for epoch in sorted(epochs):
        items = sorted((one.item for one in fresh if one.item and one.item.epoch == epoch), key=lambda item: item.seq)
        links = [(item.seq, item.prev_hash, item.hash, item.id) for item in items]
        head_seq = await _advance_epoch(connection, kiosk, epoch, links, moment)
        if last and epoch == last.epoch:
            acked_through = head_seq
    return acked_through


async def note(connection: AsyncConnection, kiosk: str, arrival: Arrival, code: str, other: str, moment: str) -> None:
    """Record that `arrival` clashes with the item `other` that was there first."""
    await _note(connection, kiosk, arrival.epoch or "", arrival.seq or 0, code, f"{arrival.id} {other}", moment)


async def note_told(connection: AsyncConnection, kiosk: str, arrival: Arrival, text: str, moment: str) -> None:
    """Record what a kiosk tells of in its audit chain for people to act upon."""
    await _note(connection, kiosk, arrival.epoch or "", arrival.seq or 0, REVOCATION_LACKED, text, moment)


async def note_row(connection: AsyncConnection, item: Row[Any], code: str, moment: str) -> None:
    """Record something about an item that is in the inbox already."""
    await _note(connection, item.kiosk, item.epoch, item.seq, code, item.id, moment)


async def note_span(
    connection: AsyncConnection, kiosk: str, epoch: str, span: tuple[int, int], code: str, moment: str
) -> None:
    """Record something about a run of a chain, from its first to its last seq."""
    await _note(connection, kiosk, epoch, span[0], code, f"{span[0]}-{span[1]}", moment)


async def note_kiosk(connection: AsyncConnection, kiosk: str, code: str, moment: str) -> None:
    """Record something about a kiosk itself."""
    await _note(connection, kiosk, "", 0, code, "", moment)


async def _advance_epoch(connection: AsyncConnection, kiosk: str, epoch: str, links: list[Link], moment: str) -> int:
    if await _extend_plainly(connection, kiosk, epoch, links):
        return links[-1][0]
    row = await _locked(connection, kiosk, epoch)
    seq, tip = row.head_seq, row.head_hash
    if not links:
        return int(seq)
    furthest = max(row.max_seq, links[-1][0])
    broken: list[Link] = []
    seq, tip = _walk(seq, tip, links, broken)
    if seq < furthest:
        seq, tip = _walk(seq, tip, await _stored_after(connection, kiosk, epoch, seq), broken)
    for link in broken:
        await _note(connection, kiosk, epoch, link[0], "broken-link", link[3], moment)
    await connection.execute(
        update(chains)
        .where(chains.c.kiosk == kiosk, chains.c.epoch == epoch)
        .values(head_seq=seq, head_hash=tip, max_seq=furthest)
    )
    return int(seq)


async def _extend_plainly(connection: AsyncConnection, kiosk: str, epoch: str, links: list[Link]) -> bool:
    """Move the head in one statement where the links follow it and each other, as they nearly always do."""
    if not links:
        return False
    for before, link in pairwise(links):
        if link[0] != before[0] + 1 or link[1] != before[2]:
            return False
    (first, prev_hash, _, _), (last, _, tip, _) = links[0], links[-1]
    place = {"of_kiosk": kiosk, "of_epoch": epoch, "before": first - 1, "head": prev_hash}
    moved = await connection.execute(EXTEND, place | {"last": last, "tip": tip})
    return moved.rowcount == 1


def _walk(seq: int, tip: str, links: Iterable[Link], broken: list[Link]) -> tuple[int, str]:
    for link in links:
        if link[0] <= seq:
            continue
        if link[0] != seq + 1:
            break
        if link[1] != tip:
            broken.append(link)
        seq, tip = link[0], link[2]
    return seq, tip


async def _locked(connection: AsyncConnection, kiosk: str, epoch: str) -> Row[Any]:
    query = select(chains).where(chains.c.kiosk == kiosk, chains.c.epoch == epoch).with_for_update()
    row = (await connection.execute(query)).one_or_none()
    if row is None:
        values = {"kiosk": kiosk, "epoch": epoch, "head_seq": 0, "head_hash": FIRST_PREV_HASH, "max_seq": 0}
        await _insert_new(connection, chains, values)
        row = (await connection.execute(query)).one()
    return row


async def _stored_after(connection: AsyncConnection, kiosk: str, epoch: str, seq: int) -> list[Link]:
    query = (
        select(inbox.c.seq, inbox.c.prev_hash, inbox.c.hash, inbox.c.id)
        .where(inbox.c.kiosk == kiosk, inbox.c.epoch == epoch, inbox.c.seq > seq)
        .order_by(inbox.c.seq)
        .limit(CATCH_UP_ITEMS)
    )
    return [(row.seq, row.prev_hash, row.hash, row.id) for row in await connection.execute(query)]


async def _note(
    connection: AsyncConnection, kiosk: str, epoch: str, seq: int, code: str, item: str, moment: str
) -> None:
    values = {"kiosk": kiosk, "epoch": epoch, "seq": seq, "code": code, "item": item, "at": moment}
    await _insert_new(connection, findings, values)


async def _insert_new(connection: AsyncConnection, table: Any, values: dict[str, Any]) -> None:
    dialect = postgresql if database.is_postgres(connection) else sqlite
    await connection.execute(dialect.insert(table).values(values).on_conflict_do_nothing())

"""The inbox: applies each item once, however often and in whatever order it comes, and says what became of it.

One transaction a delivery: the kiosk is locked, what the database has of the items is read, judged in memory, written.
Two senders of one backlog, at one central process or two, so come one after the other.
"""

import secrets
from collections.abc import Collection
from typing import Any, Final

import msgspec
import structlog
from sqlalchemy import ARRAY, ColumnElement, any_, insert, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from central.base import clock
from central.base.database.rows import insert_new, upsert
from central.base.database.transactions import is_postgres
from central.base.tables.enrolled import digits, kiosks
from central.base.tables.received import batches, chains, inbox, waiting_lists
from central.intake.receiving import finding, unknown_kiosks
from central.intake.receiving.delivery import ODD_LIST, Delivery
from central.intake.receiving.finding import Finding
from central.intake.receiving.judging import Head, Judgement, Known, Link, Standing, judge
from central.kiosks import history
from common.protocol.envelope import BatchAnswer

CATCH_UP_ITEMS: Final = 5000
"""How many stored items one batch walks on over when it closed a gap; the next batch goes on from there."""

log = structlog.get_logger()


async def receive(engine: AsyncEngine, delivery: Delivery) -> BatchAnswer:
    """Store a batch in one transaction; when this returns, every item it names is durable or refused by name."""
    async with engine.begin() as connection:
        mine = select(kiosks.c.digit).where(kiosks.c.id == delivery.kiosk)
        digit = await connection.scalar(mine.with_for_update())
        # From here on, in statements of their own: only these see what the one before has committed.
        batch = secrets.randbits(62)
        judgement = judge(delivery, batch, await _known(connection, delivery, digit))
        await _write(connection, delivery, batch, judgement)
    return BatchAnswer(judgement.results, judgement.acked_through)


async def _known(connection: AsyncConnection, delivery: Delivery, digit: int | None) -> Known:
    ids = {one.id for one in delivery.arrivals} | {one.id for one in delivery.reports.asked}
    named = select(inbox.c.id, inbox.c.kiosk, inbox.c.hash, inbox.c.result, inbox.c.reason)
    rows = (await connection.execute(named.where(among(connection, inbox.c.id, ids)))).all()
    places: dict[str, set[int]] = {}
    for one in delivery.arrivals:
        if one.item is not None and one.refused is None:
            places.setdefault(one.item.epoch, set()).add(one.item.seq)
    stand = select(chains).where(chains.c.kiosk == delivery.kiosk, chains.c.epoch.in_(places))
    heads = {row.epoch: Head(row.head_seq, row.head_hash, row.max_seq) for row in await connection.execute(stand)}
    by_place, beyond = dict[tuple[str, int], str](), dict[str, list[Link]]()
    for epoch, head in heads.items():
        links = select(inbox.c.seq, inbox.c.prev_hash, inbox.c.hash, inbox.c.id)
        links = links.where(inbox.c.kiosk == delivery.kiosk, inbox.c.epoch == epoch).order_by(inbox.c.seq)
        if seen := [seq for seq in places[epoch] if seq <= head.max_seq]:
            taken = await connection.execute(links.where(among(connection, inbox.c.seq, seen)))
            by_place |= {(epoch, row.seq): row.id for row in taken}
        if head.head_seq < head.max_seq:
            after_gap = links.where(inbox.c.seq > head.head_seq).limit(CATCH_UP_ITEMS)
            beyond[epoch] = [Link(*row) for row in await connection.execute(after_gap)]
    by_id = {row.id: Standing(row.hash, row.result, row.reason) for row in rows if row.kiosk == delivery.kiosk}
    elsewhere = [(row.id, row.kiosk) for row in rows if row.kiosk != delivery.kiosk]
    others = {one.digit for one in delivery.arrivals if one.digit is not None} - {digit}
    if others:  # a kiosk that was moved to another centre had another one before
        others -= set(await connection.scalars(select(digits.c.digit).where(digits.c.kiosk == delivery.kiosk)))
    return Known(by_id, by_place, elsewhere, heads, beyond, others)


async def _write(connection: AsyncConnection, delivery: Delivery, batch: int, judgement: Judgement) -> None:
    kiosk, moment = delivery.kiosk, clock.as_text(clock.now())
    evidence = msgspec.structs.asdict(delivery.evidence)
    await connection.execute(insert(batches), {"id": batch, "kiosk": kiosk, "received_at": moment, **evidence})
    if await insert_new(connection, inbox, list(judgement.fresh.values())) < len(judgement.fresh):
        raise AssertionError("no other sender stores items of a locked kiosk")
    heads = [{"kiosk": kiosk, "epoch": epoch, **head._asdict()} for epoch, head in judgement.heads.items()]
    await upsert(connection, chains, heads)
    await finding.note(connection, kiosk, judgement.findings)
    reports = delivery.reports
    if reports.health:
        await history.keep(connection, kiosk, msgspec.json.encode(reports.health).decode(), moment)
        if not delivery.is_revoked:
            await unknown_kiosks.note_elsewhere(connection, kiosk, reports.health.get("centre"))
    if reports.waiting and not delivery.is_revoked:
        waiting = msgspec.json.encode(reports.waiting).decode()
        await upsert(connection, waiting_lists, [{"hub": kiosk, "list": waiting, "at": moment}])
    if reports.is_odd and not delivery.is_revoked:
        log.warning("waiting-list-odd", hub=kiosk)
        await finding.note_again(connection, kiosk, Finding(ODD_LIST))
    if delivery.is_revoked and any(one.is_last_word and one.id in judgement.fresh for one in delivery.arrivals):
        # From here on it gives no number: its digit is free from the next business day on.
        await connection.execute(update(digits).where(digits.c.kiosk == kiosk).values(rests_until=None))


def among(connection: AsyncConnection, column: ColumnElement[Any], values: Collection[Any]) -> ColumnElement[bool]:
    """Return whether a column has one of many values: PostgreSQL plans for an array alike, however long it is."""
    if is_postgres(connection):
        return column == any_(literal(list(values), ARRAY(column.type)))
    return column.in_(values)

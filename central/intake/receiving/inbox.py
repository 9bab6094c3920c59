"""The inbox: applies each item once, however often and in whatever order it comes, and says what became of it.

Rows are inserted first and compared in a second statement, at READ COMMITTED: only a new statement sees the row of
another sender that the first one waited for, and so tells `duplicate` from `conflict`.
"""

import secrets
from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec
import structlog
from sqlalchemy import Table, Text, any_, bindparam, func, insert, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from central.base import clock, database
from central.base.tables import batches, digits, health, inbox, waiting_lists
from central.intake.receiving import chain, plain_batch
from central.intake.receiving.arrival import REVOKED, Arrival
from central.intake.receiving.delivery import Delivery
from central.kiosks import history
from common.protocol.envelope import Asked, BatchAnswer, ItemResult

# Senders of one and the same backlog can meet in the two unique constraints in opposite order.
ATTEMPTS = 4
SERIALIZATION_FAILURES = ("40001", "40P01")  # PostgreSQL manual, appendix A

# Made once, for every batch asks it; on PostgreSQL with one array instead of a parameter for each id.
_OF_OTHERS = select(inbox.c.id, inbox.c.kiosk).where(inbox.c.kiosk != bindparam("sender"))
_ELSEWHERE = _OF_OTHERS.where(inbox.c.id.in_(bindparam("ids", expanding=True)))
_ELSEWHERE_IN_ARRAY = _OF_OTHERS.where(inbox.c.id == any_(bindparam("ids", type_=ARRAY(Text))))

log = structlog.get_logger()


class Standing(NamedTuple):
    """The item that stands under an id: its hash, the batch that brought it, and what was said of it."""

    hash: str
    batch: int
    result: str
    reason: str | None


async def receive(engine: AsyncEngine, delivery: Delivery) -> BatchAnswer:
    """Store a batch in one transaction; when this returns, every item it names is durable or refused by name."""
    if (answer := await plain_batch.take(engine, delivery)) is not None:
        return answer
    for attempt in range(ATTEMPTS):
        try:
            async with engine.begin() as connection:
                return await _receive(connection, delivery)
        except DBAPIError as error:
            is_clash = getattr(error.orig, "sqlstate", None) in SERIALIZATION_FAILURES
            if not is_clash or attempt == ATTEMPTS - 1:
                raise
    raise AssertionError("unreachable")


async def _receive(connection: AsyncConnection, delivery: Delivery) -> BatchAnswer:
    batch = await _record_evidence(connection, delivery)
    first = _first_of_each_id(delivery.arrivals)
    # In the chain's order: arrivals then read as they happened, and two senders of the same items take them alike.
    storable = sorted((arrival for arrival in first.values() if arrival.refused is None), key=_place)
    stored = await _store(connection, delivery, storable, batch)
    taken = await _sequence_takers(connection, delivery.kiosk, [one for one in storable if one.id not in stored])
    results, conflicts = [], []
    for arrival in delivery.arrivals:
        result = _judge(arrival, first[arrival.id], stored.get(arrival.id), batch)
        results.append(result)
        if result.result == "conflict":
            conflicts.append((arrival, result))
    moment = clock.as_text(clock.now())
    for arrival, result in conflicts:
        log.warning("conflict", kiosk=delivery.kiosk, item=arrival.id, seq=arrival.seq, reason=result.reason)
        other = taken.get((arrival.epoch, arrival.seq), arrival.id)
        await chain.note(connection, delivery.kiosk, arrival, result.reason or "conflict", other, moment)
    fresh = [one for one in storable if one.id in stored and stored[one.id].batch == batch]
    for one, other in await _used_elsewhere(connection, delivery.kiosk, fresh):
        log.warning("id-of-two-kiosks", kiosk=delivery.kiosk, other=other, item=one.id)
        await chain.note(connection, delivery.kiosk, one, "id-of-two-kiosks", other, moment)
    for one in fresh:
        if one.told is not None and not delivery.is_revoked:
            await chain.note_told(connection, delivery.kiosk, one, one.told, moment)
    if delivery.is_revoked and any(one.is_last_word for one in fresh):
        # From here on it gives no number: its digit is free from the next business day on.
        await connection.execute(update(digits).where(digits.c.kiosk == delivery.kiosk).values(rests_until=None))
    acked_through = await chain.advance(connection, delivery.kiosk, fresh, storable, moment)
    await _keep_reports(connection, delivery, moment)
    results += await _known(connection, delivery.kiosk, delivery.reports.asked)
    return BatchAnswer(results, acked_through)


async def _known(connection: AsyncConnection, kiosk: str, asked: Sequence[Asked]) -> list[ItemResult]:
    """What of a lost answer's items is here, word for word as it was sent."""
    if not asked:
        return []
    query = select(inbox.c.id, inbox.c.hash, inbox.c.reason)
    found = await connection.execute(query.where(inbox.c.kiosk == kiosk, inbox.c.id.in_([one.id for one in asked])))
    here = {(row.id, row.hash): row.reason for row in found}
    named = dict.fromkeys((one.id, one.hash) for one in asked)
    return [ItemResult(key[0], "duplicate", here[key]) for key in named if key in here]


async def late_items(connection: AsyncConnection, kiosk: str) -> int:
    """How many items of a revoked kiosk are kept apart."""
    of_kiosk = inbox.c.kiosk == kiosk, inbox.c.result == "quarantined", inbox.c.reason == REVOKED
    return int(await connection.scalar(select(func.count()).where(*of_kiosk)) or 0)


def _place(arrival: Arrival) -> tuple[str, int, str]:
    return arrival.epoch or "", arrival.seq or 0, arrival.id


def _first_of_each_id(arrivals: Sequence[Arrival]) -> dict[str, Arrival]:
    first: dict[str, Arrival] = {}
    for arrival in arrivals:
        # A refused item (bad hash) must not stand in for a good one of the same id.
        if arrival.id not in first or first[arrival.id].refused is not None:
            first[arrival.id] = arrival
    return first


def _judge(arrival: Arrival, first: Arrival, row: Standing | None, batch: int) -> ItemResult:
    if arrival.refused is not None:
        return ItemResult(arrival.id, "rejected", arrival.refused)
    if row is None:
        return ItemResult(arrival.id, "conflict", "sequence-taken")
    if row.hash != arrival.hash:
        return ItemResult(arrival.id, "conflict", "id-taken")
    if row.batch == batch and arrival is first:
        return ItemResult(arrival.id, row.result, row.reason)
    return ItemResult(arrival.id, "duplicate", row.reason)


async def _record_evidence(connection: AsyncConnection, delivery: Delivery) -> int:
    batch = secrets.randbits(62)
    await connection.execute(insert(batches), delivery.evidence_row(batch, clock.as_text(clock.now())))
    return batch


async def _store(
    connection: AsyncConnection, delivery: Delivery, storable: list[Arrival], batch: int
) -> dict[str, Standing]:
    """Insert what is new; returns what now stands under each id, this batch's item or an older one."""
    if not storable:
        return {}
    rows = [arrival.row(delivery.kiosk, batch, is_revoked=delivery.is_revoked) for arrival in storable]
    inserted = await database.insert_new(connection, inbox, rows)
    if inserted == len(rows):
        return {row["id"]: Standing(row["hash"], batch, row["result"], row["reason"]) for row in rows}
    query = select(inbox.c.id, inbox.c.hash, inbox.c.batch, inbox.c.result, inbox.c.reason)
    mine = inbox.c.kiosk == delivery.kiosk, inbox.c.id.in_([arrival.id for arrival in storable])
    found = await connection.execute(query.where(*mine))
    return {row.id: Standing(row.hash, row.batch, row.result, row.reason) for row in found}


async def _sequence_takers(
    connection: AsyncConnection, kiosk: str, missing: list[Arrival]
) -> dict[tuple[str | None, int | None], str]:
    """Which items hold the (epoch, seq) of those that could not be stored: a disk that was cloned or set back."""
    if not missing:
        return {}
    keys = [(arrival.epoch, arrival.seq) for arrival in missing]
    query = select(inbox.c.epoch, inbox.c.seq, inbox.c.id).where(
        inbox.c.kiosk == kiosk, tuple_(inbox.c.epoch, inbox.c.seq).in_(keys)
    )
    return {(row.epoch, row.seq): row.id for row in await connection.execute(query)}


async def _used_elsewhere(
    connection: AsyncConnection, kiosk: str, fresh: Sequence[Arrival]
) -> list[tuple[Arrival, str]]:
    """Which of these items bear the id of another kiosk's item, and whose. Both are kept."""
    if not fresh:
        return []
    by_id = {one.id: one for one in fresh}
    query = _ELSEWHERE_IN_ARRAY if database.is_postgres(connection) else _ELSEWHERE
    found = await connection.execute(query, {"ids": list(by_id), "sender": kiosk})
    return [(by_id[row.id], row.kiosk) for row in found]


async def _keep_reports(connection: AsyncConnection, delivery: Delivery, moment: str) -> None:
    if delivery.reports.health is not None:
        report = msgspec.json.encode(delivery.reports.health).decode()
        await _keep(connection, health, {"kiosk": delivery.kiosk, "report": report, "at": moment})
        await history.keep(connection, delivery.kiosk, report, moment)
    if delivery.reports.waiting is not None and not delivery.is_revoked:
        waiting = msgspec.json.encode(delivery.reports.waiting).decode()
        await _keep(connection, waiting_lists, {"hub": delivery.kiosk, "list": waiting, "at": moment})


async def _keep(connection: AsyncConnection, table: Table, values: dict[str, Any]) -> None:
    """Write a latest value over the one before it."""
    dialect = postgresql if database.is_postgres(connection) else sqlite
    statement = dialect.insert(table).values(values)
    key = list(table.primary_key.columns)
    await connection.execute(statement.on_conflict_do_update(index_elements=key, set_=values))

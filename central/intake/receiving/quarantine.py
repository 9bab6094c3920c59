"""Items that were kept and not applied: listed with their reason, and applied when an operator says so.

What a revoked kiosk sent late is good in itself, and a person decides about it. What this version couldn't read is
looked at again: a newer one may know its kind. Nothing is applied that would not be applied on arrival, but what was
only unlikely, such as a day far ahead: the person who releases it has judged that, item by item. An item that
was applied, and that some reader can't take, can be set apart too; then no reader meets it any more.
"""

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import Row, func, select, true, update
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.database.transactions import is_postgres
from central.base.tables.enrolled import kiosks
from central.base.tables.received import inbox
from central.intake.receiving import finding
from central.intake.receiving.delivery import UNLIKELY_DAY, UNLIKELY_TIME, examine
from central.intake.receiving.judging import REVOKED
from common.protocol.envelope import Item

RELEASED = "released"
SET_APART = "set-apart"
UNLIKELY = (UNLIKELY_TIME, UNLIKELY_DAY)
listing = (
    select(inbox.c.id, inbox.c.kiosk, inbox.c.kind, inbox.c.seq, inbox.c.reason)
    .where(inbox.c.result == "quarantined")
    .order_by(inbox.c.arrival)
)


class StaysPut(ValueError):
    """The item stays where it is; the text says why."""


async def late_items(connection: AsyncConnection, kiosk: str) -> int:
    """Return how many items of a revoked kiosk are kept apart."""
    of_kiosk = inbox.c.kiosk == kiosk, inbox.c.result == "quarantined", inbox.c.reason == REVOKED
    return int(await connection.scalar(select(func.count()).where(*of_kiosk)) or 0)


async def release(connection: AsyncConnection, item_id: str) -> None:
    """Apply one quarantined item. Who has released it when stands in the findings, under the code `released`.

    Raises:
        StaysPut: there is none of that id, it was applied already, or it still can't be read.
    """
    await _release(connection, await _row(connection, item_id))


async def _release(connection: AsyncConnection, row: Row[Any]) -> None:
    item_id = row.id
    if row.epoch is None:
        raise StaysPut(f"{item_id} could not be read as an item at all; its raw text is kept")
    arrival = examine(row.kiosk, _item_of(row), None)
    why_not = arrival.refused or arrival.quarantine
    if why_not is not None:
        raise StaysPut(f"{item_id} still can't be applied by this version ({why_not})")
    values: dict[str, Any] = {
        # It arrives now: who reads the inbox by its arrivals has passed the place where it lay.
        "arrival": await _next_arrival(connection),
        "result": "applied",
        "reason": None,
        "order_id": arrival.order_id,
        "seal_state": "waiting" if arrival.is_sealed else None,
    }
    await connection.execute(update(inbox).where(inbox.c.arrival == row.arrival).values(values))
    await finding.note_item(connection, row, RELEASED)


async def set_apart(connection: AsyncConnection, item_id: str, kiosk: str | None, reason: str) -> Row[Any]:
    """Keep an applied item apart from now on, and return its row; what was read out of it is the caller's to take back.

    Raises:
        StaysPut: there is none of that id, it is kept apart already, or several machines have sent one of that id.
    """
    named = f"{SET_APART}: {reason}"
    rows = await _rows(connection, item_id, kiosk)
    found = [row for row in rows if row.result == "applied"]
    if not found:
        raise StaysPut(f"{item_id} is kept apart already")
    if len(found) > 1:
        raise StaysPut(f"{item_id} was sent by {' and '.join(row.kiosk for row in found)}: name one by --kiosk")
    own = inbox.c.arrival == found[0].arrival
    values = {"result": "quarantined", "reason": named, "order_id": None, "seal_state": None}
    await connection.execute(update(inbox).where(own).values(values))
    return found[0]


async def _next_arrival(connection: AsyncConnection) -> int:
    if is_postgres(connection):
        sequence = func.pg_get_serial_sequence("inbox", "arrival")
        return int((await connection.execute(select(func.nextval(sequence)))).scalar_one())
    return int((await connection.execute(select(func.max(inbox.c.arrival) + 1))).scalar_one())


async def release_all_of(connection: AsyncConnection, kiosk: str) -> tuple[list[str], list[str]]:
    """Apply whatever of a kiosk's can be applied; returns the ids, and a sentence for each that stays.

    What a person set apart, and what is only unlikely, stays: each of those has to be judged by itself.
    Raises StaysPut where no such kiosk was ever enrolled.
    """
    if await connection.scalar(select(kiosks.c.id).where(kiosks.c.id == kiosk)) is None:
        raise StaysPut(f"no kiosk {kiosk!r} is enrolled here")
    mine = listing.where(inbox.c.kiosk == kiosk)
    released, stayed = [], []
    for row in (await connection.execute(mine)).all():
        try:
            kept = await _row(connection, row.id, kiosk)
            _check_needs_nobody(kept)
            await _release(connection, kept)
            released.append(row.id)
        except StaysPut as error:
            stayed.append(str(error))
    return released, stayed


def _check_needs_nobody(row: Row[Any]) -> None:
    """Raise StaysPut where somebody has to look at this one item before it is applied."""
    if row.reason.startswith(f"{SET_APART}:"):
        raise StaysPut(f"{row.id} was {row.reason}: release it by its own id, once it does no harm any more")
    if row.epoch is None:
        return
    judged = examine(row.kiosk, _item_of(row), clock.now()).quarantine
    for why_not in (row.reason, judged):  # also what a revoked machine sent, which nobody has judged yet
        if why_not in UNLIKELY:
            raise StaysPut(
                f"{row.id} is kept apart ({why_not}): look at it, and release it by its own id if it is right"
            )


def _item_of(row: Row[Any]) -> Item:
    return Item(**{name: getattr(row, name) for name in Item.__struct_fields__})


async def _row(connection: AsyncConnection, item_id: str, kiosk: str | None = None) -> Row[Any]:
    rows = await _rows(connection, item_id, kiosk)
    kept = [row for row in rows if row.result == "quarantined"]
    if not kept:
        raise StaysPut(f"{item_id} is applied already")
    if len(kept) > 1:
        raise StaysPut(f"{item_id} was sent by {' and '.join(row.kiosk for row in kept)}: release by --kiosk")
    return kept[0]


async def _rows(connection: AsyncConnection, item_id: str, kiosk: str | None) -> Sequence[Row[Any]]:
    wanted = inbox.c.id == item_id, true() if kiosk is None else inbox.c.kiosk == kiosk
    rows: Any = (await connection.execute(select(inbox).where(*wanted).with_for_update())).all()
    if not rows:
        raise StaysPut(f"no item {item_id!r} is here")
    return cast("Sequence[Row[Any]]", rows)

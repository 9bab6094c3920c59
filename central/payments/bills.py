"""What somebody owes: the biller is asked while he waits, and says of unknown and settled numbers the same, as late."""

import asyncio
import math
import uuid
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
import structlog
from sqlalchemy import Row, delete, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from central.base import clock
from central.base.database.rows import insert_into, insert_new
from central.base.tables.paid.payments import bill_inquiries, bill_misses, bills, payments
from central.inquiries import asking
from central.inquiries.answerers import Found
from central.keys.keys import KeyRing
from central.payments.flow.state import place_of_bill
from central.payments.marks import debt_mark, subscriber_mark
from central.payments.ports.biller import Debt, Owed
from central.payments.ports.errors import PortError, Refused
from central.payments.running import Payments
from common.protocol.inquiry import KINDS
from common.protocol.payments.answers import Bill, BillFound, BillRefusal

MISSES_A_DAY: Final = 300
MOST_OTHERS: Final = 4
EVEN_S: Final = 2.0
"""A number that nobody has is answered only at whole multiples of this, so that its time tells nothing."""
CLAIM: Final = timedelta(seconds=20)
_row = bill_inquiries.c

log: Final = structlog.get_logger()


async def due(connection: AsyncConnection, most: int) -> list[Row[Any]]:
    """Return the questions that nobody works on."""
    free = or_(_row.claimed_until.is_(None), _row.claimed_until < clock.as_text(clock.now()))
    return list(await connection.execute(select(bill_inquiries).where(free).order_by(_row.at).limit(most)))


async def ask(engine: AsyncEngine, ring: KeyRing, desk: Payments, row: Row[Any]) -> None:
    """Ask the biller and tell who waits; one that is too old is dropped."""
    own = _row.kiosk == row.kiosk, _row.inquiry == row.inquiry
    now, asked_at = clock.now(), datetime.fromisoformat(row.at)
    async with engine.begin() as connection:
        if now - asked_at > timedelta(seconds=KINDS["bill"].lives_s):
            await connection.execute(delete(bill_inquiries).where(*own))
            return
        free = or_(_row.claimed_until.is_(None), _row.claimed_until < clock.as_text(now))
        claim = update(bill_inquiries).where(*own, free).values(claimed_until=clock.as_text(now + CLAIM))
        if (await connection.execute(claim)).rowcount == 0:
            return
    found = await _asked(ring, desk, row)
    if not isinstance(found, Owed) and found == "unknown-or-nothing-due":
        spent = (clock.now() - asked_at).total_seconds()
        await asyncio.sleep(max(0.0, math.ceil(spent / EVEN_S) * EVEN_S - spent))
    async with engine.begin() as connection:
        if isinstance(found, Owed):
            await _tell(connection, ring, row, found)
        else:
            if found == "unknown-or-nothing-due":
                await _miss(connection, row.biller)
            await asking.refuse(connection, ring, row.kiosk, row.inquiry, found)
        await connection.execute(delete(bill_inquiries).where(*own))


async def misses_today(connection: AsyncConnection, biller: str) -> int:
    """Return how often today a number was asked for that nobody has, or that owes nothing."""
    day = clock.business_date(clock.now()).isoformat()
    own = bill_misses.c.biller == biller, bill_misses.c.day == day
    return int(await connection.scalar(select(bill_misses.c.count).where(*own)) or 0)


async def _asked(ring: KeyRing, desk: Payments, row: Row[Any]) -> Owed | BillRefusal:
    biller = desk.billers.get(row.biller)
    if biller is None:
        return "not-set-up"
    text = ring.vault().open(place_of_fields(row.kiosk, row.inquiry), row.fields)
    try:
        owed = await biller.inquire(msgspec.json.decode(text, type=dict[str, str]))
    except Refused as error:
        return "unreadable" if error.reason == "unreadable" else "biller-silent"
    except PortError as error:
        log.warning("biller-silent", biller=row.biller, why=str(error)[:80])
        return "biller-silent"
    fitting = [] if owed is None else [one for one in owed.debts if one.pound == desk.pound]
    if owed is not None and len(fitting) < len(owed.debts):
        log.error("debts-in-another-pound", biller=row.biller, count=len(owed.debts) - len(fitting))
        if not fitting:
            return "not-set-up"
    return "unknown-or-nothing-due" if owed is None or not fitting else msgspec.structs.replace(owed, debts=fitting)


async def _tell(connection: AsyncConnection, ring: KeyRing, row: Row[Any], owed: Owed) -> None:
    made = [await _kept(connection, ring, row, owed.subscriber, one) for one in owed.debts[: MOST_OTHERS + 1]]
    name = None if owed.name is None else masked(owed.name)
    found = BillFound(**msgspec.structs.asdict(made[0]) | {"others": made[1:]})
    answer = Found(msgspec.to_builtins(found), {} if name is None else {"name_masked": name})
    await asking.tell(connection, ring, row.kiosk, row.inquiry, answer)


async def _kept(connection: AsyncConnection, ring: KeyRing, row: Row[Any], subscriber: str, debt: Debt) -> Bill:
    bill, vault = str(uuid.uuid4()), ring.vault()
    kept = {
        "id": bill,
        "biller": row.biller,
        "kiosk": row.kiosk,
        "sealed": vault.seal(place_of_bill(bill), msgspec.json.encode(debt).decode()),
        "debt_mark": debt_mark(vault, row.biller, debt.debt),
        "subscriber_mark": subscriber_mark(vault, row.biller, subscriber),
        "amount": debt.amount,
        "currency": debt.currency,
        "pound": debt.pound,
        "due": debt.due,
        "period": debt.period,
        "at": clock.as_text(clock.now()),
    }
    await insert_new(connection, bills, [kept])
    return Bill(bill, row.biller, debt.amount, debt.currency, debt.pound, debt.due, debt.period)


async def _miss(connection: AsyncConnection, biller: str) -> None:
    day = clock.business_date(clock.now()).isoformat()
    statement = insert_into(connection, bill_misses).values(biller=biller, day=day, count=1)
    more = {"count": bill_misses.c.count + 1}
    await connection.execute(statement.on_conflict_do_update(index_elements=["biller", "day"], set_=more))


def masked(name: str) -> str:
    """Return a name of which only the first letter of each word is left: enough to know one's own, for nobody else."""
    return " ".join(f"{word[0]}***" for word in name.split())[:80]


def place_of_fields(kiosk: str, inquiry: str) -> str:
    """Name the place of what was typed."""
    return f"bill_inquiries/{kiosk}/{inquiry}"


async def forget(connection: AsyncConnection) -> None:
    """Remove counts of days that are over, and bills that nobody began to pay."""
    before = clock.now() - timedelta(days=2)
    day = clock.business_date(before).isoformat()
    is_tried = exists().where(payments.c.bill == bills.c.id)
    await connection.execute(delete(bills).where(bills.c.at < clock.as_text(before), ~is_tried))
    await connection.execute(delete(bill_misses).where(bill_misses.c.day < day))

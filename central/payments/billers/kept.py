"""Marks that central keeps itself, for billers that no call reaches: their book, until they have one of their own."""

from typing import Any, Final

from sqlalchemy import Row, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.database.rows import insert_new
from central.base.database.transactions import PAYMENTS_LOCK, lock
from central.base.tables.paid.books import kept_marks
from central.keys.at_rest import Vault
from central.payments.marks import debt_mark
from central.payments.ports.biller import Change, Changes, Mark, Marked
from central.payments.ports.errors import MarkRefused

PAGE: Final = 500


async def keep(connection: AsyncConnection, vault: Vault, biller: str, mark: Mark) -> Marked:
    """Keep a mark, once by its key and once a debt. Raises MarkRefused where another payment has it."""
    await lock(connection, PAYMENTS_LOCK)  # numbers are read by who comes after them: none may appear late
    known = (await connection.execute(_of(biller, kept_marks.c.key == mark.key))).one_or_none()
    if known is not None:
        return Marked(known.receipt, known.at)
    own = debt_mark(vault, biller, mark.debt)
    other = (await connection.execute(_of(biller, kept_marks.c.debt_mark == own))).one_or_none()
    if other is not None:
        raise MarkRefused("paid-elsewhere", other.key)
    last = int(await connection.scalar(select(func.coalesce(func.max(kept_marks.c.seq), 0))) or 0)
    row: dict[str, Any] = {
        "seq": last + 1,
        "biller": biller,
        "key": mark.key,
        "debt_mark": own,
        "sealed": vault.seal(_place(biller, mark.key), mark.debt),
        "amount": mark.amount,
        "currency": mark.currency,
        "payer": mark.payer,
        # Of the payment too: a database that was set back counts on from before.
        "receipt": f"{biller[:24]}-{last + 1}-{mark.key[:4].upper()}",
        "at": clock.as_text(clock.now()),
        "written_at": None,
    }
    await insert_new(connection, kept_marks, [row])
    return Marked(row["receipt"], row["at"])


async def is_marked(connection: AsyncConnection, biller: str, own: str) -> bool:
    """Return whether a debt, by its keyed hash, is marked."""
    return (await connection.execute(_of(biller, kept_marks.c.debt_mark == own))).first() is not None


async def changes(connection: AsyncConnection, vault: Vault, biller: str, after: int) -> Changes:
    """Return a biller's marks after a number, as its books."""
    query = _of(biller, kept_marks.c.seq > after).order_by(kept_marks.c.seq).limit(PAGE + 1)
    rows = (await connection.execute(query)).all()
    found = [Change(row.seq, debt_of(vault, row), "marked", row.amount, row.receipt, row.key) for row in rows[:PAGE]]
    return Changes(found, found[-1].seq if found else after, len(rows) > PAGE)


def debt_of(vault: Vault, row: Row[Any]) -> str:
    """Return which debt a mark is of. Raises NotOurText."""
    return vault.open(_place(row.biller, row.key), row.sealed)


def _of(biller: str, *more: Any) -> Any:
    return select(kept_marks).where(kept_marks.c.biller == biller, *more)


def _place(biller: str, key: str) -> str:
    return f"kept_marks/{biller}/{key}"

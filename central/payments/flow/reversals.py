"""What a biller takes out of its books again: which marks stand, what becomes of a payment whose mark fell."""

from collections.abc import Iterable
from typing import Any, Final

import structlog
from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base.tables.paid.books import biller_entries
from central.keys.keys import KeyRing
from central.payments.flow import money, state

REVERSED: Final = "reversed"
"""The reason of money that goes back since its mark was taken out, and the kind of such a line."""
_SETTLES: Final = ("marked", "paid-elsewhere")

log: Final = structlog.get_logger()


def standing(entries: Iterable[Row[Any]]) -> list[Row[Any]]:
    """Return the marks of one debt that no later line has taken out, the oldest first.

    A reversal is of the line whose receipt it names, else of the newest under its key, else of the newest at all: one
    that names nothing known must not leave a debt called settled.
    """
    lines: list[Row[Any]] = []
    for entry in sorted(entries, key=lambda one: one.seq):
        if entry.kind in _SETTLES:
            lines.append(entry)
        elif entry.kind == REVERSED and lines:
            lines.remove(_meant(lines, entry))
    return [one for one in lines if one.kind == "marked"]


def _meant(lines: list[Row[Any]], reversal: Row[Any]) -> Row[Any]:
    for name in ("receipt", "key"):
        said = getattr(reversal, name)
        named = [one for one in lines if said is not None and getattr(one, name) == said]
        if named:
            return named[-1]
    return lines[-1]


async def of_debt(connection: AsyncConnection, biller: str, mark: str) -> list[Row[Any]]:
    """Return all that a biller's books have said of a debt, by its keyed hash."""
    own = biller_entries.c.biller == biller, biller_entries.c.debt_mark == mark
    return list(await connection.execute(select(biller_entries).where(*own)))


async def take(connection: AsyncConnection, ring: KeyRing, biller: str, mark: str) -> None:
    """Let the money go back of each payment of a debt that was marked, and of which no mark stands any more.

    It is not entered again: under its key a biller answers as it did the first time, which proves nothing now.
    """
    entries = await of_debt(connection, biller, mark)
    stand = {one.key for one in standing(entries)}
    fallen = {one.key for one in entries if one.kind == "marked" and one.key is not None} - stand
    for key in sorted(fallen):
        payment = await state.find(connection, key)
        if payment is None or payment.biller != biller or payment.state not in state.TAKEN:
            continue
        log.error("payment-reversed", payment=payment.id, biller=biller)
        detail = {"receipt": payment.receipt}
        await money.give_back(connection, ring, payment, "books", detail, REVERSED)

"""Each word of a payer's on a sum, kept as it came; which one stands is the same in whatever order they are heard."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from sqlalchemy import Row, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.database.rows import upsert
from central.base.tables.paid.books import payer_entries, payer_words

_SAID: Final = ("payer", "receipt", "kind", "bill_no", "amount", "currency")
Heard = Literal["stands", "known", "refused"]


@dataclass(frozen=True, slots=True)
class Sum:
    """One sum. `amount` is None where it was only said that the number is paid; `is_booked`: read in the books.

    `through`: the last day that the file holds which says so, None of what is no file.
    """

    payer: str
    receipt: str
    bill_no: str
    at: datetime
    amount: int | None = None
    currency: str | None = None
    kind: Literal["paid", "refunded"] = "paid"
    is_booked: bool = False
    through: str | None = None


async def hear(connection: AsyncConnection, said: Sum, by: str, *, is_ours: bool) -> Heard:
    """Keep a word; return whether it is what stands now, changes nothing, or may not be said of this sum any more.

    Args:
        connection: of the caller's transaction, which no other one takes money beside.
        said: the word.
        by: who says so: payer, books or file.
        is_ours: whether its number is one of a payment of ours.
    """
    of_sum = payer_entries.c.payer == said.payer, payer_entries.c.receipt == said.receipt
    known = (await connection.execute(select(payer_entries).where(*of_sum))).one_or_none()
    if known is not None and not _outranks(known, said, is_ours=is_ours):
        if said.is_booked and not _is_same(known, said):
            await _keep(connection, said, by, None)
        return "known" if (known.bill_no, known.kind) == (said.bill_no, said.kind) else "refused"
    if known is None or not _is_same(known, said):
        await _keep(connection, said, by, known)
    values = {name: getattr(said, name) for name in (*_SAID, "through")} | {"at": clock.as_text(said.at)}
    stands = {"payment": None, "booked_at": clock.as_text(clock.now()) if said.is_booked else None}
    await upsert(connection, payer_entries, [values | stands])
    return "stands"


def _outranks(known: Row[Any], said: Sum, *, is_ours: bool) -> bool:
    """Return whether a word stands in place of another: alike whichever of the two was heard first.

    Books stand over what was only said, a later file over an earlier one; a sum of a payment of ours stays that one's.
    """
    if not said.is_booked:
        return False
    if (known.bill_no, known.kind) != (said.bill_no, said.kind) and (known.payment is not None or is_ours):
        return known.payment is None
    if known.booked_at is None:
        return True
    before, now = known.through or "", said.through or ""
    return now > before or (now == before and not _is_same(known, said))


def _is_same(known: Row[Any], said: Sum) -> bool:
    is_alike = all(getattr(known, name) == getattr(said, name) for name in _SAID)
    return is_alike and (known.booked_at is not None) == said.is_booked


async def _keep(connection: AsyncConnection, said: Sum, by: str, known: Row[Any] | None) -> None:
    """Write a word down as it came, once however often its file is taken in. `known`: what stood, which it corrects."""
    words, moment = payer_words.c, clock.as_text(clock.now())
    values = {name: getattr(said, name) for name in (*_SAID, "through")}
    same = [words[name].is_not_distinct_from(value) for name, value in values.items()]
    if await connection.scalar(select(words.id).where(*same, words.source == by).limit(1)) is not None:
        return
    corrects = None
    if known is not None:
        former = [words[name].is_not_distinct_from(getattr(known, name)) for name in _SAID]
        corrects = await connection.scalar(select(func.max(words.id)).where(*former))
    values |= {"at": clock.as_text(said.at), "source": by, "heard_at": moment, "replaces": corrects}
    await connection.execute(insert(payer_words).values(**values))

"""What a payer has said of each payment's money, word for word, beside the payment."""

from collections.abc import AsyncIterator
from typing import Any, Final

from sqlalchemy import RowMapping, Select, and_
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base.tables.paid.books import payer_entries, payer_words
from central.base.tables.paid.payments import payments

_SAID: Final = ("at", "kind", "amount", "currency", "receipt", "source")


async def with_words(
    connection: AsyncConnection, query: Select[Any]
) -> AsyncIterator[tuple[RowMapping, list[dict[str, Any]]]]:
    """Yield each payment of a query with all words on its sums, the first one first.

    Args:
        connection: one that streams.
        query: of payments, in the order of their ids within that of their moments.
    """
    entries, words = payer_entries.c, payer_words.c
    same = and_(entries.payer == words.payer, entries.receipt == words.receipt)
    beside = query.add_columns(*(words[name].label(f"said_{name}") for name in _SAID)).select_from(
        payments.outerjoin(payer_entries, entries.payment == payments.c.id).outerjoin(payer_words, same)
    )
    row: RowMapping | None = None
    said: list[dict[str, Any]] = []
    async for one in (await connection.stream(beside.order_by(words.id))).mappings():
        if row is not None and row["id"] != one["id"]:
            yield row, said
            said = []
        row = one
        if one["said_at"] is not None:
            said.append({name: one[f"said_{name}"] for name in _SAID})
    if row is not None:
        yield row, said

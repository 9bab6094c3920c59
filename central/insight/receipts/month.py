"""What was paid by telephone and in cash for bills opened at a centre's kiosks in a month, as its report has it."""

from datetime import datetime
from typing import Final

import msgspec
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.tables.paid.payments import payments
from central.insight.receipts.parts import CASH, parties
from common.city.groups import Words

_ENDS: Final = {"marked": "marked", "told": "marked", "refunded": "refunded", "paid": "open", "refund-due": "open"}


class PaidOfMonth(msgspec.Struct):
    """One payer's month for one biller: how many tries were opened, and sums in the smallest unit with their number.

    Of what was paid, `marked` was entered at its biller, `refunded` given back; the rest is `open`.
    """

    payer: str
    biller: str
    currency: str
    pound: str
    payer_names: Words = {}
    biller_names: Words = {}
    opened: int = 0
    counts: dict[str, int] = {}
    sums: dict[str, int] = {}

    def add(self, other: "PaidOfMonth") -> None:
        """Add those of another centre."""
        self.opened += other.opened
        for own, more in ((self.counts, other.counts), (self.sums, other.sums)):
            for name, n in more.items():
                own[name] = own.get(name, 0) + n


async def read(connection: AsyncConnection, centre: str, since: datetime, until: datetime) -> dict[str, PaidOfMonth]:
    """Return a centre's month by payer, biller and money."""
    called = await parties(connection)
    table = payments.c
    by = table.payer, table.biller, table.currency, table.pound
    came = func.coalesce(table.paid_amount, table.amount)
    of_month = table.centre == centre, table.at >= clock.as_text(since), table.at < clock.as_text(until)
    kinds = *by, table.state, table.extra
    query = select(*kinds, func.count(), func.sum(came)).where(*of_month).group_by(*kinds).order_by(*kinds)
    found: dict[str, PaidOfMonth] = {}
    for payer, biller, currency, pound, state, extra, n, total in await connection.execute(query):
        key = f"{payer} {biller} {currency} {pound}"
        one = found.get(key)
        if one is None:
            names = {} if payer == CASH else called.payers.get(payer, {})
            one = PaidOfMonth(payer, biller, currency, pound, dict(names), dict(called.billers.get(biller, {})))
            found[key] = one
        if extra == 0 and state != "inquired":
            one.opened += n
        if state in _ENDS:
            one.add(
                PaidOfMonth(payer, biller, currency, pound, counts={_ENDS[state]: n}, sums={_ENDS[state]: int(total)})
            )
    return found

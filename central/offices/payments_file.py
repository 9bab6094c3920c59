"""A day of money as sheets of a file: sums, differences, each payment. No subscriber is named in any of them."""

from pathlib import Path
from typing import Final

from sqlalchemy import or_
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.tables.paid.payments import payments, whole
from central.insight.public.texts import Language, tell
from central.insight.reports.first_page import FirstPage
from central.insight.reports.sheet import Cell, Sheet
from central.insight.reports.sheets import Report
from central.offices.payments import SUMS, DayOfMoney, differing, reason_of
from central.payments.accounts.comparing import came
from central.payments.accounts.day import Span

FOLDER: Final = Path(__file__).parent / "locale"
_SUMS: Final = ("payer", "biller", "currency", "pound", *SUMS, "equal")
_DIFFERENCES: Final = ("what", "payer", "biller", "bill_no", "payer_receipt", "receipt", "ours", "theirs")
_PAYMENTS: Final = (
    "bill_no", "state", "payer", "payer_receipt", "biller", "receipt", "amount", "currency", "pound", "paid_at",
    "centre", "kiosk", "reason", "refund_receipt", "refund_proposed_by", "refund_made_by",
)  # fmt: skip


async def report_of_day(connection: AsyncConnection, shown: DayOfMoney, span: Span, language: Language) -> Report:
    """Lay a day out; amounts are whole numbers of the currency's smallest unit."""

    def say(text_id: str, **values: object) -> str:
        return tell(language, text_id, None, folder=FOLDER, **values)

    def sheet(key: str, columns: tuple[str, ...], rows: list[tuple[Cell, ...]]) -> Sheet:
        named = tuple(say(f"payments.column.{column}") for column in columns)
        return Sheet(key, say(f"payments.sheet.{key}"), say(f"payments.sheet.{key}_means"), named, tuple(rows))

    sums: list[tuple[Cell, ...]] = [
        (
            line.payer,
            line.biller,
            line.currency,
            line.pound,
            *(getattr(line, name) for name in SUMS),
            say("payments.equal" if line.equal else "payments.not_equal"),
        )
        for line in shown.lines
    ]
    differences: list[tuple[Cell, ...]] = [
        (
            say(reason_of(one)), line.payer, line.biller, one.bill_no, one.payer_receipt, one.receipt, one.ours,
            one.theirs,
        )
        for line, one in differing(shown.lines)
    ]  # fmt: skip
    made = f"{clock.now().astimezone(clock.CENTRE_TIME):%Y/%m/%d %H:%M}"
    return Report(
        say("payments.title"),
        str(span.day),
        made,
        language,
        FirstPage((), ()),
        (
            sheet("sums", _SUMS, sums),
            sheet("differences", _DIFFERENCES, differences),
            sheet("each", _PAYMENTS, await _each(connection, span)),
        ),
    )


async def _each(connection: AsyncConnection, span: Span) -> list[tuple[Cell, ...]]:
    within = [(column >= span.since) & (column < span.until) for column in (payments.c.at, payments.c.paid_at)]
    query = whole().where(or_(*within)).order_by(payments.c.at)
    return [
        tuple(came(row) if name == "amount" else getattr(row, name) for name in _PAYMENTS)
        for row in await connection.execute(query)
    ]

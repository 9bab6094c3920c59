"""A bank's file: the books of a payer that tells nothing by itself. Each row is taken or named; none is lost."""

from datetime import date, datetime
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta, Struct
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.database.rows import insert_new
from central.base.tables.paid.books import payment_ports
from central.keys.keys import KeyRing
from central.payments.flow import money
from central.payments.flow.money import Sum
from central.payments.rows import cells_of
from common.protocol.payments.setup import Amount, Currency

HEAD: Final = ("receipt", "bill_no", "kind", "amount", "currency", "at")
MOST_ROWS: Final = 200_000
_SINCE, _BEFORE = 2020, 2100
_DATE: Final = len("2026-12-01")
_Number = Annotated[str, Meta(pattern=r"^[!-~]{1,64}\Z")]


class _Line(Struct, frozen=True):
    receipt: _Number
    bill_no: _Number
    kind: Literal["paid", "refunded"]
    amount: Amount
    currency: Currency
    at: datetime


class TakenIn(Struct, frozen=True):
    """How many rows were taken, and each that does not fit with what is wrong; `through`: the day it is read to."""

    rows: int
    bad: list[str]
    through: str | None = None


async def take_in(connection: AsyncConnection, ring: KeyRing, payer: str, text: str, through: date) -> TakenIn:
    """Take a bank's file in, which holds its books up to the end of a day.

    Taken again it changes only what the bank has corrected. Where a row does not fit the others are taken, and
    the books do not count as read.

    Raises ValueError where it is no such file at all.
    """
    lines, bad = _lines(text)
    rows = len(lines)
    for line in sorted(lines, key=lambda one: one.kind):  # what came before what went: many banks list the newest first
        said = Sum(payer, line.receipt, line.bill_no, line.at, line.amount, line.currency, line.kind, is_booked=True)
        if not await money.take(connection, ring, said, "file"):
            bad.append(f"receipt {line.receipt}: taken in before with another bill number or kind; ask the bank")
            rows -= 1
    if bad:
        return TakenIn(rows, bad)
    empty = dict.fromkeys(column.name for column in payment_ports.columns) | {"side": "payer", "name": payer}
    await insert_new(connection, payment_ports, [empty])
    own = payment_ports.c.side == "payer", payment_ports.c.name == payer
    later = payment_ports.c.cursor.is_(None) | (payment_ports.c.cursor < str(through))
    values = {"cursor": str(through), "read_at": clock.as_text(clock.now())}
    await connection.execute(update(payment_ports).where(*own, later).values(**values))
    return TakenIn(rows, [], str(through))


def _lines(text: str) -> tuple[list[_Line], list[str]]:
    found: dict[str, _Line] = {}
    bad: list[str] = []
    for number, cells in cells_of(text, HEAD, bad):
        if len(found) >= MOST_ROWS:
            raise ValueError(f"line {number}: more than {MOST_ROWS} rows in one file")
        if len(cells["at"]) == _DATE:
            cells["at"] += "T00:00:00"
        if not (cells["amount"].isascii() and cells["amount"].isdigit()):  # 125.00 would be read as 125 of the smallest
            bad.append(f"line {number}: amount is no whole number of the smallest unit")
            continue
        try:
            line = msgspec.convert(cells, _Line, strict=False)
        except msgspec.ValidationError as error:
            bad.append(f"line {number}: {str(error).replace('$.', '').replace('`', '')[:200]}")
            continue
        if not _SINCE <= line.at.year < _BEFORE:
            bad.append(f"line {number}: at is a day of another century")
            continue
        if line.at.tzinfo is None:
            line = msgspec.structs.replace(line, at=line.at.replace(tzinfo=clock.CENTRE_TIME))
        if line.receipt in found:
            bad.append(f"line {number}: receipt {line.receipt} stands in the file already")
        else:
            found[line.receipt] = line
    return list(found.values()), bad

"""A bank's file: the books of a payer that tells nothing by itself. Each row is taken or named; none is lost."""

from datetime import date

import msgspec
from msgspec import UNSET, Struct, UnsetType
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.database.rows import insert_new
from central.base.tables.paid.books import payment_ports
from central.keys.keys import KeyRing
from central.payments.flow import money
from central.payments.flow.words import Sum
from central.payments.statements import reading as statements
from central.payments.statements.lines import Statement


class TakenIn(Struct, frozen=True):
    """How many rows were taken, and each that does not fit with what is wrong; `through`: the day it is read to.

    `others`: of an account's statement, how many sums went for something else than a payment of ours.
    """

    rows: int
    bad: list[str]
    through: str | None = None
    others: int | UnsetType = UNSET


class WrongDay(ValueError):
    """The file does not hold the day to which it is to count as read."""


async def take_in(connection: AsyncConnection, ring: KeyRing, payer: str, data: bytes, through: date | None) -> TakenIn:
    """Take a bank's file in, which holds its books up to the end of a day: `through`, or what the file says itself.

    Taken again it changes only what the bank has corrected. Where a row does not fit the others are taken, and
    the books do not count as read.

    Raises ValueError where it is no such file at all, WrongDay where it is not known to hold the day.
    """
    found = statements.read(data)
    until = _through(found, through)
    bad, rows = found.bad, len(found.lines)
    for line in found.lines.values():
        said = Sum(payer, **msgspec.structs.asdict(line), is_booked=True, through=str(until))
        if not await money.take(connection, ring, said, "file"):
            bad.append(f"receipt {line.receipt}: taken in before with another bill number or kind; ask the bank")
            rows -= 1
    others = UNSET if found.others is None else found.others
    if bad:
        return TakenIn(rows, bad, others=others)
    empty = dict.fromkeys(column.name for column in payment_ports.columns) | {"side": "payer", "name": payer}
    await insert_new(connection, payment_ports, [empty])
    own = payment_ports.c.side == "payer", payment_ports.c.name == payer
    later = payment_ports.c.cursor.is_(None) | (payment_ports.c.cursor < str(until))
    values = {"cursor": str(until), "read_at": clock.as_text(clock.now())}
    await connection.execute(update(payment_ports).where(*own, later).values(**values))
    return TakenIn(rows, [], str(until), others)


def _through(found: Statement, asked: date | None) -> date:
    until = asked or found.through
    if until is None:
        raise WrongDay("found nothing, expected the last day that the bank's file holds")
    if found.through is not None and until > found.through:
        raise WrongDay(f"found {until}, and the file holds its account to {found.through}")
    return until

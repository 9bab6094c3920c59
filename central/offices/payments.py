"""The accountant's day and the cashier's answer, in words; the acts of both, each with a name in the log."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from msgspec import Struct
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from central.insight.public.texts import Language, texts
from central.insight.receipts.parts import Parties, amount_of, parties
from central.keys.keys import KeyRing
from central.offices import operations
from central.offices.drawing import FOLDER
from central.offices.operators import Operator
from central.offices.people import NotAllowed
from central.payments.accounts import cash, day, refunds
from central.payments.accounts.comparing import Difference, came
from central.payments.accounts.day import BooksLine, Ports, Span
from central.payments.accounts.refunds import Refund
from central.payments.flow import money
from central.payments.running import Payments

SUMS: Final = ("opened", "paid", "marked", "refunded", "open")


class DueRefund(Struct, frozen=True):
    """One refund that is to be made. `act`: what this operator may do, null for nothing."""

    payment: str
    bill_no: str
    payer: str
    amount: str
    reason: str | None
    since: str
    proposed_by: str | None
    made_by: str | None
    act: str | None


class DayOfMoney(Struct, frozen=True):
    """What the accountant's page shows of a day."""

    lines: list[BooksLine]
    refunds: list[DueRefund]
    parties: Parties

    @property
    def equal(self) -> bool:
        """Return whether all books of the day say the same."""
        return all(line.equal for line in self.lines)


class BegunHere(Struct, frozen=True):
    """The newest try of a bill that may still be paid: which, when and at which centre it was begun."""

    payment: str
    at: str
    place: str


class Known(Struct, frozen=True):
    """What the cashier is told of one payment. `refused` says why no cash may be taken, null where it may.

    `begun`: what has to be told first, and gives way to the cash. `do`: the text that says what to do.
    """

    payment: str
    state: str
    bill_no: str
    biller: str
    payer: str
    amount: str
    at: str
    receipt: str | None
    refused: str | None
    begun: BegunHere | None
    do: str


async def read_day(
    connection: AsyncConnection, desk: Payments, operator: Operator, span: Span, language: Language
) -> DayOfMoney:
    """Return a day's books and every refund that is due, of whatever day. Raises NotAllowed."""
    if not operator.may_account:
        raise NotAllowed
    called = await parties(connection)
    rows = (await connection.execute(refunds.due())).all()
    sums = [
        amount_of(await money.rest_of(connection, row), await refunds.currency(connection, row), row.pound, language)
        for row in rows
    ]
    due = [_due(row, called, operator, language, amount) for row, amount in zip(rows, sums, strict=True)]
    return DayOfMoney(await day.lines(connection, span, Ports.of(desk)), due, called)


async def give_back(engine: AsyncEngine, ring: KeyRing, desk: Payments, operator: Operator, payment: str) -> Refund:
    """Propose a refund, or make the one that another operator has proposed. Raises NotAllowed, RefundRefused."""
    if not operator.may_account:
        raise NotAllowed
    made = await refunds.refund(engine, ring, desk, payment, operator.name)
    async with engine.begin() as connection:
        act = "refund-proposed" if made.waits_for == refunds.ANOTHER else "refund-made"
        await operations.note(connection, operator.name, act, {"payment": made.payment, "state": made.state})
    return made


async def look_up(
    connection: AsyncConnection, operator: Operator, number: str, language: Language, places: Mapping[str, str]
) -> list[Known]:
    """Return what is known under a number. `places`: what centres are called, by code. Raises NotAllowed."""
    if not operator.may_cash:
        raise NotAllowed
    called = await parties(connection)
    rows = [row for row in await cash.find(connection, number) if operator.may_see(row.centre)]
    return [_known(row, called, language, await cash.standing(connection, row), places) for row in rows]


async def take_cash(
    connection: AsyncConnection, ring: KeyRing, operator: Operator, payment: str, instead_of: str | None = None
) -> str:
    """Take cash for a bill; return the payment's id. Raises NotAllowed, CashRefused.

    `instead_of`: the try that may still be paid, of which the operator was told; it gives way.
    """
    if not operator.may_cash:
        raise NotAllowed
    made = await cash.take(connection, ring, payment, operator.name, operator.centres, instead_of)
    told = {"payment": made} | ({} if instead_of is None else {"instead_of": instead_of})
    await operations.note(connection, operator.name, "cash-taken", told)
    return made


def reason_of(difference: Difference) -> str:
    """Name the text that says what a difference is."""
    return f"payments.differs.{difference.what}"


def _due(row: Row[Any], called: Parties, operator: Operator, language: Language, amount: str) -> DueRefund:
    act = "propose" if row.refund_proposed_by is None else "make"
    if row.refund_made_by is not None:
        act = "again"
    may = row.refund_proposed_by != operator.name or row.refund_made_by is not None
    reason = f"payments.reason.{row.reason}"
    return DueRefund(
        row.id,
        row.bill_no,
        called.payer(row.payer, language),
        amount,
        reason if reason in texts(language, FOLDER) else None,
        row.paid_at or row.at,
        row.refund_proposed_by,
        row.refund_made_by,
        act if may else None,
    )


def _known(
    row: Row[Any], called: Parties, language: Language, stands: cash.Standing, places: Mapping[str, str]
) -> Known:
    other = stands.begun
    return Known(
        row.id,
        row.state,
        row.bill_no,
        called.biller(row.biller, language),
        called.payer(row.payer, language),
        amount_of(came(row), row.currency, row.pound, language),
        row.paid_at or row.at,
        row.receipt if row.state in ("marked", "told") else None,
        stands.why,
        None if other is None else BegunHere(other.id, other.at, places.get(other.centre, other.centre)),
        f"cashier.{_what_to_do(row, stands)}",
    )


def _what_to_do(row: Row[Any], stands: cash.Standing) -> str:
    """Name the text for a try: what it says itself may not be so any more by what became of its debt since."""
    if stands.why is not None and row.state in cash.NOT_PAID:
        return f"why.{stands.why}"
    if row.state in cash.IS_OVER:
        return "do.expired" if stands.begun is None else "do.withdrawn"
    return f"do.{row.state}"


def differing(lines: Sequence[BooksLine]) -> list[tuple[BooksLine, Difference]]:
    """Return every difference of a day, each with its line."""
    return [(line, one) for line in lines for one in line.differences]

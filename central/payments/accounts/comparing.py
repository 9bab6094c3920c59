"""Our rows of a day against payers' and billers' books: each difference by a word, with the numbers that find it."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from msgspec import Struct
from sqlalchemy import Row

from central.payments.flow import reversals
from central.payments.flow.pounds import is_same
from central.payments.running import CASH

type Key = tuple[str | None, str | None, str | None, str | None]
"""Payer, biller, currency and pound."""
MARKED = ("marked", "told")


class Difference(Struct, frozen=True, omit_defaults=True):
    """One thing on which two books differ. `ours` and `theirs` are sums in the smallest unit, null for none.

    `what`:
        not-in-payers-books, not-in-billers-books: we have it, they have not;
        unknown-number: money that came under a number that we never gave;
        entered-unknown: such money that its biller has entered, as the kiosk's own word on both shows: central was put
            back to before it, and nothing of it is to be given back;
        second-sum: a stranger's, or a second payment under one number; to be given back;
        amount-differs, receipt-differs: by `whose` book;
        marked-without-money: its biller has entered what is not paid here, or went back;
        marked-twice: its biller has entered the debt more than once, whether for one payment or for several;
        reversed: its biller has taken it out again, and the money is not back;
        refunded-twice, refund-unknown, refund-not-in-payers-books;
        mark-not-given: it stands in no file that the biller was given;
        payers-books-not-read, billers-books-not-read: nobody knows what stands in them.
    """

    what: str
    payment: str | None = None
    bill_no: str | None = None
    payer_receipt: str | None = None
    receipt: str | None = None
    whose: str | None = None
    ours: int | None = None
    theirs: int | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A difference, and whose line it stands in."""

    key: Key
    difference: Difference


@dataclass(frozen=True, slots=True)
class Books:
    """What payers and billers say, of the day and of the day's payments.

    Attributes:
        payers: entries of payers' books; billers: of billers'.
        known: which of the keys in billers' books are payments of ours.
        unheard: payments whose mark was put into no file yet.
        since: the day's first moment; until: its end.
        told: bill numbers that kiosks named, of payments that are not known here.
    """

    payers: Sequence[Row[Any]]
    billers: Sequence[Row[Any]]
    known: frozenset[str]
    unheard: frozenset[str]
    since: str
    until: str
    told: Mapping[str, str] = field(default_factory=dict)


def came(row: Row[Any]) -> int:
    """Return which sum came for a payment."""
    return int(row.amount if row.paid_amount is None else row.paid_amount)


def differences(rows: Sequence[Row[Any]], books: Books) -> Iterator[Found]:
    """Yield everything on which books differ."""
    of_payment = defaultdict[str, list[Row[Any]]](list)
    for entry in books.payers:
        of_payment[entry.payment or ""].append(entry)
    # One refund may be of several sums: it stands in the books once, at the first of them.
    shared = _shared(rows)
    of_debt = defaultdict[tuple[str, str], list[Row[Any]]](list)
    for entry in books.billers:
        of_debt[entry.biller, entry.debt_mark].append(entry)
    for row in rows:
        key, went = (row.payer, row.biller, row.currency, row.pound), shared.get(row.id, [row])
        entries = [entry for one in went for entry in of_payment[one.id]]
        of_biller = _at_biller(row, of_debt[row.biller, row.debt_mark], books)
        for one in (*_at_payer(row, entries, went), *of_biller):
            yield Found(key, one)
    yield from _strangers(books)


def _shared(rows: Sequence[Row[Any]]) -> dict[str, list[Row[Any]]]:
    """Return the payments that went back by one refund, by each one's id."""
    by_refund = defaultdict[tuple[str, str], list[Row[Any]]](list)
    for row in rows:
        if row.state == "refunded" and row.refund_receipt is not None:
            by_refund[row.payer, row.refund_receipt].append(row)
    return {row.id: some for some in by_refund.values() if len(some) > 1 for row in some}


def _named(row: Row[Any]) -> Callable[..., Difference]:
    def made(what: str, **more: Any) -> Difference:
        numbers = {"payer_receipt": row.payer_receipt, "receipt": row.receipt}
        return Difference(what, payment=row.id, bill_no=row.bill_no, **(numbers | more))

    return made


def _at_payer(row: Row[Any], entries: Sequence[Row[Any]], went: Sequence[Row[Any]]) -> Iterator[Difference]:
    """Yield how a payer's entries differ from a payment. `went`: all payments that went back with it by one refund."""
    named, whole = _named(row), sum(came(one) for one in went)
    if row.payer == CASH or row.payer_receipt is None:
        return
    booked = [one for one in entries if one.booked_at is not None]
    sums = [one for one in booked if one.kind == "paid" and one.receipt == row.payer_receipt]
    if not sums:
        yield named("not-in-payers-books", ours=came(row))
    elif (sums[0].amount, sums[0].currency) != (came(row), row.currency):
        yield named("amount-differs", whose=row.payer, ours=came(row), theirs=sums[0].amount)
    if row.extra and row.state != "refunded":
        yield named("second-sum", ours=came(row))
    back = sorted((one for one in booked if one.kind == "refunded"), key=lambda one: (one.at, one.receipt))
    if row.state == "refunded" and not any(one.receipt == row.refund_receipt for one in back):
        yield named("refund-not-in-payers-books", ours=came(row))
    if row.state != "refunded" and back:
        yield named("refund-unknown", payer_receipt=back[0].receipt, theirs=back[0].amount)
    gone = sum(one.amount or 0 for one in back)
    if len(back) > 1 and gone > whole:
        yield named("refunded-twice", theirs=gone)
    elif row.state == "refunded" and back and not is_same(row, gone, whole):
        yield named("amount-differs", whose=row.payer, ours=came(row), theirs=gone)


def _at_biller(row: Row[Any], entries: Sequence[Row[Any]], books: Books) -> Iterator[Difference]:
    named = _named(row)
    standing = reversals.standing(entries)
    marks = [one for one in standing if one.key == row.id]
    is_fallen = not marks and any(one.kind == "marked" and one.key == row.id for one in entries)
    if row.state not in MARKED:
        if marks:
            yield named("marked-without-money", receipt=marks[0].receipt, theirs=marks[0].amount)
        elif row.reason == reversals.REVERSED and row.state != "refunded":
            yield named("reversed", ours=came(row))
        return
    if not marks:
        yield named("reversed" if is_fallen else "not-in-billers-books", ours=row.amount)
        return
    if len(standing) > 1:
        yield named("marked-twice", ours=came(row), theirs=sum(one.amount or 0 for one in standing))
    if marks[0].amount != came(row):
        yield named("amount-differs", whose=row.biller, ours=came(row), theirs=marks[0].amount)
    if row.receipt not in {one.receipt for one in marks}:
        yield named("receipt-differs", whose=row.biller)
    if row.id in books.unheard:
        yield named("mark-not-given", ours=came(row))


def _is_strange(entry: Row[Any], books: Books) -> bool:
    return entry.kind == "marked" and entry.key is not None and entry.key not in books.known


def _entered(books: Books) -> list[tuple[Row[Any], Row[Any]]]:
    """Return each mark of no payment here beside the sum that it is of, where a kiosk has named both numbers of it."""
    gone = {entry.bill_no for entry in books.payers if entry.kind == "refunded"}
    of_number = {entry.bill_no: entry for entry in books.payers if entry.payment is None and entry.bill_no not in gone}
    of_debt = defaultdict[tuple[str, str], list[Row[Any]]](list)
    for entry in books.billers:
        of_debt[entry.biller, entry.debt_mark].append(entry)
    marks = [one for lines in of_debt.values() for one in reversals.standing(lines) if _is_strange(one, books)]
    found = []
    for mark in marks:
        number = books.told.get(mark.key, "")
        if number in of_number and of_number[number].amount == mark.amount:
            found.append((mark, of_number.pop(number)))
    return found


def _strangers(books: Books) -> Iterator[Found]:
    """Yield what stands in their books of that day, and is of no payment of ours."""
    entered = _entered(books)
    joined = {(mark.biller, mark.seq) for mark, _ in entered}
    for mark, entry in entered:
        if any(books.since <= one.at < books.until for one in (mark, entry)):
            said = Difference(
                "entered-unknown", mark.key, entry.bill_no, entry.receipt, mark.receipt, theirs=entry.amount
            )
            yield Found((entry.payer, mark.biller, entry.currency, None), said)
    for entry in books.payers:
        if any(entry is one for _, one in entered):
            continue
        if entry.payment is None and books.since <= entry.at < books.until:
            what = "unknown-number" if entry.kind == "paid" else "refund-unknown"
            said = Difference(what, bill_no=entry.bill_no, payer_receipt=entry.receipt, theirs=entry.amount)
            yield Found((entry.payer, None, entry.currency, None), said)
    for entry in books.billers:
        is_of_day = books.since <= entry.at < books.until
        if is_of_day and _is_strange(entry, books) and (entry.biller, entry.seq) not in joined:
            said = Difference("marked-without-money", receipt=entry.receipt, theirs=entry.amount)
            yield Found((None, entry.biller, None, None), said)

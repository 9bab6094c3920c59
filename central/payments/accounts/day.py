"""A day's books: what came at each payer for each biller, what became of it, and whether their own books say the same.

The day is the calendar's, by the centres' clock. Nothing here is personal: no row and no entry names anybody.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from msgspec import Struct, field
from sqlalchemy import Row, Select, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.tables.paid.books import biller_entries, kept_marks, payer_entries, payment_ports
from central.base.tables.paid.payments import payments, whole
from central.payments.accounts import comparing
from central.payments.accounts.comparing import Books, Difference
from central.payments.billers.file import FileBiller
from central.payments.flow import reversals
from central.payments.running import CASH, Payments
from central.payments.told import numbers_of

#: Books that were read after this long count as today's word.
FRESH: Final = timedelta(minutes=10)
_PIECE: Final = 400


class Sums(Struct, frozen=True):
    """Sums in the smallest unit of one currency, each with how many payments it is of.

    `paid` = `marked` + `refunded` + `open`: what is open is paid, and neither entered at its biller nor given back.
    """

    opened: int = 0
    paid: int = 0
    marked: int = 0
    refunded: int = 0
    open: int = 0
    counts: dict[str, int] = field(default_factory=dict)


class BooksLine(Struct, frozen=True):
    """One payer's day for one biller. `biller` is null for money that came under no number of ours."""

    day: str
    payer: str | None
    biller: str | None
    currency: str | None
    pound: str | None
    opened: int
    paid: int
    marked: int
    refunded: int
    open: int
    counts: dict[str, int]
    equal: bool
    differences: list[Difference]


@dataclass(frozen=True, slots=True)
class Span:
    """A day of the centres' clock, as moments that tables hold."""

    day: date
    since: str
    until: str

    @classmethod
    def of(cls, text: str) -> "Span":
        """Read a day such as 2026-12-01. Raises ValueError."""
        try:
            day = clock.day_of(text)
        except ValueError as error:
            raise ValueError(f"day: found {text[:20]!r}, expected a date such as 2026-12-01") from error
        begins, ends = (datetime.combine(one, time(), clock.CENTRE_TIME) for one in (day, day + timedelta(days=1)))
        return cls(day, clock.as_text(begins), clock.as_text(ends))

    def holds(self, at: str | None) -> bool:
        """Whether a moment is of the day."""
        return at is not None and self.since <= at < self.until


@dataclass(frozen=True, slots=True)
class Ports:
    """What central was told of those whose books these are.

    Attributes:
        late: payers of which the bank's file alone tells.
        filed: billers that get a file of marks, and know of none before.
    """

    late: frozenset[str] = frozenset()
    filed: frozenset[str] = frozenset()

    @classmethod
    def of(cls, desk: Payments) -> "Ports":
        """Return what is known of those that this process speaks to."""
        late = frozenset(name for name, one in desk.payers.items() if one.late_days)
        return cls(late, frozenset(name for name, one in desk.billers.items() if isinstance(one, FileBiller)))


async def lines(connection: AsyncConnection, span: Span, ports: Ports) -> list[BooksLine]:
    """Return the day's books, a line for each payer, biller and money; equal ones have no difference."""
    rows, books = await _read(connection, span, ports)
    found = [*comparing.differences(rows, books)]
    of_day = [row for row in rows if span.holds(row.at) or span.holds(row.paid_at)]
    keys = {_key(row) for row in of_day} | {one.key for one in found}
    parties = await _unread(connection, span, ports, of_day)
    made = []
    for key in sorted(keys, key=str):
        own = [row for row in rows if _key(row) == key]
        named = [one.difference for one in found if one.key == key]
        named += [parties[side] for side in (("payer", key[0]), ("biller", key[1])) if side in parties]
        sums = _sums(own, span)
        made.append(
            BooksLine(
                str(span.day), *key, sums.opened, sums.paid, sums.marked, sums.refunded, sums.open, sums.counts,
                equal=not named, differences=named,
            )
        )  # fmt: skip
    return made


def _key(row: Row[Any]) -> comparing.Key:
    return row.payer, row.biller, row.currency, row.pound


def _sums(rows: Sequence[Row[Any]], span: Span) -> Sums:
    amounts, counts = dict.fromkeys(Sums.__struct_fields__[:5], 0), dict.fromkeys(Sums.__struct_fields__[:5], 0)

    def add(name: str, amount: int) -> None:
        amounts[name] += amount
        counts[name] += 1

    for row in rows:
        if row.extra == 0 and span.holds(row.at) and row.state != "inquired":
            add("opened", row.amount)
        if span.holds(row.paid_at):
            came = comparing.came(row)
            add("paid", came)
            add({"marked": "marked", "told": "marked", "refunded": "refunded"}.get(row.state, "open"), came)
    return Sums(**amounts, counts=counts)


async def _read(connection: AsyncConnection, span: Span, ports: Ports) -> tuple[list[Row[Any]], Books]:
    def within(column: Any) -> Any:
        return (column >= span.since) & (column < span.until)

    of_payers = list(await connection.execute(select(payer_entries).where(within(payer_entries.c.at))))
    of_billers = list(await connection.execute(select(biller_entries).where(within(biller_entries.c.at))))
    query = whole().where(or_(within(payments.c.paid_at), within(payments.c.at)))
    # What comes to an earlier day's payment is told on the day on which it comes.
    earlier = [one.payment for one in of_payers] + [one.key for one in of_billers]
    taken_out = [one.debt_mark for one in of_billers if one.kind == reversals.REVERSED]
    rows = [*await connection.execute(query), *await _named(connection, whole(), payments.c.id, earlier)]
    rows = _unique([*rows, *await _named(connection, whole(), payments.c.debt_mark, taken_out)])
    rows.sort(key=lambda row: (row.at, row.id))
    ids = [row.id for row in rows]
    of_payers += await _named(connection, select(payer_entries), payer_entries.c.payment, ids)
    of_billers += await _named(connection, select(biller_entries), biller_entries.c.key, ids)
    marks = {row.debt_mark for row in of_billers if row.kind == "marked" and row.key in set(ids)}
    of_billers += await _named(connection, select(biller_entries), biller_entries.c.debt_mark, sorted(marks))
    keys = [one.key for one in of_billers]
    known = {row.id for row in await _named(connection, select(payments.c.id), payments.c.id, keys)}
    waiting = await _named(connection, select(kept_marks), kept_marks.c.key, ids)
    unheard = frozenset(one.key for one in waiting if one.biller in ports.filed and one.written_at is None)
    # Of what is no payment here a kiosk may know both numbers: central was put back to before it.
    numbers = frozenset(one.bill_no for one in of_payers if one.payment is None)
    told = await numbers_of(connection, frozenset(filter(None, keys)) - known, numbers)
    ours = {row.id for row in await _named(connection, select(payments.c.id), payments.c.id, [*told])}
    told = {payment: number for payment, number in told.items() if payment not in ours}
    of_payers += await _named(connection, select(payer_entries), payer_entries.c.bill_no, [*told.values()])
    lost = await _named(connection, select(biller_entries), biller_entries.c.key, [*told])
    of_billers += await _named(
        connection, select(biller_entries), biller_entries.c.debt_mark, [one.debt_mark for one in lost]
    )
    since, until = span.since, span.until
    return rows, Books(_unique(of_payers), _unique(of_billers), frozenset(known), unheard, since, until, told)


async def _named(
    connection: AsyncConnection, query: Select[Any], column: Any, ids: Sequence[str | None]
) -> list[Row[Any]]:
    """Return the rows of a query that name one of many, some hundreds at a time: a database bounds a query's length."""
    wanted = sorted({one for one in ids if one is not None})
    found: list[Row[Any]] = []
    for at in range(0, len(wanted), _PIECE):
        found += await connection.execute(query.where(column.in_(wanted[at : at + _PIECE])))
    return found


def _unique(rows: Iterable[Row[Any]]) -> list[Row[Any]]:
    return list({tuple(row): row for row in rows}.values())


async def _unread(
    connection: AsyncConnection, span: Span, ports: Ports, rows: Sequence[Row[Any]]
) -> Mapping[tuple[str, str | None], Difference]:
    """Return whose books were not read to the day's end, or of today not lately: nobody knows what stands in them."""
    asked = {(row.side, row.name): row for row in await connection.execute(select(payment_ports))}
    wanted_since = min(span.until, clock.as_text(clock.now() - FRESH))
    found: dict[tuple[str, str | None], Difference] = {}
    for side, name in {("payer", row.payer) for row in rows} | {("biller", row.biller) for row in rows}:
        if (side, name) == ("payer", CASH):
            continue
        port = asked.get((side, name))
        if side == "payer" and name in ports.late:
            is_read = port is not None and (port.cursor or "") >= str(span.day)
        else:
            is_read = port is not None and (port.read_at or "") >= wanted_since
        if not is_read:
            found[side, name] = Difference(f"{side}s-books-not-read")
    return found

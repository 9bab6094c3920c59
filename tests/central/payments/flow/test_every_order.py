"""Drawn evidence of money is taken in every order that there is: rows, entries and the day's books end alike."""

import asyncio
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any, Literal, cast

import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.database.engine import open_engine
from central.base.tables.base import metadata
from central.base.tables.paid.books import biller_entries, kept_marks, payer_entries, payer_words, payment_ports
from central.base.tables.paid.payments import payment_events, payment_marks, payment_refunds, payments
from central.base.tables.received import inbox
from central.payments.accounts import day
from central.payments.accounts.day import Ports, Span
from central.payments.flow.money import take
from central.payments.flow.words import Sum
from tests.central.payments.flow.conftest import NOW, USUAL, moment
from tests.central.payments.flow.rows import rows_of, unlike_their_fold
from tests.kit.examples import examples

MOST = min(6, examples(fixed=4, fresh=6))  # words of a set: of six there are 720 orders
TABLES = (
    payments, payment_events, payment_marks, payment_refunds, payer_words, payer_entries, biller_entries,
    payment_ports, kept_marks, inbox,
)  # fmt: skip
AMOUNTS = (12_500, 12_500, 12_500, 1_250_000, 90, 6_250)
SAID: dict[str, Any] = {"payer_receipt": "N0", "paid_amount": 12_500, "paid_at": moment()}
ENTRY = {"payer": "wallet", "receipt": "N0", "kind": "paid", "bill_no": "B1", "payment": "p1", "at": moment()}
#: How the try stands before any of the evidence is heard.
STARTS: dict[str, dict[str, Any]] = {
    "can be paid": {},
    "is over": {"state": "expired"},
    "gave way": {"state": "withdrawn"},
    "is entered": SAID | {"state": "marked"},
    "was not taken": SAID | {"state": "refund-due", "reason": "not-taken"},
}
OTHER = {"id": "p2", "bill_no": "B2", "state": "paid", "payer_receipt": "O", "paid_amount": 12_500, "paid_at": moment()}


@st.composite
def _of_number(draw: st.DrawFn, receipt: str) -> list[Sum]:
    """Draw all that is said of one of the payer's numbers: at first perhaps by word alone, then in files."""
    kinds: tuple[Literal["paid", "refunded"], ...] = ("paid", "paid", "refunded")
    kind = "paid" if receipt == "N0" else draw(st.sampled_from(kinds))
    at = NOW - timedelta(seconds=draw(st.integers(0, 3)))
    said = [Sum("wallet", receipt, "B1", NOW)] if kind == "paid" and draw(st.booleans()) else []
    strange = 0 if said else draw(st.sampled_from((0, 0, 0, 1, 2)))  # files that name a number which nobody has
    for n in range(draw(st.integers(0 if said else 1, 2))):
        number, currency = ("BX" if n < strange else "B1"), draw(st.sampled_from(("SYP", "SYP", "SYP", "USD")))
        booked = Sum(
            "wallet",
            receipt,
            number,
            at,
            draw(st.sampled_from(AMOUNTS)),
            currency,
            kind,
            is_booked=True,
            through=f"2026-11-2{n + 6}",
        )
        said.append(booked)
    return said + said[-1:] * draw(st.integers(0, 1))


@st.composite
def _evidence(draw: st.DrawFn) -> list[Sum]:
    numbers = [draw(_of_number(f"N{n}")) for n in range(draw(st.integers(1, 4)))]
    return [one for number in numbers for one in number][:MOST]


def _booked(receipt: str, amount: int, kind: Literal["paid", "refunded"] = "paid", day: int = 26) -> Sum:
    at, through = NOW - timedelta(seconds=int(receipt[1:])), f"2026-11-{day}"
    return Sum("wallet", receipt, "B1", at, amount, "SYP", kind, is_booked=True, through=through)


@dataclass
class Tries:
    """One database: each order is tried within the one before it, as far as both begin alike."""

    connection: AsyncConnection
    ends: dict[Any, list[str]] = field(default_factory=dict)

    async def go_on(self, so_far: tuple[str, ...], rest: Sequence[Sum]) -> None:
        """Take what is left in every order, and keep each end with the first order that led to it."""
        if not rest:
            self.ends.setdefault(await self._end(), list(so_far))
        for n, one in enumerate(rest):
            if one in rest[:n]:
                continue
            trial = await self.connection.begin_nested()
            await take(self.connection, cast("Any", None), one, "books" if one.is_booked else "payer")
            said = f"{one.receipt} {one.kind} {one.amount} {one.currency} {one.bill_no} {one.through}"
            await self.go_on((*so_far, said), [*rest[:n], *rest[n + 1 :]])
            await trial.rollback()

    async def _end(self) -> Any:
        names = ("payer_receipt", "state", "reason", "paid_amount", "currency", "paid_at", "refund_receipt")
        assert await unlike_their_fold(self.connection) == []
        rows = list(await self.connection.execute(select(payments).where(payments.c.bill_no == "B1")))
        of_id = {row.id: row.payer_receipt for row in rows}
        entries = [
            (one.receipt, one.kind, one.amount, one.currency, one.bill_no, one.at, of_id.get(one.payment))
            for one in await self.connection.execute(select(payer_entries))
        ]
        lines = await day.lines(self.connection, Span.of("2026-11-25"), Ports())
        books = [
            (line.currency, line.paid, line.refunded, line.open, one.what, one.payer_receipt, one.ours, one.theirs)
            for line in lines
            for one in line.differences
        ]
        shown = [(*(getattr(row, name) for name in names), row.extra == 0) for row in rows]
        return tuple(sorted(shown, key=str)), tuple(sorted(entries, key=str)), tuple(sorted(books, key=str))


async def _ends(start: dict[str, Any], evidence: Sequence[Sum], *, is_paid_before: bool) -> dict[Any, list[str]]:
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(f"sqlite+aiosqlite:///{folder}/central.db")
        async with engine.begin() as connection:
            await connection.run_sync(partial(metadata.create_all, tables=TABLES))
            for row in (start, OTHER) if is_paid_before else (start,):
                for into, values in rows_of(USUAL | row):
                    await connection.execute(insert(into).values(**values))
            if "payer_receipt" in start:
                await connection.execute(insert(payer_entries).values(**ENTRY))
            tries = Tries(connection)
            await tries.go_on((), evidence)
            await connection.rollback()
        await engine.dispose()
    return tries.ends


@pytest.fixture(scope="module", autouse=True)
def _time_stands() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", lambda: NOW)
        yield


@pytest.mark.timeout(600)  # each example is tried in up to 720 orders
@settings(max_examples=examples(fixed=16, fresh=24), phases=[Phase.explicit, Phase.generate])
@example([_booked("N0", 90), _booked("N1", 80), _booked("N2", 80, "refunded")], "can be paid", False)
@example([_booked("N0", 90, day=26), _booked("N0", 12_500, day=27)], "was not taken", False)
@example([_booked("N0", 90), _booked("N1", 90), _booked("N2", 90, "refunded")], "is over", True)
@example([_booked("N0", 90), _booked("N1", 12_500, "refunded"), _booked("N2", 12_500, "refunded")], "is entered", False)
@given(_evidence(), st.sampled_from(sorted(STARTS)), st.booleans())
def test_drawn_evidence_ends_alike_in_every_order(evidence: list[Sum], start: str, is_paid_before: bool) -> None:
    ends = asyncio.run(_ends(STARTS[start], evidence, is_paid_before=is_paid_before))
    assert len(ends) == 1, "\n".join(f"{order}\n    {end}" for end, order in ends.items())

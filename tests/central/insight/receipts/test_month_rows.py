"""A centre's month by payments' rows: what was opened, entered, given back or is open, by payer, biller and money."""

from typing import Any

import pytest

from central.base.database.transactions import reading
from central.insight.receipts import month
from central.insight.receipts.month import PaidOfMonth
from central.insight.receipts.parts import Parties
from tests.central.payments.flow.conftest import NOW, Till, moment, till

__all__ = ["till"]
WATER, WALLET = {"ar": "المياه", "en": "Water"}, {"ar": "محفظة", "en": "Wallet"}


async def read(till: Till, centre: str = "homs-main") -> dict[str, PaidOfMonth]:
    async with reading(till.engine) as connection:
        return await month.read(connection, centre, NOW, NOW.replace(day=26))


async def test_each_state_counts_where_it_belongs(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    async def parties(_: Any) -> Parties:
        return Parties({"water": WATER}, {"wallet": WALLET, "cash": WALLET})

    monkeypatch.setattr(month, "parties", parties)
    rows: list[dict[str, Any]] = [
        {"state": "inquired", "amount": 1}, {"state": "opened", "amount": 2}, {"state": "expired", "amount": 4},
        {"state": "unknown", "amount": 8}, {"state": "paid", "amount": 16, "paid_amount": 17},
        {"state": "marked", "amount": 32}, {"state": "told", "amount": 64, "at": moment(days=1, microseconds=-1)},
        {"state": "refund-due", "amount": 128, "extra": 1}, {"state": "refunded", "amount": 256},
        {"state": "marked", "amount": 512, "at": moment(microseconds=-1)},
        {"state": "marked", "amount": 1024, "at": moment(days=1)}, {"state": "marked", "amount": 2048, "centre": "x"},
        {"state": "marked", "amount": 5, "payer": "cash"}, {"state": "marked", "amount": 6, "pound": "old"},
        {"state": "marked", "amount": 7, "currency": "USD", "biller": "fees"},
    ]  # fmt: skip
    for n, row in enumerate(rows):
        await till.put(**({"id": f"p{n}", "bill_no": f"B{n}", "debt_mark": f"d{n}"} | row))

    def entered(payer: str, pound: str, amount: int, currency: str = "SYP", **names: Any) -> PaidOfMonth:
        named = {"payer_names": {} if payer == "cash" else WALLET, "biller_names": WATER} | names
        biller = "water" if named["biller_names"] else "fees"
        return PaidOfMonth(
            payer, biller, currency, pound, **named, opened=1, counts={"marked": 1}, sums={"marked": amount}
        )

    found = await read(till)
    assert found == {
        "cash water SYP new": entered("cash", "new", 5),
        "wallet fees USD new": entered("wallet", "new", 7, "USD", biller_names={}),
        "wallet water SYP new": PaidOfMonth(
            "wallet", "water", "SYP", "new", WALLET, WATER, opened=7,
            counts={"marked": 2, "open": 2, "refunded": 1}, sums={"marked": 96, "open": 17 + 128, "refunded": 256},
        ),
        "wallet water SYP old": entered("wallet", "old", 6),
    }  # fmt: skip
    both = found["wallet water SYP new"]
    both.add(found["wallet water SYP old"])
    assert (both.opened, both.counts, both.sums) == (
        8, {"marked": 3, "open": 2, "refunded": 1}, {"marked": 102, "open": 145, "refunded": 256},
    )  # fmt: skip
    assert await read(till, "y") == {}

"""What cannot be gone on with is set apart by name: a key, a line, a payment, a house's books; all others go on."""

import base64
from datetime import timedelta
from typing import Any, cast

import pytest

from central.base.config import CentralConfig
from central.base.tables.asked import inquiries
from central.base.tables.paid.books import biller_entries, payer_entries, payment_ports
from central.base.tables.received import findings
from central.offices.upkeep import needs
from central.payments import apart, setup
from central.payments.flow import books, money, receipts, state, words
from central.payments.keeping import LONGEST_PAUSE, BooksKeeper, Worker
from central.payments.marks import debt_mark
from central.payments.ports.biller import BillerFields, Change, Changes
from central.payments.ports.errors import NotReached
from central.payments.ports.payer import Entries, Entry
from tests.central.payments.flow.conftest import NOW, Port, Till, moment

LOW_ORDER = base64.b64encode(bytes(32)).decode()
ASKED = dict.fromkeys((column.name for column in inquiries.columns), None) | {
    "kiosk": "k1", "id": "q1", "kind": "payment", "state": "pending", "revision": 0, "at": moment(),
}  # fmt: skip


async def named(till: Till) -> set[tuple[str, str, str]]:
    return {(one.code, one.kiosk, one.item) for one in await till.all(findings)}


def change(seq: int, payment: str | None) -> Change:
    return Change(seq, f"D{seq}", "marked", 12_500, receipt=f"W{seq}", key=payment)


async def test_a_payment_whose_asker_can_be_told_nothing_is_paid_and_marked_even_so(till: Till) -> None:
    await till.put(inquiries, **ASKED | {"reply_key": LOW_ORDER})
    await till.put(inquiry="q1", **receipts.page_of(till.ring, "p1"))
    assert await till.take()
    assert (await till.row()).state == "paid"
    till.biller.says = Changes([change(1, "p1")], 1, more=False)
    await books.read_biller(till.engine, till.ring, "water", till.desk.billers["water"])
    assert await till.stands("state", "receipt") == {"state": "marked", "receipt": "W1"}


async def test_a_line_of_a_biller_s_books_that_cannot_be_followed_stands_in_them_and_all_others_are_read(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    await till.put(state="paid", paid_at=moment())
    await till.put(id="p2", bill_no="B2", state="paid", paid_at=moment())
    usual = receipts.marked

    async def marked(connection: Any, ring: Any, row: Any, *more: Any) -> None:
        if row.id == "p1":
            await state.note(connection, row.id, "half-done", "biller")
            raise ValueError("odd")
        await usual(connection, ring, row, *more)

    monkeypatch.setattr(receipts, "marked", marked)
    till.biller.says = Changes([change(1, "p1"), change(2, "p2"), change(10**19, None)], 3, more=False)
    await books.read_biller(till.engine, till.ring, "water", till.desk.billers["water"])
    assert [(await till.row(one)).state for one in ("p1", "p2")] == ["paid", "marked"]
    assert await till.events("p1") == [], "half a line is none"
    assert [(one.seq, one.debt_mark) for one in await till.all(biller_entries)] == [
        (1, debt_mark(till.ring.vault(), "water", "D1")), (2, debt_mark(till.ring.vault(), "water", "D2")),
    ]  # fmt: skip
    assert await named(till) == {(apart.LINE, "water", "line 1"), (apart.LINE, "water", f"line {10**19}")}
    assert [one.cursor for one in await till.all(payment_ports)] == ["3"]


async def test_a_line_of_a_payer_s_books_that_cannot_be_taken_is_named_and_all_others_are_taken(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    await till.put()
    usual = money.take

    async def take(connection: Any, ring: Any, said: words.Sum, by: str) -> bool:
        if said.receipt == "R1":
            raise ValueError("odd")
        return await usual(connection, ring, said, by)

    monkeypatch.setattr(money, "take", take)
    sums = [Entry(receipt, "paid", "B1", 12_500, "SYP", NOW) for receipt in ("R1", "R2")]
    till.payer.says = Entries(sums, "7")
    await books.read_payer(till.engine, till.ring, "wallet", till.desk.payers["wallet"])
    assert [one.receipt for one in await till.all(payer_entries)] == ["R2"]
    assert await named(till) == {(apart.LINE, "wallet", "receipt R1")}
    assert (await till.row()).state == "paid"


class Broken(Port):
    """A house whose package fails."""

    async def fields(self) -> Any:
        raise ZeroDivisionError

    async def changes(self, after: Any) -> Any:
        raise ZeroDivisionError


@pytest.mark.parametrize("silent", [True, False])
async def test_one_house_s_fault_is_never_another_s_books(till: Till, silent: bool) -> None:
    broken = Port(NotReached("away")) if silent else Broken()
    till.biller.says = Changes([], 4, more=False)
    till.payer.says = Entries([], "5")
    till.desk.payers = {"lost": cast("Any", broken), **till.desk.payers}
    till.desk.billers = {"gone": cast("Any", broken), **till.desk.billers}
    await BooksKeeper(till.engine, till.ring, till.desk).read_books()
    read = {one.name: (one.cursor, one.claimed_until) for one in await till.all(payment_ports)}
    assert read == {"lost": (None, None), "wallet": ("5", None), "gone": (None, None), "water": ("4", None)}
    of_broken = {(apart.BOOKS, "lost", "payer"), (apart.BOOKS, "gone", "biller")}
    assert await named(till) == (set() if silent else of_broken)


async def test_a_biller_that_fails_keeps_no_other_from_saying_what_it_asks_for(till: Till) -> None:
    class Known(Port):
        async def fields(self) -> Any:
            return BillerFields({"ar": "ماء", "en": "Water"}, "SYP", "new", [])

    till.desk.billers = {"gone": cast("Any", Broken()), "water": cast("Any", Known())}
    await setup.ask_fields(till.engine, till.desk)
    assert list(till.desk.fields) == ["water"]


async def test_a_keeper_that_cannot_read_items_still_reads_the_books(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: Any) -> None:
        raise ValueError("an odd item")

    for step in ("ask_fields", "publish"):
        monkeypatch.setattr(setup, step, fail)
    monkeypatch.setattr("central.payments.told.catch_up", fail)
    till.biller.says, till.payer.says = Changes([], 4, more=False), Entries([], "5")
    await BooksKeeper(till.engine, till.ring, till.desk).act()
    assert {one.cursor for one in await till.all(payment_ports)} == {"4", "5"}


async def test_a_payment_that_cannot_be_gone_on_with_is_named_and_tried_again_behind_all_others(
    till: Till, config: CentralConfig
) -> None:
    await till.put(state="paid", claimed_until=None, payer="cash", paid_at="no moment", bill="b1")
    worker = Worker(till.engine, till.ring, till.desk)
    await worker.act()
    await worker.finish()
    assert await named(till) == {(apart.PAYMENT, "k1", "p1")}
    row = await till.row()
    assert (row.state, row.tries, row.claimed_until, row.due_at) == ("paid", 1, None, moment(seconds=10))
    async with till.engine.connect() as connection:
        (todo,) = [one for one in await needs.what_needs_somebody(connection, config) if one.kind == "money-stuck"]
    assert todo.count == 1
    assert timedelta(minutes=30) == LONGEST_PAUSE


async def test_a_database_that_is_away_makes_nothing_stuck(till: Till) -> None:
    await apart.set_apart(till.engine, apart.PAYMENT, "k1", "p1", ConnectionResetError())
    assert await named(till) == set()

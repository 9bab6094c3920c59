"""Reading books page by page: from which place, how far, one process at a time, and what a biller's line moves on."""

from typing import Any

import pytest

from central.base.tables.paid.books import biller_entries, payer_entries, payment_ports
from central.payments.flow import books
from central.payments.marks import debt_mark
from central.payments.ports.biller import Change, Changes
from central.payments.ports.errors import NotReached
from central.payments.ports.payer import Entries, Entry
from tests.central.payments.flow.conftest import NOW, Till, moment

WALLET = {"side": "payer", "name": "wallet"}
READ = {"read_at": moment(), "fields": None, "address": None, "claimed_until": None}


def entry(receipt: str, bill_no: str = "B1", amount: int = 12_500) -> Entry:
    return Entry(receipt, "paid", bill_no, amount, "SYP", NOW)


async def read_payer(till: Till) -> None:
    await books.read_payer(till.engine, till.ring, "wallet", till.desk.payers["wallet"])


async def read_biller(till: Till) -> None:
    await books.read_biller(till.engine, till.ring, "water", till.desk.billers["water"])


async def ports(till: Till) -> list[dict[str, Any]]:
    return [dict(row._asdict()) for row in await till.all(payment_ports)]


async def test_a_payer_s_books_are_read_to_their_end_and_from_there_on(till: Till) -> None:
    await till.put()
    till.payer.says = [
        Entries([entry("R1")], "5", more=True), Entries([entry("R2", "BX")], "6"), Entries([], None),
    ]  # fmt: skip
    await read_payer(till)
    assert (await ports(till), till.payer.asked) == ([WALLET | READ | {"cursor": "6"}], [None, "5"])
    assert (await till.row()).state == "paid"
    assert {(one.receipt, one.booked_at) for one in await till.all(payer_entries)} == {
        ("R1", moment()), ("R2", moment()),
    }  # fmt: skip
    await read_payer(till)
    assert (till.payer.asked[2:], (await ports(till))[0]["cursor"]) == (["6"], "6"), "no place is lost"


async def test_books_without_an_end_are_left_after_twenty_pages(till: Till) -> None:
    till.payer.says, till.biller.says = Entries([], "5", more=True), Changes([], 5, more=True)
    await read_payer(till)
    await read_biller(till)
    assert (len(till.payer.asked), len(till.biller.asked)) == (20, 20)


async def test_lines_that_say_nothing_are_named_some_of_them(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    named: list[Any] = []
    monkeypatch.setattr(books.log, "error", lambda event, **fields: named.append((event, fields)))
    till.payer.says = Entries([], "5", unread=["x" * 41, *map(str, range(30))])
    await read_payer(till)
    lines = ["x" * 40, *map(str, range(19))]
    assert named == [("payment-lines-unread", {"payer": "wallet", "lines": lines})]


@pytest.mark.parametrize(("until", "is_read"), [(moment(), False), (moment(seconds=-1), True), (None, True)])
async def test_one_process_reads_at_a_time_and_one_that_died_keeps_nobody(
    till: Till, until: str | None, is_read: bool
) -> None:
    await till.put(payment_ports, **WALLET, cursor="4", claimed_until=until)
    await till.put(payment_ports, side="biller", name="water", cursor="4", claimed_until=until)
    till.payer.says, till.biller.says = Entries([], "5"), Changes([], 5)
    await read_payer(till)
    await read_biller(till)
    assert (till.payer.asked, till.biller.asked) == ((["4"], [4]) if is_read else ([], []))


async def test_a_claim_holds_for_two_minutes_and_is_let_go_where_the_other_end_is_silent(till: Till) -> None:
    till.payer.says = NotReached("x")
    with pytest.raises(NotReached):
        await read_payer(till)
    await till.put(payment_ports, side="payer", name="another", claimed_until=moment(minutes=2))
    assert {one["claimed_until"] for one in await ports(till)} == {moment(minutes=2)}
    await books.let_go(till.engine, "payer", "wallet")
    assert {one["name"]: one["claimed_until"] for one in await ports(till)} == {
        "wallet": None, "another": moment(minutes=2),
    }  # fmt: skip


async def test_looking_up_moves_no_place_and_waits_for_nobody(till: Till) -> None:
    await till.put()
    await till.put(payment_ports, **WALLET, cursor="4", claimed_until=moment(minutes=1))
    till.payer.says = [Entries([entry("R1")], "5", more=True), Entries([], "6")]
    await books.look_up(till.engine, till.ring, "wallet", till.desk.payers["wallet"])
    assert (till.payer.asked, (await till.row()).state) == (["4", "5"], "paid")
    assert [(one["cursor"], one["claimed_until"]) for one in await ports(till)] == [("4", moment(minutes=1))]
    till.payer.says, till.payer.asked = Entries([], "5", more=True), []
    await books.look_up(till.engine, till.ring, "wallet", till.desk.payers["wallet"])
    assert len(till.payer.asked) == 20


async def test_a_biller_s_line_stands_once_under_its_number(till: Till) -> None:
    line = Change(3, "D-1", "amount", 700, "W1", "k", "cashier")
    till.biller.says = [Changes([line], 3, more=True), Changes([line], 3)]
    await read_biller(till)
    own = debt_mark(till.ring.vault(), "water", "D-1")
    assert [tuple(row) for row in await till.all(biller_entries)] == [
        ("water", 3, "amount", own, 700, "W1", "k", "cashier", moment())
    ]
    assert till.biller.asked == [0, 3]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"state": "paid"}, "marked"),
        ({"state": "paid", "biller": "power"}, "paid"),
        ({"state": "opened"}, "opened"),
        ({"state": "refund-due", "reason": "not-taken"}, "marked"),
        ({"state": "refund-due", "reason": "reversed"}, "marked"),
        ({"state": "refund-due", "reason": "twice"}, "refund-due"),
        ({"state": "refund-due", "reason": "not-taken", "extra": 1}, "refund-due"),
        (
            {"state": "refund-due", "reason": "not-taken", "payer_receipt": "R1", "refund_proposed_by": "huda"},
            "refund-due",
        ),
    ],
)
async def test_a_mark_in_a_biller_s_books_settles_what_nobody_has_begun_to_give_back(
    till: Till, before: dict[str, Any], after: str
) -> None:
    await till.put(**({"paid_at": moment(), "due_at": None} | before))
    till.biller.says = Changes([Change(1, "D-1", "marked", 12_500, "W1", "p1")], 1)
    await read_biller(till)
    row = await till.row()
    is_marked = after == "marked"
    assert (row.state, row.receipt, row.marked_at) == (after, *(("W1", moment()) if is_marked else (None, None)))
    assert await till.events() == ([("marked", "books", {"receipt": "W1"})] if is_marked else [])


@pytest.mark.parametrize(
    "line",
    [
        Change(1, "D-1", "amount", 1, "W1", "p1"), Change(1, "D-1", "marked", 1, None, "p1"),
        Change(1, "D-1", "marked", 1, "W1", None), Change(1, "D-1", "marked", 1, "W1", "p9"),
    ],
)  # fmt: skip
async def test_any_other_line_settles_nothing(till: Till, line: Change) -> None:
    await till.put(state="paid", paid_at=moment())
    till.biller.says = Changes([line], 1)
    await read_biller(till)
    assert (await till.row()).state == "paid"


async def test_a_mark_that_its_biller_takes_out_lets_the_money_go_back(till: Till) -> None:
    own = debt_mark(till.ring.vault(), "water", "D-1")
    states = {"p1": "marked", "p2": "told", "p3": "refunded"}
    for n, (payment, state) in enumerate(states.items()):
        await till.put(id=payment, bill_no=f"B{n}", state=state, debt_mark=own, receipt=f"W{n}", paid_amount=12_500)
    marks = [Change(n, "D-1", "marked", 1, f"W{n}", payment) for n, payment in enumerate(states)]
    back = [Change(9 + n, "D-1", "reversed", None, f"W{n}") for n in range(3)]
    till.biller.says = Changes([*marks, *back[1:]], 12)
    await read_biller(till)
    assert [(await till.row(one)).state for one in states] == ["marked", "refund-due", "refunded"]
    assert await till.events("p2") == [("refund-due", "books", {"receipt": "W1"})]
    assert await till.stands("reason", "due_at", payment="p2") == {"reason": "reversed", "due_at": None}

"""A day's lines by rows: which payments are of it, sums and counts of each end, and whose books count as read."""

import base64
from typing import Any

import msgspec
import pytest

from central.base.database.transactions import reading
from central.base.tables.paid.books import biller_entries, kept_marks, payer_entries, payment_ports
from central.base.tables.received import inbox
from central.payments.accounts import day
from central.payments.accounts.comparing import Difference
from central.payments.accounts.day import BooksLine, Ports, Span
from tests.central.payments.flow.conftest import Till, moment, till

__all__ = ["till"]
DAY = "2026-11-25"
BEGIN, END = "2026-11-24T21:00:00.000000Z", "2026-11-25T21:00:00.000000Z"
LAST = "2026-11-25T20:59:59.999999Z"
BEFORE = "2026-11-24T20:59:59.999999Z"
UNREAD = [Difference("payers-books-not-read"), Difference("billers-books-not-read")]


async def lines(till: Till, of: str = DAY, **ports: frozenset[str]) -> list[BooksLine]:
    async with reading(till.engine) as connection:
        return await day.lines(connection, Span.of(of), Ports(**ports))


async def books_read(till: Till, at: str = END) -> None:
    for side, name in (("payer", "wallet"), ("biller", "water")):
        await till.put(payment_ports, side=side, name=name, read_at=at)


def line(**said: Any) -> BooksLine:
    usual: dict[str, Any] = {
        "day": DAY, "payer": "wallet", "biller": "water", "currency": "SYP", "pound": "new", "opened": 0, "paid": 0,
        "marked": 0, "refunded": 0, "open": 0, "equal": True, "differences": [],
    }  # fmt: skip
    counts = dict.fromkeys(("opened", "paid", "marked", "refunded", "open"), 0)
    return BooksLine(**(usual | said | {"counts": counts | said.pop("counts", {})}))


def test_a_day_is_from_midnight_to_midnight_of_the_centres_clock() -> None:
    span = Span.of(DAY)
    assert (str(span.day), span.since, span.until) == (DAY, BEGIN, END)
    with pytest.raises(ValueError, match="day: found '2026-11-31', expected a date such as 2026-12-01"):
        Span.of("2026-11-31")


async def test_sums_and_counts_are_of_each_end_and_of_what_was_opened_and_paid_that_day(till: Till) -> None:
    await books_read(till)
    paid = {"payer": "cash", "paid_at": BEGIN, "at": BEGIN, "receipt": "W1"}
    rows: list[dict[str, Any]] = [
        {"payer": "cash", "state": "expired", "amount": 1, "at": BEGIN},
        {"payer": "cash", "state": "expired", "amount": 2, "at": LAST},
        {"payer": "cash", "state": "expired", "amount": 4, "at": BEFORE},
        {"payer": "cash", "state": "expired", "amount": 8, "at": END},
        {"payer": "cash", "state": "inquired", "amount": 16, "at": BEGIN},
        paid | {"state": "paid", "amount": 32, "paid_amount": 33},
        paid | {"state": "refund-due", "amount": 64, "at": BEFORE, "paid_at": LAST},
        paid | {"state": "refunded", "amount": 128, "extra": 1},
        paid | {"state": "paid", "amount": 256, "paid_at": END},
        paid | {"state": "paid", "amount": 512, "paid_at": BEFORE},
    ]
    for n, row in enumerate(rows):
        await till.put(**({"id": f"p{n}", "bill_no": f"B{n}", "extra": 0} | row))
    (found,) = await lines(till)
    counts = {"opened": 5, "paid": 3, "refunded": 1, "open": 2}
    assert found == line(
        payer="cash", opened=1 + 2 + 32 + 256 + 512, paid=33 + 64 + 128, refunded=128, open=33 + 64, counts=counts
    )


async def test_equal_books_have_no_difference_and_each_money_has_its_own_line(till: Till) -> None:
    await books_read(till)
    for n, (currency, pound) in enumerate((("USD", "new"), ("SYP", "old"), ("SYP", "new"))):
        await till.put(
            id=f"p{n}", bill_no=f"B{n}", state="told", currency=currency, pound=pound, paid_at=moment(),
            paid_amount=12_500, payer_receipt=f"R{n}", receipt=f"W{n}", debt_mark=f"d{n}",
        )  # fmt: skip
        await till.put(
            payer_entries, payer="wallet", receipt=f"R{n}", kind="paid", bill_no=f"B{n}", amount=12_500,
            currency=currency, payment=f"p{n}", at=BEFORE if n else moment(), booked_at=moment(),
        )  # fmt: skip
        await till.put(
            biller_entries, biller="water", seq=n, kind="marked", debt_mark=f"d{n}", amount=12_500, receipt=f"W{n}",
            key=f"p{n}", at=END if n else moment(),
        )  # fmt: skip
    sums = {"opened": 12_500, "paid": 12_500, "marked": 12_500, "counts": {"opened": 1, "paid": 1, "marked": 1}}
    assert await lines(till) == [
        line(**sums), line(pound="old", **sums), line(currency="USD", **sums),
    ]  # fmt: skip


async def test_a_second_mark_of_a_debt_is_found_under_whichever_key_and_day(till: Till) -> None:
    await books_read(till)
    await till.put(state="marked", paid_at=moment(), paid_amount=12_500, receipt="W1", payer="cash")
    await till.put(id="p0", bill_no="B0", state="marked", paid_at=BEFORE, at=BEFORE, payer="cash")
    entry = {"biller": "water", "kind": "marked", "debt_mark": "d1", "amount": 12_500, "receipt": "W1", "at": BEFORE}
    await till.put(biller_entries, **entry, seq=1, key="p1")
    await till.put(biller_entries, **entry, seq=2, key="p0")
    (found,) = await lines(till)
    assert [(one.what, one.theirs) for one in found.differences] == [("marked-twice", 25_000)]


@pytest.mark.parametrize(
    ("entry", "what"),
    [
        ({"payer": "wallet", "receipt": "F1", "kind": "refunded", "bill_no": "B1", "amount": 12_500,
          "currency": "SYP", "payment": "p1", "booked_at": END, "at": END}, "refund-unknown"),
        ({"biller": "water", "kind": "marked", "debt_mark": "d1", "amount": 12_500, "receipt": "W2", "key": "p1",
          "seq": 2, "at": END}, "marked-twice"),
        ({"biller": "water", "kind": "reversed", "debt_mark": "d1", "seq": 2, "at": END}, "reversed"),
    ],
)  # fmt: skip
async def test_what_comes_to_an_earlier_day_s_payment_is_told_on_the_day_on_which_it_comes(
    till: Till, entry: dict[str, Any], what: str
) -> None:
    await books_read(till, "2026-11-26T21:00:00.000000Z")
    await till.put(state="marked", paid_at=moment(), paid_amount=12_500, payer_receipt="R1", receipt="W1")
    paid = {"payer": "wallet", "receipt": "R1", "kind": "paid", "bill_no": "B1", "amount": 12_500, "currency": "SYP"}
    await till.put(payer_entries, **paid, payment="p1", at=moment(), booked_at=moment())
    mark = {"biller": "water", "kind": "marked", "debt_mark": "d1", "amount": 12_500, "receipt": "W1", "key": "p1"}
    await till.put(biller_entries, **mark, seq=1, at=moment())
    assert await lines(till, "2026-11-26") == []
    await till.put(payer_entries if "payer" in entry else biller_entries, **entry)
    (found,) = await lines(till, "2026-11-26")
    assert (found.paid, found.equal, [one.what for one in found.differences]) == (0, False, [what])


LOST = "99999999-8888-4777-8666-555555555555"


@pytest.mark.parametrize(
    ("amount", "is_back", "named"),
    [
        (7, False, ["entered-unknown"]),
        (8, False, ["marked-without-money", "unknown-number"]),
        (7, True, ["marked-without-money", "refund-unknown", "unknown-number"]),
    ],
)
async def test_money_that_was_entered_before_central_was_put_back_is_joined_by_the_kiosk_s_word_and_not_given_back(
    till: Till, amount: int, is_back: bool, named: list[str]
) -> None:
    sum_of = {"payer": "wallet", "receipt": "R9", "kind": "paid", "bill_no": "BX", "amount": 7, "currency": "SYP"}
    await till.put(payer_entries, **sum_of, at=BEGIN)
    if is_back:
        await till.put(payer_entries, **(sum_of | {"receipt": "F9", "kind": "refunded"}), at=BEGIN)
    mark = {"biller": "water", "kind": "marked", "debt_mark": "d9", "amount": amount, "receipt": "R40008", "key": LOST}
    await till.put(biller_entries, **mark, seq=1, at=END)  # on the next day
    body = base64.b64encode(msgspec.json.encode({"payment": LOST, "bill_no": "BX", "told": "marked"})).decode()
    item = {"id": "i", "kiosk": "k1", "kind": "payment", "body": body, "hash": "h", "result": "applied", "batch": 1}
    await till.put(inbox, **item)
    found = {of: [one for each in await lines(till, of) for one in each.differences] for of in (DAY, "2026-11-26")}
    assert sorted({one.what for both in found.values() for one in both}) == named
    if named == ["entered-unknown"]:
        joined = Difference("entered-unknown", LOST, "BX", "R9", "R40008", theirs=7)
        assert found == {DAY: [joined], "2026-11-26": [joined]}


async def test_strangers_of_the_day_have_a_line_without_a_biller_and_without_a_payer(till: Till) -> None:
    sum_of = {"payer": "wallet", "receipt": "R9", "kind": "paid", "bill_no": "BX", "amount": 7, "currency": "SYP"}
    await till.put(payer_entries, **sum_of, at=BEGIN)
    await till.put(payer_entries, **(sum_of | {"receipt": "R8"}), at=END)
    mark = {"biller": "water", "kind": "marked", "debt_mark": "d9", "amount": 8, "receipt": "W9", "key": "p9"}
    await till.put(biller_entries, **mark, seq=1, at=LAST)
    await till.put(biller_entries, **mark, seq=2, at=BEFORE)
    unknown = Difference("unknown-number", bill_no="BX", payer_receipt="R9", theirs=7)
    unpaid = Difference("marked-without-money", receipt="W9", theirs=8)
    assert await lines(till) == [
        line(biller=None, pound=None, equal=False, differences=[unknown]),
        line(payer=None, currency=None, pound=None, equal=False, differences=[unpaid]),
    ]


@pytest.mark.parametrize(
    ("of", "read_at", "is_read"),
    [
        (DAY, moment(minutes=-10), True),  # today's: nothing later than now can be asked for
        (DAY, moment(minutes=-10, seconds=-1), False),
        ("2026-11-24", BEGIN, True),
        ("2026-11-24", BEFORE, False),
        ("2026-11-24", None, False),
    ],
)
async def test_books_count_as_read_to_the_day_s_end_or_of_today_ten_minutes_ago(
    till: Till, of: str, read_at: str | None, is_read: bool
) -> None:
    await till.put(state="expired", at="2026-11-24T12:00:00.000000Z" if of != DAY else moment())
    await books_read(till, read_at or "")
    (found,) = await lines(till, of)
    assert (found.differences, found.equal) == (([], True) if is_read else (UNREAD, False))


@pytest.mark.parametrize(("cursor", "is_read"), [(DAY, True), ("2026-11-24", False), (None, False)])
async def test_a_bank_s_books_are_read_where_its_file_reaches_the_day(
    till: Till, cursor: str | None, is_read: bool
) -> None:
    await till.put(state="expired")
    await till.put(payment_ports, side="payer", name="wallet", cursor=cursor)
    await till.put(payment_ports, side="biller", name="water", read_at=moment())
    (found,) = await lines(till, late=frozenset({"wallet"}))
    assert found.differences == ([] if is_read else UNREAD[:1])


async def test_books_that_were_never_asked_for_are_not_read_and_cash_has_none(till: Till) -> None:
    await till.put(state="expired")
    await till.put(id="p2", bill_no="B2", state="expired", payer="cash")
    found = {one.payer: one.differences for one in await lines(till)}
    assert found == {"wallet": UNREAD, "cash": UNREAD[1:]}


@pytest.mark.parametrize(
    ("written_at", "filed", "is_named"),
    [(None, frozenset({"water"}), True), (moment(), frozenset({"water"}), False), (None, frozenset[str](), False)],
)
async def test_a_mark_that_stands_in_no_file_yet_is_named_of_billers_that_get_files(
    till: Till, written_at: str | None, filed: frozenset[str], is_named: bool
) -> None:
    await books_read(till)
    await till.put(state="marked", paid_at=moment(), paid_amount=12_500, receipt="W1", payer="cash")
    mark = {"biller": "water", "debt_mark": "d1", "amount": 12_500, "receipt": "W1", "at": moment()}
    await till.put(biller_entries, **mark, seq=1, kind="marked", key="p1")
    await till.put(kept_marks, **mark, seq=1, key="p1", sealed="s", currency="SYP", payer="cash", written_at=written_at)
    (found,) = await lines(till, filed=filed)
    assert [one.what for one in found.differences] == (["mark-not-given"] if is_named else [])


async def test_a_day_of_more_payments_than_one_question_names_is_whole(till: Till, monkeypatch: Any) -> None:
    monkeypatch.setattr(day, "_PIECE", 2)
    await books_read(till)
    for n in range(5):
        await till.put(
            id=f"p{n}", bill_no=f"B{n}", state="refund-due", paid_at=moment(), payer_receipt=f"R{n}", debt_mark=f"d{n}"
        )
        await till.put(
            payer_entries, payer="wallet", receipt=f"R{n}", kind="paid", bill_no=f"B{n}", amount=12_500,
            currency="SYP", payment=f"p{n}", at=BEFORE, booked_at=moment(),
        )  # fmt: skip
    (found,) = await lines(till)
    assert (found.paid, found.counts["paid"], found.differences) == (62_500, 5, [])

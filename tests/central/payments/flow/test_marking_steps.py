"""What is paid is entered at its biller: what each answer makes of it, when it is said again, and when it goes back."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from central.base.tables.paid.books import biller_entries, payer_entries
from central.base.tables.paid.payments import bills, payment_events
from central.payments.flow import marking
from central.payments.flow.state import place_of_bill
from central.payments.ports.biller import Debt, Mark, Marked
from central.payments.ports.errors import AnswerLost, MarkRefused, NotReached
from central.payments.ports.payer import Entries, Entry
from tests.central.payments.flow.conftest import NOW, Till, moment

PAID: dict[str, Any] = {
    "state": "paid", "payer_receipt": "R1", "paid_amount": 12_500, "paid_at": moment(minutes=-1), "bill": "bill1",
}  # fmt: skip
ENTRY: dict[str, Any] = {
    "payer": "wallet", "receipt": "R1", "kind": "paid", "bill_no": "B1", "amount": 12_500, "currency": "SYP",
    "payment": "p1", "at": moment(), "booked_at": moment(),
}  # fmt: skip
WITH_ITS_BILLER = Mark("p1", "D-1", 12_500, "SYP", "wallet", "B1", NOW - timedelta(minutes=1))
DONE = Marked("W1", "2026-11-25T09:00:00Z")
COLUMNS = ("state", "reason", "receipt", "marked_at", "due_at", "tries", "claimed_until")


async def paid(till: Till, known_s: float = 60, **changed: Any) -> None:
    """Put a payment that is known to be paid for so many seconds, with its bill."""
    debt = msgspec.json.encode(Debt("D-1", 12_500, "SYP", "new")).decode()
    await till.put(
        bills, id="bill1", biller="water", kiosk="k1", sealed=till.ring.vault().seal(place_of_bill("bill1"), debt),
        debt_mark="d1", subscriber_mark="s1", amount=12_500, currency="SYP", pound="new", at=moment(),
    )  # fmt: skip
    await till.put(**(PAID | changed))
    for at in (moment(days=-9), moment(seconds=-known_s)):  # paid once before, and since then
        await till.put(payment_events, payment="p1", event="paid", by="payer", detail="{}", at=at)
    await till.put(payment_events, payment="p1", event="asked", by="payer", detail="{}", at=moment())


async def step(till: Till) -> list[Any]:
    """Take the step; return what was noted by it."""
    known = len(await till.events())
    await marking.step(till.engine, till.ring, till.desk, await till.row())
    return (await till.events())[known:]


def stands(state: str, due_at: str | None = None, tries: int = 0, **more: Any) -> dict[str, Any]:
    usual = {"state": state, "reason": None, "receipt": None, "marked_at": None, "claimed_until": None}
    return usual | {"due_at": due_at, "tries": tries} | more


async def test_what_its_biller_enters_is_marked(till: Till) -> None:
    await paid(till, reason="answer-lost")
    await till.put(payer_entries, **ENTRY)
    till.biller.says = DONE
    assert await step(till) == [("marked", "biller", {"receipt": "W1"})]
    assert (till.biller.asked, till.payer.asked) == ([WITH_ITS_BILLER], [])
    assert await till.stands(*COLUMNS) == stands("marked", receipt="W1", marked_at=moment())


async def test_an_order_s_fee_is_entered_under_the_order(till: Till) -> None:
    await paid(till, bill=None, order_id="order1")
    await till.put(payer_entries, **ENTRY)
    till.biller.says = DONE
    await step(till)
    assert till.biller.asked == [msgspec.structs.replace(WITH_ITS_BILLER, debt="order1")]


@pytest.mark.parametrize("said", [[NotReached("x")], [AnswerLost("x")], [MarkRefused("paid-elsewhere", by="p1")]])
@pytest.mark.parametrize(("tries", "pause_s"), [(0, 1), (3, 8), (8, 256), (9, 300), (10_000, 300)])
async def test_a_biller_that_gives_no_answer_is_told_the_same_again(
    till: Till, said: list[Any], tries: int, pause_s: int
) -> None:
    await paid(till, tries=tries)
    await till.put(payer_entries, **ENTRY)
    till.biller.says = said[0]
    assert await step(till) == []
    assert await till.stands(*COLUMNS) == stands("paid", moment(seconds=pause_s), tries + 1)


DAY_S = 24 * 3600


@pytest.mark.parametrize(
    ("known_s", "expected"),
    [
        (DAY_S - 10, stands("paid", moment(seconds=10), 10)),  # never later than the day's end
        (DAY_S, stands("refund-due", reason="not-taken")),
    ],
)
async def test_after_a_day_in_which_its_biller_did_not_answer_it_goes_back(
    till: Till, known_s: float, expected: dict[str, Any]
) -> None:
    await paid(till, known_s, tries=9)
    await till.put(payer_entries, **ENTRY)
    till.biller.says = NotReached("x")
    noted = await step(till)
    assert await till.stands(*COLUMNS) == expected
    is_over = expected["state"] == "refund-due"
    assert noted == ([("refund-due", "central", {"why": "24-hours"})] if is_over else [])


@pytest.mark.parametrize(
    ("entry", "is_marked"),
    [
        ({"kind": "marked", "key": "p1", "receipt": "W9"}, True),
        ({"kind": "marked", "key": "p1", "receipt": None}, False),
        ({"kind": "marked", "key": "p2", "receipt": "W9"}, False),
        ({"kind": "amount", "key": "p1", "receipt": "W9"}, False),
        ({"kind": "marked", "key": "p1", "receipt": "W9", "debt_mark": "d2"}, False),
        ({"kind": "marked", "key": "p1", "receipt": "W9", "biller": "power"}, False),
    ],
)
async def test_what_the_biller_s_books_named_meanwhile_is_marked_and_goes_not_back(
    till: Till, entry: dict[str, Any], is_marked: bool
) -> None:
    await paid(till, DAY_S)
    await till.put(payer_entries, **ENTRY)
    known = {"biller": "water", "seq": 1, "debt_mark": "d1", "amount": 12_500, "at": moment()}
    await till.put(biller_entries, **(known | entry))
    till.biller.says = NotReached("x")
    noted = await step(till)
    assert (await till.row()).state == ("marked" if is_marked else "refund-due")
    assert noted[0][:2] == (("marked", "books") if is_marked else ("refund-due", "central"))


@pytest.mark.parametrize(
    ("refused", "reason"),
    [
        (MarkRefused("amount-changed"), "amount-changed"),
        (MarkRefused("not-taken", by="p2"), "not-taken"),
        (MarkRefused("paid-elsewhere"), "paid-elsewhere"),
        (MarkRefused("paid-elsewhere", by="cashier"), "paid-elsewhere"),
        (MarkRefused("paid-elsewhere", by="p2"), "twice"),
    ],
)
async def test_a_clear_no_of_its_biller_lets_the_money_go_back(till: Till, refused: MarkRefused, reason: str) -> None:
    await paid(till)
    await till.put(id="p2", bill_no="B2")
    await till.put(payer_entries, **ENTRY)
    till.biller.says = refused
    by = {} if refused.by is None else {"by": refused.by}
    assert await step(till) == [("refund-due", "biller", by)]
    assert await till.stands(*COLUMNS) == stands("refund-due", reason=reason)


@pytest.mark.parametrize("changed", [{"biller": "gone"}, {"bill": "unknown"}, {"bill": None}])
async def test_what_nobody_can_enter_waits_for_the_settings(till: Till, changed: dict[str, Any]) -> None:
    await paid(till, **changed)
    await till.put(payer_entries, **ENTRY)
    till.biller.says = DONE
    assert await step(till) == []
    assert (till.biller.asked, (await till.row()).tries) == ([], 1)


async def test_a_number_that_was_only_said_to_be_paid_is_looked_up_in_the_payer_s_books_first(till: Till) -> None:
    await paid(till)
    await till.put(payer_entries, **(ENTRY | {"amount": None, "currency": None, "booked_at": None}))
    pages = [
        Entries([Entry("R0", "paid", "BX", 1, "SYP", NOW)], "7", more=True),
        Entries([Entry("R1", "paid", "B1", 12_500, "SYP", NOW)], "8"),
    ]
    till.payer.says, till.biller.says = pages, DONE
    assert (await step(till))[-1] == ("marked", "biller", {"receipt": "W1"})
    assert till.payer.asked == [None, "7"]


async def test_what_the_books_do_not_name_yet_is_not_entered(till: Till) -> None:
    await paid(till)
    for says in (Entries([], "7"), NotReached("x")):
        till.payer.says = says
        assert await step(till) == []
    assert (till.biller.asked, (await till.row()).tries) == ([], 2)


async def test_where_the_books_name_another_sum_nothing_is_entered(till: Till) -> None:
    await paid(till)
    await till.put(payer_entries, **(ENTRY | {"amount": None, "currency": None, "booked_at": None}))
    till.payer.says = Entries([Entry("R1", "paid", "B1", 1, "SYP", NOW)], "7")
    await step(till)
    assert (till.biller.asked, (await till.row()).state) == ([], "refund-due")


async def test_what_its_payer_gave_back_while_the_biller_was_away_is_not_entered(till: Till) -> None:
    await paid(till, tries=3)
    await till.put(payer_entries, **ENTRY)
    till.payer.says, till.biller.says = Entries([Entry("F1", "refunded", "B1", 12_500, "SYP", NOW)], "8"), DONE
    await step(till)
    assert (till.biller.asked, (await till.row()).state) == ([], "refunded")


async def test_where_its_payer_is_silent_too_what_is_booked_is_entered_and_it_is_not_asked_for_each(till: Till) -> None:
    await paid(till, tries=3)
    await till.put(payer_entries, **ENTRY)
    till.payer.says, till.biller.says = [NotReached("x"), Entries([], "7")], [NotReached("x"), NotReached("x"), DONE]
    for tries in (4, 5):
        await step(till)
        assert (await till.row()).tries == tries
    await step(till)
    assert (till.payer.asked, (await till.row()).state) == ([None, None], "marked")


async def test_a_payer_that_was_taken_out_of_the_settings_is_not_looked_up(till: Till) -> None:
    await paid(till)
    till.desk.payers.clear()
    till.biller.says = DONE
    await step(till)
    assert (await till.row()).state == "marked"

"""A bill that is not paid by telephone: it was not found or opened, was begun before, or nobody answers."""

import pytest

from kiosk.desk.payments.paying import Paying
from kiosk.prompts.choosing import Done
from kiosk.prompts.paid import PayCode
from kiosk.prompts.payment import BegunBefore, BillShown, FindBill, NotPaid, TypeBillNumber
from kiosk.prompts.payment_ended import PaymentEnded
from kiosk.prompts.ticket import TakeTicket
from kiosk.prompts.ui import Back, Home, Text
from offline_store.disk import tables
from tests.kit import payments as kit
from tests.kit.answering_rows import AnsweringRows, Said
from tests.kit.payments import SUBSCRIBER, payment
from tests.visits.lobby import Lobby
from tests.visits.paying.test_pay_visit import TO_BILL, TO_CODE, told
from tests.visits.scripted_ui import Happens, Step

REFUSED = ("unknown-bill", "bill-over", "paid-elsewhere", "amount-changed", "payer-silent", "being-paid", "unreadable")


@pytest.mark.parametrize(
    ("said", "word"),
    [
        *((("refused", {"reason": why}, {}), why) for why in ("not-set-up", *REFUSED)),
        (("refused", {"reason": "something-new"}, {}), "refused"),
        (("failed", {"reason": "no-network"}, {}), "no-network"),
        (("withdrawn", {}, {}), "late"),
    ],
)
async def test_a_payment_that_was_not_opened_says_why_and_leaves_nothing(
    lobby: Lobby, rows: AnsweringRows, said: Said, word: str
) -> None:
    rows.steps["payment"] = [said]
    ui = await lobby.run(*TO_CODE, (NotPaid, Done()))
    assert ui.last(NotPaid).reason == Text(f"not_paid.{word}")
    says_to_pay = word not in ("paid-elsewhere", "being-paid")
    assert ui.last(NotPaid).advice == Text("not_paid.do" if says_to_pay else "not_paid.not_again")
    assert (lobby.tray.out, told(lobby), lobby.place.count(tables.payments)) == ([], [], 0)


BEGUN: Said = (
    "refused",
    {"reason": "being-paid", "payment": kit.PAYMENT, "at": "2026-11-24T08:12:00.000000Z", "centre": "homs-new"},
    {},
)


async def test_a_payment_that_was_begun_before_gives_way_once_that_was_read(lobby: Lobby, rows: AnsweringRows) -> None:
    rows.steps["payment"] = [BEGUN, payment("opened"), payment("withdrawn")]
    ui = await lobby.run(*TO_CODE, (BegunBefore, "again"), (PayCode, Happens(lambda: None)), (PaymentEnded, Done()))
    told_of = ui.last(BegunBefore)
    assert (told_of.at, told_of.place["en"]) == ("2026/11/24 11:12", "Citizen Centre – New Homs")
    asked = [body for kind, body in rows.asked if kind == "payment"]
    usual = {"payer": "shamcash", "bill": kit.BILL}
    assert asked == [usual, usual | {"instead_of": kit.PAYMENT}]
    assert (ui.last(PaymentEnded).ending, told(lobby)) == ("withdrawn", [("withdrawn", "none")])


@pytest.mark.parametrize("answer", [Done(), "counter"])
async def test_who_has_paid_it_waits_and_nothing_new_is_begun(
    lobby: Lobby, rows: AnsweringRows, answer: Done | str
) -> None:
    rows.steps["payment"] = [BEGUN]
    ends: tuple[Step, ...] = ((TakeTicket, Done()),) if answer == "counter" else ()
    await lobby.run(*TO_CODE, (BegunBefore, answer), *ends)
    assert len([kind for kind, _ in rows.asked if kind == "payment"]) == 1
    assert lobby.place.count(tables.payments) == 0


async def test_what_was_begun_meanwhile_is_told_too(lobby: Lobby, rows: AnsweringRows) -> None:
    later: Said = ("refused", BEGUN[1] | {"payment": kit.BILL, "at": "2026-11-25T09:01:00Z"}, {})
    rows.steps["payment"] = [BEGUN, later, payment("opened")]
    ui = await lobby.run(*TO_CODE, (BegunBefore, "again"), (BegunBefore, "again"), (PayCode, Home()))
    assert [one.at for one in ui.asked if isinstance(one, BegunBefore)] == ["2026/11/24 11:12", "2026/11/25 12:01"]
    assert rows.asked[-1][1]["instead_of"] == kit.BILL


@pytest.mark.parametrize(
    ("said", "word"),
    [
        *(
            (("refused", {"reason": why}, {}), why)
            for why in ("not-set-up", "unknown-or-nothing-due", "biller-silent", "too-many", "unreadable")
        ),
        (("failed", {"reason": "no-network"}, {}), "no-network"),
        (("answered", {"bill": "no uuid"}, {}), "unreadable"),
    ],
)
async def test_a_bill_that_was_not_found_says_why(lobby: Lobby, rows: AnsweringRows, said: Said, word: str) -> None:
    rows.answers["bill"] = said
    ui = await lobby.run(*TO_BILL, (NotPaid, Done()))
    assert ui.last(NotPaid).reason == Text(f"not_paid.{word}")


async def test_no_answer_at_all_ends_by_itself(lobby: Lobby, rows: AnsweringRows) -> None:
    rows.steps["bill"] = []

    async def time_passes() -> None:
        while not lobby.place.count(tables.inquiries):
            await lobby.time.advance(0)
        lobby.place.clock.pass_time(seconds=16)

    ui = await lobby.run(*TO_BILL, (NotPaid, Done()), meanwhile=time_passes)
    assert ui.last(NotPaid).reason == Text("not_paid.timed-out")


async def test_five_bills_a_visit(lobby: Lobby, rows: AnsweringRows) -> None:
    again: tuple[Step, ...] = ((BillShown, Back()), (FindBill, "type_number"), (TypeBillNumber, SUBSCRIBER))
    ui = await lobby.run(*TO_BILL, *again * 5, (NotPaid, Done()), *TO_BILL, (BillShown, Home()))
    assert [one.why for one in ui.asked if isinstance(one, NotPaid)] == ["five-a-visit"]
    assert len(rows.asked) == 6


def test_thirty_bills_an_hour_whoever_asks(lobby: Lobby, rows: AnsweringRows) -> None:
    def ask() -> str:
        paying = Paying(lobby.place.store, lobby.place.clock)  # as a command or a start has its own
        return type(paying.bill("homs-water", {"subscriber": SUBSCRIBER}, lambda: False)).__name__

    assert [ask() for _ in range(31)] == [*["BillFound"] * 30, "NotPaid"]
    lobby.place.clock.pass_time(minutes=61)
    assert ask() == "BillFound"

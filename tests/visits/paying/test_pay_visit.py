"""A bill paid by telephone: each way to it, each end of it, and a paper for a person who leaves."""

from collections.abc import Callable
from functools import partial

import pytest
from sqlalchemy import select

from common.city.money import money
from common.protocol.envelope import decode_body
from common.protocol.payments.answers import PaymentBody
from kiosk.desk.payments.paying import Paying
from kiosk.prompts.choosing import Done, Start, TakeNumber
from kiosk.prompts.order import OrderResult
from kiosk.prompts.paid import PaidWaiting, PayCode
from kiosk.prompts.paper import CameOut, NotOut
from kiosk.prompts.payment import BillOrNumber, BillShown, ChooseOne, FindBill, NotPaid, Picked, TypeBillNumber
from kiosk.prompts.payment_ended import PaymentEnded, Receipted
from kiosk.prompts.ticket import TakeTicket
from kiosk.prompts.ui import Home, Text, Trouble
from offline_store.disk import tables
from tests.kit import payments as kit
from tests.kit.answering_rows import AnsweringRows, Said
from tests.kit.payments import BILL_NO, SUBSCRIBER, bill, payment
from tests.visits.lobby import Lobby
from tests.visits.scripted_ui import Happens, Step, TooLate

TO_BILL: tuple[Step, ...] = (
    (Start, TakeNumber("water-bill")),
    (BillOrNumber, "phone"),
    (FindBill, "type_number"),
    (TypeBillNumber, SUBSCRIBER),
)


TO_CODE: tuple[Step, ...] = (*TO_BILL, (BillShown, "phone"))


def central_says(rows: AnsweringRows, *said: Said) -> Happens:
    """Central says more of the payment while its code is shown."""
    return Happens(lambda: rows.steps["payment"].extend(said))


def told(lobby: Lobby) -> list[tuple[str, str]]:
    """Return what items say that people were told of payments, and on which paper."""
    with lobby.place.store.read() as connection:
        found = connection.execute(select(tables.items.c.body).where(tables.items.c.kind == "payment")).scalars()
        bodies = [decode_body("payment", body) for body in found]
    return [(body.told, body.paper) for body in bodies if isinstance(body, PaymentBody)]


async def test_a_typed_number_leads_to_a_receipt(lobby: Lobby, rows: AnsweringRows) -> None:
    ui = await lobby.run(
        *TO_CODE,
        (PayCode, central_says(rows, payment("paid"))),
        (PaidWaiting, central_says(rows, payment("marked"))),
        (PaymentEnded, Done()),
    )
    shown = ui.last(BillShown)
    assert (shown.due, shown.period, shown.name_masked) == ("2026/12/15", "2026-09/2026-10", "س*** ا*****")
    assert shown.amount.values["money"] == money(4_250_000)
    assert (ui.last(PayCode).code, ui.last(PayCode).payer) == ("https://wallet.example/pay/1f2e3d", kit.WALLET["names"])
    assert 590 <= ui.last(PayCode).seconds <= 600
    assert ui.last(PayCode).steps[-1] == Text("pay_code.stay")
    ended = ui.last(PaymentEnded)
    assert ended.became == Receipted("W-2026-118842", CameOut())
    assert [paper[0] for paper in lobby.tray.out] == [f"receipt {BILL_NO}"]
    assert told(lobby) == [("marked", "printed")]
    assert rows.asked == [
        ("bill", {"biller": "homs-water", "fields": {"subscriber": SUBSCRIBER}}),
        ("payment", {"payer": "shamcash", "bill": kit.BILL}),
    ]


async def test_a_biller_that_takes_its_time_is_waited_for(lobby: Lobby, rows: AnsweringRows) -> None:
    rows.steps["bill"] = [("pending", {"biller": "homs-water"}, {}), bill()]
    ui = await lobby.run(*TO_BILL, (BillShown, Home()))
    assert ui.last(BillShown).amount.values["money"] == money(4_250_000)


async def test_the_code_on_the_paper_bill_gives_its_number(lobby: Lobby, rows: AnsweringRows) -> None:
    await lobby.run(
        (Start, TakeNumber("water-bill")),
        (BillOrNumber, "phone"),
        (FindBill, lobby.scans("https://elsewhere.example/")),
        (FindBill, lobby.scans(f"W{SUBSCRIBER}\r")),
        (BillShown, Home()),
    )
    assert rows.asked[0][1]["fields"] == {"subscriber": SUBSCRIBER}


@pytest.mark.parametrize("code", ["W038746512", "X0387465129", "0387465129"])
async def test_another_code_than_the_billers_asks_for_nothing(lobby: Lobby, rows: AnsweringRows, code: str) -> None:
    ui = await lobby.run(
        (Start, TakeNumber("water-bill")), (BillOrNumber, "phone"), (FindBill, lobby.scans(code)), (FindBill, Home())
    )
    assert ui.last(FindBill).problem == Text("find_bill.other_code")
    assert rows.asked == []


@pytest.mark.parametrize(
    ("said", "ending", "state", "paper"),
    [
        (payment("refund-due", reason="paid-elsewhere"), "refund-due", "refund-due", "refund"),
        (payment("refunded"), "refunded", "refunded", None),
        (payment("expired"), "expired", "expired", None),
        (payment("unknown", ends=True), "unknown", "unknown", "reference"),
        (payment("marked", seal=None), "entered", "marked", "reference"),
        (payment("marked", seal=kit.seal(amount=1)), "entered", "marked", "reference"),
        (payment("marked", seal=kit.seal(kit.STRANGER)), "entered", "marked", "reference"),
        (payment("marked", payer_receipt=None), "entered", "marked", "reference"),
    ],
)
async def test_each_end_has_words_and_a_paper_of_its_own(
    lobby: Lobby, rows: AnsweringRows, said: Said, ending: str, state: str, paper: str | None
) -> None:
    rows.answers["payment-state"] = ("answered", *said[1:])
    ui = await lobby.run(*TO_CODE, (PayCode, central_says(rows, said)), (PaymentEnded, Done()))
    ended = ui.last(PaymentEnded)
    assert ended.ending == ending
    assert [one[0] for one in lobby.tray.out] == ([] if paper is None else [f"{paper} {BILL_NO}"])
    assert told(lobby) == [(state, "none" if paper is None else "printed")]


async def test_a_paid_bill_that_is_not_entered_for_a_minute_gets_its_own_paper(
    lobby: Lobby, rows: AnsweringRows
) -> None:
    ui = await lobby.run(
        *TO_CODE,
        (PayCode, central_says(rows, payment("paid"))),
        (PaidWaiting, lobby.passes(61)),
        (PaymentEnded, Done()),
    )
    assert ui.last(PaymentEnded).ending == "entering"
    assert [paper[0] for paper in lobby.tray.out] == [f"entering {BILL_NO}"]
    assert told(lobby) == [("paid", "printed")]


async def test_who_paid_and_sees_nothing_gets_the_reference_and_nothing_is_undone(
    lobby: Lobby, rows: AnsweringRows
) -> None:
    ui = await lobby.run(*TO_CODE, (PayCode, "i_paid"), (PaymentEnded, Done()))
    assert ui.last(PaymentEnded).ending == "reference"
    assert told(lobby) == [("opened", "printed")]
    with lobby.place.store.read() as connection:
        states = dict(connection.execute(select(tables.inquiries.c.kind, tables.inquiries.c.state)).all())
    assert states["payment"] == "shown"


async def test_a_banks_code_is_known_only_from_its_file(lobby: Lobby, rows: AnsweringRows) -> None:
    kit.make_known(lobby.place.store, kit.setup_of(payers=[kit.BANK, kit.WALLET]))
    rows.steps["payment"] = [payment("opened", payer="bank")]
    ui = await lobby.run(*TO_CODE, (ChooseOne, Picked("bank")), (PayCode, "i_paid"), (PaymentEnded, Done()))
    assert (ui.last(PayCode).late_days, ui.last(PaymentEnded).ending) == (5, "bank")
    assert ui.last(PayCode).steps[-1] == Text("pay_code.then_paper"), "nobody waits for days"
    assert [paper[0] for paper in lobby.tray.out] == [f"bank {BILL_NO}"]


async def test_a_code_whose_question_has_ended_at_once_is_shown_as_long_as_it_lives(
    lobby: Lobby, rows: AnsweringRows
) -> None:
    kit.make_known(lobby.place.store, kit.setup_of(payers=[kit.BANK]))
    rows.steps["payment"] = [payment("opened", payer="bank", ends=True)]
    rows.answers["payment-state"] = payment("opened", payer="bank", ends=True)
    ui = await lobby.run(*TO_CODE, (PayCode, lobby.passes(700)), (PaymentEnded, Done()))
    assert ui.last(PaymentEnded).ending == "bank"


async def test_after_its_time_another_try_has_a_question_of_its_own(lobby: Lobby, rows: AnsweringRows) -> None:
    ui = await lobby.run(
        *TO_CODE,
        (PayCode, central_says(rows, payment("expired"), payment("opened"))),
        (PaymentEnded, "again"),
        (PayCode, central_says(rows, payment("marked"))),
        (PaymentEnded, Done()),
    )
    assert ui.last(PaymentEnded).ending == "receipt"
    assert [kind for kind, _ in rows.asked] == ["bill", "payment", "payment"]


async def test_a_line_that_is_lost_while_the_code_is_shown_is_no_failure(lobby: Lobby, rows: AnsweringRows) -> None:
    rows.answers["payment-state"] = ("failed", {"reason": "no-network"}, {})

    def ten_minutes() -> None:
        lobby.place.clock.pass_time(minutes=11)

    ui = await lobby.run(*TO_CODE, (PayCode, Happens(ten_minutes)), (PaymentEnded, Done()))
    assert ui.last(PaymentEnded).ending == "unknown"
    assert ui.last(PaymentEnded).what_holds == (Text("payment.unknown_do"),)
    assert told(lobby) == [("unknown", "printed")]


async def test_what_came_while_nobody_listened_is_asked_for_once_more(lobby: Lobby, rows: AnsweringRows) -> None:
    rows.answers["payment-state"] = ("answered", *payment("marked")[1:])

    def ten_minutes() -> None:
        lobby.place.clock.pass_time(minutes=11)

    ui = await lobby.run(*TO_CODE, (PayCode, Happens(ten_minutes)), (PaymentEnded, Done()))
    assert ui.last(PaymentEnded).ending == "receipt"


WAYS: list[tuple[str, Callable[[AnsweringRows], list[Step]]]] = [
    ("bill", lambda _: [(Start, TakeNumber("water-bill")), (BillOrNumber, "phone"), (FindBill, "counter")]),
    ("found", lambda _: [*TO_BILL, (BillShown, "counter")]),
    ("code", lambda _: [*TO_CODE, (PayCode, "counter")]),
    ("expired", lambda rows: [
        *TO_CODE, (PayCode, central_says(rows, payment("expired"))), (PaymentEnded, "counter")
    ]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "way"), WAYS, ids=[name for name, _ in WAYS])
async def test_the_cashiers_number_stands_beside_every_way(
    lobby: Lobby, rows: AnsweringRows, name: str, way: Callable[[AnsweringRows], list[Step]]
) -> None:
    await lobby.run(*way(rows), (TakeTicket, Done()))
    assert [number[0] for number in lobby.numbers()] == ["C"], name


async def test_a_closed_group_leads_to_the_cashiers_desk(lobby: Lobby, rows: AnsweringRows) -> None:
    kit.make_known(lobby.place.store, kit.setup_of([kit.WATER | {"cashier_group": "Q"}]))
    await lobby.run(
        (Start, TakeNumber("water-bill")), (BillOrNumber, "phone"), (FindBill, "counter"), (TakeTicket, Done())
    )
    assert [number[0] for number in lobby.numbers()] == ["Y"]


@pytest.mark.parametrize(("groups", "letter"), [("CC", "C"), ("AC", "Y"), ("CA", "Y")])
async def test_who_has_not_said_whose_bill_it_is_is_sent_to_no_single_ones_cashier(
    lobby: Lobby, rows: AnsweringRows, groups: str, letter: str
) -> None:
    both = [one | {"cashier_group": group} for one, group in zip((kit.WATER, kit.POWER), groups, strict=True)]
    kit.make_known(lobby.place.store, kit.setup_of(both))
    await lobby.run(
        (Start, TakeNumber("water-bill")), (BillOrNumber, "phone"), (ChooseOne, "counter"), (TakeTicket, Done())
    )
    assert [number[0] for number in lobby.numbers()] == [letter]


async def test_what_is_not_set_up_is_not_offered(lobby: Lobby) -> None:
    lobby.paying = Paying(lobby.place.store, lobby.place.clock, lobby.tray)
    touch = (Start, TakeNumber("water-bill"))
    await lobby.run(touch, (TakeTicket, Done()))
    kit.make_known(lobby.place.store)
    nobody_pays = partial(kit.make_known, lobby.place.store, kit.setup_of(payers=[]))
    await lobby.run(
        touch, (BillOrNumber, TooLate("phone", nobody_pays)), (NotPaid, Done()), touch, (TakeTicket, Done())
    )


async def test_several_billers_and_bills(lobby: Lobby, rows: AnsweringRows) -> None:
    many = [kit.WATER | {"biller": f"b{n}"} for n in range(5)]
    kit.make_known(lobby.place.store, kit.setup_of([*many, kit.POWER]))
    rows.answers["bill"] = bill([kit.DEBT | {"bill": kit.PAYMENT, "amount": 100}])
    ui = await lobby.run(
        (Start, TakeNumber("water-bill")),
        (BillOrNumber, "phone"),
        (ChooseOne, "more"),
        (ChooseOne, Picked("homs-power")),
        *TO_BILL[2:],
        (BillShown, "other"),
        (BillShown, "phone"),
        (PayCode, "stop"),
        (PaymentEnded, Done()),
    )
    assert [one.others for one in ui.asked if isinstance(one, BillShown)] == [1, 1]
    assert rows.asked[1][1]["bill"] == kit.PAYMENT
    assert not ui.last(FindBill).scans, "its paper has no code"


async def test_a_receipt_that_does_not_come_out_is_printed_when_the_printer_is_back(
    lobby: Lobby, rows: AnsweringRows
) -> None:
    lobby.tray.trouble = Trouble.PAPER_OUT

    def mended() -> None:
        lobby.tray.trouble = None
        lobby.situation.update(printer=Trouble.PAPER_OUT)

    ui = await lobby.run(
        *TO_CODE,
        (PayCode, central_says(rows, payment("marked"))),
        (PaymentEnded, Happens(mended)),
        (PaymentEnded, Happens(lambda: lobby.situation.update(printer=None))),
        (PaymentEnded, "reprint"),
        (PaymentEnded, Done()),
    )
    papers = [one.paper for one in ui.asked if isinstance(one, PaymentEnded)]
    assert papers == [NotOut(can_print=True), NotOut(), NotOut(can_print=True), CameOut()]
    assert told(lobby) == [("marked", "not_printed"), ("marked", "printed")]


async def test_an_unpaid_orders_fee_is_paid_from_its_code(lobby: Lobby, rows: AnsweringRows) -> None:
    kit.make_known(lobby.place.store, kit.setup_of(orders=True))
    rows.steps["payment"] = [payment("opened", biller="orders")]
    order_id = b"\x07" * 16
    ui = await lobby.run(
        (Start, lobby.scans(lobby.place.app.code(paid=False, order_id=order_id))),
        (OrderResult, "pay"),
        (PayCode, central_says(rows, payment("marked", biller="orders"))),
        (PaymentEnded, Done()),
    )
    assert rows.asked == [("payment", {"payer": "shamcash", "order": order_id.hex()})]
    assert ui.last(PaymentEnded).names is None, "it is an order's fee"
    paid = await lobby.run((Start, lobby.scans(lobby.place.app.code())), (OrderResult, Done()))
    assert not paid.last(OrderResult).can_pay


async def test_the_screen_that_waits_for_a_paper_bill_says_so_when_the_reader_goes_and_when_it_is_back(
    lobby: Lobby, rows: AnsweringRows
) -> None:
    ui = await lobby.run(
        (Start, TakeNumber("water-bill")),
        (BillOrNumber, "phone"),
        (FindBill, lobby.changes(scanner=Trouble.PRINTER_LOST)),
        (FindBill, lobby.changes(scanner=None)),
        (FindBill, lobby.scans(f"W{SUBSCRIBER}\r")),
        (BillShown, Home()),
    )
    assert [one.scans for one in ui.asked if isinstance(one, FindBill)] == [True, False, True]


async def test_a_receipt_that_may_be_out_names_no_button_where_none_stands(lobby: Lobby, rows: AnsweringRows) -> None:
    lobby.tray.trouble = Trouble.UNKNOWN
    ui = await lobby.run(*TO_CODE, (PayCode, central_says(rows, payment("marked"))), (PaymentEnded, Done()))
    assert ui.last(PaymentEnded).what_holds == (Text("payment.maybe_printed"),)

"""Orders from the app: held to the reader or typed, and every outcome in words."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from devices.protocols import Scan
from kiosk.desk.desk import OrderRecorded, Refused
from kiosk.flows.context import Context
from kiosk.flows.ordering import order
from kiosk.flows.situation import Conditions
from kiosk.machine.power import ServiceLevel
from kiosk.prompts.choosing import (
    AboutServices,
    ChoosePriority,
    Done,
    MoreServices,
    ServiceInfo,
    ShowService,
    Start,
    TakeNumber,
)
from kiosk.prompts.order import ChooseDocument, HoldCode, OrderResult, PhoneOrder, TypeOrderNumber
from kiosk.prompts.paper import CameOut, NotOut
from kiosk.prompts.state import NotAnOrder, StillThere
from kiosk.prompts.ticket import PrintingTicket, TakeTicket
from kiosk.prompts.ui import Back, Home, Text, Trouble
from offline_store.disk import tables
from tests.kit.clock import NOON
from tests.kit.desk import App, tell
from tests.visits.lobby import Lobby
from tests.visits.scripted_ui import Happens

ORDER = bytes(range(16))


async def test_a_code_held_to_the_start_screen_is_an_order_at_once(lobby: Lobby) -> None:
    ui = await lobby.run((Start, lobby.scans(lobby.place.app.code())), (OrderResult, Done()))
    result = ui.last(OrderResult)
    assert (result.outcome, result.paper) == ("accepted", CameOut())
    here = Text("result.collect_at", {"centre": lobby.place.catalogue.centre_names("homs-main")})
    assert result.where_and_when == (here, Text("result.from_next_day"))
    assert len(lobby.tray.out) == 1
    assert lobby.place.items("order") == 1


async def test_one_touch_and_a_scan_order_too(lobby: Lobby) -> None:
    await lobby.run(
        (Start, "order"), (HoldCode, lobby.scans(lobby.place.app.code(destination="post"))), (OrderResult, Done())
    )
    result = lobby.ui.last(OrderResult)
    assert result.where_and_when == (Text("result.by_post"),)


async def test_the_same_code_again_gives_the_receipt_as_a_copy(lobby: Lobby) -> None:
    code = lobby.place.app.code()
    ui = await lobby.run(
        (Start, lobby.scans(code)), (OrderResult, Done()), (Start, lobby.scans(code)), (OrderResult, Done())
    )
    assert ui.last(OrderResult).outcome == "repeated"
    assert ui.last(PrintingTicket).is_copy
    assert [copy for _, copy, _ in lobby.tray.out] == [False, True]
    assert lobby.place.items("order") == 1


async def test_an_unpaid_order_leads_to_the_cashier(lobby: Lobby) -> None:
    ui = await lobby.run((Start, lobby.scans(lobby.place.app.code(paid=False))), (OrderResult, Done()))
    assert (ui.last(OrderResult).outcome, ui.last(OrderResult).ticket_number) == ("accepted_unpaid", "Y2001")
    assert ui.last(PrintingTicket).number == "Y2001"


async def test_a_ready_document_gets_a_collection_number(lobby: Lobby) -> None:
    tell(lobby.place.store, ORDER.hex(), "ready")
    ui = await lobby.run((Start, lobby.scans(lobby.place.app.code(order_id=ORDER))), (OrderResult, Done()))
    assert (ui.last(OrderResult).outcome, ui.last(OrderResult).ticket_number) == ("ready", "A2001")
    assert lobby.tray.out == [("A2001", False, "ar")]


async def test_a_document_that_is_ready_to_be_posted_keeps_nobody_here(lobby: Lobby) -> None:
    tell(lobby.place.store, ORDER.hex(), "ready", centre="post")
    ui = await lobby.run((Start, lobby.scans(lobby.place.app.code(order_id=ORDER))), (OrderResult, Done()))
    result = ui.last(OrderResult)
    assert (result.advice, result.where_and_when, result.ticket_number) == (Text("outcome.by_post_do"), (), None)


async def test_where_no_number_can_be_given_nobody_is_told_to_wait_for_it(lobby: Lobby) -> None:
    with lobby.place.store.write() as connection:
        connection.execute(update(tables.store).values(tickets_closed="machine"))
    tell(lobby.place.store, ORDER.hex(), "ready")
    ui = await lobby.run(
        (Start, lobby.scans(lobby.place.app.code(order_id=ORDER))),
        (OrderResult, Done()),
        (Start, lobby.scans(lobby.place.app.code(paid=False))),
        (OrderResult, Done()),
    )
    results = [one for one in ui.asked if isinstance(one, OrderResult)]
    assert [one.advice.msgid for one in results] == ["outcome.no_number_do"] * 2


@pytest.mark.parametrize(
    ("state", "says"),
    [("collected", ["result.collected_on"]), ("in_progress", ["result.collect_at"]), ("by_post", ["result.by_post"])],
)
async def test_what_the_feed_says_is_said_without_paper(lobby: Lobby, state: str, says: list[str]) -> None:
    tell(lobby.place.store, ORDER.hex(), state, at="2026-11-20T08:00:00Z")
    ui = await lobby.run((Start, lobby.scans(lobby.place.app.code(order_id=ORDER))), (OrderResult, Done()))
    result = ui.last(OrderResult)
    assert (result.outcome, result.paper) == (state, None)
    assert [one.msgid for one in result.where_and_when] == says
    assert not ui.shown


async def test_other_outcomes_each_have_their_words(lobby: Lobby) -> None:
    app, stranger = lobby.place.app, App(kid=b"\xff\xff")
    codes = {
        "other_centre": app.code(destination="homs-hamra"),
        "unknown_service": app.code("passports"),
        "expired": app.code(expires=NOON - timedelta(hours=1), issued=NOON - timedelta(days=2)),
        "forged": App(kid=app.kid).code(),
        "accepted_unverified": stranger.code(),
    }
    steps = [step for code in codes.values() for step in ((Start, lobby.scans(code)), (OrderResult, Done()))]
    ui = await lobby.run(*steps)
    results = [one for one in ui.asked if isinstance(one, OrderResult)]
    assert [one.outcome for one in results] == list(codes)
    there = lobby.place.catalogue.centre_names("homs-hamra")
    assert results[0].where_and_when == (Text("result.collect_at", {"centre": there}),)
    assert results[2].where_and_when == (Text("result.expired_on", {"date": "2026/11/25"}),)
    assert results[4].paper == CameOut()


async def test_after_failures_the_way_out_grows(lobby: Lobby) -> None:
    ui = await lobby.run(
        (Start, "order"),
        (HoldCode, lobby.scans("https://example.org")),
        (HoldCode, lobby.scans(b"\xff\xfe garbage")),
        (HoldCode, lobby.scans("SY1:HALF")),
        (HoldCode, "help_ticket"),
        (TakeTicket, Done()),
    )
    holds = [(one.failures, one.help_ticket) for one in ui.asked if isinstance(one, HoldCode)]
    assert holds == [(0, False), (1, False), (2, False), (3, True)]
    assert lobby.tray.out == [("X2001", False, "ar")]
    assert lobby.place.items("order") == 0


READS: list[tuple[type, Any]] = [(Start, "about"), (AboutServices, ShowService("civil-affairs"))]


CHOOSING: dict[str, list[tuple[type, Any]]] = {
    "more": [(Start, "more"), (MoreServices, None)],
    "about": [(Start, "about"), (AboutServices, None)],
    "details": [*READS, (ServiceInfo, None)],
    "priority": [(Start, "priority"), (ChoosePriority, None)],
    "typing": [(Start, "order"), (HoldCode, "type_number"), (TypeOrderNumber, None)],
    "document": [(Start, "order"), (HoldCode, "new_order"), (ChooseDocument, None)],
    "back-with-the-code": [*READS, (ServiceInfo, "phone"), (PhoneOrder, None)],
    "warned": [(Start, "more"), (MoreServices, 45), (StillThere, None)],
}


@pytest.mark.parametrize("steps", CHOOSING.values(), ids=CHOOSING)
async def test_a_code_held_to_the_reader_while_something_is_chosen_is_taken(
    lobby: Lobby, steps: list[tuple[type, Any]]
) -> None:
    lobby.place.overlay({"code": "civil-affairs", "fee": {"amount_minor": 0}})
    code = lobby.place.app.code()
    way = [(asked, lobby.scans(code) if what is None else what) for asked, what in steps]
    way = [(asked, lobby.passes(what) if isinstance(what, int) else what) for asked, what in way]
    ui = await lobby.run(*way, (OrderResult, Done()))
    assert ui.last(OrderResult).outcome == "accepted"
    assert lobby.place.items("order") == 1


@pytest.mark.parametrize("strange", ["4006381333931", "https://example.org", b"\xff\xfe garbage"])
async def test_a_strange_code_takes_nobody_away_from_choosing(lobby: Lobby, strange: bytes | str) -> None:
    ui = await lobby.run(
        (Start, "order"),
        (HoldCode, "type_number"),
        (TypeOrderNumber, lobby.scans(strange)),
        (NotAnOrder, lobby.passes(5)),
        (TypeOrderNumber, lobby.scans(lobby.place.app.code())),
        (OrderResult, Done()),
    )
    assert [one.failures for one in ui.asked if isinstance(one, HoldCode)] == [0]


async def test_no_code_is_taken_from_choosing_on_battery_nor_while_a_number_stands_there(lobby: Lobby) -> None:
    lobby.conditions = Conditions(power_service=ServiceLevel.NO_ORDERS)
    code = lobby.place.app.code()
    await lobby.run((Start, "more"), (MoreServices, Happens(lambda: _scan_and_end(lobby, code))))
    assert lobby.place.items("order") == 0
    lobby.conditions = Conditions()
    await lobby.run((Start, TakeNumber("civil-affairs")), (TakeTicket, Happens(lambda: _scan_and_end(lobby, code))))
    assert lobby.place.items("order") == 0


@pytest.mark.parametrize("strange", ["4006381333931", "اشتراك، ٢٠٢٦", "اشتراك سنوي".encode("cp1256")])
async def test_a_strange_code_on_the_start_screen_asks_for_the_right_one(lobby: Lobby, strange: bytes | str) -> None:
    ui = await lobby.run((Start, lobby.scans(strange)), (HoldCode, Back()), (Start, Home()))
    assert ui.last(HoldCode).failures == 1


NOISE = [b"~", b"\x80\x01\xff\x13\x00", bytes(range(256)), b"\xc3\x28\x91qj\xe0\x8dZ\xb3"]


"""The last: the few bytes of a babbling line that come before a pause in it."""


@pytest.mark.parametrize("noise", NOISE)
async def test_noise_on_the_scanners_line_begins_no_visit(
    lobby: Lobby, noise: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, judged, judge = lobby.place.app.code(), [], order.judge_code

    async def judge_code(ctx: Context, text: str) -> OrderRecorded | Refused:
        judged.append(text)
        return await judge(ctx, text)

    monkeypatch.setattr(order, "judge_code", judge_code)

    def disturbed() -> None:
        for payload in (noise, code.encode()):
            lobby.hand.scans.put_nowait(Scan(payload))

    ui = await lobby.run((Start, Happens(disturbed)), (OrderResult, Done()))
    assert ui.last(OrderResult).outcome == "accepted"
    assert judged == [code]


async def test_a_typed_number_is_recorded_and_its_owner_sent_to_information(lobby: Lobby) -> None:
    ui = await lobby.run(
        (Start, "order"),
        (HoldCode, "type_number"),
        (TypeOrderNumber(), Back()),
        (HoldCode, "type_number"),
        (TypeOrderNumber(), "٩٩٩٠٠٠١١١١"),
        (OrderResult, Done()),
    )
    result = ui.last(OrderResult)
    assert (result.outcome, result.of.order_number) == ("accepted_unverified", "9990001111")
    assert (result.ticket_number, result.paper) == ("X2001", CameOut()), "it has its number for information at once"
    assert ui.last(PrintingTicket).number == "X2001"


async def test_without_a_scanner_the_number_can_still_be_typed(lobby: Lobby) -> None:
    lobby.conditions = Conditions(has_scanner=False)
    ui = await lobby.run((Start, "order"), (HoldCode, "type_number"), (TypeOrderNumber, Back()), (HoldCode, Home()))
    scanner = ui.last(HoldCode).scanner
    assert not scanner.is_offered
    assert scanner.why_not is not None
    assert scanner.why_not.msgid == "fault.no_reader"


async def test_a_scanner_that_comes_back_is_used_on_the_start_screen(lobby: Lobby) -> None:
    lobby.conditions = Conditions(scanner=Trouble.FAULT)
    ui = await lobby.run(
        (Start, lobby.changes(scanner=None)), (Start, lobby.scans(lobby.place.app.code())), (OrderResult, Done())
    )
    assert [one.scanner.is_offered for one in ui.asked if isinstance(one, Start)][:2] == [False, True]


async def test_a_receipt_that_was_not_printed_is_offered_once_the_printer_is_back(lobby: Lobby) -> None:
    lobby.printer_fails(Trouble.PAPER_OUT)
    ui = await lobby.run(
        (Start, lobby.scans(lobby.place.app.code())),
        (OrderResult, lobby.mends_printer()),
        (OrderResult, "reprint"),
        (OrderResult, Done()),
    )
    papers = [one.paper for one in ui.asked if isinstance(one, OrderResult)]
    assert papers == [NotOut(), NotOut(can_print=True), CameOut()]
    before, offered, _ = (one.what_to_do for one in ui.asked if isinstance(one, OrderResult))
    assert (before[-1], offered[-1]) == (Text("result.no_receipt"), Text("fault.mended"))
    assert [copy for _, copy, _ in lobby.tray.out] == [True]


async def test_on_battery_a_scan_on_the_start_screen_is_no_order(lobby: Lobby) -> None:
    lobby.conditions = Conditions(power_service=ServiceLevel.NO_ORDERS)
    lobby_code = lobby.place.app.code()
    ui = await lobby.run((Start, Happens(lambda: _scan_and_end(lobby, lobby_code))))
    assert isinstance(ui.asked[-1], Start)
    assert lobby.place.items("order") == 0


async def _scan_and_end(lobby: Lobby, code: str) -> None:
    lobby.scans(code).act()
    await lobby.time.advance(5)
    lobby.ui.ended.set()


# With the card, by phone, at the counter.


async def test_the_screen_that_waits_for_a_code_says_so_when_the_reader_goes_and_when_it_is_back(lobby: Lobby) -> None:
    ui = await lobby.run(
        (Start, "order"),
        (HoldCode, lobby.changes(scanner=Trouble.PRINTER_LOST)),
        (HoldCode, lobby.changes(scanner=None)),
        (HoldCode, lobby.scans(lobby.place.app.code())),
        (OrderResult, Done()),
    )
    assert ui.last(HoldCode).scanner.is_offered
    assert ui.last(OrderResult).outcome == "accepted"


async def test_who_comes_to_pay_on_a_later_day_waits_for_a_number_of_that_day(lobby: Lobby) -> None:
    code = lobby.place.app.code(paid=False)
    await lobby.run((Start, lobby.scans(code)), (OrderResult, Done()))
    lobby.place.clock.pass_time(days=1)
    lobby.place.desk.issue("cashier", intention="somebody who came before")
    ui = await lobby.run((Start, lobby.scans(code)), (OrderResult, Done()))
    result = ui.last(OrderResult)
    assert (result.outcome, result.ticket_number) == ("accepted_unpaid", "Y2002")
    assert [copy for _, copy, _ in lobby.tray.out] == [False, False]

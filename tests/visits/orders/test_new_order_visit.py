"""Ordering a document at the kiosk: with the identity card, by phone, or at the counter."""

from dataclasses import replace

import pytest

from common.city.catalogue import Fee
from devices.protocols import Card
from kiosk.flows.context import Centre
from kiosk.flows.ordering.fees import fee_text
from kiosk.flows.situation import Conditions
from kiosk.prompts.choosing import AboutServices, Done, ServiceInfo, ShowService, Start
from kiosk.prompts.order import (
    ChooseCopies,
    ChooseDocument,
    ChooseKind,
    ChooseWay,
    ConfirmIdentity,
    HoldCode,
    OrderResult,
    PhoneOrder,
    PresentCard,
)
from kiosk.prompts.state import NotNow, StillThere
from kiosk.prompts.ticket import TakeTicket
from kiosk.prompts.ui import OFFERED, Availability, Back, Home, Text, Trouble
from tests.visits.lobby import Lobby
from tests.visits.scripted_ui import Happens, Step, TooLate

WISH: tuple[Step, ...] = ((ChooseKind, ShowService("family")), (ChooseCopies, 2))
TO_WAY: tuple[Step, ...] = (
    (Start, "order"), (HoldCode, "new_order"), (ChooseDocument, ShowService("civil-affairs"))
)  # fmt: skip
CARD = "سلمى#الحمصي#أحمد#فاطمة#حمص 1-2-1980#04010012345#".encode("cp1256")


def _reads(service: str) -> tuple[Step, ...]:
    return (Start, "about"), (AboutServices, ShowService(service))


async def test_an_order_with_the_card_is_confirmed_masked_recorded_and_sent_to_the_cashier(lobby: Lobby) -> None:
    ui = await lobby.run(
        *TO_WAY,
        (ChooseWay, "card"),
        *WISH,
        (PresentCard, lobby.scans(CARD)),
        (ConfirmIdentity, "confirm"),
        (OrderResult, Done()),
    )
    asked = ui.last(ConfirmIdentity)
    assert (asked.first_name, asked.last_four) == ("سلمى", "2345")
    assert "سلمى" not in repr(asked)
    assert "2345" not in repr(asked)
    result = ui.last(OrderResult)
    assert (result.outcome, result.ticket_number) == ("accepted_unpaid", "Y2001")
    assert (result.of.names, result.of.copies) == ({"ar": "بيان عائلي", "en": "Family statement"}, 2)
    assert (asked.names, asked.copies, asked.fee) == (result.of.names, 2, None)
    assert result.of.order_number == "9203280001", "it can be typed, written down and asked about"
    assert (result.for_whom, result.is_personal, result.fee) == ("سلمى", True, None)
    assert "سلمى" not in repr(result)
    assert lobby.place.items("order") == 1


async def test_a_service_without_a_list_asks_for_copies_alone_and_says_what_they_cost(
    lobby: Lobby,
) -> None:
    lobby.place.overlay({"code": "state-employees", "fee": {"amount_minor": 2_500, "pound": "new"}})
    ui = await lobby.run(
        *_reads("state-employees"),
        (ServiceInfo, "card"),
        (ChooseCopies, 3),
        (PresentCard, lobby.scans(CARD)),
        (ConfirmIdentity, "confirm"),
        (OrderResult, Done()),
    )
    assert ui.last(ConfirmIdentity).fee == fee_text(Fee(7_500, pound="new"))
    assert (ui.last(OrderResult).of.copies, ui.last(OrderResult).fee) == (3, ui.last(ConfirmIdentity).fee)


async def test_the_confirmation_is_covered_after_fifteen_seconds_and_shown_again_on_a_touch(lobby: Lobby) -> None:
    ui = await lobby.run(
        *TO_WAY,
        (ChooseWay, "card"),
        *WISH,
        (PresentCard, lobby.scans(CARD)),
        (ConfirmIdentity, lobby.passes(15)),
        (ConfirmIdentity, "show_again"),
        (ConfirmIdentity, "not_me"),
        (PresentCard, Home()),
    )
    shown = [(one.is_covered, one.first_name, one.last_four) for one in ui.asked if isinstance(one, ConfirmIdentity)]
    assert shown == [(False, "سلمى", "2345"), (True, "", ""), (False, "سلمى", "2345")]
    assert lobby.place.items("order") == 0


async def test_personal_data_is_warned_about_earlier_and_wiped(lobby: Lobby) -> None:
    ui = await lobby.run(
        *TO_WAY,
        (ChooseWay, "card"),
        *WISH,
        (PresentCard, lobby.scans(CARD)),
        (ConfirmIdentity, lobby.passes(15)),
        (ConfirmIdentity, lobby.passes(30)),
        (StillThere, lobby.passes(20)),
    )
    assert isinstance(ui.asked[-1], Start)
    assert ui.forgotten == 1
    assert lobby.place.items("order") == 0


@pytest.mark.parametrize(
    ("payload", "problem"),
    [
        (b"https://example.org", "present_card.no_identity"),
        ("سلمى#الحمصي#أحمد#فاطمة#حمص 1-2-1980".encode("cp1256"), "present_card.no_number"),
        ("سلمى#الحمصي#أحمد#فاطمة#حمص 1-2-1980#123#".encode("cp1256"), "present_card.no_number"),
    ],
)
async def test_a_card_that_cannot_be_understood_is_said_to_be_so(lobby: Lobby, payload: bytes, problem: str) -> None:
    ui = await lobby.run(
        *TO_WAY,
        (ChooseWay, "card"),
        *WISH,
        (PresentCard, lobby.scans(payload)),
        (PresentCard, Home()),
    )
    asked = ui.last(PresentCard)
    assert asked.problem is not None
    assert (asked.problem.msgid, asked.failures) == (problem, 1)


async def test_a_card_of_another_kind_is_no_identity_card(lobby: Lobby) -> None:
    ui = await lobby.run(
        *TO_WAY,
        (ChooseWay, "card"),
        *WISH,
        (PresentCard, Happens(lambda: lobby.hand.cards.put_nowait(Card("magstripe", b"x")))),
        (PresentCard, "counter"),
        (TakeTicket, Done()),
    )
    assert ui.last(PresentCard).problem is not None
    assert lobby.tray.out == [("A2001", False, "ar")]


async def test_the_phone_gets_the_apps_page_for_this_centre_and_service(lobby: Lobby) -> None:
    lobby.place.overlay({"code": "state-employees", "fee": {"amount_minor": 0}})
    ui = await lobby.run(*_reads("state-employees"), (ServiceInfo, "phone"), (PhoneOrder, Done()))
    assert ui.last(PhoneOrder).url == "https://app.example/o/homs-main/state-employees"


async def test_every_step_of_a_new_order_can_be_taken_back(lobby: Lobby) -> None:
    await lobby.run(
        *TO_WAY,
        (ChooseWay, "phone"),
        (PhoneOrder, Back()),
        (ChooseWay, "card"),
        *WISH,
        (PresentCard, Back()),
        (ChooseKind, ShowService("birth")),
        (ChooseCopies, Back()),
        (ChooseKind, Back()),
        (ChooseWay, Back()),
        (ChooseDocument, Back()),
        (HoldCode, Back()),
        (Start, Home()),
    )


async def test_without_a_page_or_scanner_the_counter_is_left_and_it_is_said_why(lobby: Lobby) -> None:
    lobby.conditions = Conditions(scanner=Trouble.PRINTER_LOST)

    def page_goes() -> None:
        lobby.centre = Centre(lobby.centre.code)

    ui = await lobby.run(*TO_WAY, (ChooseWay, TooLate("phone", page_goes)), (NotNow, Done()))
    assert ui.last(NotNow).why.msgid == "fault.no_order_page"
    ui = await lobby.run(*TO_WAY, (ChooseWay, "counter"), (TakeTicket, Done()))
    way = ui.last(ChooseWay)
    assert [one.why_not.msgid for one in (way.phone, way.card) if one and one.why_not] == [
        "fault.no_order_page",
        "fault.scanner",
    ]


async def test_a_centre_may_take_no_orders_with_the_identity_card(lobby: Lobby) -> None:
    lobby.centre = replace(lobby.centre, has_card_orders=False)
    lobby.place.overlay({"code": "civil-affairs", "fee": {"amount_minor": 0}})
    ui = await lobby.run(
        *_reads("civil-affairs"),
        (ServiceInfo, Back()),
        (AboutServices, Back()),
        *TO_WAY,
        (ChooseWay, "phone"),
        (PhoneOrder, Home()),
    )
    way, info = ui.last(ChooseWay), ui.last(ServiceInfo)
    assert (info.phone, info.card, way.card) == (OFFERED, None, None)
    assert [text.msgid for text in way.spoken] == ["speech.way_without_card"]


async def test_the_document_can_vanish_from_the_catalogue_meanwhile(lobby: Lobby) -> None:
    def vanishes(is_offered: bool = False) -> None:
        lobby.place.overlay({"code": "civil-affairs", "offered": is_offered})

    gone = *TO_WAY[:-1], (ChooseDocument, TooLate(ShowService("civil-affairs"), vanishes))
    await lobby.run(*gone, (NotNow, Done()))
    assert lobby.tray.out == []
    vanishes(is_offered=True)
    await lobby.run(*gone, (NotNow, "help_ticket"), (TakeTicket, Done()))
    assert lobby.tray.out == [("X2001", False, "ar")]


async def test_a_reader_that_goes_while_a_card_is_asked_for_is_said_to_be_gone(lobby: Lobby) -> None:
    ui = await lobby.run(
        *TO_WAY,
        (ChooseWay, "card"),
        *WISH,
        (PresentCard, lobby.changes(scanner=Trouble.PRINTER_LOST)),
        (NotNow, Done()),
        (ChooseWay, Home()),
    )
    assert ui.last(NotNow).why.msgid == "fault.scanner"
    assert ui.last(ChooseWay).card == Availability(False, Text("fault.scanner"))

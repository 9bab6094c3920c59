"""A number without a paper: it is shown, found again by its last digits, and printed once there is paper."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from kiosk.flows.situation import Conditions
from kiosk.prompts.choosing import ChoosePriority, Done, Start, TakeNumber
from kiosk.prompts.state import HelpOffer
from kiosk.prompts.ticket import FindNumber, TakeTicket, TicketOnScreen
from kiosk.prompts.ui import AskForHelp, Back, Home, Priority, Text, Trouble
from offline_store.disk import tables
from offline_store.issuing.ticket import recorded_body
from tests.visits.lobby import Lobby
from tests.visits.scripted_ui import Happens
from tests.visits.test_ticket_visit import TAP


async def test_printer_out_of_paper_keeps_the_number_and_offers_the_paper_when_it_is_back(lobby: Lobby) -> None:
    lobby.printer_fails(Trouble.PAPER_OUT)
    ui = await lobby.run(
        (Start, TAP),
        (TicketOnScreen, lobby.mends_printer()),
        (TicketOnScreen, "reprint"),
        (TakeTicket, Done()),
    )
    first, second = [one for one in ui.asked if isinstance(one, TicketOnScreen)]
    assert (first.number, first.trouble, first.can_reprint) == ("C2001", Trouble.PAPER_OUT, False)
    assert (second.number, second.can_reprint) == ("C2001", True)
    assert Text("fault.paper_out") in first.what_holds
    for said in (second.what_holds, second.spoken):  # it doesn't blame a printer that works again
        assert said[:2] == (Text("fault.mended"), Text("screen_ticket.same_number"))
        assert Text("fault.paper_out") not in said
    assert ui.last(TakeTicket).is_copy
    assert lobby.tray.out == [("C2001", True, "ar")]
    assert lobby.place.items("ticket") == 1
    assert ui.last(Start).notice is None


@pytest.mark.parametrize(("trouble", "has_code"), [(Trouble.PAPER_OUT, True), (Trouble.UNKNOWN, False)])
async def test_without_paper_a_phone_takes_the_numbers_page_from_the_screen(
    lobby: Lobby, trouble: Trouble, has_code: bool
) -> None:
    lobby.centre = replace(lobby.centre, ticket_page="https://status.example/t/{id}")
    lobby.tray.trouble = trouble
    lobby.conditions = Conditions(printer=Trouble.PAPER_OUT if has_code else None)
    ui = await lobby.run((Start, TAP), (TicketOnScreen, Done()))
    with lobby.place.store.read() as connection:
        body = connection.execute(select(tables.items.c.body).where(tables.items.c.kind == "ticket")).scalar_one()
    shown = ui.last(TicketOnScreen)
    assert shown.code == (f"https://status.example/t/{recorded_body(body).token}" if has_code else None)
    assert (Text("screen_ticket.follow") in shown.what_holds) is has_code


async def test_where_the_paper_fails_again_a_phone_still_finds_the_numbers_page_on_the_screen(lobby: Lobby) -> None:
    lobby.centre = replace(lobby.centre, ticket_page="https://status.example/t/{id}")
    lobby.printer_fails(Trouble.PAPER_OUT)
    back = Happens(lambda: lobby.situation.update(printer=None))
    ui = await lobby.run((Start, TAP), (TicketOnScreen, back), (TicketOnScreen, "reprint"), (TicketOnScreen, Done()))
    first, offered, last = (one for one in ui.asked if isinstance(one, TicketOnScreen))
    assert first.code is not None
    assert (offered.can_reprint, last.can_reprint, last.code) == (True, False, first.code)


async def test_who_knows_the_last_digits_finds_the_number_and_has_it_printed_once(lobby: Lobby) -> None:
    lobby.printer_fails(Trouble.JAM)
    ui = await lobby.run(
        (Start, TAP),
        (TicketOnScreen, Done()),
        (Start, lobby.mends_printer()),
        (Start, TakeNumber("clearance")),  # somebody else's ticket takes nothing away
        (TakeTicket, Done()),
        (Start, AskForHelp()),
        (HelpOffer(can_find=True), "find_number"),
        (FindNumber(), "002"),
        (FindNumber(wrong=True), "001"),
        (TicketOnScreen, "reprint"),
        (TakeTicket, Done()),
        (Start, AskForHelp()),
        (HelpOffer(can_find=False), Back()),
    )
    notices = [one.notice.msgid if one.notice else None for one in ui.asked if isinstance(one, Start)]
    assert "start.find_notice" in notices
    assert lobby.tray.out == [("B2001", False, "ar"), ("C2001", True, "ar")]


async def test_of_numbers_that_end_alike_each_finds_his_own(lobby: Lobby) -> None:
    lobby.printer_fails(Trouble.JAM)
    await lobby.run(
        (Start, TAP),
        (TicketOnScreen, Done()),
        (Start, TakeNumber("clearance")),
        (TicketOnScreen, Done()),
        (Start, lobby.mends_printer()),
        (Start, AskForHelp()),
        (HelpOffer, "find_number"),
        (FindNumber(), "001"),
        (TicketOnScreen, Done()),  # B2001: it is not his
        (TicketOnScreen, "reprint"),
        (TakeTicket, Done()),
        (Start, AskForHelp()),
        (HelpOffer(can_find=True), "find_number"),
        (FindNumber(), "001"),
        (TicketOnScreen, "reprint"),
        (TakeTicket, Done()),
    )
    assert lobby.tray.out == [("C2001", True, "ar"), ("B2001", True, "ar")]


async def test_three_wrong_guesses_end_the_search(lobby: Lobby) -> None:
    lobby.tray.trouble = Trouble.JAM
    await lobby.run(
        (Start, TAP),
        (TicketOnScreen, Done()),
        (Start, AskForHelp()),
        (HelpOffer, "find_number"),
        *((FindNumber, guess) for guess in ("111", "222", "333")),
        (Start, Home()),
    )
    assert lobby.tray.out == []


async def test_a_number_without_paper_is_found_again_with_the_priority_said_for_it(lobby: Lobby) -> None:
    lobby.printer_fails(Trouble.JAM)
    ui = await lobby.run(
        (Start, "priority"),
        (ChoosePriority, Priority.DISABLED),
        (Start, TAP),
        (TicketOnScreen, Done()),
        (Start, lobby.mends_printer()),
        (Start, AskForHelp()),
        (HelpOffer(can_find=True), "find_number"),
        (FindNumber(), "001"),
        (TicketOnScreen, Done()),
    )
    assert ui.last(TicketOnScreen).has_priority
    assert [one.priority for one, _ in lobby.place.desk.without_paper()] == [Priority.DISABLED]


async def test_a_paper_that_nobody_confirmed_is_called_unknown(lobby: Lobby) -> None:
    lobby.tray.trouble = Trouble.UNKNOWN
    ui = await lobby.run((Start, TAP), (TicketOnScreen, Done()))
    assert ui.last(TicketOnScreen).trouble is Trouble.UNKNOWN
    assert ui.last(TicketOnScreen).can_reprint
    assert Text("fault.unknown") in ui.last(TicketOnScreen).what_holds


async def test_a_reprint_that_fails_is_not_offered_again(lobby: Lobby) -> None:
    lobby.tray.trouble = Trouble.COVER_OPEN
    ui = await lobby.run((Start, TAP), (TicketOnScreen, "reprint"), (TicketOnScreen, Done()))
    assert not ui.last(TicketOnScreen).can_reprint
    assert ui.last(Start).notice is None

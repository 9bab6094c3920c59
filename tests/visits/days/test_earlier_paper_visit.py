"""A paper that is shown once more: of an earlier day it is noted with a new number, of today its own number holds."""

from datetime import date

import pytest
from sqlalchemy import select

from common.protocol.queue.claim import TicketClaim, digits_of, token_digest
from kiosk.desk.desk import Issued, new_intention
from kiosk.flows.context import Judged
from kiosk.machine.power import ServiceLevel
from kiosk.prompts.choosing import Done, MoreServices, Start, TakeNumber
from kiosk.prompts.earlier_paper import EarlierPaper, ServiceOfPaper, TicketOfToday, TypeTicketDigits
from kiosk.prompts.order import HoldCode
from kiosk.prompts.state import HelpOffer
from kiosk.prompts.ticket import Ahead, TakeTicket, TicketOnScreen
from kiosk.prompts.ui import AskForHelp, Back, Home, Text, Trouble
from offline_store.disk import tables
from offline_store.issuing.ticket import recorded_body
from tests.kit.hall_rows import hears, row
from tests.visits.lobby import Lobby
from tests.visits.scripted_ui import Happens

STRANGE = "0193f3c2-7b1e-4c55-9a40-1d2f3a4b5c6d"
TAKE = TakeNumber("civil-affairs")


def yesterdays(lobby: Lobby) -> Issued:
    """Give a number, and let the night pass."""
    ticket = todays(lobby)
    lobby.place.clock.pass_time(days=1)
    return ticket


def todays(lobby: Lobby) -> Issued:
    ticket = lobby.place.desk.issue("civil-affairs", intention=new_intention())
    assert isinstance(ticket, Issued)
    return ticket


def claims(lobby: Lobby) -> list[TicketClaim | None]:
    items = tables.items.c
    with lobby.place.store.read() as connection:
        bodies = connection.execute(select(items.body).where(items.kind == "ticket").order_by(items.row)).scalars()
        return [recorded_body(body).claim for body in bodies]


async def test_yesterdays_code_gives_a_number_of_its_service_that_bears_the_claim(lobby: Lobby) -> None:
    old = yesterdays(lobby)
    ui = await lobby.run((Start, lobby.scans(f"SY1T:{old.id}")), (EarlierPaper, TAKE), (TakeTicket, Done()))
    known = ui.last(EarlierPaper).known
    assert known is not None
    assert (known.number, known.day, known.service) == (old.number, date(2026, 11, 25), "civil-affairs")
    assert claims(lobby) == [None, TicketClaim("carried", id=old.id)]
    assert ui.last(TakeTicket).claim == Text("claim.noted"), "nobody has judged it: nothing is promised"


async def test_the_address_of_a_page_names_the_ticket_too(lobby: Lobby) -> None:
    old = yesterdays(lobby)
    assert old.token is not None
    address = f"https://status.example/t/{old.token}"
    await lobby.run((Start, lobby.scans(address)), (EarlierPaper, TAKE), (TakeTicket, Done()))
    assert claims(lobby)[-1] == TicketClaim("carried", token_sha256=token_digest(old.token))


async def test_a_paper_of_another_kiosk_asks_for_the_service(lobby: Lobby) -> None:
    ui = await lobby.run(
        (Start, lobby.scans(f"SY1T:{STRANGE}")),
        (EarlierPaper(), "more"),
        (ServiceOfPaper, Back()),
        (EarlierPaper, "more"),
        (ServiceOfPaper, TakeNumber("water-bill")),
        (TakeTicket, Done()),
    )
    tiles = [tile for page in ui.last(ServiceOfPaper).pages for group in page for tile in group.tiles]
    assert {tile.service for tile in tiles} == {one.code for one in lobby.place.catalogue.services}
    assert claims(lobby) == [TicketClaim("carried", id=STRANGE)]


async def test_a_service_that_is_gone_is_not_offered_for_its_paper(lobby: Lobby) -> None:
    old = yesterdays(lobby)
    lobby.place.overlay({"code": "civil-affairs", "offered": False})
    ui = await lobby.run((Start, lobby.scans(f"SY1T:{old.id}")), (EarlierPaper, Home()))
    assert ui.last(EarlierPaper).service is None


@pytest.mark.parametrize("word", ["good", "used", "unknown"])
async def test_what_the_hub_makes_of_it_is_said_once_it_has_said_it(lobby: Lobby, word: str) -> None:
    old = yesterdays(lobby)
    ahead = Ahead(2, "12:00")

    async def hub_judges() -> None:
        lobby.judged = lambda _: Judged(word, ahead)  # type: ignore[arg-type]
        await lobby.time.advance(1)

    ui = await lobby.run(
        (Start, lobby.scans(f"SY1T:{old.id}")),
        (EarlierPaper, TAKE),
        (TakeTicket, Happens(hub_judges)),
        (TakeTicket, lobby.passes(8)),
    )
    first, second = (one for one in ui.asked if isinstance(one, TakeTicket))
    assert (first.claim, first.ahead) == (Text("claim.noted"), None)
    assert (second.claim, second.ahead) == (Text(f"claim.{word}"), ahead)
    assert isinstance(ui.asked[-1], Start), "the screen goes back by itself all the same"


async def test_without_paper_the_screen_says_how_many_come_before(lobby: Lobby) -> None:
    old, ahead = yesterdays(lobby), Ahead(2, "12:00")
    lobby.tray.trouble = Trouble.PAPER_OUT

    async def hub_judges() -> None:
        lobby.judged = lambda _: Judged("good", ahead)
        await lobby.time.advance(1)

    ui = await lobby.run(
        (Start, lobby.scans(f"SY1T:{old.id}")),
        (EarlierPaper, TAKE),
        (TicketOnScreen, Happens(hub_judges)),
        (TicketOnScreen, Done()),
    )
    first, second = (one for one in ui.asked if isinstance(one, TicketOnScreen))
    assert (first.ahead, second.ahead) == (None, ahead)
    assert Text("ticket.people_before", {"n": 2}) in second.spoken


async def test_without_paper_the_screen_says_what_the_hub_makes_of_it(lobby: Lobby) -> None:
    old = yesterdays(lobby)
    lobby.tray.trouble = Trouble.JAM

    async def hub_judges() -> None:
        lobby.judged = lambda _: Judged("good")
        await lobby.time.advance(1)

    ui = await lobby.run(
        (Start, lobby.scans(f"SY1T:{old.id}")),
        (EarlierPaper, TAKE),
        (TicketOnScreen, Happens(hub_judges)),
        (TicketOnScreen, Done()),
    )
    assert [one.claim for one in ui.asked if isinstance(one, TicketOnScreen)] == [
        Text("claim.noted"),
        Text("claim.good"),
    ]


async def test_a_number_without_an_earlier_paper_asks_the_hub_nothing(lobby: Lobby) -> None:
    lobby.judged = lambda _: Judged("good")
    ui = await lobby.run((Start, TAKE), (TakeTicket, Done()))
    assert ui.last(TakeTicket).claim is None


async def test_a_paper_of_today_gives_no_second_number(lobby: Lobby) -> None:
    ticket = todays(lobby)
    ui = await lobby.run((Start, lobby.scans(f"SY1T:{ticket.id}")), (TicketOfToday, Done()))
    said = ui.last(TicketOfToday)
    assert (said.number, said.stands, said.counter) == (ticket.number, "waits", None)
    assert len(claims(lobby)) == 1


async def test_a_number_that_has_passed_says_so_and_a_new_one_is_offered(lobby: Lobby) -> None:
    ticket = todays(lobby)
    hears(lobby.place.store, row(ticket.id, ticket.number, "ended", end="done-unconfirmed", counter=3))
    ui = await lobby.run(
        (Start, lobby.scans(f"SY1T:{ticket.id}")), (TicketOfToday, TakeNumber(ticket.service)), (TakeTicket, Done())
    )
    said = ui.last(TicketOfToday)
    assert (said.stands, said.service) == ("passed", ticket.service)
    assert said.what_holds == (Text("todays.called", {"counter": 3}), Text("todays.passed"))
    assert len(claims(lobby)) == 2


async def test_a_neighbours_paper_of_today_is_answered_as_ones_own(lobby: Lobby) -> None:
    strange = "0193f3c2-7b1e-4c55-9a40-1d2f3a4b5c6d"
    hears(lobby.place.store, row(strange, "A1007", kiosk="homs-main-1", service="civil-affairs"))
    ui = await lobby.run((Start, lobby.scans(f"SY1T:{strange}")), (TicketOfToday, Done()))
    said = ui.last(TicketOfToday)
    assert (said.number, said.stands, said.service) == ("A1007", "waits", None)
    assert claims(lobby) == []


async def test_a_number_whose_day_was_closed_early_keeps_its_place_and_says_so(lobby: Lobby) -> None:
    ticket = todays(lobby)
    hears(lobby.place.store, row(ticket.id, ticket.number, "ended", end="carried"))
    ui = await lobby.run((Start, lobby.scans(f"SY1T:{ticket.id}")), (TicketOfToday, Done()))
    assert ui.last(TicketOfToday).what_holds == (Text("todays.carried"),)


async def test_a_paper_of_today_that_was_taken_back_says_so_and_leads_to_information(lobby: Lobby) -> None:
    ticket = todays(lobby)
    lobby.place.desk.take_back(ticket)
    ui = await lobby.run(
        (Start, lobby.scans(f"SY1T:{ticket.id}")), (TicketOfToday, "help_ticket"), (TakeTicket, Done())
    )
    assert ui.last(TicketOfToday).stands == "voided"
    assert claims(lobby) == [None, None], "a number at the information desk is an ordinary one"


async def test_digits_are_typed_from_help_and_a_slip_of_the_finger_is_said(lobby: Lobby) -> None:
    old = yesterdays(lobby)
    digits = digits_of(old.id)
    slip = digits[:-1] + str((int(digits[-1]) + 1) % 10)
    await lobby.run(
        (Start, AskForHelp()),
        (HelpOffer, "earlier"),
        (TypeTicketDigits(), slip),
        (TypeTicketDigits(wrong=True), digits),
        (EarlierPaper, TAKE),
        (TakeTicket, Done()),
    )
    assert claims(lobby)[-1] == TicketClaim("carried", digits=digits)


@pytest.mark.parametrize("at", ["more", "order"])
async def test_a_paper_is_taken_on_any_screen_before_a_number(lobby: Lobby, at: str) -> None:
    old = yesterdays(lobby)
    screen = MoreServices if at == "more" else HoldCode
    await lobby.run((Start, at), (screen, lobby.scans(f"SY1T:{old.id}")), (EarlierPaper, TAKE), (TakeTicket, Done()))
    assert claims(lobby)[-1] == TicketClaim("carried", id=old.id)


async def test_while_no_orders_are_taken_a_paper_still_is_and_an_orders_code_begins_nothing(lobby: Lobby) -> None:
    old = yesterdays(lobby)
    lobby.conditions = lobby.conditions.__class__(power_service=ServiceLevel.NO_ORDERS)

    def both() -> None:
        lobby.scans(lobby.place.app.code()).act()
        lobby.scans(f"SY1T:{old.id}").act()

    await lobby.run((Start, Happens(both)), (EarlierPaper, Home()))

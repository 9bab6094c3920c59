"""How a visit was: asked of who shows its ticket, once, and only where the question is true."""

from typing import cast

import pytest
from sqlalchemy import select

from common.machine.errors import StoreUnavailable
from common.protocol.envelope import decode_body
from common.protocol.queue.call import QueueCall
from features.feedback.kiosk.flow import SAY
from features.feedback.kiosk.keeping import accept_feedback
from features.feedback.kiosk.prompts import HowWasIt, Thanks, WasItDone
from features.feedback.wire import FeedbackBody
from kiosk.desk.desk import Issued, new_intention
from kiosk.prompts.choosing import Done, Start, TakeNumber
from kiosk.prompts.earlier_paper import EarlierPaper, TicketOfToday
from kiosk.prompts.state import NotNow
from kiosk.prompts.ticket import TakeTicket
from kiosk.prompts.ui import Back, Home, Text
from offline_store.chain.audit import verify_chain
from offline_store.delivery.outbox import waiting_items
from offline_store.disk import tables
from offline_store.queue.hall import take_calls
from tests.visits.lobby import Lobby
from tests.visits.scripted_ui import Happens

ITEMS = tables.items.c


def given(lobby: Lobby, *, days_ago: int = 0) -> Issued:
    ticket = lobby.place.desk.issue("civil-affairs", intention=new_intention())
    assert isinstance(ticket, Issued)
    lobby.place.clock.pass_time(days=days_ago)
    return ticket


def called(lobby: Lobby) -> Issued:
    ticket = given(lobby)
    take_calls(lobby.place.store, [QueueCall(1, ticket.number, 4, "2026-11-25T09:00:00Z")])
    return ticket


def shows(lobby: Lobby, ticket: Issued) -> Happens:
    return lobby.scans(f"SY1T:{ticket.id}")


def answers(lobby: Lobby) -> list[FeedbackBody]:
    with lobby.place.store.read() as connection:
        bodies = connection.execute(select(ITEMS.body).where(ITEMS.kind == "feedback").order_by(ITEMS.row)).scalars()
        return [cast("FeedbackBody", decode_body("feedback", body)) for body in bodies]


async def test_who_was_called_today_says_that_it_was_done_and_how_it_was(lobby: Lobby) -> None:
    ticket = called(lobby)
    ui = await lobby.run(
        (Start, shows(lobby, ticket)),
        (TicketOfToday, SAY),
        (WasItDone, "yes"),
        (HowWasIt, 3),
        (Thanks, Done()),
    )
    assert ui.last(WasItDone).names == lobby.place.catalogue.names("civil-affairs")
    assert answers(lobby) == [FeedbackBody("yes", 3, ticket=ticket.id)]
    assert verify_chain(lobby.place.store) == []


async def test_the_answer_waits_for_central_like_every_other_item(lobby: Lobby) -> None:
    ticket = called(lobby)
    await lobby.run(
        (Start, shows(lobby, ticket)),
        (TicketOfToday, SAY),
        (WasItDone, "down"),
        (HowWasIt, 1),
        (Thanks, Done()),
    )
    with lobby.place.store.read() as connection:
        assert waiting_items(connection)[-1].item.kind == "feedback"


async def test_a_paper_of_yesterday_may_say_it_and_a_number_is_offered_all_the_same(lobby: Lobby) -> None:
    ticket = given(lobby, days_ago=1)
    await lobby.run(
        (Start, shows(lobby, ticket)),
        (EarlierPaper, SAY),
        (WasItDone, "papers"),
        (HowWasIt, 2),
        (Thanks, lobby.passes(8)),
        (Start, shows(lobby, ticket)),
        (EarlierPaper, TakeNumber("civil-affairs")),
        (TakeTicket, Done()),
    )
    assert answers(lobby) == [FeedbackBody("papers", 2, ticket=ticket.id)]


async def test_back_leads_step_by_step_to_the_paper_and_nothing_is_kept(lobby: Lobby) -> None:
    ticket = called(lobby)
    ui = await lobby.run(
        (Start, shows(lobby, ticket)),
        (TicketOfToday, SAY),
        (WasItDone, "other"),
        (HowWasIt, Back()),
        (WasItDone, Back()),
        (TicketOfToday, Done()),
    )
    assert answers(lobby) == []
    assert ui.last(TicketOfToday).offers == (SAY,), "nothing was said yet"


async def test_a_ticket_that_was_not_called_is_not_asked_about(lobby: Lobby) -> None:
    ticket = given(lobby)
    ui = await lobby.run((Start, shows(lobby, ticket)), (TicketOfToday, Done()))
    assert ui.last(TicketOfToday).offers == ()


@pytest.mark.parametrize(("days_ago", "is_asked"), [(1, True), (2, True), (3, False)])
async def test_a_paper_is_asked_about_for_two_days(lobby: Lobby, days_ago: int, is_asked: bool) -> None:
    ticket = given(lobby, days_ago=days_ago)
    ui = await lobby.run((Start, shows(lobby, ticket)), (EarlierPaper, Home()))
    assert (SAY in ui.last(EarlierPaper).offers) is is_asked


async def test_neither_a_strange_paper_nor_one_that_was_taken_back_is_asked_about(lobby: Lobby) -> None:
    ticket = called(lobby)
    lobby.place.desk.take_back(ticket)
    ui = await lobby.run(
        (Start, shows(lobby, ticket)),
        (TicketOfToday, Done()),
        (Start, lobby.scans("SY1T:0193f3c2-7b1e-4c55-9a40-1d2f3a4b5c6d")),
        (EarlierPaper, Home()),
    )
    assert ui.last(TicketOfToday).offers == ()
    assert ui.last(EarlierPaper).offers == ()


async def test_a_ticket_is_answered_for_once(lobby: Lobby) -> None:
    ticket = called(lobby)
    ui = await lobby.run(
        (Start, shows(lobby, ticket)),
        (TicketOfToday, SAY),
        (WasItDone, "yes"),
        (HowWasIt, 3),
        (Thanks, Done()),
        (Start, shows(lobby, ticket)),
        (TicketOfToday, Done()),
    )
    assert ui.last(TicketOfToday).offers == ()
    accept_feedback(lobby.place.store, ticket.id, "down", 1, lobby.place.clock.now())
    assert answers(lobby) == [FeedbackBody("yes", 3, ticket=ticket.id)], "the first answer stays"


async def test_an_answer_that_the_store_cannot_keep_is_not_thanked_for(
    lobby: Lobby, monkeypatch: pytest.MonkeyPatch
) -> None:
    def is_full(*_: object) -> None:
        raise StoreUnavailable("the disk is full")

    monkeypatch.setattr("features.feedback.kiosk.flow.accept_feedback", is_full)
    ui = await lobby.run(
        (Start, shows(lobby, called(lobby))),
        (TicketOfToday, SAY),
        (WasItDone, "yes"),
        (HowWasIt, 3),
        (NotNow, Done()),
    )
    assert ui.last(NotNow).why == Text("fault.store")

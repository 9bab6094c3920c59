"""Another day is offered where somebody needs it: a service stands still, is full or closed, or may not be reached."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from kiosk.desk.claims.booking import Booking
from kiosk.desk.desk import Issued, new_intention
from kiosk.flows.context import Hall
from kiosk.prompts.booking import ChooseSeat, SeatBooked, WhoBooks
from kiosk.prompts.choosing import (
    AboutServices,
    Done,
    Interrupted,
    MoreServices,
    NotToday,
    ServiceInfo,
    ShowService,
    Start,
    TakeNumber,
)
from kiosk.prompts.state import Closed, QuotaFull
from kiosk.prompts.ticket import Stopped, TakeTicket
from kiosk.prompts.ui import Back, Home, Prompt, Text
from tests.kit.answering_rows import AnsweringRows
from tests.kit.appointments import APPOINTMENTS
from tests.kit.claims import make_known
from tests.visits.lobby import Lobby
from tests.visits.scripted_ui import Step

type Why = Callable[[Lobby], None]
TAP = TakeNumber("civil-affairs")
TO_BOOKED: tuple[Step, ...] = (
    (ChooseSeat, "1"), (ChooseSeat, "2026-11-26"), (ChooseSeat, "11"), (ChooseSeat, "2026-11-26T11:30:00+03:00"),
    (WhoBooks, "1234"), (SeatBooked, Done()),
)  # fmt: skip


@pytest.fixture
def rows(lobby: Lobby) -> Iterator[AnsweringRows]:
    make_known(lobby.place.store)
    lobby.booking = Booking(lobby.place.store, lobby.place.clock, lobby.tray)
    answering = AnsweringRows(lobby.place.store, APPOINTMENTS)
    yield answering
    answering.close()


def _stops(lobby: Lobby) -> None:
    stopped = Stopped(Text("service.stopped_since", {"since": "09:40"}), "12:00")
    lobby.hall = lambda: Hall({}, (), {"civil-affairs": stopped})


def _doubts(lobby: Lobby) -> None:
    lobby.hall = lambda: Hall({"civil-affairs": 90}, (), {}, frozenset({"civil-affairs"}))


def _fills(lobby: Lobby, service: str = "civil-affairs") -> None:
    lobby.place.overlay({"code": service, "daily_quota": 1})
    assert isinstance(lobby.place.desk.issue(service, intention=new_intention()), Issued)


def _closes(lobby: Lobby) -> None:
    lobby.place.overlay({"code": "civil-affairs", "hours": {"opens": "08:00", "closes": "11:00"}})


ASKED: dict[Why, type[Prompt[Any]]] = {_stops: Interrupted, _doubts: NotToday, _fills: QuotaFull, _closes: Closed}


@pytest.mark.parametrize("why", ASKED, ids=lambda why: why.__name__)
async def test_who_cannot_be_served_today_books_another_day_from_the_tile(
    lobby: Lobby, rows: AnsweringRows, why: Why
) -> None:
    why(lobby)
    before = lobby.numbers()
    ui = await lobby.run((Start, TAP), (ASKED[why], "another_day"), *TO_BOOKED)
    assert ui.last(Start).tiles[0].availability.is_offered
    assert rows.asked[1][1]["service"] == "civil-affairs"
    assert lobby.numbers() == before, "who books takes no number of today"


@pytest.mark.parametrize("why", ASKED, ids=lambda why: why.__name__)
async def test_back_out_of_the_booking_asks_the_question_again(lobby: Lobby, rows: AnsweringRows, why: Why) -> None:
    assert rows
    why(lobby)
    await lobby.run(
        (Start, TAP), (ASKED[why], "another_day"), (ChooseSeat, Back()), (ASKED[why], Back()), (Start, Home())
    )


async def test_who_may_not_be_reached_today_takes_his_number_all_the_same(lobby: Lobby, rows: AnsweringRows) -> None:
    assert rows
    _doubts(lobby)
    ui = await lobby.run((Start, TAP), (NotToday, TAP), (TakeTicket, Done()))
    assert ui.last(NotToday).before == 90
    assert lobby.numbers() == ["A2001"]


@pytest.mark.parametrize(("why", "has_tile"), [(_fills, False), (_closes, False), (_stops, True)])
async def test_without_appointments_none_is_offered(lobby: Lobby, why: Why, has_tile: bool) -> None:
    why(lobby)
    steps: list[Step] = [(Start, TAP), (Interrupted, Done())] if has_tile else []
    ui = await lobby.run(*steps, (Start, Home()))
    assert ui.last(Start).tiles[0].availability.is_offered is has_tile
    assert not has_tile or not ui.last(Interrupted).has_another_day


async def test_who_plans_ahead_books_from_the_start_of_a_kiosk_as_it_is_shipped(
    lobby: Lobby, rows: AnsweringRows
) -> None:
    shown = ShowService("clearance")
    ui = await lobby.run((Start, "about"), (AboutServices, shown), (ServiceInfo, "another_day"), *TO_BOOKED)
    assert (ui.last(Start).has_about, ui.last(Start).about) == (False, Text("start.book"))
    assert {one.service for page in ui.last(AboutServices).pages for group in page for one in group.tiles} == {
        service.code for service in lobby.place.catalogue.services
    }
    assert rows.asked[1][1]["service"] == "clearance"


async def test_a_full_service_among_the_others_can_be_touched_too(lobby: Lobby, rows: AnsweringRows) -> None:
    assert rows
    _fills(lobby, "plan-copy")
    ui = await lobby.run(
        (Start, "more"), (MoreServices, TakeNumber("plan-copy")), (QuotaFull, "another_day"), *TO_BOOKED
    )
    assert ui.last(QuotaFull).what_to_do == Text("quota.book")

"""A catalogue that central has emptied, in part or as a whole: no screen without a way on, and none that fails."""

import pytest

from kiosk.prompts.choosing import Done, Start
from kiosk.prompts.order import HoldCode
from kiosk.prompts.state import NotNow
from kiosk.prompts.ui import Back, Home
from tests.visits.lobby import Lobby
from tests.visits.scripted_ui import TooLate


@pytest.mark.parametrize("choice", ["about", "more"])
async def test_no_service_at_all_is_said_on_the_start_screen_and_behind_its_buttons(lobby: Lobby, choice: str) -> None:
    def all_go() -> None:
        lobby.place.overlay(*({"code": one.code, "offered": False} for one in lobby.place.catalogue.services))

    lobby.place.overlay({"code": "clearance", "fee": {"amount_minor": 0}})
    ui = await lobby.run((Start, TooLate(choice, all_go)), (NotNow, Done()), (Start, Home()))
    start, said = ui.last(Start), ui.last(NotNow)
    assert (start.tiles, start.notice) == ((), said.why)
    assert (said.why.msgid, said.others_work) == ("fault.no_tickets", False)


async def test_without_a_main_service_the_first_ones_are_on_the_start_screen(lobby: Lobby) -> None:
    lobby.place.overlay(*({"code": one.code, "main": False} for one in lobby.place.catalogue.services))
    ui = await lobby.run((Start, Back()))
    first = [one.code for one in lobby.place.catalogue.services][:6]
    assert [tile.service for tile in ui.last(Start).tiles] == first


async def test_where_no_document_can_be_ordered_that_way_is_closed_and_says_so(lobby: Lobby) -> None:
    lobby.place.overlay(*({"code": one.code, "orderable": False} for one in lobby.place.catalogue.services))
    ui = await lobby.run((Start, "order"), (HoldCode, Back()))
    new_order = ui.last(HoldCode).new_order
    assert (new_order.is_offered, new_order.why_not is not None) == (False, True)

"""Scenes of a number with people before it, as a hub has counted them: what a citizen sees on most days."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from kiosk.flows.situation import Conditions
from kiosk.prompts.choosing import Start, TakeNumber
from kiosk.prompts.ticket import Ahead, TakeTicket, TicketOnScreen
from kiosk.prompts.ui import Trouble
from tests.screens.scenes.scene import Scene
from tests.visits.lobby import Lobby
from tests.visits.scripted_ui import Step

_HOURS = (120, 240)


def _meets(ahead: Ahead, trouble: Trouble | None = None, *, page: bool = False) -> Callable[[Lobby], list[Step]]:
    def way(lobby: Lobby) -> list[Step]:
        lobby.place.ahead, lobby.tray.trouble = ahead, trouble
        lobby.conditions = Conditions(printer=trouble)
        if page:
            lobby.centre = replace(lobby.centre, ticket_page="https://muamalati.example/t/{id}")
        return [(Start, TakeNumber("civil-affairs"))]

    return way


AHEAD: Mapping[str, Scene] = {
    "ahead-0": Scene(TakeTicket, _meets(Ahead(0, "12:00", (0, 5)))),
    "ahead-1": Scene(TakeTicket, _meets(Ahead(1, "12:00"))),
    "ahead-2": Scene(TakeTicket, _meets(Ahead(2, "12:00", (5, 20)))),
    "ahead-11": Scene(TakeTicket, _meets(Ahead(11, "12:00", (30, 85), closes="13:30"))),
    "ahead-46": Scene(TakeTicket, _meets(Ahead(46, "12:00", _HOURS, is_doubtful=True))),
    "ahead-2-no-paper": Scene(TicketOnScreen, _meets(Ahead(2, "12:00", (5, 20)), Trouble.PAPER_OUT)),
    "ahead-46-no-paper": Scene(TicketOnScreen, _meets(Ahead(46, "12:00", _HOURS, is_doubtful=True), Trouble.JAM)),
    "ahead-46-on-the-phone": Scene(
        TicketOnScreen, _meets(Ahead(46, "12:00", _HOURS, is_doubtful=True), Trouble.PAPER_OUT, page=True)
    ),
}

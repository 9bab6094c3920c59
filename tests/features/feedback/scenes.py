"""Scenes of who says how his visit was: the papers that offer it, and the questions."""

from collections.abc import Mapping

from common.protocol.queue.call import QueueCall
from features.feedback.kiosk.flow import SAY
from features.feedback.kiosk.prompts import HowWasIt, Thanks, WasItDone
from kiosk.desk.desk import Issued, new_intention
from kiosk.prompts.choosing import Start
from kiosk.prompts.earlier_paper import EarlierPaper, TicketOfToday
from offline_store.queue.hall import take_calls
from tests.screens.scenes.scene import Scene
from tests.visits.lobby import Lobby
from tests.visits.scripted_ui import Step


def _given(lobby: Lobby) -> Issued:
    ticket = lobby.place.desk.issue("civil-affairs", intention=new_intention())
    assert isinstance(ticket, Issued)
    return ticket


def _of_yesterday(lobby: Lobby, *steps: Step) -> list[Step]:
    ticket = _given(lobby)
    lobby.place.clock.pass_time(days=1)
    return [(Start, lobby.scans(f"SY1T:{ticket.id}")), *steps]


def _of_today(lobby: Lobby) -> list[Step]:
    ticket = _given(lobby)
    take_calls(lobby.place.store, [QueueCall(1, ticket.number, 4, "2026-11-25T09:00:00Z")])
    return [(Start, lobby.scans(f"SY1T:{ticket.id}"))]


def _telling(lobby: Lobby, *steps: Step) -> list[Step]:
    return _of_yesterday(lobby, (EarlierPaper, SAY), *steps)


SCENES: Mapping[str, Scene] = {
    "earlier-paper-asked": Scene(EarlierPaper, _of_yesterday),
    "todays-paper-asked": Scene(TicketOfToday, _of_today),
    "was-it-done": Scene(WasItDone, _telling),
    "how-was-it": Scene(HowWasIt, lambda lobby: _telling(lobby, (WasItDone, "papers"))),
    "thanks": Scene(Thanks, lambda lobby: _telling(lobby, (WasItDone, "yes"), (HowWasIt, 3))),
}

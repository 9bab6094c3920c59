"""Scenes of papers that are shown once more: of an earlier day, of today, by code or by digits."""

from collections.abc import Mapping

from kiosk.desk.desk import Issued, new_intention
from kiosk.flows.context import Judged
from kiosk.prompts.choosing import Start, TakeNumber
from kiosk.prompts.earlier_paper import EarlierPaper, ServiceOfPaper, TicketOfToday, TypeTicketDigits
from kiosk.prompts.state import HelpOffer
from kiosk.prompts.ticket import TakeTicket, TicketOnScreen
from kiosk.prompts.ui import AskForHelp, Trouble
from tests.kit.hall_rows import hears, row
from tests.screens.scenes.scene import Scene
from tests.visits.lobby import Lobby
from tests.visits.scripted_ui import Happens, Step

_SERVICE = "civil-affairs"
_TAKE = TakeNumber(_SERVICE)
_STRANGE = "0193f3c2-7b1e-4c55-9a40-1d2f3a4b5c6d"


def _given(lobby: Lobby, *, days_ago: int) -> Issued:
    ticket = lobby.place.desk.issue(_SERVICE, intention=new_intention())
    assert isinstance(ticket, Issued)
    lobby.place.clock.pass_time(days=days_ago)
    return ticket


def _shown(lobby: Lobby, *steps: Step) -> list[Step]:
    return [(Start, lobby.scans(f"SY1T:{_given(lobby, days_ago=1).id}")), *steps]


def _strange(lobby: Lobby, *steps: Step) -> list[Step]:
    return [(Start, lobby.scans(f"SY1T:{_STRANGE}")), *steps]


def _todays(lobby: Lobby, state: str) -> list[Step]:
    ticket = _given(lobby, days_ago=0)
    if state == "voided":
        lobby.place.desk.take_back(ticket)
    elif state in ("called", "passed", "carried"):
        end = None if state == "called" else "done-unconfirmed" if state == "passed" else "carried"
        stood = row(ticket.id, ticket.number, "called" if end is None else "ended", end=end, counter=4)
        hears(lobby.place.store, stood)
    return [(Start, lobby.scans(f"SY1T:{ticket.id}"))]


def _judged(lobby: Lobby, word: str, trouble: Trouble | None = None) -> list[Step]:
    async def hub_judges() -> None:
        lobby.judged = lambda _: Judged(word)  # type: ignore[arg-type]
        await lobby.time.advance(1)

    lobby.tray.trouble = trouble
    last = TakeTicket if trouble is None else TicketOnScreen
    return _shown(lobby, (EarlierPaper, _TAKE), (last, Happens(hub_judges)))


def _typing(*wrong: str) -> list[Step]:
    return [(Start, AskForHelp()), (HelpOffer, "earlier"), *((TypeTicketDigits, one) for one in wrong)]


PAPERS: Mapping[str, Scene] = {
    "earlier-paper": Scene(EarlierPaper, _shown),
    "earlier-paper-unknown": Scene(EarlierPaper, _strange),
    "earlier-paper-service": Scene(ServiceOfPaper, lambda lobby: _strange(lobby, (EarlierPaper, "more"))),
    "earlier-paper-noted": Scene(TakeTicket, lambda lobby: _shown(lobby, (EarlierPaper, _TAKE))),
    "earlier-paper-good": Scene(TakeTicket, lambda lobby: _judged(lobby, "good")),
    "earlier-paper-used": Scene(TakeTicket, lambda lobby: _judged(lobby, "used")),
    "earlier-paper-not-carried": Scene(TakeTicket, lambda lobby: _judged(lobby, "unknown")),
    "earlier-paper-good-jam": Scene(TicketOnScreen, lambda lobby: _judged(lobby, "good", Trouble.JAM)),
    "todays-paper": Scene(TicketOfToday, lambda lobby: _todays(lobby, "waits")),
    "todays-paper-called": Scene(TicketOfToday, lambda lobby: _todays(lobby, "called")),
    "todays-paper-passed": Scene(TicketOfToday, lambda lobby: _todays(lobby, "passed")),
    "todays-paper-carried": Scene(TicketOfToday, lambda lobby: _todays(lobby, "carried")),
    "todays-paper-voided": Scene(TicketOfToday, lambda lobby: _todays(lobby, "voided")),
    "type-digits": Scene(TypeTicketDigits, lambda _: _typing()),
    "type-digits-wrong": Scene(TypeTicketDigits, lambda _: _typing("12345678")),
}

"""Scenes in which somebody who cannot be served today is offered another day."""

from collections.abc import Callable, Mapping

from kiosk.desk.desk import Issued, new_intention
from kiosk.flows.context import Hall
from kiosk.prompts.choosing import AboutServices, Interrupted, NotToday, Start, TakeNumber
from kiosk.prompts.state import Closed, QuotaFull
from kiosk.prompts.ticket import Stopped
from kiosk.prompts.ui import Text
from tests.kit.claims import make_known
from tests.screens.scenes.of_claims import Central
from tests.screens.scenes.scene import Scene
from tests.visits.lobby import Lobby
from tests.visits.scripted_ui import Step

_REASON = {"ar": "انقطع خط السجل المدني", "en": "The civil registry line is down"}
_STOPPED = Stopped(Text("service.stopped_since_because", {"since": "09:40", "reason": _REASON}), "12:00")
_CLOSED = {"opens": "08:00", "closes": "11:00", "days": ["sun", "mon", "tue", "wed", "thu"]}


def _today(lobby: Lobby) -> None:
    """Let appointments be given on a day on which one service stands still, one is full, one closed, one doubtful."""
    make_known(lobby.place.store)
    lobby.booking = Central(lobby)
    lobby.place.overlay({"code": "water-bill", "daily_quota": 1}, {"code": "electricity-bill", "hours": _CLOSED})
    assert isinstance(lobby.place.desk.issue("water-bill", intention=new_intention()), Issued)
    doubtful = frozenset(one.code for one in lobby.place.catalogue.services if one.prefix == "B")
    lobby.hall = lambda: Hall(dict.fromkeys(doubtful, 46), (), {"civil-affairs": _STOPPED}, doubtful)


def _touches(*services: str) -> Callable[[Lobby], list[Step]]:
    def way(lobby: Lobby) -> list[Step]:
        _today(lobby)
        return [(Start, TakeNumber(service)) for service in services]

    return way


def _about(lobby: Lobby) -> list[Step]:
    _today(lobby)
    return [(Start, "about")]


DOORS: Mapping[str, Scene] = {
    "start-another-day": Scene(Start, _touches()),
    "another-day-service": Scene(AboutServices, _about),
    "another-day-stopped": Scene(Interrupted, _touches("civil-affairs")),
    "another-day-not-today": Scene(NotToday, _touches("clearance")),
    "another-day-full": Scene(QuotaFull, _touches("water-bill")),
    "another-day-closed": Scene(Closed, _touches("electricity-bill")),
}

"""Scenes of choosing a service and taking its number."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

from kiosk.flows.context import Hall
from kiosk.flows.situation import Conditions
from kiosk.machine.power import ServiceLevel
from kiosk.prompts.choosing import (
    AboutServices,
    ChoosePriority,
    Done,
    Interrupted,
    LastCall,
    MoreServices,
    ServiceInfo,
    ShowService,
    Start,
    TakeNumber,
)
from kiosk.prompts.state import HelpOffer
from kiosk.prompts.ticket import FindNumber, PrintingTicket, Stopped, TakeTicket, TicketOnScreen, Voided
from kiosk.prompts.ui import AskForHelp, Priority, Text, Trouble
from tests.screens.scenes.scene import Scene, fee
from tests.visits.lobby import Lobby
from tests.visits.scripted_ui import Happens, Step

_TAP = TakeNumber("civil-affairs")
_KNOWN = {
    "code": "civil-affairs",
    "papers": [
        {"ar": "البطاقة الشخصية الأصلية", "en": "Original identity card"},
        {"ar": "صورة عن دفتر العائلة", "en": "Copy of the family book"},
    ],
    "fee": fee(50),
    "hours": {"opens": "08:00", "closes": "14:00", "days": ["sun", "mon", "tue", "wed", "thu"]},
}
_CLOSED = {"opens": "08:00", "closes": "11:00", "days": ["sun", "mon", "tue", "wed", "thu"]}


def _with_known_service(lobby: Lobby) -> list[Step]:
    lobby.place.overlay(_KNOWN)
    return [(Start, "about"), (AboutServices, ShowService("civil-affairs"))]


def _all_known(lobby: Lobby) -> list[Step]:
    lobby.place.overlay(*({**_KNOWN, "code": service.code} for service in lobby.place.catalogue.services))
    return []


def _with_closed_service(lobby: Lobby) -> list[Step]:
    lobby.place.overlay({"code": "commercial-bank", "hours": _CLOSED})
    return [(Start, "about"), (AboutServices, ShowService("commercial-bank"))]


def _with_hall(lobby: Lobby) -> list[Step]:
    services = lobby.place.catalogue.services
    letters = sorted({service.prefix for service in services})
    waiting = {service.code: 13 * letters.index(service.prefix) % 40 for service in services}
    calls = (LastCall("A2014", 3), LastCall("B1007", 12), LastCall("A1009", 1))
    lobby.hall = lambda: Hall(waiting, calls)
    return []


_REASON = {"ar": "خط السجل المدني", "en": "Civil registry line"}
_WHY = Text("service.stopped_since_because", {"since": "09:40", "reason": _REASON})


def _stood_still(lobby: Lobby, *steps: Step) -> list[Step]:
    """Let a service have stood still when the hub was last heard, long ago."""
    stopped = Stopped(Text("service.stood_still_at", {"time": "08:00"}), is_unsure=True)
    lobby.hall = lambda: Hall({}, (), {"civil-affairs": stopped}, is_heard=False)
    return list(steps)


def _with_interruption(lobby: Lobby, *steps: Step, numbers: str = "warn") -> list[Step]:
    """Let two services stand still; who comes to the city council now may not be served today."""
    there = {"ar": "مركز خدمة المواطن – حمص (الحمراء)", "en": "Citizen Centre – Homs (Hamra)"}
    also_at = (Text("interrupted.also_at", {"centre": there, "time": "11:58"}),)
    stopped = Stopped(_WHY, "12:00", Text("service.until", {"time": "13:30"}), also_at)
    codes = ("civil-affairs", "judicial-record")
    services = lobby.place.catalogue.services
    waiting = {one.code: 7 for one in services if one.prefix == "A" and one.code not in codes}
    doubtful = frozenset(one.code for one in services if one.prefix == "B")
    waiting |= dict.fromkeys(doubtful, 42)
    lobby.hall = lambda: Hall(waiting, (), dict.fromkeys(codes, stopped), doubtful)
    lobby.place.overlay({"code": "civil-affairs", "numbers": numbers})
    return list(steps)


def _one_closed(lobby: Lobby) -> list[Step]:
    lobby.place.overlay({"code": "electricity-bill", "hours": _CLOSED})
    lobby.conditions = Conditions(power_service=ServiceLevel.NO_ORDERS)
    return []


def _printer(lobby: Lobby, trouble: Trouble, *steps: Step) -> list[Step]:
    lobby.tray.trouble = trouble
    # One of which nobody knows whether it came out leaves the printer as it was.
    lobby.conditions = Conditions(printer=None if trouble is Trouble.UNKNOWN else trouble)
    return list(steps)


def _priority(*chosen: Priority) -> list[Step]:
    return [step for one in chosen for step in ((Start, "priority"), (ChoosePriority, one))]


def _from_the_side(lobby: Lobby, slot: Literal["left", "right"], *steps: Step) -> list[Step]:
    lobby.centre = replace(lobby.centre, slot=slot)
    return list(steps)


def _offline_on_the_left(lobby: Lobby) -> list[Step]:
    lobby.conditions = Conditions(is_offline=True)
    return _from_the_side(lobby, "left", *_priority(Priority.ELDERLY), (Start, _TAP))


def _on_the_phone(lobby: Lobby, trouble: Trouble) -> list[Step]:
    """Take a number without paper at a kiosk whose numbers have pages."""
    lobby.centre = replace(lobby.centre, ticket_page="https://muamalati.example/t/{id}")
    return _printer(lobby, trouble, (Start, _TAP))


def _paper_is_back(lobby: Lobby) -> list[Step]:
    def back() -> None:
        lobby.tray.trouble = None
        lobby.situation.update(printer=None)

    return _printer(lobby, Trouble.PAPER_OUT, (Start, _TAP), (TicketOnScreen, Happens(back)))


def _copy(lobby: Lobby) -> list[Step]:
    return [*_paper_is_back(lobby), (TicketOnScreen, "reprint")]


def _find_notice(lobby: Lobby) -> list[Step]:
    return [*_paper_is_back(lobby), (TicketOnScreen, Done())]


def _finding(lobby: Lobby, *guesses: str) -> list[Step]:
    help_asked: list[Step] = [(Start, AskForHelp()), (HelpOffer, "find_number")]
    return [*_find_notice(lobby), *help_asked, *((FindNumber, guess) for guess in guesses)]


CHOOSING: Mapping[str, Scene] = {
    "start": Scene(Start, lambda _: []),
    "start-priority": Scene(Start, lambda _: _priority(Priority.ELDERLY)),
    "start-one-closed": Scene(Start, _one_closed),
    "start-no-paper": Scene(Start, lambda lobby: _printer(lobby, Trouble.PAPER_OUT)),
    "start-find-number": Scene(Start, _find_notice),
    "help-find-number": Scene(HelpOffer, lambda lobby: [*_find_notice(lobby), (Start, AskForHelp())]),
    "more-services": Scene(MoreServices, lambda _: [(Start, "more")]),
    "start-hall": Scene(Start, _with_hall),
    "start-interrupted": Scene(Start, _with_interruption),
    "more-interrupted": Scene(MoreServices, lambda lobby: _with_interruption(lobby, (Start, "more"))),
    "interrupted": Scene(Interrupted, lambda lobby: _with_interruption(lobby, (Start, _TAP))),
    "interrupted-no-numbers": Scene(
        Interrupted, lambda lobby: _with_interruption(lobby, (Start, _TAP), numbers="stop")
    ),
    "interrupted-nobody-knows": Scene(Interrupted, lambda lobby: _stood_still(lobby, (Start, _TAP))),
    "start-nobody-knows": Scene(Start, _stood_still),
    "start-known": Scene(Start, _all_known),
    "more-known": Scene(MoreServices, lambda lobby: [*_all_known(lobby), (Start, "more")]),
    "about-services": Scene(AboutServices, lambda lobby: [*_all_known(lobby), (Start, "about")]),
    "service-info": Scene(ServiceInfo, _with_known_service),
    "service-info-closed": Scene(ServiceInfo, _with_closed_service),
    "priority": Scene(ChoosePriority, lambda _: [(Start, "priority")]),
    "priority-chosen": Scene(ChoosePriority, lambda _: [*_priority(Priority.DISABLED), (Start, "priority")]),
}

TICKETS: Mapping[str, Scene] = {
    "printing": Scene(PrintingTicket, lambda _: [(Start, _TAP)]),
    "printing-copy": Scene(PrintingTicket, _copy),
    "take-ticket": Scene(TakeTicket, lambda _: [(Start, _TAP)]),
    "take-ticket-left-offline": Scene(TakeTicket, _offline_on_the_left),
    "take-ticket-copy": Scene(TakeTicket, _copy),
    "voided": Scene(Voided, lambda _: [(Start, _TAP), (TakeTicket, "undo")]),
    "voided-maybe": Scene(
        Voided, lambda lobby: _printer(lobby, Trouble.UNKNOWN, (Start, _TAP), (TicketOnScreen, "undo"))
    ),
    "find-number": Scene(FindNumber, _finding),
    "find-number-wrong": Scene(FindNumber, lambda lobby: _finding(lobby, "123")),
    "ticket-late": Scene(
        TicketOnScreen,
        lambda lobby: _printer(lobby, Trouble.JAM, (Start, _TAP), (TicketOnScreen, lobby.passes(8))),
    ),
    "ticket-reprint": Scene(TicketOnScreen, _paper_is_back),
    "ticket-on-the-phone": Scene(TicketOnScreen, lambda lobby: _on_the_phone(lobby, Trouble.PAPER_OUT)),
    "ticket-cover-open": Scene(
        TicketOnScreen,
        lambda lobby: _printer(lobby, Trouble.COVER_OPEN, *_priority(Priority.PREGNANT), (Start, _TAP)),
    ),
    **{
        name: Scene(TicketOnScreen, lambda lobby, trouble=trouble: _printer(lobby, trouble, (Start, _TAP)))  # type: ignore[misc]
        for name, trouble in {
            "ticket-no-paper": Trouble.PAPER_OUT,
            "ticket-jam": Trouble.JAM,
            "ticket-printer-lost": Trouble.PRINTER_LOST,
            "ticket-printer-fault": Trouble.FAULT,
            "ticket-unknown": Trouble.UNKNOWN,
        }.items()
    },
}

"""Scenes of choosing a service and taking its number."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

from kiosk import prompts as p
from kiosk.flows.context import Hall
from kiosk.flows.situation import Conditions
from kiosk.machine.power import ServiceLevel
from tests.screens.scenes.scene import Scene, fee
from tests.visits.lobby import Lobby
from tests.visits.scripted_ui import Happens, Step

_TAP = p.TakeNumber("civil-affairs")
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
    return [(p.Start, p.ShowService("civil-affairs"))]


def _all_known(lobby: Lobby) -> list[Step]:
    lobby.place.overlay(*({**_KNOWN, "code": service.code} for service in lobby.place.catalogue.services))
    return []


def _with_closed_service(lobby: Lobby) -> list[Step]:
    lobby.place.overlay({"code": "commercial-bank", "hours": _CLOSED})
    return [(p.Start, p.ShowService("commercial-bank"))]


def _with_hall(lobby: Lobby) -> list[Step]:
    services = lobby.place.catalogue.services
    letters = sorted({service.prefix for service in services})
    waiting = {service.code: 13 * letters.index(service.prefix) % 40 for service in services}
    calls = (p.LastCall("A2014", 3), p.LastCall("B1007", 12), p.LastCall("A1009", 1))
    lobby.hall = lambda: Hall(waiting, calls)
    return []


_REASON = {"ar": "خط السجل المدني", "en": "Civil registry line"}
_WHY = p.Text("service.stopped_since_because", {"since": "09:40", "reason": _REASON})


def _with_interruption(lobby: Lobby, *steps: Step, numbers: str = "warn") -> list[Step]:
    """Let two services stand still; who comes to the city council now may not be served today."""
    there = {"ar": "مركز خدمة المواطن – حمص (الحمراء)", "en": "Citizen Centre – Homs (Hamra)"}
    also_at = (p.Text("interrupted.also_at", {"centre": there, "time": "11:58"}),)
    stopped = p.Stopped(_WHY, "12:00", p.Text("service.until", {"time": "13:30"}), also_at)
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


def _printer(lobby: Lobby, trouble: p.Trouble, *steps: Step) -> list[Step]:
    lobby.tray.trouble = trouble
    # One of which nobody knows whether it came out leaves the printer as it was.
    lobby.conditions = Conditions(printer=None if trouble is p.Trouble.UNKNOWN else trouble)
    return list(steps)


def _priority(*chosen: p.Priority) -> list[Step]:
    return [step for one in chosen for step in ((p.Start, "priority"), (p.ChoosePriority, one))]


def _from_the_side(lobby: Lobby, slot: Literal["left", "right"], *steps: Step) -> list[Step]:
    lobby.centre = replace(lobby.centre, slot=slot)
    return list(steps)


def _offline_on_the_left(lobby: Lobby) -> list[Step]:
    lobby.conditions = Conditions(is_offline=True)
    return _from_the_side(lobby, "left", *_priority(p.Priority.ELDERLY), (p.Start, _TAP))


def _on_the_phone(lobby: Lobby, trouble: p.Trouble) -> list[Step]:
    """Take a number without paper at a kiosk whose numbers have pages."""
    lobby.centre = replace(lobby.centre, ticket_page="https://muamalati.example/t/{id}")
    return _printer(lobby, trouble, (p.Start, _TAP))


def _paper_is_back(lobby: Lobby) -> list[Step]:
    def back() -> None:
        lobby.tray.trouble = None
        lobby.situation.update(printer=None)

    return _printer(lobby, p.Trouble.PAPER_OUT, (p.Start, _TAP), (p.TicketOnScreen, Happens(back)))


def _copy(lobby: Lobby) -> list[Step]:
    return [*_paper_is_back(lobby), (p.TicketOnScreen, "reprint")]


def _find_notice(lobby: Lobby) -> list[Step]:
    return [*_paper_is_back(lobby), (p.TicketOnScreen, p.Done())]


def _finding(lobby: Lobby, *guesses: str) -> list[Step]:
    help_asked: list[Step] = [(p.Start, p.AskForHelp()), (p.HelpOffer, "find_number")]
    return [*_find_notice(lobby), *help_asked, *((p.FindNumber, guess) for guess in guesses)]


CHOOSING: Mapping[str, Scene] = {
    "start": Scene(p.Start, lambda _: []),
    "start-priority": Scene(p.Start, lambda _: _priority(p.Priority.ELDERLY)),
    "start-one-closed": Scene(p.Start, _one_closed),
    "start-no-paper": Scene(p.Start, lambda lobby: _printer(lobby, p.Trouble.PAPER_OUT)),
    "start-find-number": Scene(p.Start, _find_notice),
    "help-find-number": Scene(p.HelpOffer, lambda lobby: [*_find_notice(lobby), (p.Start, p.AskForHelp())]),
    "more-services": Scene(p.MoreServices, lambda _: [(p.Start, "more")]),
    "start-hall": Scene(p.Start, _with_hall),
    "start-interrupted": Scene(p.Start, _with_interruption),
    "more-interrupted": Scene(p.MoreServices, lambda lobby: _with_interruption(lobby, (p.Start, "more"))),
    "interrupted": Scene(p.Interrupted, lambda lobby: _with_interruption(lobby, (p.Start, _TAP))),
    "interrupted-no-numbers": Scene(
        p.Interrupted, lambda lobby: _with_interruption(lobby, (p.Start, _TAP), numbers="stop")
    ),
    "start-known": Scene(p.Start, _all_known),
    "more-known": Scene(p.MoreServices, lambda lobby: [*_all_known(lobby), (p.Start, "more")]),
    "about-services": Scene(p.AboutServices, lambda lobby: [*_all_known(lobby), (p.Start, "about")]),
    "service-info": Scene(p.ServiceInfo, _with_known_service),
    "service-info-closed": Scene(p.ServiceInfo, _with_closed_service),
    "priority": Scene(p.ChoosePriority, lambda _: [(p.Start, "priority")]),
    "priority-chosen": Scene(p.ChoosePriority, lambda _: [*_priority(p.Priority.DISABLED), (p.Start, "priority")]),
}

TICKETS: Mapping[str, Scene] = {
    "printing": Scene(p.PrintingTicket, lambda _: [(p.Start, _TAP)]),
    "printing-copy": Scene(p.PrintingTicket, _copy),
    "take-ticket": Scene(p.TakeTicket, lambda _: [(p.Start, _TAP)]),
    "take-ticket-left-offline": Scene(p.TakeTicket, _offline_on_the_left),
    "take-ticket-copy": Scene(p.TakeTicket, _copy),
    "voided": Scene(p.Voided, lambda _: [(p.Start, _TAP), (p.TakeTicket, "undo")]),
    "find-number": Scene(p.FindNumber, _finding),
    "find-number-wrong": Scene(p.FindNumber, lambda lobby: _finding(lobby, "123")),
    "ticket-late": Scene(
        p.TicketOnScreen,
        lambda lobby: _printer(lobby, p.Trouble.JAM, (p.Start, _TAP), (p.TicketOnScreen, lobby.passes(8))),
    ),
    "ticket-reprint": Scene(p.TicketOnScreen, _paper_is_back),
    "ticket-on-the-phone": Scene(p.TicketOnScreen, lambda lobby: _on_the_phone(lobby, p.Trouble.PAPER_OUT)),
    "ticket-cover-open": Scene(
        p.TicketOnScreen,
        lambda lobby: _printer(lobby, p.Trouble.COVER_OPEN, *_priority(p.Priority.PREGNANT), (p.Start, _TAP)),
    ),
    **{
        name: Scene(p.TicketOnScreen, lambda lobby, trouble=trouble: _printer(lobby, trouble, (p.Start, _TAP)))  # type: ignore[misc]
        for name, trouble in {
            "ticket-no-paper": p.Trouble.PAPER_OUT,
            "ticket-jam": p.Trouble.JAM,
            "ticket-printer-lost": p.Trouble.PRINTER_LOST,
            "ticket-printer-fault": p.Trouble.FAULT,
            "ticket-unknown": p.Trouble.UNKNOWN,
        }.items()
    },
}

"""Scenes of orders: held to the reader, typed, made here, and what became of them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from kiosk import prompts as p
from kiosk.flows.ordering.order_result import LOOK_EVERY_S
from kiosk.flows.situation import Conditions
from kiosk.machine.power import ServiceLevel
from tests.kit.clock import NOON
from tests.kit.desk import App, tell
from tests.screens.scenes.scene import Scene, fee
from tests.visits.lobby import Lobby
from tests.visits.scripted_ui import Happens, Step

_ID = bytes(range(16))
_NUMBER = "1204853967"
_CARD = "سلمى#الحمصي#أحمد#فاطمة#حمص 1-2-1980#04010014821#".encode("cp1256")
_STRANGE = "SY1:HALF"


def _scanned(lobby: Lobby, trouble: p.Trouble | None = None, **order: Any) -> list[Step]:
    lobby.tray.trouble = trouble
    lobby.conditions = Conditions(printer=trouble)
    return [(p.Start, lobby.scans(lobby.place.app.code(order_id=_ID, number=_NUMBER, **order)))]


def _told(lobby: Lobby, state: str, **more: str) -> list[Step]:
    tell(lobby.place.store, _ID.hex(), state, **more)
    return _scanned(lobby)


def _told_meanwhile(lobby: Lobby, state: str, centre: str = "homs-hamra") -> list[Step]:
    async def told() -> None:
        tell(lobby.place.store, _ID.hex(), state, centre=centre)
        await lobby.time.advance(LOOK_EVERY_S)

    return [*_scanned(lobby, destination="homs-hamra"), (p.OrderResult, Happens(told))]


def _twice(lobby: Lobby) -> list[Step]:
    return [*_scanned(lobby), (p.OrderResult, p.Done()), *_scanned(lobby)]


def _reprint(lobby: Lobby) -> list[Step]:
    def back() -> None:
        lobby.tray.trouble = None
        lobby.situation.update(printer=None)

    return [*_scanned(lobby, p.Trouble.JAM), (p.OrderResult, Happens(back))]


def _typed(_: Lobby, *numbers: str) -> list[Step]:
    ways: list[list[Step]] = [
        [(p.Start, "order"), (p.HoldCode, "type_number"), (p.TypeOrderNumber, number)] for number in numbers
    ]
    done: Step = (p.OrderResult, p.Done())
    return [step for way in ways for step in (*way, done)][:-1]


def _forged(lobby: Lobby) -> list[Step]:
    return [(p.Start, lobby.scans(App(kid=lobby.place.app.kid).code()))]


def _failed(lobby: Lobby, times: int) -> list[Step]:
    return [(p.Start, "order"), *((p.HoldCode, lobby.scans(_STRANGE)) for _ in range(times))]


def _scanner_on_the_left(lobby: Lobby) -> list[Step]:
    lobby.centre = replace(lobby.centre, scanner="left")
    return _failed(lobby, 0)


def _card_on_the_right(lobby: Lobby) -> list[Step]:
    lobby.centre = replace(lobby.centre, scanner="right")
    return _ordering(*_WISHED)


def _no_scanner(lobby: Lobby) -> list[Step]:
    lobby.conditions = Conditions(scanner=p.Trouble.FAULT)
    return [
        (p.Start, "order"),
        (p.HoldCode, lobby.changes(power_service=ServiceLevel.NO_ORDERS)),
    ]


def _ordering(*steps: Step) -> list[Step]:
    return [(p.Start, "order"), (p.HoldCode, "new_order"), *steps]


_CHOSEN: Step = (p.ChooseDocument, p.ShowService("civil-affairs"))


def _no_card(lobby: Lobby) -> list[Step]:
    lobby.conditions = Conditions(has_scanner=False)
    return _ordering(_CHOSEN)


def _without_card_orders(lobby: Lobby) -> list[Step]:
    lobby.centre = replace(lobby.centre, has_card_orders=False)
    return _ordering(_CHOSEN)


_WISHED: tuple[Step, ...] = (
    _CHOSEN,
    (p.ChooseWay, "card"),
    (p.ChooseKind, p.ShowService("family")),
    (p.ChooseCopies, 2),
)


def _carded(lobby: Lobby, *steps: Step) -> list[Step]:
    lobby.place.overlay({"code": "civil-affairs", "fee": fee(25)})
    return _ordering(*_WISHED, (p.PresentCard, lobby.scans(_CARD)), *steps)


_MONTH = timedelta(days=30)

RESULTS: Mapping[str, Scene] = {
    "result-accepted": Scene(p.OrderResult, _scanned),
    "result-accepted-post": Scene(p.OrderResult, lambda lobby: _scanned(lobby, destination="post")),
    "result-accepted-no-receipt": Scene(p.OrderResult, lambda lobby: _scanned(lobby, p.Trouble.PAPER_OUT)),
    "result-accepted-reprint": Scene(p.OrderResult, _reprint),
    "result-unpaid": Scene(p.OrderResult, lambda lobby: _scanned(lobby, paid=False)),
    "result-unpaid-no-paper": Scene(p.OrderResult, lambda lobby: _scanned(lobby, p.Trouble.PAPER_OUT, paid=False)),
    "result-card": Scene(p.OrderResult, lambda lobby: _carded(lobby, (p.ConfirmIdentity, "confirm"))),
    "result-unverified": Scene(p.OrderResult, lambda lobby: _typed(lobby, _NUMBER)),
    "result-ready": Scene(p.OrderResult, lambda lobby: _told(lobby, "ready")),
    "result-ready-elsewhere": Scene(p.OrderResult, lambda lobby: _told(lobby, "ready", centre="homs-hamra")),
    "result-in-progress": Scene(p.OrderResult, lambda lobby: _told(lobby, "in_progress")),
    "result-by-post": Scene(p.OrderResult, lambda lobby: _told(lobby, "by_post")),
    "result-collected": Scene(
        p.OrderResult, lambda lobby: _told(lobby, "collected", at=(NOON - timedelta(days=5)).isoformat())
    ),
    "result-repeated": Scene(p.OrderResult, _twice),
    "result-other-centre": Scene(p.OrderResult, lambda lobby: _scanned(lobby, destination="homs-hamra")),
    "result-other-centre-ready": Scene(p.OrderResult, lambda lobby: _told_meanwhile(lobby, "ready")),
    "result-other-centre-in-progress": Scene(p.OrderResult, lambda lobby: _told_meanwhile(lobby, "in_progress")),
    "result-other-centre-collected": Scene(p.OrderResult, lambda lobby: _told_meanwhile(lobby, "collected")),
    "result-other-centre-by-post": Scene(p.OrderResult, lambda lobby: _told_meanwhile(lobby, "by_post")),
    "result-came-here": Scene(p.OrderResult, lambda lobby: _told_meanwhile(lobby, "ready", "homs-main")),
    "result-in-progress-elsewhere": Scene(
        p.OrderResult, lambda lobby: _told(lobby, "in_progress", centre="homs-hamra")
    ),
    "result-unknown-service": Scene(p.OrderResult, lambda lobby: _scanned(lobby, service="passports")),
    "result-expired": Scene(
        p.OrderResult, lambda lobby: _scanned(lobby, issued=NOON - 2 * _MONTH, expires=NOON - timedelta(days=24))
    ),
    "result-forged": Scene(p.OrderResult, _forged),
    "result-ask-counter": Scene(p.OrderResult, lambda lobby: _typed(lobby, *(str(int(_NUMBER) + n) for n in range(4)))),
}

ORDERS: Mapping[str, Scene] = {
    "printing-receipt": Scene(p.PrintingTicket, _scanned),
    "hold-code": Scene(p.HoldCode, lambda lobby: _failed(lobby, 0)),
    "hold-code-left": Scene(p.HoldCode, _scanner_on_the_left),
    "hold-code-failed": Scene(p.HoldCode, lambda lobby: _failed(lobby, 1)),
    "hold-code-pad-first": Scene(p.HoldCode, lambda lobby: _failed(lobby, 2)),
    "hold-code-help": Scene(p.HoldCode, lambda lobby: _failed(lobby, 3)),
    "hold-code-no-scanner": Scene(p.HoldCode, _no_scanner),
    "type-number": Scene(p.TypeOrderNumber, lambda lobby: _typed(lobby, "")[:-1]),
    "type-number-wrong": Scene(p.TypeOrderNumber, lambda lobby: _typed(lobby, "123")),
    "choose-document": Scene(p.ChooseDocument, lambda _: _ordering()),
    "choose-way": Scene(p.ChooseWay, lambda _: _ordering(_CHOSEN)),
    "choose-way-no-card": Scene(p.ChooseWay, _no_card),
    "choose-way-without-card": Scene(p.ChooseWay, _without_card_orders),
    "phone-order": Scene(p.PhoneOrder, lambda _: _ordering(_CHOSEN, (p.ChooseWay, "phone"))),
    "present-card": Scene(p.PresentCard, lambda _: _ordering(*_WISHED)),
    "present-card-right": Scene(p.PresentCard, _card_on_the_right),
    "choose-kind": Scene(p.ChooseKind, lambda _: _ordering(*_WISHED[:2])),
    "choose-copies": Scene(p.ChooseCopies, lambda _: _ordering(*_WISHED[:3])),
    "present-card-failed": Scene(
        p.PresentCard,
        lambda lobby: _ordering(*_WISHED, (p.PresentCard, lobby.scans("https://example.org"))),
    ),
    "confirm-identity": Scene(p.ConfirmIdentity, _carded),
    "confirm-identity-covered": Scene(
        p.ConfirmIdentity, lambda lobby: _carded(lobby, (p.ConfirmIdentity, lobby.passes(15)))
    ),
    **RESULTS,
}

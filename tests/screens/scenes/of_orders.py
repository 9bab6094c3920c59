"""Scenes of orders: held to the reader, typed, made here, and what became of them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from kiosk.flows.ordering.order_result import LOOK_EVERY_S
from kiosk.flows.situation import Conditions
from kiosk.machine.power import ServiceLevel
from kiosk.prompts.choosing import Done, ShowService, Start
from kiosk.prompts.order import (
    ChooseCopies,
    ChooseDocument,
    ChooseKind,
    ChooseWay,
    ConfirmIdentity,
    HoldCode,
    OrderResult,
    PhoneOrder,
    PresentCard,
    TypeOrderNumber,
)
from kiosk.prompts.ticket import PrintingTicket
from kiosk.prompts.ui import Trouble
from tests.kit.clock import NOON
from tests.kit.desk import App, tell
from tests.screens.scenes.scene import Scene, fee
from tests.visits.lobby import Lobby
from tests.visits.scripted_ui import Happens, Step

_ID = bytes(range(16))
_NUMBER = "1204853967"
_CARD = "سلمى#الحمصي#أحمد#فاطمة#حمص 1-2-1980#04010014821#".encode("cp1256")
_STRANGE = "SY1:HALF"


def _scanned(lobby: Lobby, trouble: Trouble | None = None, **order: Any) -> list[Step]:
    lobby.tray.trouble = trouble
    lobby.conditions = Conditions(printer=trouble)
    return [(Start, lobby.scans(lobby.place.app.code(order_id=_ID, number=_NUMBER, **order)))]


def _told(lobby: Lobby, state: str, **more: str) -> list[Step]:
    tell(lobby.place.store, _ID.hex(), state, **more)
    return _scanned(lobby)


def _told_meanwhile(lobby: Lobby, state: str, centre: str = "homs-hamra") -> list[Step]:
    async def told() -> None:
        tell(lobby.place.store, _ID.hex(), state, centre=centre)
        await lobby.time.advance(LOOK_EVERY_S)

    return [*_scanned(lobby, destination="homs-hamra"), (OrderResult, Happens(told))]


def _twice(lobby: Lobby) -> list[Step]:
    return [*_scanned(lobby), (OrderResult, Done()), *_scanned(lobby)]


def _reprint(lobby: Lobby) -> list[Step]:
    def back() -> None:
        lobby.tray.trouble = None
        lobby.situation.update(printer=None)

    return [*_scanned(lobby, Trouble.JAM), (OrderResult, Happens(back))]


def _typed(_: Lobby, *numbers: str) -> list[Step]:
    ways: list[list[Step]] = [
        [(Start, "order"), (HoldCode, "type_number"), (TypeOrderNumber, number)] for number in numbers
    ]
    done: Step = (OrderResult, Done())
    return [step for way in ways for step in (*way, done)][:-1]


def _forged(lobby: Lobby) -> list[Step]:
    return [(Start, lobby.scans(App(kid=lobby.place.app.kid).code()))]


def _failed(lobby: Lobby, times: int) -> list[Step]:
    return [(Start, "order"), *((HoldCode, lobby.scans(_STRANGE)) for _ in range(times))]


def _scanner_on_the_left(lobby: Lobby) -> list[Step]:
    lobby.centre = replace(lobby.centre, scanner="left")
    return _failed(lobby, 0)


def _card_on_the_right(lobby: Lobby) -> list[Step]:
    lobby.centre = replace(lobby.centre, scanner="right")
    return _ordering(*_WISHED)


def _no_scanner(lobby: Lobby) -> list[Step]:
    lobby.conditions = Conditions(scanner=Trouble.FAULT)
    return [
        (Start, "order"),
        (HoldCode, lobby.changes(power_service=ServiceLevel.NO_ORDERS)),
    ]


def _ordering(*steps: Step) -> list[Step]:
    return [(Start, "order"), (HoldCode, "new_order"), *steps]


_CHOSEN: Step = (ChooseDocument, ShowService("civil-affairs"))


def _no_card(lobby: Lobby) -> list[Step]:
    lobby.conditions = Conditions(has_scanner=False)
    return _ordering(_CHOSEN)


def _without_card_orders(lobby: Lobby) -> list[Step]:
    lobby.centre = replace(lobby.centre, has_card_orders=False)
    return _ordering(_CHOSEN)


_WISHED: tuple[Step, ...] = (
    _CHOSEN,
    (ChooseWay, "card"),
    (ChooseKind, ShowService("family")),
    (ChooseCopies, 2),
)


def _carded(lobby: Lobby, *steps: Step) -> list[Step]:
    lobby.place.overlay({"code": "civil-affairs", "fee": fee(25)})
    return _ordering(*_WISHED, (PresentCard, lobby.scans(_CARD)), *steps)


_MONTH = timedelta(days=30)

RESULTS: Mapping[str, Scene] = {
    "result-accepted": Scene(OrderResult, _scanned),
    "result-accepted-post": Scene(OrderResult, lambda lobby: _scanned(lobby, destination="post")),
    "result-accepted-no-receipt": Scene(OrderResult, lambda lobby: _scanned(lobby, Trouble.PAPER_OUT)),
    "result-accepted-reprint": Scene(OrderResult, _reprint),
    "result-unpaid": Scene(OrderResult, lambda lobby: _scanned(lobby, paid=False)),
    "result-unpaid-no-paper": Scene(OrderResult, lambda lobby: _scanned(lobby, Trouble.PAPER_OUT, paid=False)),
    "result-card": Scene(OrderResult, lambda lobby: _carded(lobby, (ConfirmIdentity, "confirm"))),
    "result-unverified": Scene(OrderResult, lambda lobby: _typed(lobby, _NUMBER)),
    "result-ready": Scene(OrderResult, lambda lobby: _told(lobby, "ready")),
    "result-ready-elsewhere": Scene(OrderResult, lambda lobby: _told(lobby, "ready", centre="homs-hamra")),
    "result-in-progress": Scene(OrderResult, lambda lobby: _told(lobby, "in_progress")),
    "result-by-post": Scene(OrderResult, lambda lobby: _told(lobby, "by_post")),
    "result-collected": Scene(
        OrderResult, lambda lobby: _told(lobby, "collected", at=(NOON - timedelta(days=5)).isoformat())
    ),
    "result-repeated": Scene(OrderResult, _twice),
    "result-other-centre": Scene(OrderResult, lambda lobby: _scanned(lobby, destination="homs-hamra")),
    "result-other-centre-ready": Scene(OrderResult, lambda lobby: _told_meanwhile(lobby, "ready")),
    "result-other-centre-in-progress": Scene(OrderResult, lambda lobby: _told_meanwhile(lobby, "in_progress")),
    "result-other-centre-collected": Scene(OrderResult, lambda lobby: _told_meanwhile(lobby, "collected")),
    "result-other-centre-by-post": Scene(OrderResult, lambda lobby: _told_meanwhile(lobby, "by_post")),
    "result-came-here": Scene(OrderResult, lambda lobby: _told_meanwhile(lobby, "ready", "homs-main")),
    "result-in-progress-elsewhere": Scene(OrderResult, lambda lobby: _told(lobby, "in_progress", centre="homs-hamra")),
    "result-unknown-service": Scene(OrderResult, lambda lobby: _scanned(lobby, service="passports")),
    "result-expired": Scene(
        OrderResult, lambda lobby: _scanned(lobby, issued=NOON - 2 * _MONTH, expires=NOON - timedelta(days=24))
    ),
    "result-forged": Scene(OrderResult, _forged),
    "result-ask-counter": Scene(OrderResult, lambda lobby: _typed(lobby, *(str(int(_NUMBER) + n) for n in range(4)))),
}

ORDERS: Mapping[str, Scene] = {
    "printing-receipt": Scene(PrintingTicket, _scanned),
    "hold-code": Scene(HoldCode, lambda lobby: _failed(lobby, 0)),
    "hold-code-left": Scene(HoldCode, _scanner_on_the_left),
    "hold-code-failed": Scene(HoldCode, lambda lobby: _failed(lobby, 1)),
    "hold-code-pad-first": Scene(HoldCode, lambda lobby: _failed(lobby, 2)),
    "hold-code-help": Scene(HoldCode, lambda lobby: _failed(lobby, 3)),
    "hold-code-no-scanner": Scene(HoldCode, _no_scanner),
    "type-number": Scene(TypeOrderNumber, lambda lobby: _typed(lobby, "")[:-1]),
    "choose-document": Scene(ChooseDocument, lambda _: _ordering()),
    "choose-way": Scene(ChooseWay, lambda _: _ordering(_CHOSEN)),
    "choose-way-no-card": Scene(ChooseWay, _no_card),
    "choose-way-without-card": Scene(ChooseWay, _without_card_orders),
    "phone-order": Scene(PhoneOrder, lambda _: _ordering(_CHOSEN, (ChooseWay, "phone"))),
    "present-card": Scene(PresentCard, lambda _: _ordering(*_WISHED)),
    "present-card-right": Scene(PresentCard, _card_on_the_right),
    "choose-kind": Scene(ChooseKind, lambda _: _ordering(*_WISHED[:2])),
    "choose-copies": Scene(ChooseCopies, lambda _: _ordering(*_WISHED[:3])),
    "present-card-failed": Scene(
        PresentCard,
        lambda lobby: _ordering(*_WISHED, (PresentCard, lobby.scans("https://example.org"))),
    ),
    "confirm-identity": Scene(ConfirmIdentity, _carded),
    "confirm-identity-covered": Scene(
        ConfirmIdentity, lambda lobby: _carded(lobby, (ConfirmIdentity, lobby.passes(15)))
    ),
    **RESULTS,
}

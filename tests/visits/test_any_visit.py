"""A citizen who touches anything at all, with a kiosk whose devices come and go: seeded, so that a failure repeats."""

import asyncio
import random
from collections.abc import Callable
from typing import Any

import pytest
from structlog.testing import capture_logs

from common.protocol.queue.claim import digits_of
from devices.protocols import Card, Scan
from kiosk.machine.power import ServiceLevel
from kiosk.prompts.booking import ChooseSeat, ClaimEnded, EndClaim, NotBooked, SeatBooked, WhoBooks
from kiosk.prompts.choosing import (
    AboutServices,
    ChoosePriority,
    Done,
    MoreServices,
    ServiceInfo,
    ShowService,
    Start,
    TakeNumber,
)
from kiosk.prompts.claim import ClaimResult
from kiosk.prompts.earlier_paper import EarlierPaper, ServiceOfPaper, TicketOfToday, TypeTicketDigits
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
from kiosk.prompts.state import Closed, HelpOffer, HelpResult, NotNow, QuotaFull, StillThere
from kiosk.prompts.ticket import FindNumber, PrintingTicket, TakeTicket, TicketOnScreen, Voided
from kiosk.prompts.ui import (
    AskForHelp,
    Back,
    Control,
    Home,
    OpenMaintenance,
    OutReason,
    Priority,
    Prompt,
    SetAccessible,
    SetSpeech,
    SwitchLanguage,
    Trouble,
)
from tests.kit.claims import claim_at, code_of, make_known
from tests.kit.desk import App
from tests.visits.lobby import Lobby
from tests.visits.scripted_ui import Happens, ScriptedUi

STEPS = 150
_STRANGE = "0193f3c2-7b1e-4c55-9a40-1d2f3a4b5c6d"
CARD = "سلمى#الحمصي#أحمد#فاطمة#حمص 1-2-1980#04010012345#".encode("cp1256")
CONTROLS: list[Any] = [
    Back(),
    Home(),
    SwitchLanguage("en"),
    SetAccessible(True),
    SetSpeech(True),
    AskForHelp(),
    OpenMaintenance(),
]
ANSWERS: dict[type, list[Any]] = {
    Start: [
        TakeNumber("water-bill"),
        "more",
        "about",
        "order",
        "priority",
        "reprint",
    ],
    MoreServices: [TakeNumber("commercial-bank")],
    AboutServices: [ShowService("civil-affairs"), ShowService("gone")],
    ServiceInfo: [TakeNumber("civil-affairs"), "phone", "card"],
    ChoosePriority: list(Priority),
    TakeTicket: [Done(), "undo", "priority"],
    TicketOnScreen: [Done(), "reprint", "undo"],
    Voided: [Done()],
    FindNumber: ["001", "1", "999"],
    HoldCode: ["type_number", "help_ticket", "new_order"],
    TypeOrderNumber: ["9990001111", "9990002222"],
    ChooseDocument: [ShowService("civil-affairs"), ShowService("gone")],
    ChooseKind: [ShowService("birth")],
    ChooseCopies: [1, 4],
    ChooseWay: ["phone", "card", "counter"],
    PhoneOrder: [Done()],
    PresentCard: ["counter"],
    ConfirmIdentity: ["confirm", "not_me"],
    OrderResult: [Done(), "reprint", "help_ticket"],
    StillThere: ["more_time", "end"],
    HelpOffer: ["call", "help_ticket", "find_number", "earlier"],
    EarlierPaper: [TakeNumber("water-bill"), "more"],
    ClaimResult: [TakeNumber("clearance"), Done(), "help_ticket"],
    ChooseSeat: ["1", "2", "2026-11-26", "11", "2026-11-26T11:30:00+03:00", "later"],
    WhoBooks: ["1234"],
    SeatBooked: [Done()],
    NotBooked: [Done(), "help_ticket"],
    EndClaim: ["confirm"],
    ClaimEnded: [Done()],
    ServiceOfPaper: [TakeNumber("commercial-bank"), TakeNumber("gone")],
    TypeTicketDigits: ["1", "00000001", digits_of(_STRANGE)],
    TicketOfToday: [Done(), "help_ticket"],
    HelpResult: [Done()],
    Closed: [Done(), "help_ticket"],
    QuotaFull: [Done(), "help_ticket"],
    NotNow: [Done(), "help_ticket"],
}


class AnyUi(ScriptedUi):
    """Answers at random, from what a screen of that prompt can answer, and what it offers at no time."""

    is_any = True

    def __init__(self, choice: random.Random, happenings: list[Callable[[], Happens]]) -> None:
        super().__init__()
        self._choice = choice
        self._happenings = happenings

    async def ask[A](self, prompt: Prompt[A]) -> A | Control:
        if len(self.asked) >= STEPS:
            self.ended.set()
            await asyncio.Event().wait()
        answers = ANSWERS.get(type(prompt), [])
        if answers and self._choice.random() < 0.6:
            answer = self._choice.choice(answers)
        elif self._choice.random() < 0.5:
            answer = self._choice.choice(CONTROLS)
        else:
            answer = self._choice.choice(self._happenings)()
        self.steps = [(type(prompt), answer)]
        return await super().ask(prompt)


@pytest.mark.parametrize("seed", range(6))
async def test_whatever_is_touched_no_visit_fails_and_every_number_shown_is_on_disk(lobby: Lobby, seed: int) -> None:
    choice = random.Random(seed)
    make_known(lobby.place.store)
    app, stranger = lobby.place.app, App(kid=b"\xff\xff")
    codes = [
        app.code(),
        app.code(paid=False),
        app.code(destination="post"),
        stranger.code(),
        "junk",
        f"SY1T:{_STRANGE}",
        code_of(claim_at()),
        code_of(claim_at(centre="homs-new")),
    ]

    def device() -> Happens:
        trouble = choice.choice([None, Trouble.PAPER_OUT, Trouble.JAM, Trouble.UNKNOWN])

        def act() -> None:
            lobby.tray.trouble = trouble
            lobby.situation.update(printer=None if trouble is Trouble.UNKNOWN else trouble)

        return Happens(act)

    happenings: list[Callable[[], Happens]] = [
        lambda: lobby.passes(choice.choice([8, 15, 31, 46, 700])),
        lambda: lobby.passes(46),
        lambda: Happens(lambda: lobby.hand.scans.put_nowait(Scan(choice.choice(codes).encode()))),
        lambda: Happens(lambda: lobby.hand.scans.put_nowait(Scan(CARD))),
        lambda: Happens(lambda: lobby.hand.cards.put_nowait(Card("magstripe", b"x"))),
        device,
        lambda: lobby.changes(power_service=choice.choice(list(ServiceLevel))),
        lambda: lobby.changes(out=choice.choice([None, None, OutReason.MAINTENANCE])),
        lambda: lobby.changes(is_offline=choice.choice([True, False])),
        lambda: lobby.changes(scanner=choice.choice([None, None, Trouble.PRINTER_LOST])),
    ]
    with capture_logs() as lines:
        ui = await lobby.play(AnyUi(choice, happenings), meanwhile=lambda: time_goes_on(lobby))
    assert [line for line in lines if line["log_level"] == "error"] == []
    shown = {one.number for one in ui.shown if isinstance(one, PrintingTicket) and one.number}
    assert shown <= set(lobby.numbers())
    assert shown
    assert ui.forgotten > 5


async def time_goes_on(lobby: Lobby) -> None:
    """Let time pass where nothing else happens, so that a screen that waits for it goes on."""
    while True:
        seen = len(lobby.ui.asked)
        await asyncio.sleep(0.02)
        if seen == len(lobby.ui.asked):
            lobby.situation.update(out=None, scanner=None, power_service=ServiceLevel.FULL)
            await lobby.time.advance(700)
            if lobby.ui.asked and isinstance(lobby.ui.asked[-1], Start):  # untouched, it would wait for ever
                lobby.hand.scans.put_nowait(Scan(b"junk"))

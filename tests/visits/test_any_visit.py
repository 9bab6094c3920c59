"""A citizen who touches anything at all, with a kiosk whose devices come and go: seeded, so that a failure repeats."""

import asyncio
import random
from collections.abc import Callable
from typing import Any

import pytest
from structlog.testing import capture_logs

from common.protocol.feedback import ANSWERS as SERVED
from common.protocol.queue.claim import digits_of
from devices.protocols import Card, Scan
from kiosk import prompts as p
from kiosk.machine.power import ServiceLevel
from tests.kit.claims import claim_at, code_of, make_known
from tests.kit.desk import App
from tests.visits.lobby import Lobby
from tests.visits.scripted_ui import Happens, ScriptedUi

STEPS = 150
_STRANGE = "0193f3c2-7b1e-4c55-9a40-1d2f3a4b5c6d"
CARD = "سلمى#الحمصي#أحمد#فاطمة#حمص 1-2-1980#04010012345#".encode("cp1256")
CONTROLS: list[Any] = [
    p.Back(),
    p.Home(),
    p.SwitchLanguage("en"),
    p.SetAccessible(True),
    p.SetSpeech(True),
    p.AskForHelp(),
    p.OpenMaintenance(),
]
ANSWERS: dict[type, list[Any]] = {
    p.Start: [
        p.TakeNumber("water-bill"),
        p.ShowService("civil-affairs"),
        "more",
        "about",
        "order",
        "priority",
        "reprint",
    ],
    p.MoreServices: [p.TakeNumber("commercial-bank"), p.ShowService("plan-copy")],
    p.AboutServices: [p.ShowService("civil-affairs"), p.ShowService("gone")],
    p.ServiceInfo: [p.TakeNumber("civil-affairs"), "phone", "card"],
    p.ChoosePriority: list(p.Priority),
    p.TakeTicket: [p.Done(), "undo", "priority"],
    p.TicketOnScreen: [p.Done(), "reprint", "undo"],
    p.Voided: [p.Done()],
    p.FindNumber: ["001", "1", "999"],
    p.HoldCode: ["type_number", "help_ticket", "new_order"],
    p.TypeOrderNumber: ["1", "9990001111", "9990002222"],
    p.ChooseDocument: [p.ShowService("civil-affairs"), p.ShowService("gone")],
    p.ChooseKind: [p.ShowService("birth")],
    p.ChooseCopies: [1, 4],
    p.ChooseWay: ["phone", "card", "counter"],
    p.PhoneOrder: [p.Done()],
    p.PresentCard: ["counter"],
    p.ConfirmIdentity: ["confirm", "not_me"],
    p.OrderResult: [p.Done(), "reprint", "help_ticket"],
    p.StillThere: ["more_time", "end"],
    p.HelpOffer: ["call", "help_ticket", "find_number", "earlier"],
    p.EarlierPaper: [p.TakeNumber("water-bill"), "more"],
    p.ClaimResult: [p.TakeNumber("clearance"), p.Done(), "help_ticket"],
    p.ChooseSeat: ["1", "2", "2026-11-26", "11", "2026-11-26T11:30:00+03:00", "later"],
    p.WhoBooks: ["1234"],
    p.SeatBooked: [p.Done()],
    p.NotBooked: [p.Done(), "help_ticket"],
    p.EndClaim: ["confirm"],
    p.ClaimEnded: [p.Done()],
    p.WasItDone: list(SERVED),
    p.HowWasIt: [1, 2, 3],
    p.Thanks: [p.Done()],
    p.ServiceOfPaper: [p.TakeNumber("commercial-bank"), p.TakeNumber("gone")],
    p.TypeTicketDigits: ["1", "00000001", digits_of(_STRANGE)],
    p.TicketOfToday: [p.Done(), "help_ticket"],
    p.HelpResult: [p.Done()],
    p.Closed: [p.Done(), "help_ticket"],
    p.QuotaFull: [p.Done(), "help_ticket"],
    p.NotNow: [p.Done(), "help_ticket"],
}


class AnyUi(ScriptedUi):
    """Answers at random, from what a screen of that prompt can answer."""

    def __init__(self, choice: random.Random, happenings: list[Callable[[], Happens]]) -> None:
        super().__init__()
        self._choice = choice
        self._happenings = happenings

    async def ask[A](self, prompt: p.Prompt[A]) -> A | p.Control:
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
        trouble = choice.choice([None, p.Trouble.PAPER_OUT, p.Trouble.JAM, p.Trouble.UNKNOWN])

        def act() -> None:
            lobby.tray.trouble = trouble
            lobby.situation.update(printer=None if trouble is p.Trouble.UNKNOWN else trouble)

        return Happens(act)

    happenings: list[Callable[[], Happens]] = [
        lambda: lobby.passes(choice.choice([8, 15, 31, 46, 700])),
        lambda: lobby.passes(46),
        lambda: Happens(lambda: lobby.hand.scans.put_nowait(Scan(choice.choice(codes).encode()))),
        lambda: Happens(lambda: lobby.hand.scans.put_nowait(Scan(CARD))),
        lambda: Happens(lambda: lobby.hand.cards.put_nowait(Card("magstripe", b"x"))),
        device,
        lambda: lobby.changes(power_service=choice.choice(list(ServiceLevel))),
        lambda: lobby.changes(out=choice.choice([None, None, p.OutReason.MAINTENANCE])),
        lambda: lobby.changes(is_offline=choice.choice([True, False])),
        lambda: lobby.changes(scanner=choice.choice([None, None, p.Trouble.PRINTER_LOST])),
    ]
    with capture_logs() as lines:
        ui = await lobby.play(AnyUi(choice, happenings), meanwhile=lambda: time_goes_on(lobby))
    assert [line for line in lines if line["log_level"] == "error"] == []
    shown = {one.number for one in ui.shown if isinstance(one, p.PrintingTicket) and one.number}
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
            if lobby.ui.asked and isinstance(lobby.ui.asked[-1], p.Start):  # untouched, it would wait for ever
                lobby.hand.scans.put_nowait(Scan(b"junk"))

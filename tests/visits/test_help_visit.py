"""Help over other screens: what was accepted there is finished before anything else is shown."""

import asyncio
import threading
from collections.abc import Callable

from devices.protocols import Scan
from kiosk.prompts.choosing import Done, Start, TakeNumber
from kiosk.prompts.order import HoldCode
from kiosk.prompts.state import HelpOffer, OutOfService
from kiosk.prompts.ticket import TakeTicket, TicketOnScreen
from kiosk.prompts.ui import AskForHelp, Back, Control, OutReason, Prompt, Trouble
from tests.visits.lobby import Lobby
from tests.visits.scripted_ui import Happens, ScriptedUi

TAP = TakeNumber("water-bill")


def while_printing(lobby: Lobby, happens: Callable[[], None]) -> None:
    """Have something happen in the event loop while the first paper is in the printer, and be known to all."""
    loop, first = asyncio.get_running_loop(), threading.Lock()

    def printing() -> None:
        if first.acquire(blocking=False):
            happened = threading.Event()

            def act() -> None:
                happens()
                # A waiter is woken first, and what that one computes in a thread comes back.
                loop.call_later(0.1, happened.set)

            loop.call_soon_threadsafe(act)
            assert happened.wait(5)

    lobby.tray.on_print = printing


async def test_a_number_taken_in_help_stays_until_it_is_read_though_the_paper_runs_out_meanwhile(lobby: Lobby) -> None:
    def runs_out() -> None:
        lobby.tray.trouble = Trouble.PAPER_OUT
        lobby.situation.update(printer=Trouble.PAPER_OUT)

    while_printing(lobby, runs_out)
    ui = await lobby.run(
        (Start, AskForHelp()), (HelpOffer, "help_ticket"), (TicketOnScreen, Done()), (Start, lobby.passes(1))
    )
    assert lobby.numbers() == [ui.last(TicketOnScreen).number]
    assert ui.last(Start).notice is not None, "what has changed meanwhile is on the next screen at once"


async def test_a_code_that_is_held_to_the_reader_meanwhile_comes_after_the_number(lobby: Lobby) -> None:
    while_printing(lobby, lambda: lobby.hand.scans.put_nowait(Scan(b"junk")))
    await lobby.run((Start, AskForHelp()), (HelpOffer, "help_ticket"), (TakeTicket, Done()), (HoldCode, Back()))
    assert len(lobby.tray.out) == 1


async def test_the_kiosk_goes_out_of_service_only_after_the_number_was_read(lobby: Lobby) -> None:
    while_printing(lobby, lambda: lobby.situation.update(out=OutReason.MAINTENANCE))
    await lobby.run(
        (Start, AskForHelp()),
        (HelpOffer, "help_ticket"),
        (TakeTicket, Done()),
        (OutOfService, lobby.changes(out=None)),
    )


async def test_a_number_taken_in_help_leaves_the_screen_by_itself_as_every_number(lobby: Lobby) -> None:
    ui = await lobby.run((Start, AskForHelp()), (HelpOffer, "help_ticket"), (TakeTicket, lobby.passes(8)), (Start, TAP))
    assert not any(type(one).__name__ == "StillThere" for one in ui.asked)


async def test_help_can_be_asked_for_on_the_number_that_help_gave(lobby: Lobby) -> None:
    lobby.tray.trouble = Trouble.PAPER_OUT

    ui = await lobby.run(
        (Start, AskForHelp()),
        (HelpOffer, "help_ticket"),
        (TicketOnScreen, AskForHelp()),
        (HelpOffer, Back()),
        (TicketOnScreen, Done()),
    )
    assert isinstance(ui.asked[-1], Start)


async def test_who_reads_help_over_a_number_is_not_thrown_back_by_the_end_of_undoing_it(lobby: Lobby) -> None:
    lobby.tray.trouble = Trouble.JAM

    async def reads() -> None:
        await lobby.time.advance(9)
        await asyncio.to_thread(int)
        await lobby.time.advance(1)
        lobby.ui.ended.set()

    ui = await lobby.run((Start, TAP), (TicketOnScreen, AskForHelp()), (HelpOffer, Happens(reads)))
    assert isinstance(ui.asked[-1], HelpOffer)


async def test_who_comes_back_from_help_is_not_offered_what_ended_meanwhile(lobby: Lobby) -> None:
    lobby.tray.trouble = Trouble.JAM

    class Reads(ScriptedUi):
        async def ask[A](self, prompt: Prompt[A]) -> A | Control:
            if isinstance(prompt, HelpOffer):
                await lobby.time.advance(9)
                return Back()
            return await super().ask(prompt)

    passing = (TicketOnScreen, Happens(lambda: None))
    ui = await lobby.play(Reads((Start, TAP), (TicketOnScreen, AskForHelp()), passing, (TicketOnScreen, Done())))
    assert not ui.last(TicketOnScreen).can_undo

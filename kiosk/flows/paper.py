"""From a number on disk to the paper in the hand, or to the number on the screen: C4, C5, C13 to C15."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import Any, Literal

from kiosk.desk.desk import Issued, PaperOutcome, Refused
from kiosk.flows.context import Context, Judged
from kiosk.flows.ended import WentBack
from kiosk.flows.race import first_of
from kiosk.prompts.choosing import Choice, ChoosePriority, Done
from kiosk.prompts.paper import CameOut, MayBeOut, NotOut, Slot, Tried
from kiosk.prompts.state import NotNow
from kiosk.prompts.ticket import PrintingTicket, TakeTicket, TicketOnScreen, Voided
from kiosk.prompts.ui import Prompt, Text, Trouble

TAKE_S = 8.0  # a peer's 1.5 s is too short
TAKE_ACCESSIBLE_S = 20.0
UNDO_S = 8.0
LOOK_EVERY_S = 0.5


async def hand_over(ctx: Context, ticket: Issued, *, copy: bool = False) -> None:
    """Show the number at once, print the paper, and say truly what became of it. Call it only when it is on disk."""
    names = ctx.catalogue().names(ticket.service)
    ctx.memory.ticket = ticket
    ctx.ui.show(PrintingTicket(ticket.number, names, copy))
    await asyncio.sleep(0)  # the number is drawn in this turn of the loop, before typesetting takes a share of the CPU
    paper = await asyncio.to_thread(ctx.desk.print_ticket, ticket, copy=copy, language=ctx.memory.look.language)
    with _undo_time(ctx) as undo_ends:
        if paper.state == "printed":
            await take_ticket(ctx, ticket, copy=copy, undo_ends=None if copy else undo_ends)
        else:
            await keep_on_screen(ctx, ticket, trouble_of(paper), undo_ends)


@contextmanager
def _undo_time(ctx: Context) -> Iterator[asyncio.Future[None]]:
    """Let a wrong touch be taken back for a moment: give what ends with it."""
    ends = asyncio.ensure_future(ctx.sleep(TAKE_ACCESSIBLE_S if ctx.memory.look.needs_time else UNDO_S))
    try:
        yield ends
    finally:
        ends.cancel()


async def take_ticket(
    ctx: Context, ticket: Issued, *, copy: bool, undo_ends: asyncio.Future[None] | None = None
) -> None:
    """Say where the paper came out; the start screen comes back by itself."""
    while True:
        judged = await _judged(ctx, ticket)
        prompt = TakeTicket(
            ticket.number,
            ctx.catalogue().names(ticket.service),
            ctx.centre.slot,
            ticket.has_priority,
            is_offline=ctx.situation.now.is_offline,
            is_copy=copy,
            ahead=None if copy else ticket.ahead if judged is None else judged.ahead,
            can_undo=undo_ends is not None and not undo_ends.done(),
            claim=_of_claim(ticket, judged),
        )
        match await ctx.ui.ask_briefly(prompt, partial(reading_s, ctx), partial(_judgement, ctx, ticket, judged)):
            case Judged():
                continue
            case "undo":
                if undo_ends is None or undo_ends.done():
                    continue  # the finger came a moment too late: the screen says so by what it no longer offers
                await _take_back(ctx, ticket, has_paper=True)
                return
            case "priority":
                ticket = await _say_priority(ctx, ticket)
            case _:
                return


async def keep_on_screen(
    ctx: Context, ticket: Issued, trouble: Trouble, undo_ends: asyncio.Future[None] | None = None
) -> None:
    """Keep the number large on the screen, and offer the paper once when the printer is back."""
    while True:
        can_print = ctx.situation.now.printer is None
        can_undo = undo_ends is not None and not undo_ends.done()
        judged = await _judged(ctx, ticket)
        prompt = replace(_on_screen(ctx, ticket, trouble, judged), can_reprint=can_print, can_undo=can_undo)
        offered = partial(_offers_change, ctx, can_print, undo_ends if can_undo else None)
        match await ctx.ui.ask_until(prompt, partial(_changes, ctx, offered, ticket, judged), in_peace=True):
            case None | Judged():
                continue
            case "undo":
                if undo_ends is None or undo_ends.done():
                    continue
                await _take_back(ctx, ticket, has_paper=False, may_have=trouble is Trouble.UNKNOWN)
                return
            case "reprint":
                await reprint(ctx, ticket)
                return
            case _:
                return


def reading_s(ctx: Context) -> float:
    """Return how many seconds a screen stays that leaves by itself: who listens or reads slowly has more of them."""
    return TAKE_ACCESSIBLE_S if ctx.memory.look.needs_time else TAKE_S


async def _take_back(ctx: Context, ticket: Issued, *, has_paper: bool, may_have: bool = False) -> None:
    """Void the number of a wrong touch; the citizen goes on from the start screen."""
    if await asyncio.to_thread(ctx.desk.take_back, ticket) is not None:
        await ctx.ui.ask(NotNow(Text("fault.not_undone"), others_work=False))
        return
    ctx.memory.ticket = None
    is_marked = False
    if has_paper:
        ctx.ui.show(PrintingTicket(None, is_void=True))
        slip = await asyncio.to_thread(ctx.desk.print_void, ticket, language=ctx.memory.look.language)
        is_marked = slip.state == "printed"
    await ctx.ui.ask_briefly(Voided(ticket.number, has_paper, is_marked, may_have), partial(reading_s, ctx))


async def _say_priority(ctx: Context, ticket: Issued) -> Issued:
    """Ask for the priority that was not said before the number, and note it with the number given."""
    try:
        chosen = await ctx.ui.ask(ChoosePriority(ticket.priority))
    except WentBack:
        return ticket
    noted = await asyncio.to_thread(ctx.desk.say_priority, ticket, chosen)
    if isinstance(noted, Refused):
        await ctx.ui.ask(NotNow(Text("fault.priority_not_noted"), others_work=False))
        return ticket
    ctx.memory.ticket = noted
    return noted


async def reprint(ctx: Context, ticket: Issued) -> None:
    """Print the same number as a copy; whatever becomes of it, it is not offered again."""
    names = ctx.catalogue().names(ticket.service)
    ctx.ui.show(PrintingTicket(ticket.number, names, is_copy=True))
    paper = await asyncio.to_thread(ctx.desk.print_ticket, ticket, copy=True, language=ctx.memory.look.language)
    if paper.state == "printed":
        await take_ticket(ctx, ticket, copy=True)
        return
    await ctx.ui.ask(_on_screen(ctx, ticket, trouble_of(paper), await _judged(ctx, ticket)))


def _on_screen(ctx: Context, ticket: Issued, trouble: Trouble, judged: Judged | None) -> TicketOnScreen:
    """Return a number without a paper, with what its paper would say, and the page on which a phone follows it."""
    return TicketOnScreen(
        ticket.number,
        ctx.catalogue().names(ticket.service),
        trouble,
        ticket.has_priority,
        claim=_of_claim(ticket, judged),
        ahead=ticket.ahead if judged is None else judged.ahead,
        page=(ctx.centre.ticket_page or "").replace("{id}", ticket.token) if ticket.token else "",
    )


async def ask_with_reprint(ctx: Context, prompt: Callable[[bool], Prompt[Done | Choice]]) -> bool:
    """Ask until the citizen is done, or wants the paper printed again (True), which is offered when it can be."""
    return await ask_with_printer(ctx, prompt) == "reprint"


async def ask_with_printer(
    ctx: Context, prompt: Callable[[bool], Prompt[Done | Choice]], stands_s: float | None = None
) -> Done | Choice | None:
    """Ask, and ask again with what can be done whenever the printer has gone or is back.

    None once nobody has touched anything for `stands_s`; without it the prompt's own limit holds.
    """
    while True:
        can_print = ctx.situation.now.printer is None
        asked, other = prompt(can_print), partial(_printer_is_other, ctx, can_print)
        answer: Done | Choice | Literal[True] | None
        if stands_s is None:
            answer = await ctx.ui.ask_until(asked, other, in_peace=True)
        else:
            answer = await ctx.ui.ask_briefly(asked, lambda: stands_s, other)
        if answer is not True:
            return answer


async def _changes(
    ctx: Context, offered: Callable[[], Coroutine[Any, Any, None]], ticket: Issued, judged: Judged | None
) -> Judged | None:
    """Wait until a screen with a number says or offers something else."""
    return await first_of(_judgement(ctx, ticket, judged), offered())


async def _offers_change(ctx: Context, could_print: bool, undo_ends: asyncio.Future[None] | None) -> None:
    """Wait until a screen with a number offers something else: a paper, or no more undoing."""
    printer = _printer_changes(ctx, could_print)
    await (printer if undo_ends is None else first_of(printer, _end_of(undo_ends)))


async def _end_of(undo_ends: asyncio.Future[None]) -> None:
    await asyncio.shield(undo_ends)


async def _printer_is_other(ctx: Context, could_print: bool) -> Literal[True]:
    await _printer_changes(ctx, could_print)
    return True


async def _printer_changes(ctx: Context, could_print: bool) -> None:
    while (ctx.situation.now.printer is None) == could_print:
        await ctx.situation.change()


async def _judged(ctx: Context, ticket: Issued) -> Judged | None:
    """Return what the hub has made of the earlier paper that a number was taken with, as far as it is known."""
    return None if ticket.claim is None else await asyncio.to_thread(ctx.judged, ticket.id)


async def _judgement(ctx: Context, ticket: Issued, known: Judged | None) -> Judged:
    """Wait until the hub has said what it makes of an earlier paper, where there is one and it has not said it yet."""
    while ticket.claim is not None and known is None:
        found = await _judged(ctx, ticket)
        if found is not None:
            return found
        await ctx.sleep(LOOK_EVERY_S)
    return await asyncio.Future[Judged]()


def _of_claim(ticket: Issued, judged: Judged | None) -> Text | None:
    """Return what became of the earlier paper or the claim, where a number was taken with one."""
    if ticket.expected is not None:
        # Of a second number for one claim only the hub knows: that one waits as any other.
        is_second = judged is not None and judged.word == "used"
        return Text("claim.claim_used") if is_second else ticket.expected.said
    if ticket.claim is None:
        return None
    return Text("claim.noted" if judged is None else f"claim.{judged.word}")


def paper_of(outcome: PaperOutcome, slot: Slot, *, can_print: bool) -> Tried:
    """Return what a screen may say of a paper that was tried, while the printer can print or can't."""
    match outcome.state:
        case "printed":
            return CameOut(slot)
        case "unknown":
            return MayBeOut(can_print)
        case _:
            return NotOut(can_print)


def trouble_of(paper: PaperOutcome) -> Trouble:
    """Return why there is no paper; no printer at all is a lost one."""
    if paper.state == "unknown":
        return Trouble.UNKNOWN
    return paper.trouble or Trouble.PRINTER_LOST

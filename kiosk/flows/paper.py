"""From a number on disk to the paper in the hand, or to the number on the screen: C4, C5, C13 to C15."""

import asyncio
from collections.abc import Callable
from functools import partial

from kiosk.desk.desk import Issued, PaperOutcome
from kiosk.flows.context import Context
from kiosk.prompts import Choice, Done, PrintingTicket, Prompt, TakeTicket, TicketOnScreen, Trouble

TAKE_S = 8.0  # a peer's 1.5 s is too short
TAKE_ACCESSIBLE_S = 20.0


async def hand_over(ctx: Context, ticket: Issued, *, copy: bool = False) -> None:
    """Show the number at once, print the paper, and say truly what became of it. Call it only when it is on disk."""
    names = ctx.catalogue().names(ticket.service)
    ctx.memory.ticket = ticket
    ctx.ui.show(PrintingTicket(ticket.number, names, copy))
    await asyncio.sleep(0)  # the number is drawn in this turn of the loop, before typesetting takes a share of the CPU
    paper = await asyncio.to_thread(ctx.desk.print_ticket, ticket, copy=copy, language=ctx.memory.look.language)
    if paper.state == "printed":
        await take_ticket(ctx, ticket, copy=copy)
        return
    await keep_on_screen(ctx, ticket, trouble_of(paper))


async def take_ticket(ctx: Context, ticket: Issued, *, copy: bool) -> None:
    """Say where the paper came out; the start screen comes back by itself."""
    if ctx.memory.unprinted is not None and ctx.memory.unprinted.id == ticket.id:
        ctx.memory.unprinted = None
    prompt = TakeTicket(
        ticket.number,
        ctx.catalogue().names(ticket.service),
        ctx.centre.slot,
        ticket.priority,
        is_offline=ctx.situation.now.is_offline,
        is_copy=copy,
        ahead=None if copy else ticket.ahead,
    )
    await ctx.ui.ask_briefly(prompt, TAKE_ACCESSIBLE_S if ctx.memory.look.is_accessible else TAKE_S)


async def keep_on_screen(ctx: Context, ticket: Issued, trouble: Trouble) -> None:
    """Keep the number large on the screen, and offer the paper once when the printer is back."""
    ctx.memory.unprinted = ticket
    names = ctx.catalogue().names(ticket.service)

    def prompt(can_reprint: bool) -> Prompt[Done | Choice]:
        return TicketOnScreen(ticket.number, names, trouble, ticket.priority, can_reprint)

    if await ask_with_reprint(ctx, prompt):
        await reprint(ctx, ticket)


async def reprint(ctx: Context, ticket: Issued) -> None:
    """Print the same number as a copy; whatever becomes of it, it is not offered again."""
    names = ctx.catalogue().names(ticket.service)
    ctx.ui.show(PrintingTicket(ticket.number, names, is_copy=True))
    paper = await asyncio.to_thread(ctx.desk.print_ticket, ticket, copy=True, language=ctx.memory.look.language)
    if paper.state == "printed":
        await take_ticket(ctx, ticket, copy=True)
        return
    ctx.memory.unprinted = None
    await ctx.ui.ask(TicketOnScreen(ticket.number, names, trouble_of(paper), ticket.priority))


async def ask_with_reprint(ctx: Context, prompt: Callable[[bool], Prompt[Done | Choice]]) -> bool:
    """Ask until the citizen is done, or wants the paper printed again (True), which is offered when it can be."""
    while True:
        can_print = ctx.situation.now.printer is None
        answer = await ctx.ui.ask_until(prompt(can_print), partial(_printer_changes, ctx, can_print))
        if answer is not None:
            return answer == "reprint"


async def _printer_changes(ctx: Context, could_print: bool) -> None:
    while (ctx.situation.now.printer is None) == could_print:
        await ctx.situation.change()


def trouble_of(paper: PaperOutcome) -> Trouble:
    """Return why there is no paper; no printer at all is a lost one."""
    if paper.state == "unknown":
        return Trouble.UNKNOWN
    return paper.trouble or Trouble.PRINTER_LOST

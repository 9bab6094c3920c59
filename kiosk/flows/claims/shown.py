"""A claim that is shown: its number at once where it is good here and now, else why not, and an ordinary one."""

import asyncio
from datetime import timedelta

from common.city.catalogue import INFORMATION
from common.protocol.queue.claim import ClaimFound, TicketClaim
from kiosk.desk.claims.outcome import ClaimOutcome
from kiosk.desk.claims.showing import ClaimShown
from kiosk.desk.desk import Refused
from kiosk.flows.booking.another_day import end_claim
from kiosk.flows.claims.todays import todays_number
from kiosk.flows.context import Context
from kiosk.flows.ended import WentBack
from kiosk.flows.paper import hand_over
from kiosk.flows.refusal import say_refused
from kiosk.flows.ticket import take_number
from kiosk.prompts.choosing import TakeNumber
from kiosk.prompts.claim import ClaimResult
from kiosk.prompts.state import NotNow
from kiosk.prompts.ui import Text
from offline_store.queue.shown import ShownTicket

_SIGNED = frozenset(ClaimOutcome) - {ClaimOutcome.UNVERIFIED, ClaimOutcome.UNREADABLE, ClaimOutcome.FORGED}


async def bring_claim(ctx: Context, brought: str | ClaimFound) -> TicketClaim | None:
    """Take a claim by its code, or by what the hub has said of its digits.

    Returns the paper that it stands for, and does no more, where its number was given here on an earlier day: that one
    is called no more.
    """
    shown = await asyncio.to_thread(ctx.desk.claim, brought, priority=ctx.memory.priority)
    if isinstance(shown, Refused):
        await ctx.ui.ask(NotNow(Text("fault.store")))
        return None
    if shown.outcome is ClaimOutcome.USED and shown.elsewhere is not None:
        await todays_number(ctx, shown.elsewhere)
        return None
    if shown.outcome is ClaimOutcome.USED and shown.ticket is not None:
        paper = TicketClaim("carried", id=shown.ticket.id)
        given = await asyncio.to_thread(ctx.desk.ticket_shown, paper)
        if isinstance(given, ShownTicket) and not given.is_today:
            return paper
        if isinstance(given, ShownTicket) and given.stands == "passed":
            await todays_number(ctx, given)
            return None
    if shown.outcome.gives_number and shown.ticket is not None:
        await hand_over(ctx, shown.ticket)
    elif shown.refused is not None and shown.claim is not None:
        if await say_refused(ctx, shown.claim.service, shown.refused) == "help_ticket":
            await take_number(ctx, INFORMATION)
    else:
        await _say(ctx, shown, brought if isinstance(brought, str) else None)
    return None


async def _say(ctx: Context, shown: ClaimShown, code: str | None) -> None:
    prompt = _prompt(ctx, shown, has_code=code is not None)
    answer = await ctx.ui.ask(prompt)
    while answer == "end_claim" and code and prompt.names and prompt.day and prompt.time:
        try:
            answer = await end_claim(ctx, code.strip("\r\n"), prompt.names, prompt.day, prompt.time)
        except WentBack:
            answer = await ctx.ui.ask(prompt)
    if isinstance(answer, TakeNumber):
        await take_number(ctx, answer.service, shown.shown)
    elif answer == "help_ticket":
        await take_number(ctx, INFORMATION)


def _prompt(ctx: Context, shown: ClaimShown, *, has_code: bool) -> ClaimResult:
    catalogue, claim, at = ctx.catalogue(), shown.claim, shown.at
    if claim is None or at is None:
        return ClaimResult(shown.outcome.value)
    offered = claim.service if catalogue.get(claim.service) is not None else None
    if shown.outcome not in _SIGNED:
        return ClaimResult(shown.outcome.value, service=offered)
    is_elsewhere = shown.outcome is ClaimOutcome.OTHER_CENTRE
    return ClaimResult(
        shown.outcome.value,
        catalogue.names(claim.service),
        at.date(),
        f"{at:%H:%M}",
        f"{at - timedelta(minutes=shown.early_min):%H:%M}",
        catalogue.centre_names(claim.centre) if is_elsewhere else None,
        None if shown.ticket is None else shown.ticket.number,
        offered,
        has_code and ctx.booking is not None and shown.outcome in (ClaimOutcome.EARLY, ClaimOutcome.OTHER_DAY),
        shown.is_closed,
    )

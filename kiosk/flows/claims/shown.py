"""A claim that is shown: its number at once where it is good here and now, else why not, and an ordinary one."""

import asyncio
from datetime import timedelta
from typing import Literal

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
from kiosk.prompts.claim import Became, ClaimResult, Elsewhere, Expired, ToCome, Unsigned, Used, Withdrawn
from kiosk.prompts.state import NotNow
from kiosk.prompts.ui import Text
from offline_store.queue.shown import ShownTicket


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
    claim = prompt.became
    while answer == "end_claim" and code and isinstance(claim, ToCome):
        try:
            answer = await end_claim(ctx, code.strip("\r\n"), claim.names, claim.day, claim.time)
        except WentBack:
            answer = await ctx.ui.ask(prompt)
    if isinstance(answer, TakeNumber):
        await take_number(ctx, answer.service, shown.shown)
    elif answer == "help_ticket":
        await take_number(ctx, INFORMATION)


def _prompt(ctx: Context, shown: ClaimShown, *, has_code: bool) -> ClaimResult:
    claim = shown.claim
    offered = claim.service if claim is not None and ctx.catalogue().get(claim.service) is not None else None
    return ClaimResult(_became(ctx, shown, has_code=has_code), offered)


def _became(ctx: Context, shown: ClaimShown, *, has_code: bool) -> Became:
    outcome, claim, at = shown.outcome, shown.claim, shown.at
    if outcome is ClaimOutcome.UNREADABLE:
        return Unsigned("unreadable")
    if outcome is ClaimOutcome.FORGED:
        return Unsigned("forged")
    if outcome is ClaimOutcome.UNVERIFIED:
        return Unsigned("unverified")
    if claim is None or at is None:
        raise AssertionError(f"what central has signed says nothing: {outcome}")
    names = ctx.catalogue().names(claim.service)
    match outcome:
        case ClaimOutcome.EARLY | ClaimOutcome.OTHER_DAY:
            which: Literal["early", "other-day"] = "early" if outcome is ClaimOutcome.EARLY else "other-day"
            opens = f"{at - timedelta(minutes=shown.early_min):%H:%M}"
            can_end = has_code and ctx.booking is not None
            return ToCome(which, names, at.date(), f"{at:%H:%M}", opens, shown.is_closed, can_end)
        case ClaimOutcome.OTHER_CENTRE:
            return Elsewhere(names, at.date(), f"{at:%H:%M}", ctx.catalogue().centre_names(claim.centre))
        case ClaimOutcome.EXPIRED:
            return Expired(names, at.date())
        case ClaimOutcome.WITHDRAWN:
            return Withdrawn(names)
        case ClaimOutcome.USED:
            return Used(names, None if shown.ticket is None else shown.ticket.number)
        case _:
            raise AssertionError(f"{outcome} gives a number")

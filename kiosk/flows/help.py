"""Help: what to do here, a call for staff where somebody takes it, or a number at the information desk."""

import asyncio
from functools import partial

from common.city.catalogue import INFORMATION
from kiosk.desk.desk import Refused
from kiosk.flows.context import Context, StaffCalls
from kiosk.flows.earlier_paper import type_digits
from kiosk.flows.paper import keep_on_screen
from kiosk.flows.payments.asked import billers_of, can_pay
from kiosk.flows.payments.bill import pay_a_bill
from kiosk.flows.race import first_of
from kiosk.flows.ticket import take_number
from kiosk.flows.unprinted import ends_in
from kiosk.prompts.choosing import Choice, Done
from kiosk.prompts.state import Calling, HelpOffer, HelpResult
from kiosk.prompts.ticket import FindNumber

ANSWERED_WITHIN_S = 120.0
_TRIES = 3  # then it is somebody who guesses


async def help_citizen(ctx: Context) -> None:
    """Offer help; Back returns to the screen that was asked on."""
    staff = ctx.staff if ctx.centre.help_call and ctx.staff is not None and ctx.staff.is_there else None
    can_find = ctx.situation.now.printer is None and bool(await asyncio.to_thread(ctx.desk.without_paper))
    offered = await can_pay(ctx)
    has_pay = offered is not None and bool(billers_of(ctx, offered[1], None))
    wanted: Choice | Done = await ctx.ui.ask(HelpOffer(staff is not None, can_find, has_pay))
    with ctx.ui.undisturbed():
        if wanted == "call" and staff is not None:
            wanted = await _call(ctx, staff)
        if wanted == "help_ticket":
            await take_number(ctx, INFORMATION)
        elif wanted == "find_number":
            await _find_number(ctx)
        elif wanted == "pay":
            await pay_a_bill(ctx, None)
        elif wanted == "earlier":
            await type_digits(ctx)


async def _find_number(ctx: Context) -> None:
    """Have a number that got no paper printed, for anyone who knows its last digits; of several that end alike his."""
    for attempt in range(_TRIES):
        digits, others = await ctx.ui.ask(FindNumber(wrong=attempt > 0)), set[str]()
        while (found := ends_in(digits, await asyncio.to_thread(ctx.desk.without_paper), others)) is not None:
            await keep_on_screen(ctx, *found)
            if found[0].id not in [one.id for one, _ in await asyncio.to_thread(ctx.desk.without_paper)]:
                return
            others.add(found[0].id)  # left without its paper: somebody else's, perhaps
        if others:
            return


async def _call(ctx: Context, staff: StaffCalls) -> Choice | Done:
    """Call and say truly what became of it: asked, seen by somebody, or not answered."""
    ctx.ui.show(Calling())
    call = await asyncio.to_thread(ctx.desk.call_help)
    if isinstance(call, Refused) or not await staff.call(call):
        return await ctx.ui.ask(HelpResult("not_sent"))
    answer = await ctx.ui.ask_until(HelpResult("asked"), partial(_answered, ctx, staff, call))
    return await ctx.ui.ask(answer) if isinstance(answer, HelpResult) else answer


async def _answered(ctx: Context, staff: StaffCalls, call: str) -> HelpResult:
    """Wait for somebody to say that they have seen it, two minutes at most."""

    async def seen() -> HelpResult:
        await staff.seen(call)
        return HelpResult("seen")

    async def late() -> HelpResult:
        await ctx.sleep(ANSWERED_WITHIN_S)
        return HelpResult("unanswered")

    return await first_of(seen(), late())

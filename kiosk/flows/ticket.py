"""A queue ticket: one touch, one number; of a service that stands still after a question."""

import asyncio
from functools import partial

from common.city.catalogue import INFORMATION
from common.protocol.queue.claim import TicketClaim
from kiosk.desk.desk import Refusal, Refused, new_intention
from kiosk.flows.context import Context
from kiosk.flows.paper import hand_over
from kiosk.flows.refusal import say_refused
from kiosk.prompts.choosing import Done, Interrupted, TakeNumber
from kiosk.prompts.ticket import Stopped


async def take_number(ctx: Context, service_code: str, claim: TicketClaim | None = None) -> None:
    """Issue the next number of a service or desk, then hand the paper over; `claim`: an earlier paper was shown."""
    stopped = await _stopped(ctx, service_code)
    if stopped is not None and not isinstance(await _ask(ctx, service_code, stopped), TakeNumber):
        return
    # The touch has its name before anything is asked of the store: whatever is retried below is this one ticket.
    intention = new_intention()
    priority = ctx.memory.priority
    issue = partial(ctx.desk.issue, service_code, intention=intention, priority=priority, claim=claim)
    answer = await asyncio.to_thread(issue, is_told=stopped is not None)
    if not isinstance(answer, Refused):
        await hand_over(ctx, answer)
        return
    stopped = await _stopped(ctx, service_code)
    if answer.reason is Refusal.INTERRUPTED and stopped is not None:  # since its tile was touched
        await _ask(ctx, service_code, stopped)
        return
    chosen = await say_refused(ctx, service_code, answer)
    if chosen == "help_ticket" and service_code != INFORMATION:
        await take_number(ctx, INFORMATION)


async def _stopped(ctx: Context, service_code: str) -> Stopped | None:
    """Return since when and why a service stands still, None where it works or nobody has said so lately."""
    hall = await asyncio.to_thread(ctx.hall)
    return None if hall is None else hall.stopped.get(service_code)


async def _ask(ctx: Context, service_code: str, stopped: Stopped) -> TakeNumber | Done:
    """Ask whether somebody takes a number who knows that the service stands still."""
    service = ctx.catalogue().get(service_code)
    gives = service is None or service.numbers == "warn" or stopped.is_unsure
    names = ctx.catalogue().names(service_code)
    prompt = Interrupted(service_code, names, stopped.why, stopped.until, gives, stopped.also_at)
    return await ctx.ui.ask(prompt)

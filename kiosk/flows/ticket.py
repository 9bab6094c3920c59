"""A queue ticket: one touch, one number."""

import asyncio

from common.city.catalogue import INFORMATION
from kiosk.desk.desk import Refused, new_intention
from kiosk.flows.context import Context
from kiosk.flows.paper import hand_over
from kiosk.flows.refusal import say_refused


async def take_number(ctx: Context, service_code: str) -> None:
    """Issue the next number of a service or desk, then hand the paper over."""
    # The touch has its name before anything is asked of the store: whatever is retried below is this one ticket.
    intention = new_intention()
    answer = await asyncio.to_thread(ctx.desk.issue, service_code, intention=intention, priority=ctx.memory.priority)
    if isinstance(answer, Refused):
        chosen = await say_refused(ctx, service_code, answer)
        if chosen == "help_ticket" and service_code != INFORMATION:
            await take_number(ctx, INFORMATION)
        return
    await hand_over(ctx, answer)

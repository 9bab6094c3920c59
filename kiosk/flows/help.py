"""Help: what to do here, a call for staff that says whether it was sent, or a number at the information desk."""

import asyncio

from kiosk.catalogue import INFORMATION
from kiosk.desk.desk import Refused
from kiosk.flows.context import Context
from kiosk.flows.ticket import take_number
from kiosk.prompts import OFFERED, Availability, Calling, HelpOffer, HelpResult, Text

SENT_WITHIN_S = 8.0
_LOOK_EVERY_S = 0.5


async def help_citizen(ctx: Context) -> None:
    """Offer help; Back returns to the screen that was asked on."""
    call = OFFERED if ctx.centre.help_call else Availability(False, Text("help.no_call"))
    wanted = await ctx.ui.ask(HelpOffer(call))
    with ctx.ui.undisturbed():
        if wanted == "help_ticket":
            await take_number(ctx, INFORMATION)
            return
        ctx.ui.show(Calling())
        await ctx.ui.ask(HelpResult(await _was_sent(ctx)))


async def _was_sent(ctx: Context) -> bool:
    """Send the call; only central's confirmation counts as sent."""
    item = await asyncio.to_thread(ctx.desk.call_help)
    if isinstance(item, Refused) or ctx.situation.now.is_offline:
        return False
    waited = 0.0
    while not await asyncio.to_thread(ctx.desk.is_delivered, item):
        if waited >= SENT_WITHIN_S:
            return False
        await ctx.sleep(_LOOK_EVERY_S)
        waited += _LOOK_EVERY_S
    return True

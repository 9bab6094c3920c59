"""How a visit was: asked of nobody who has not shown its ticket and touched that he will say it."""

import asyncio
from typing import Final

from kiosk.desk.desk import Refused
from kiosk.flows.context import Context
from kiosk.flows.ended import WentBack
from kiosk.prompts import HowWasIt, NotNow, Text, Thanks, WasItDone
from offline_store.issuing.shown import ShownTicket

THANKS_S: Final = 8.0


async def say_how_it_was(ctx: Context, ticket: ShownTicket) -> None:
    """Ask whether it was done and how it was, and keep the answer. Raises WentBack out of the first question."""
    question = WasItDone(ctx.catalogue().names(ticket.service))
    while True:
        served = await ctx.ui.ask(question)
        try:
            face = await ctx.ui.ask(HowWasIt())
        except WentBack:
            continue
        break
    refused = await asyncio.to_thread(ctx.desk.take_feedback, ticket.id, served, face)
    if isinstance(refused, Refused):
        await ctx.ui.ask(NotNow(Text("fault.store")))
    else:
        await ctx.ui.ask_briefly(Thanks(), THANKS_S)

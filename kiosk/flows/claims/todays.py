"""A number of today that is shown once more, by its paper, its order or its claim; and how the visit was."""

import asyncio
import contextlib
from functools import partial

from common.city.catalogue import INFORMATION
from kiosk.desk.desk import Refused
from kiosk.flows.context import Context
from kiosk.flows.ended import WentBack
from kiosk.flows.paper import reading_s
from kiosk.flows.ticket import take_number
from kiosk.prompts.choosing import TakeNumber
from kiosk.prompts.earlier_paper import TicketOfToday
from kiosk.prompts.feedback import HowWasIt, Thanks, WasItDone
from kiosk.prompts.state import NotNow
from kiosk.prompts.ui import Text
from offline_store.queue.shown import ShownTicket


async def todays_number(ctx: Context, shown: ShownTicket) -> None:
    """Say what stands of a number of today; who needs another one may take it."""
    catalogue = ctx.catalogue()
    is_offered = shown.stands == "passed" and catalogue.get(shown.service) is not None
    prompt = TicketOfToday(
        shown.number, catalogue.names(shown.service), shown.stands, shown.called_to, shown.is_asked,
        shown.service if is_offered else None,
    )  # fmt: skip
    while (answer := await ctx.ui.ask(prompt)) == "how_it_was" and shown.id is not None:
        with contextlib.suppress(WentBack):
            await say_how_it_was(ctx, shown.id, shown.service)
            return
    if isinstance(answer, TakeNumber):
        await take_number(ctx, answer.service)
    elif answer == "help_ticket":
        await take_number(ctx, INFORMATION)


async def say_how_it_was(ctx: Context, ticket: str, service: str) -> None:
    """Ask whether it was done and how it was, and keep the answer. Raises WentBack out of the first question."""
    question = WasItDone(ctx.catalogue().names(service))
    while True:
        served = await ctx.ui.ask(question)
        try:
            face = await ctx.ui.ask(HowWasIt())
        except WentBack:
            continue
        break
    refused = await asyncio.to_thread(ctx.desk.take_feedback, ticket, served, face)
    if isinstance(refused, Refused):
        await ctx.ui.ask(NotNow(Text("fault.store")))
    else:
        await ctx.ui.ask_briefly(Thanks(), partial(reading_s, ctx))

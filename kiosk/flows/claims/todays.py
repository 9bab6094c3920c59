"""A number of today that is shown once more, by its paper, its order or its claim."""

from common.city.catalogue import INFORMATION
from kiosk.flows.context import Context
from kiosk.flows.ticket import take_number
from kiosk.prompts.choosing import TakeNumber
from kiosk.prompts.earlier_paper import TicketOfToday
from offline_store.queue.shown import ShownTicket


async def todays_number(ctx: Context, shown: ShownTicket) -> None:
    """Say what stands of a number of today; who needs another one may take it."""
    catalogue = ctx.catalogue()
    is_offered = shown.stands == "passed" and catalogue.get(shown.service) is not None
    prompt = TicketOfToday(
        shown.number, catalogue.names(shown.service), shown.stands, shown.called_to,
        shown.service if is_offered else None,
    )  # fmt: skip
    answer = await ctx.ui.ask(prompt)
    if isinstance(answer, TakeNumber):
        await take_number(ctx, answer.service)
    elif answer == "help_ticket":
        await take_number(ctx, INFORMATION)

"""A queue ticket: one touch, one number; after a question where it may be of no use, or another day would be better."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

from common.city.catalogue import INFORMATION
from common.protocol.queue.claim import TicketClaim
from kiosk.desk.desk import Refusal, Refused, new_intention
from kiosk.flows.booking.another_day import book_another_day
from kiosk.flows.context import Context, Hall
from kiosk.flows.ended import WentBack
from kiosk.flows.paper import hand_over
from kiosk.flows.refusal import say_refused
from kiosk.prompts.choosing import Choice, Done, Interrupted, NotToday, TakeNumber


async def take_number(ctx: Context, service_code: str, claim: TicketClaim | None = None) -> None:
    """Issue the next number of a service or desk, then hand the paper over; `claim`: an earlier paper was shown."""
    books = await asyncio.to_thread(ctx.books)
    question = await _question(ctx, service_code, books=books, has_place=claim is not None)
    if question is not None and not isinstance(
        await _answer(ctx, service_code, partial(ctx.ui.ask, question)), TakeNumber
    ):
        return
    # The touch has its name before anything is asked of the store: whatever is retried below is this one ticket.
    intention = new_intention()
    priority = ctx.memory.priority
    issue = partial(ctx.desk.issue, service_code, intention=intention, priority=priority, claim=claim)
    answer = await asyncio.to_thread(issue, is_told=isinstance(question, Interrupted))
    if not isinstance(answer, Refused):
        await hand_over(ctx, answer)
        return
    ask: Callable[[], Awaitable[TakeNumber | Done | Choice]] = partial(
        say_refused, ctx, service_code, answer, books=books
    )
    if answer.reason is Refusal.INTERRUPTED:  # since its tile was touched
        question = await _question(ctx, service_code, books=books, has_place=True)
        ask = ask if question is None else partial(ctx.ui.ask, question)
    await _answer(ctx, service_code, ask)


async def _answer(
    ctx: Context, service_code: str, ask: Callable[[], Awaitable[TakeNumber | Done | Choice]]
) -> TakeNumber | Done | Choice:
    """Ask, and carry out what leads elsewhere than to a number of this service. Back out of it asks again."""
    while True:
        chosen = await ask()
        try:
            if chosen == "another_day":
                chosen = await book_another_day(ctx, service_code)
        except WentBack:
            continue
        if chosen == "help_ticket" and service_code != INFORMATION:
            await take_number(ctx, INFORMATION)
        return chosen


async def _question(ctx: Context, service_code: str, *, books: bool, has_place: bool) -> Interrupted | NotToday | None:
    """Return what is asked before a number; None where one touch is enough. `has_place`: its owner has one already.

    A service stands still, or may not be reached today: the latter is a question only where another day can be had.
    """
    hall = await asyncio.to_thread(ctx.hall) or Hall({})
    service, names = ctx.catalogue().get(service_code), ctx.catalogue().names(service_code)
    stopped = hall.stopped.get(service_code)
    if stopped is not None:
        gives = service is None or service.numbers == "warn" or stopped.is_unsure
        return Interrupted(service_code, names, stopped.why, stopped.until, gives, stopped.also_at, books)
    if books and service_code in hall.doubtful and not has_place:
        return NotToday(service_code, names, hall.seen_by(ctx.memory.priority).waiting.get(service_code))
    return None

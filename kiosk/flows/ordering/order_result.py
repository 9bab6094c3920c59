"""What became of an order: its receipt printed, its outcome said in plain words."""

import asyncio
from dataclasses import replace
from functools import partial

from common.city.catalogue import INFORMATION
from common.protocol.codes.order_claims import POST
from kiosk.desk.desk import OrderRecorded, PaperOutcome, Refused
from kiosk.desk.outcome import Outcome
from kiosk.flows.context import Context
from kiosk.flows.ordering.fees import fee_text
from kiosk.flows.paper import ask_with_reprint, paper_of
from kiosk.flows.payments.asked import can_pay
from kiosk.flows.payments.paying import pay_order
from kiosk.flows.refusal import say_refused
from kiosk.flows.ticket import take_number
from kiosk.prompts.order import Ordered, OrderResult
from kiosk.prompts.paper import CameOut, Tried
from kiosk.prompts.ticket import PrintingTicket
from kiosk.prompts.ui import Text

_NOTHING_TO_COLLECT = frozenset({Outcome.COLLECTED, Outcome.EXPIRED, Outcome.UNKNOWN_SERVICE})
LOOK_EVERY_S = 1.0


async def settle(ctx: Context, recorded: OrderRecorded | Refused) -> None:
    """Print what there is to print, and say what became of the order."""
    if isinstance(recorded, Refused):
        if await say_refused(ctx, INFORMATION, recorded) == "help_ticket":
            await take_number(ctx, INFORMATION)
        return
    if recorded.outcome is Outcome.OTHER_CENTRE:
        await _send_elsewhere(ctx, recorded)
        return
    paper: PaperOutcome | None = None
    if recorded.has_receipt:
        number = recorded.ticket.number if recorded.ticket else None
        ctx.memory.ticket = recorded.ticket
        ctx.ui.show(PrintingTicket(number, _names(ctx, recorded), recorded.is_copy))
        await asyncio.sleep(0)  # drawn in this turn of the loop, before typesetting takes a share of the CPU
        paper = await asyncio.to_thread(ctx.desk.print_receipt, recorded, language=ctx.memory.look.language)
    await _show_result(ctx, recorded, paper)


async def _send_elsewhere(ctx: Context, sent: OrderRecorded) -> None:
    """Say that the order is for another centre, and once central has told it, how it stands there."""
    news: OrderRecorded | None = None
    while True:
        answer = await ctx.ui.ask_until(_elsewhere_prompt(ctx, sent, news), partial(_other_news, ctx, sent, news))
        if not isinstance(answer, OrderRecorded):
            break
        news = answer
    if answer == "help_ticket":
        await take_number(ctx, INFORMATION)


async def _other_news(ctx: Context, sent: OrderRecorded, known: OrderRecorded | None) -> OrderRecorded:
    """Wait until the store knows something else of the order, for as long as it takes."""
    while True:
        await ctx.sleep(LOOK_EVERY_S)
        news = await asyncio.to_thread(ctx.desk.news_of, sent)
        if news is not None and news != known:
            return news


def _elsewhere_prompt(ctx: Context, sent: OrderRecorded, news: OrderRecorded | None) -> OrderResult:
    if news is None:
        return result_prompt(ctx, sent, None)
    told = result_prompt(ctx, news, None)
    if not _is_elsewhere(ctx, news):
        return told  # it has come here since the code was made
    # That it goes by post is what central has told of it.
    where = () if news.outcome is Outcome.BY_POST else told.where_and_when
    return replace(told, outcome=sent.outcome.value, there=news.outcome.value, where_and_when=where)


def _is_elsewhere(ctx: Context, recorded: OrderRecorded) -> bool:
    return recorded.destination not in (None, POST, ctx.centre.code)


async def _show_result(ctx: Context, recorded: OrderRecorded, paper: PaperOutcome | None) -> None:
    def prompt(can_print: bool) -> OrderResult:
        tried = None if paper is None else paper_of(paper, ctx.centre.slot, can_print=can_print)
        return result_prompt(ctx, recorded, tried)

    if paper is None or paper.state == "printed":
        can_pay = await _can_pay(ctx, recorded)
        answer = await ctx.ui.ask(replace(prompt(False), can_pay=can_pay))
        if answer == "pay" and recorded.order is not None:
            await pay_order(ctx, recorded.order)
        elif answer == "help_ticket":
            await take_number(ctx, INFORMATION)
        return
    if not await ask_with_reprint(ctx, prompt):
        return
    ctx.ui.show(
        PrintingTicket(recorded.ticket.number if recorded.ticket else None, _names(ctx, recorded), is_copy=True)
    )
    again = await asyncio.to_thread(ctx.desk.print_receipt, recorded, copy=True, language=ctx.memory.look.language)
    # Offered once: whatever became of it, the order is on disk.
    await ctx.ui.ask(result_prompt(ctx, recorded, paper_of(again, ctx.centre.slot, can_print=False)))


async def _can_pay(ctx: Context, recorded: OrderRecorded) -> bool:
    """Return whether an order's fee can be paid by telephone; its number for the cashier stands beside it."""
    if recorded.outcome is not Outcome.ACCEPTED_UNPAID or recorded.order is None:
        return False
    offered = await can_pay(ctx)
    return offered is not None and offered[1].orders


def result_prompt(ctx: Context, recorded: OrderRecorded, paper: Tried | None) -> OrderResult:
    """Say an outcome as a screen; what is not known is left out."""
    return OrderResult(
        recorded.outcome.value,
        Ordered(_names(ctx, recorded), recorded.order_number, recorded.copies),
        (*_where(ctx, recorded), *_when(recorded)),
        Text(f"outcome.{_advice(ctx, recorded, paper)}_do"),
        recorded.ticket.number if recorded.ticket else None,
        paper,
        recorded.for_whom,
        _fee(ctx, recorded),
    )


def _fee(ctx: Context, recorded: OrderRecorded) -> Text | None:
    """Return what an order costs that is still to be paid; of how many copies nobody knows, nothing."""
    service = None if recorded.service is None else ctx.catalogue().get(recorded.service)
    if service is None or recorded.outcome is not Outcome.ACCEPTED_UNPAID or recorded.copies is None:
        return None
    fee = service.fee_of(recorded.document)
    return None if fee is None else fee_text(fee, recorded.copies)


def _where(ctx: Context, recorded: OrderRecorded) -> tuple[Text, ...]:
    """Return where the document is to be had, as far as there is one to collect."""
    if recorded.outcome is Outcome.BY_POST:
        return (Text("result.by_post"),)
    if recorded.destination in (None, POST) or recorded.outcome in _NOTHING_TO_COLLECT:
        return ()
    return (Text("result.collect_at", {"centre": ctx.catalogue().centre_names(recorded.destination)}),)


def _when(recorded: OrderRecorded) -> tuple[Text, ...]:
    """Return when: only what is known, never a guess."""
    date = f"{recorded.moment:%Y/%m/%d}" if recorded.moment else None
    match recorded.outcome:
        case Outcome.COLLECTED if date:
            return (Text("result.collected_on", {"date": date}),)
        case Outcome.EXPIRED if date:
            return (Text("result.expired_on", {"date": date}),)
        case Outcome.ACCEPTED | Outcome.REPEATED if recorded.destination == POST:
            return (Text("result.by_post"),)
        case Outcome.ACCEPTED:
            return (Text("result.from_next_day"),)
        case _:
            return ()


def _advice(ctx: Context, recorded: OrderRecorded, paper: Tried | None) -> str:
    """Return what to do now, by the word of its text."""
    is_out = isinstance(paper, CameOut)
    match recorded.outcome:
        case _ if recorded.ticket_refused is not None:
            return "no_number"
        case Outcome.READY if recorded.ticket is None and recorded.destination == POST:
            return "by_post"
        case Outcome.READY if recorded.ticket is None:
            return "ready_elsewhere" if _is_elsewhere(ctx, recorded) else "ready_again"
        case Outcome.IN_PROGRESS if _is_elsewhere(ctx, recorded):
            return "in_progress_elsewhere"
        case Outcome.ACCEPTED if not is_out:  # no receipt to keep
            return "accepted_no_paper"
        case Outcome.ACCEPTED if recorded.destination in (None, POST):
            return "accepted_post"
        case Outcome.REPEATED if is_out:
            return "repeated_printed"
        case _:
            return recorded.outcome.value


def _names(ctx: Context, recorded: OrderRecorded) -> dict[str, str] | None:
    service = None if recorded.service is None else ctx.catalogue().get(recorded.service)
    return None if service is None else dict(service.document_names(recorded.document))

"""An order from the app: held to the reader or typed, judged, recorded, and said in plain words."""

import asyncio

from devices.protocols import Scan
from kiosk.catalogue import INFORMATION
from kiosk.desk import OrderRecorded, PaperOutcome, Refused, new_intention
from kiosk.flows.context import Context
from kiosk.flows.ended import WentBack
from kiosk.flows.order_with_card import choose_document
from kiosk.flows.paper import ask_with_reprint, hand_over, trouble_of
from kiosk.flows.race import first_of
from kiosk.flows.refusal import say_refused
from kiosk.order_code import POST, normal_order_number
from kiosk.order_outcome import Outcome
from kiosk.prompts import Choice, Done, HoldCode, OrderResult, Printing, Prompt, Text, Trouble, TypeOrderNumber

HELP_TICKET_AFTER = 3  # failures; the number pad is offered large after 2, by the screen


async def bring_order(ctx: Context, scan: Scan | None = None) -> None:
    """Take an order: a code that was scanned already, or one that is asked for."""
    failures = 0
    while True:
        text = _text(scan) if scan is not None else await _ask_for_code(ctx, failures)
        if text is None:
            return
        recorded = await judge_code(ctx, text)
        if isinstance(recorded, OrderRecorded) and recorded.outcome is Outcome.UNREADABLE:
            failures, scan = failures + 1, None
            continue
        await settle(ctx, recorded)
        return


async def judge_code(ctx: Context, text: str) -> OrderRecorded | Refused:
    """Have the desk judge and record a code; one scan is one intention."""
    return await asyncio.to_thread(ctx.desk.order, text, intention=new_intention())


async def settle(ctx: Context, recorded: OrderRecorded | Refused) -> None:
    """Print what there is to print, and say what became of the order."""
    if isinstance(recorded, Refused):
        await say_refused(ctx, INFORMATION, recorded)
        return
    paper: PaperOutcome | None = None
    if recorded.has_receipt:
        number = recorded.ticket.number if recorded.ticket else None
        ctx.memory.ticket = recorded.ticket
        ctx.ui.show(Printing(number, _names(ctx, recorded), recorded.is_copy))
        await asyncio.sleep(0)  # drawn in this turn of the loop, before typesetting takes a share of the CPU
        paper = await asyncio.to_thread(ctx.desk.print_receipt, recorded, language=ctx.memory.look.language)
    await _show_result(ctx, recorded, paper)


async def _ask_for_code(ctx: Context, failures: int) -> str | None:
    """Return a scanned code or a typed number; None where the citizen chose another way and was served there."""
    while True:
        now = ctx.situation.now
        prompt = HoldCode(now.scanning, failures, failures >= HELP_TICKET_AFTER, now.orders)
        answer = await first_of(ctx.ask_or_scan(prompt), _reader_changes(ctx, prompt))
        try:
            match answer:
                case None:
                    continue  # the reader went or is back: the screen has to say so
                case Scan():
                    return _text(answer)
                case "type_number":
                    return await _type_number(ctx)
                case "new_order":
                    await choose_document(ctx)
                    return None
                case _:
                    await _help_ticket(ctx)
                    return None
        except WentBack:
            continue


async def _reader_changes(ctx: Context, prompt: HoldCode) -> None:
    while (ctx.situation.now.scanning, ctx.situation.now.orders) == (prompt.scanner, prompt.new_order):
        await ctx.situation.change()


async def _type_number(ctx: Context) -> str:
    wrong = False
    while True:
        number = normal_order_number(await ctx.ui.ask(TypeOrderNumber(wrong)))
        if number is not None:
            return number
        wrong = True


async def _help_ticket(ctx: Context) -> None:
    answer = await asyncio.to_thread(ctx.desk.issue, INFORMATION, intention=new_intention())
    if isinstance(answer, Refused):
        await say_refused(ctx, INFORMATION, answer)
    else:
        await hand_over(ctx, answer)


async def _show_result(ctx: Context, recorded: OrderRecorded, paper: PaperOutcome | None) -> None:
    printed = paper is not None and paper.state == "printed"
    trouble = None if paper is None or printed else trouble_of(paper)

    def prompt(can_reprint: bool) -> Prompt[Done | Choice]:
        return result_prompt(ctx, recorded, printed, trouble, can_reprint)

    if trouble is None:
        await ctx.ui.ask(prompt(False))
        return
    if not await ask_with_reprint(ctx, prompt):
        return
    ctx.ui.show(Printing(recorded.ticket.number if recorded.ticket else None, _names(ctx, recorded), is_copy=True))
    again = await asyncio.to_thread(ctx.desk.print_receipt, recorded, copy=True, language=ctx.memory.look.language)
    printed = again.state == "printed"
    # Offered once: whatever became of it, the order is on disk.
    await ctx.ui.ask(result_prompt(ctx, recorded, printed, None if printed else trouble_of(again), False))


def result_prompt(
    ctx: Context, recorded: OrderRecorded, printed: bool, trouble: Trouble | None, can_reprint: bool
) -> OrderResult:
    """Say an outcome as a screen; what is not known is left out."""
    by_post = recorded.destination == POST or recorded.outcome is Outcome.BY_POST
    centre = None
    if recorded.destination is not None and not by_post:
        centre = ctx.catalogue().centre_names(recorded.destination)
    return OrderResult(
        recorded.outcome.value,
        _names(ctx, recorded),
        recorded.order_number,
        centre,
        _detail(recorded, by_post),
        _advice(recorded),
        recorded.ticket.number if recorded.ticket else None,
        printed,
        trouble,
        can_reprint,
        ctx.centre.slot,
    )


def _detail(recorded: OrderRecorded, by_post: bool) -> Text | None:
    """Say when: only what is known, never a guess."""
    date = f"{recorded.moment:%Y/%m/%d}" if recorded.moment else None
    match recorded.outcome:
        case Outcome.COLLECTED if date:
            return Text("result.collected_on", {"date": date})
        case Outcome.EXPIRED if date:
            return Text("result.expired_on", {"date": date})
        case Outcome.ACCEPTED | Outcome.REPEATED if by_post:
            return Text("result.by_post")
        case Outcome.ACCEPTED:
            return Text("result.from_next_day")
        case _:
            return None


def _advice(recorded: OrderRecorded) -> Text | None:
    """Say what to do where the outcome's usual words would not be true."""
    if recorded.ticket_refused is not None:
        return Text("outcome.no_number_do")
    if recorded.outcome is Outcome.READY and recorded.ticket is None:
        return Text("outcome.ready_elsewhere_do")
    return None


def _names(ctx: Context, recorded: OrderRecorded) -> dict[str, str] | None:
    return dict(ctx.catalogue().names(recorded.service)) if recorded.service else None


def _text(scan: Scan) -> str:
    # A code is ASCII; anything else becomes a character that no code holds.
    return scan.payload.decode("ascii", "replace")

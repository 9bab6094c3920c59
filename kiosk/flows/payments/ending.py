"""How a payment ended, said on screen and paper; a receipt only where the desk lets one print."""

import asyncio
from typing import Final, Literal

from common.protocol.payments.answers import PaymentNow, PaymentState
from common.protocol.payments.setup import BillerRecord, PaymentsSetup
from kiosk.desk.answers import PaperOutcome, PaymentPaper
from kiosk.desk.payments.amounts import amount_text
from kiosk.desk.payments.paying import Paying
from kiosk.flows.context import Context
from kiosk.flows.paper import ask_with_printer, trouble_of
from kiosk.flows.payments.asked import biller_names, late_days, payer_names, to_cashier
from kiosk.prompts import Choice, Done, PaymentEnded, PrintingPayment, Prompt
from kiosk.prompts.payment import Ending

_PAPERS: Final[dict[Ending, Literal["receipt", "entering", "reference", "bank", "refund"]]] = {
    "receipt": "receipt",
    "entered": "reference",
    "entering": "entering",
    "reference": "reference",
    "bank": "bank",
    "unknown": "reference",
    "refund-due": "refund",
}


def ending_of(paying: Paying, now: PaymentNow, late: int) -> Ending:
    """Return how a payment has ended of which central says no more for now. Reads the store."""
    match now.state:
        case "marked" | "told":
            return "receipt" if paying.may_print(now) else "entered"
        case "paid":
            return "entering"
        case "expired" | "refund-due" | "refunded":
            return now.state
        case "opened" if late:
            return "bank"
        case _:
            return "unknown"


async def end_payment(
    ctx: Context,
    paying: Paying,
    setup: PaymentsSetup,
    now: PaymentNow,
    ending: Ending,
    biller: BillerRecord | None = None,
) -> bool:
    """Print what there is to print, record what is told, and say it; True where another try is wanted."""
    outcome = await print_paper(ctx, paying, setup, now, ending) if ending in _PAPERS else None
    await asyncio.to_thread(paying.tell, now.payment, told_state(now, ending), outcome)
    return await say_ended(ctx, paying, setup, now, ending, biller=biller, outcome=outcome)


async def say_ended(
    ctx: Context,
    paying: Paying,
    setup: PaymentsSetup | None,
    now: PaymentNow,
    ending: Ending,
    *,
    biller: BillerRecord | None = None,
    outcome: PaperOutcome | None = None,
    is_found: bool = False,
    is_after_cut: bool = False,
) -> bool:
    """Say how it ended until that was read, printing as often as it is asked for; True where another try is wanted."""

    def prompt(can_print: bool) -> Prompt[Done | Choice]:
        printed = None if outcome is None else outcome.state == "printed"
        return PaymentEnded(
            ending, biller_names(setup, now.biller), amount_text(now), now.bill_no, now.receipt, now.payer_receipt,
            late_days(setup, now.payer), now.reason, printed,
            None if outcome is None or printed else trouble_of(outcome),
            can_print=can_print and not printed and ending in _PAPERS,
            can_retry=ending == "expired" and not is_found, is_found=is_found,
            is_after_cut=is_after_cut, slot=ctx.centre.slot,
        )  # fmt: skip

    while True:
        answer = await ask_with_printer(ctx, prompt)
        match answer:
            case "reprint":
                outcome = await print_paper(ctx, paying, setup, now, ending)
            case "i_paid":
                ending = "reference"
                outcome = await print_paper(ctx, paying, setup, now, ending)
            case "counter":
                await to_cashier(ctx, biller)
                return False
            case _:
                return answer == "again"
        await asyncio.to_thread(paying.tell, now.payment, told_state(now, ending), outcome)


async def print_paper(
    ctx: Context, paying: Paying, setup: PaymentsSetup | None, now: PaymentNow, ending: Ending
) -> PaperOutcome:
    """Print the paper of an ending."""
    kind = _PAPERS[ending]
    names, by = biller_names(setup, now.biller), payer_names(setup, now.payer)
    paper = PaymentPaper(kind, now, names, by, late_days(setup, now.payer))
    ctx.ui.show(PrintingPayment(is_receipt=kind == "receipt"))
    await asyncio.sleep(0)  # drawn in this turn of the loop, before typesetting takes a share of the CPU
    return await asyncio.to_thread(paying.print, paper, ctx.memory.look.language)


def told_state(now: PaymentNow, ending: Ending) -> PaymentState:
    """Return the state that a screen or paper of this ending names."""
    return "unknown" if ending == "unknown" else "marked" if now.state == "told" else now.state

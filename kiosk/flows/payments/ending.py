"""How a payment ended, said on screen and paper; a receipt only where the desk lets one print."""

import asyncio
from dataclasses import dataclass, replace
from functools import partial
from typing import Final, Literal

from common.protocol.payments.answers import PaymentNow, PaymentState
from common.protocol.payments.setup import BillerRecord, PaymentsSetup
from kiosk.desk.answers import PaperOutcome, PaymentPaper
from kiosk.desk.payments.amounts import amount_text
from kiosk.desk.payments.paying import Paying
from kiosk.flows.context import Context
from kiosk.flows.paper import ask_with_printer, trouble_of
from kiosk.flows.payments.asked import biller_names, late_days, payer_names, to_cashier
from kiosk.prompts.paid import Ending, PaymentEnded, PrintingPayment

_PAPERS: Final[dict[Ending, Literal["receipt", "entering", "reference", "bank", "refund"]]] = {
    "receipt": "receipt",
    "entered": "reference",
    "entering": "entering",
    "reference": "reference",
    "bank": "bank",
    "unknown": "reference",
    "refund-due": "refund",
}

FOUND_S: Final = 180.0
"""So long what became of a payment stands on the screen after a start, where nobody touches it."""


def ending_of(paying: Paying, now: PaymentNow, late: int) -> Ending:
    """Return how a payment has ended of which central says no more for now. Reads the store."""
    match now.state:
        case "marked" | "told":
            return "receipt" if paying.may_print(now) else "entered"
        case "paid":
            return "entering"
        case "expired" | "withdrawn" | "refund-due" | "refunded":
            return now.state
        case "opened" if late:
            return "bank"
        case _:
            return "unknown"


@dataclass(frozen=True, slots=True)
class Ended:
    """A payment that has ended, as far as can be said, and on which paper it was told already."""

    setup: PaymentsSetup | None
    now: PaymentNow
    ending: Ending
    biller: BillerRecord | None = None
    outcome: PaperOutcome | None = None
    is_found: bool = False
    is_after_cut: bool = False


async def end_payment(
    ctx: Context, paying: Paying, setup: PaymentsSetup, now: PaymentNow, ending: Ending, biller: BillerRecord | None
) -> bool:
    """Print what there is to print, record what is told, and say it; True where another try is wanted."""
    outcome = await print_paper(ctx, paying, setup, now, ending) if ending in _PAPERS else None
    await asyncio.to_thread(paying.tell, now.payment, told_state(now, ending), outcome)
    return await say_ended(ctx, paying, Ended(setup, now, ending, biller, outcome)) is True


async def say_ended(ctx: Context, paying: Paying, ended: Ended) -> bool | None:
    """Say how it ended until that was read, printing as often as it is asked for; True where another try is wanted.

    None where nobody was there to read it, after a cut.
    """
    while True:
        stands_s = FOUND_S if ended.is_after_cut else None
        answer = await ask_with_printer(ctx, partial(_prompt, ctx, ended), stands_s)
        match answer:
            case None:
                return None
            case "reprint" | "i_paid":
                ending: Ending = "reference" if answer == "i_paid" else ended.ending
                outcome = await print_paper(ctx, paying, ended.setup, ended.now, ending)
                ended = replace(ended, ending=ending, outcome=outcome)
                told = told_state(ended.now, ending)
                await asyncio.to_thread(paying.tell, ended.now.payment, told, outcome)
            case "counter":
                await to_cashier(ctx, ended.biller)
                return False
            case _:
                return answer == "again"


def _prompt(ctx: Context, ended: Ended, can_print: bool) -> PaymentEnded:
    now, outcome = ended.now, ended.outcome
    printed = None if outcome is None else outcome.state == "printed"
    return PaymentEnded(
        ended.ending,
        biller_names(ended.setup, now.biller),
        amount_text(now),
        now.bill_no,
        now.receipt,
        now.payer_receipt,
        late_days(ended.setup, now.payer),
        now.reason,
        printed,
        None if outcome is None or printed else trouble_of(outcome),
        can_print=can_print and not printed and ended.ending in _PAPERS,
        can_retry=ended.ending == "expired" and not ended.is_found,
        is_found=ended.is_found,
        is_after_cut=ended.is_after_cut,
        slot=ctx.centre.slot,
    )


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

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
from kiosk.flows.paper import ask_with_printer, paper_of
from kiosk.flows.payments.asked import biller_names, late_days, payer_names, to_cashier
from kiosk.prompts.paid import PrintingPayment
from kiosk.prompts.paper import NotAsked
from kiosk.prompts.payment_ended import (
    BECAUSE,
    AtBank,
    Became,
    Ending,
    GoesBack,
    Over,
    PaymentEnded,
    Receipted,
    Told,
    Unpaid,
)

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
    found: Literal["shown", "after-cut"] | None = None


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
        stands_s = FOUND_S if ended.found == "after-cut" else None
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
    names = biller_names(ended.setup, ended.now.biller)
    became = _became(ctx, ended, can_print)
    return PaymentEnded(became, names, amount_text(ended.now), ended.now.bill_no, ended.found)


def _became(ctx: Context, ended: Ended, can_print: bool) -> Became:
    now, outcome = ended.now, ended.outcome
    paper = NotAsked(can_print) if outcome is None else paper_of(outcome, ctx.centre.slot, can_print=can_print)
    match ended.ending:
        case "receipt":
            return Receipted(now.receipt or "", paper)
        case "entered" | "entering" | "reference" | "unknown":
            return Told(ended.ending, paper)
        case "bank":
            return AtBank(late_days(ended.setup, now.payer), paper)
        case "refund-due":
            return GoesBack(next((word for word in BECAUSE if word == now.reason), None), paper)
        case "withdrawn" | "refunded":
            return Over(ended.ending)
        case "expired":
            return Unpaid(can_retry=ended.found is None)


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

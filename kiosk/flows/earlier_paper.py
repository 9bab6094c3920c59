"""A paper that is shown once more, held to the reader or typed: a number for today."""

import asyncio
from datetime import date
from typing import Final

from common.city.catalogue import INFORMATION
from common.protocol.queue.claim import ClaimFound, TicketClaim
from devices.protocols import Scan
from kiosk.desk.desk import Refused
from kiosk.desk.earlier_paper import claim_of
from kiosk.desk.scan_content import ClaimScan, PaymentScan, ReceiptScan, TicketScan, content_of
from kiosk.flows.claims.shown import bring_claim
from kiosk.flows.claims.todays import todays_number
from kiosk.flows.context import Context, Hall
from kiosk.flows.ended import WentBack
from kiosk.flows.ordering.order import bring_order
from kiosk.flows.payments.found import bring_payment, bring_receipt
from kiosk.flows.ticket import take_number
from kiosk.flows.tiles import pages_of_all
from kiosk.prompts.booking import AskingCentral
from kiosk.prompts.choosing import TakeNumber
from kiosk.prompts.earlier_paper import EarlierPaper, PaperKnown, ServiceOfPaper, TypeTicketDigits
from kiosk.prompts.state import NotNow
from kiosk.prompts.ui import Text
from offline_store.queue.shown import ShownTicket

DIGIT_TRIES: Final = 5


async def bring_code(ctx: Context, scan: Scan) -> None:
    """Take a code that was held to the reader: a ticket's, a claim's, a receipt's, a payment's, or an order's."""
    match content_of(scan):
        case TicketScan(claim):
            await bring_paper(ctx, claim)
        case ClaimScan(text):
            await _bring_claim(ctx, text)
        case ReceiptScan(text):
            await bring_receipt(ctx, text)
        case PaymentScan(payment):
            await bring_payment(ctx, payment)
        case _:
            await bring_order(ctx, scan)


async def type_digits(ctx: Context) -> None:
    """Take the digits at a ticket's foot, or those of an appointment, of which the hub knows; five tries a visit."""
    wrong = False
    while ctx.memory.digit_tries < DIGIT_TRIES:
        claim = claim_of(await ctx.ui.ask(TypeTicketDigits(wrong)))
        ctx.memory.digit_tries += 1
        if claim is not None:
            found = await _by_hub(ctx, claim)
            await (bring_paper(ctx, claim) if found is None else _bring_claim(ctx, found))
            return
        wrong = True
    if await ctx.ui.ask(NotNow(Text("type_digits.enough"))) == "help_ticket":
        await take_number(ctx, INFORMATION)


async def _by_hub(ctx: Context, claim: TicketClaim) -> ClaimFound | None:
    """Ask the hub whether digits are an appointment's, where it was heard lately."""
    hall = None if claim.digits is None else await asyncio.to_thread(ctx.hall)
    if claim.digits is None or hall is None or not hall.is_heard:
        return None
    ctx.ui.show(AskingCentral())
    return await ctx.claim_by_digits(claim.digits)


async def _bring_claim(ctx: Context, brought: str | ClaimFound) -> None:
    """Take a claim; one whose number is of an earlier day is as good as that number's paper."""
    paper = await bring_claim(ctx, brought)
    if paper is not None:
        await bring_paper(ctx, paper)


async def bring_paper(ctx: Context, claim: TicketClaim) -> None:
    """Say which ticket it is: of today, or an earlier one that a number is given for."""
    shown = await asyncio.to_thread(ctx.desk.ticket_shown, claim)
    if isinstance(shown, Refused):
        await ctx.ui.ask(NotNow(Text("fault.store")))
        return
    if shown is not None and shown.is_today:
        await todays_number(ctx, shown)
    else:
        await _earlier(ctx, claim, shown)


async def _earlier(ctx: Context, claim: TicketClaim, shown: ShownTicket | None) -> None:
    known = None if shown is None or shown.business_day is None else _known(ctx, shown, shown.business_day)
    prompt = EarlierPaper(known)
    while True:
        answer = await ctx.ui.ask(prompt)
        try:
            service = answer.service if isinstance(answer, TakeNumber) else await _choose(ctx)
        except WentBack:
            continue
        await take_number(ctx, service, claim)
        return


def _known(ctx: Context, shown: ShownTicket, label: str) -> PaperKnown:
    catalogue = ctx.catalogue()
    day = date.fromisoformat(label)
    offered = catalogue.get(shown.service) is not None
    return PaperKnown(shown.number, day, shown.service, catalogue.names(shown.service), offered)


async def _choose(ctx: Context) -> str:
    """Ask which service it was for; its details are read elsewhere, for a number given there would bear no claim."""
    hall = (await asyncio.to_thread(ctx.hall) or Hall({})).seen_by(ctx.memory.priority)
    catalogue = ctx.catalogue()
    pages = await asyncio.to_thread(pages_of_all, catalogue, ctx.desk, hall, catalogue.main(ctx.centre.tiles))
    return (await ctx.ui.ask(ServiceOfPaper(pages))).service

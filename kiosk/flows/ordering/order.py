"""An order from the app: held to the reader or typed, judged and recorded."""

import asyncio
from functools import partial

from common.city.catalogue import INFORMATION
from devices.protocols import Scan
from kiosk.desk.desk import OrderRecorded, Refused, new_intention
from kiosk.desk.order_code import normal_order_number
from kiosk.desk.outcome import Outcome
from kiosk.desk.scan_content import (
    ClaimScan,
    NoiseScan,
    OrderCodeScan,
    OrderNumberScan,
    PaymentScan,
    ReceiptScan,
    TicketScan,
    content_of,
)
from kiosk.flows.claims.todays import todays_number
from kiosk.flows.context import Context
from kiosk.flows.ended import CodeHeld, WentBack
from kiosk.flows.ordering.order_result import settle
from kiosk.flows.ordering.order_with_card import choose_document
from kiosk.flows.race import first_of
from kiosk.flows.ticket import take_number
from kiosk.prompts.order import HoldCode, TypeOrderNumber
from kiosk.prompts.ui import Availability, Text

_ANOTHERS = TicketScan | ClaimScan | ReceiptScan | PaymentScan
HELP_TICKET_AFTER = 3  # failures; the number pad is offered large after 2, by the screen


async def bring_order(ctx: Context, scan: Scan | None = None) -> None:
    """Take an order: a code that was scanned already, or one that is asked for. Raises CodeHeld for another's."""
    failures = 0
    while True:
        brought = scan if scan is not None else await _ask_for_code(ctx, failures)
        if brought is None:
            return
        if isinstance(brought, Scan) and isinstance(content_of(brought), _ANOTHERS):
            raise CodeHeld(brought)
        recorded = await judge_code(ctx, _text(brought) if isinstance(brought, Scan) else brought)
        if isinstance(recorded, OrderRecorded) and recorded.outcome is Outcome.UNREADABLE:
            failures, scan = failures + 1, None
            continue
        if isinstance(recorded, OrderRecorded) and recorded.elsewhere is not None:
            await todays_number(ctx, recorded.elsewhere)
        else:
            await settle(ctx, recorded)
        return


async def judge_code(ctx: Context, text: str) -> OrderRecorded | Refused:
    """Have the desk judge and record a code; one scan is one intention."""
    return await asyncio.to_thread(ctx.desk.order, text, intention=new_intention())


async def _ask_for_code(ctx: Context, failures: int) -> Scan | str | None:
    """Return what was scanned or a typed number; None where the citizen chose another way and was served there."""
    while True:
        scanner, new_order = _ways(ctx)
        prompt = HoldCode(scanner, failures, failures >= HELP_TICKET_AFTER, new_order, ctx.centre.scanner)
        answer = await ctx.ui.ask_until(prompt, partial(_scan_or_change, ctx, prompt))
        try:
            match answer:
                case None:
                    continue  # the reader went or is back: the screen has to say so
                case Scan():
                    return answer
                case "type_number":
                    return await _type_number(ctx)
                case "new_order":
                    await choose_document(ctx)
                    return None
                case _:
                    await take_number(ctx, INFORMATION)
                    return None
        except WentBack:
            continue
        except CodeHeld as held:
            return held.scan


async def held_code(ctx: Context) -> Scan | None:
    """Wait for a code that is held to the reader while something else is asked; None: it is nobody's of ours."""
    while True:
        scan = await ctx.readers.next_scan()
        if takes(ctx, scan):
            ours = OrderCodeScan | OrderNumberScan
            return scan if isinstance(content_of(scan), ours | _ANOTHERS) else None


def takes(ctx: Context, scan: Scan) -> bool:
    """Return whether a scan is answered now: noise never is, and where no orders are taken another's."""
    now, content = ctx.situation.now, content_of(scan)
    if isinstance(content, NoiseScan) or not now.scanning.is_offered:
        return False
    return now.orders.is_offered or isinstance(content, _ANOTHERS)


async def _scan_or_change(ctx: Context, prompt: HoldCode) -> Scan | None:
    changes = _reader_changes(ctx, prompt)
    return await (first_of(ctx.readers.next_scan(), changes) if prompt.scanner.is_offered else changes)


async def _reader_changes(ctx: Context, prompt: HoldCode) -> None:
    while _ways(ctx) == (prompt.scanner, prompt.new_order):
        await ctx.situation.change()


def _ways(ctx: Context) -> tuple[Availability, Availability]:
    """Return whether a code can be held to the reader now, and whether a document can be ordered."""
    now = ctx.situation.now
    none = Availability(False, Text("service.disabled"))
    return now.scanning, now.orders if ctx.catalogue().orderable or not now.orders.is_offered else none


async def _type_number(ctx: Context) -> str:
    while True:
        number = normal_order_number(await ctx.ui.ask(TypeOrderNumber()))
        if number is not None:  # the pad sends ten digits or nothing
            return number


def _text(scan: Scan) -> str:
    # A code is ASCII; anything else becomes a character that no code holds.
    return scan.payload.decode("ascii", "replace")

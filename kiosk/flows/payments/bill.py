"""Pay a bill: whose it is, which it is, what is owed; nothing is paid before that was seen."""

import re
from collections.abc import Mapping
from functools import partial
from typing import Final

from common.protocol.payments.answers import Bill, BillFound
from common.protocol.payments.pattern import fits
from common.protocol.payments.setup import BillerRecord, BillField, PaymentsSetup
from devices.protocols import Scan
from kiosk.desk.payments.amounts import amount_text
from kiosk.desk.payments.paper_bill import digits_of, number_on_paper
from kiosk.desk.payments.paying import NotPaid, Paying
from kiosk.flows.context import Context
from kiosk.flows.ended import WentBack
from kiosk.flows.payments.asked import asked, billers_of, can_pay, choose_one, say_not_paid, to_cashier
from kiosk.flows.payments.paying import pay
from kiosk.flows.race import first_of
from kiosk.flows.ticket import take_number
from kiosk.prompts.payment import BillOrNumber, BillShown, FindBill, TypeBillNumber
from kiosk.prompts.ui import Text

A_VISIT: Final = 5
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


async def take_or_pay(ctx: Context, service_code: str) -> None:
    """Take a service's number; where its bills are paid here, ask first which of both it shall be."""
    offered = await can_pay(ctx)
    if offered is None or not billers_of(ctx, offered[1], service_code):
        await take_number(ctx, service_code)
        return
    while True:
        answer = await ctx.ui.ask(BillOrNumber(service_code, ctx.catalogue().names(service_code)))
        try:
            await (pay_a_bill(ctx, service_code) if answer == "phone" else take_number(ctx, service_code))
        except WentBack:
            continue
        return


async def pay_a_bill(ctx: Context, service_code: str | None) -> None:
    """Lead to a paid bill: of a service, else of those that belong to none. Raises WentBack out of the first choice."""
    offered = await can_pay(ctx)
    billers = [] if offered is None else billers_of(ctx, offered[1], service_code)
    if offered is None or not billers:
        await say_not_paid(ctx, "not-set-up", None)
        return
    while True:
        biller = await _biller(ctx, billers)
        if biller is None:
            one_for_all = len({one.cashier_group for one in billers}) == 1
            await to_cashier(ctx, billers[0] if one_for_all else None)
            return
        try:
            await _pay_to(ctx, *offered, biller)
        except WentBack:
            if len(billers) == 1:
                raise
            continue
        return


async def _biller(ctx: Context, billers: list[BillerRecord]) -> BillerRecord | None:
    """Return whose bill it is; None for the cashier's number."""
    if len(billers) == 1:
        return billers[0]
    code = await choose_one(ctx, "biller", {one.biller: one.names for one in billers})
    return next((one for one in billers if one.biller == code), None)


async def _pay_to(ctx: Context, paying: Paying, setup: PaymentsSetup, biller: BillerRecord) -> None:
    problem: Text | None = None
    while True:
        fields = await _fields(ctx, biller, problem)
        if fields is None:
            await to_cashier(ctx, biller)
            return
        found = await _found(ctx, paying, biller, fields)
        if isinstance(found, NotPaid):
            if await say_not_paid(ctx, found.why, biller, can_retry=found.why not in ("five-a-visit", "enough-here")):
                problem = None
                continue
            return
        try:
            bill = await _agreed(ctx, biller, found)
            if bill is None:
                await to_cashier(ctx, biller)
            else:
                await pay(ctx, paying, setup, biller, bill=bill.bill)
        except WentBack:
            continue
        return


async def _found(ctx: Context, paying: Paying, biller: BillerRecord, fields: Mapping[str, str]) -> BillFound | NotPaid:
    if ctx.memory.bills_asked >= A_VISIT:
        return NotPaid("five-a-visit")
    ctx.memory.bills_asked += 1
    return await asked(ctx, lambda left: paying.bill(biller.biller, fields, left))


async def _agreed(ctx: Context, biller: BillerRecord, found: BillFound) -> Bill | None:
    """Show what is owed until one of the bills is to be paid; None for the cashier. Raises WentBack."""
    bills: list[Bill] = [found, *found.others]
    at = 0
    while True:
        bill = bills[at]
        prompt = BillShown(
            biller.names, amount_text(bill), _day(bill.due), bill.period, bill.name_masked, len(bills) - 1
        )  # fmt: skip
        match await ctx.ui.ask(prompt):
            case "phone":
                return bill
            case "other":
                at = (at + 1) % len(bills)
            case _:
                return None


def _day(due: str | None) -> str | None:
    """Return a date as it is written here; a biller's other words as they are."""
    return due.replace("-", "/") if due is not None and _DATE.fullmatch(due) else due


async def _fields(ctx: Context, biller: BillerRecord, problem: Text | None) -> dict[str, str] | None:
    """Return what names a bill: scanned or typed; None for the cashier. Raises WentBack."""
    while True:
        scanner = ctx.situation.now.scanning
        prompt = FindBill(
            biller.names, biller.fields[0].names, bool(biller.papers), scanner, ctx.centre.scanner, problem
        )
        answer = await ctx.ui.ask_until(prompt, partial(_paper_or_change, ctx, prompt))
        if answer is None:  # the reader went or is back
            continue
        if isinstance(answer, Scan):
            read = number_on_paper(biller, answer.payload)
            if read is None:
                problem = Text("find_bill.other_code")
                continue
            try:
                return await _typed(ctx, biller, read)
            except WentBack:
                continue
        if answer == "counter":
            return None
        try:
            return await _typed(ctx, biller, {})
        except WentBack:
            problem = None


async def _paper_or_change(ctx: Context, prompt: FindBill) -> Scan | None:
    changes = _reader_changes(ctx, prompt)
    return await (first_of(ctx.readers.next_scan(), changes) if prompt.scans else changes)


async def _reader_changes(ctx: Context, prompt: FindBill) -> None:
    while ctx.situation.now.scanning == prompt.scanner:
        await ctx.situation.change()


async def _typed(ctx: Context, biller: BillerRecord, read: dict[str, str]) -> dict[str, str]:
    """Ask for each field that is not known yet, one by one. Raises WentBack out of the first."""
    fields = dict(read)
    wanted = [one for one in biller.fields if one.name not in read]
    at = 0
    while at < len(wanted):
        try:
            fields[wanted[at].name] = await _typed_one(ctx, wanted[at])
        except WentBack:
            if not at:
                raise
            at -= 1
            continue
        at += 1
    return fields


async def _typed_one(ctx: Context, field: BillField) -> str:
    shortest, length = digits_of(field.pattern)
    is_wrong = False
    while True:
        value = await ctx.ui.ask(TypeBillNumber(field.names, length, shortest, is_wrong))
        if fits(field.pattern, value):
            return value
        is_wrong = True

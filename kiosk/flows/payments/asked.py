"""What the flows of payments share: asking in a worker thread, the other way, and names."""

import asyncio
import threading
from collections.abc import Callable, Mapping
from typing import Final, Literal

from common.city.catalogue import CASHIER, INFORMATION
from common.protocol.payments.setup import BillerRecord, PaymentsSetup
from kiosk.desk.payments.paying import Paying
from kiosk.flows.context import Context
from kiosk.flows.ended import WentBack
from kiosk.flows.ticket import take_number
from kiosk.prompts.booking import AskingCentral
from kiosk.prompts.payment import ChooseOne, NotPaid, Picked
from kiosk.prompts.ui import Words

_AT_ONCE: Final = 4


async def asked[T](ctx: Context, ask: Callable[[Callable[[], bool]], T]) -> T:
    """Ask central in a worker thread; who leaves meanwhile asks for no answer any more."""
    left = threading.Event()
    ctx.ui.show(AskingCentral(is_payment=True))
    try:
        return await asyncio.to_thread(ask, left.is_set)
    finally:
        left.set()


async def to_cashier(ctx: Context, biller: BillerRecord | None) -> None:
    """Give the cashier's number: of an open service in the biller's own group, else of the cashier's desk."""
    await take_number(ctx, await asyncio.to_thread(_cashier, ctx, biller))


def _cashier(ctx: Context, biller: BillerRecord | None) -> str:
    group = None if biller is None else biller.cashier_group
    catalogue = ctx.catalogue()
    for service in catalogue.services if group else ():
        if service.prefix == group and ctx.desk.availability(service) is None:
            return service.code
    return CASHIER if CASHIER in catalogue.desks else INFORMATION


async def say_not_paid(ctx: Context, why: str, biller: BillerRecord | None, *, can_retry: bool = False) -> bool:
    """Say why nothing was found or opened, with the cashier's number beside it; True where it is tried again."""
    answer = await ctx.ui.ask(NotPaid(why, can_retry))
    if answer == "counter":
        await to_cashier(ctx, biller)
    return answer == "again"


async def choose_one(ctx: Context, what: Literal["biller", "payer"], names: Mapping[str, Words]) -> str | None:
    """Ask for one of several, a few at a time; None for the cashier's number. Raises WentBack out of the first few."""
    first = 0
    while True:
        few = tuple(names.items())[first : first + _AT_ONCE]
        try:
            answer = await ctx.ui.ask(ChooseOne(what, few, has_more=len(names) > first + _AT_ONCE))
        except WentBack:
            if not first:
                raise
            first -= _AT_ONCE
            continue
        if answer != "more":
            return answer.code if isinstance(answer, Picked) else None
        first += _AT_ONCE


def billed(ctx: Context) -> frozenset[str]:
    """Return the services whose bills can be paid here by telephone. Reads the store."""
    setup = None if ctx.paying is None else ctx.paying.setup()
    return frozenset(one.service for one in setup.billers if one.service is not None) if setup else frozenset()


def billers_of(ctx: Context, setup: PaymentsSetup, service_code: str | None) -> list[BillerRecord]:
    """Return who can be paid from a service's tile; None: who can be from no tile, since its biller names none here."""
    known = {service.code for service in ctx.catalogue().services}
    return [one for one in setup.billers if (one.service if one.service in known else None) == service_code]


async def can_pay(ctx: Context) -> tuple[Paying, PaymentsSetup] | None:
    """Return who asks, and what can be paid now; None where nothing can."""
    if ctx.paying is None:
        return None
    setup = await asyncio.to_thread(ctx.paying.setup)
    return None if setup is None else (ctx.paying, setup)


def biller_names(setup: PaymentsSetup | None, code: str) -> Mapping[str, str] | None:
    """Return the names of whom a payment is for, None where it is none of them: an order's fee."""
    return next((one.names for one in setup.billers if one.biller == code), None) if setup else None


def payer_names(setup: PaymentsSetup | None, code: str) -> Mapping[str, str]:
    """Return the names of by whom is paid; its code where the feed has taken it away meanwhile."""
    return next((one.names for one in setup.payers if one.payer == code), {"ar": code}) if setup else {"ar": code}


def late_days(setup: PaymentsSetup | None, payer: str) -> int:
    """Return in how many bank days a payer's payments are known at the latest; 0: at once."""
    return next((one.late_days for one in setup.payers if one.payer == payer), 0) if setup else 0

"""One service before its number: found among all of them, with what it needs, and how to go on from there."""

import asyncio
from functools import partial

from common.city.catalogue import INFORMATION, Hours, Service
from kiosk.desk.desk import Refusal, Refused
from kiosk.flows.context import Context, Hall
from kiosk.flows.ended import WentBack
from kiosk.flows.ordering.fees import fee_text
from kiosk.flows.ordering.order_with_card import card_availability, go_on
from kiosk.flows.ordering.phone_order import phone_availability
from kiosk.flows.payments.asked import billed
from kiosk.flows.payments.bill import take_or_pay
from kiosk.flows.ticket import take_number
from kiosk.flows.tiles import pages_to_read, pages_to_take
from kiosk.prompts.choosing import AboutServices, MoreServices, ServiceInfo
from kiosk.prompts.state import NotNow
from kiosk.prompts.ui import OFFERED, Availability, Text

_WEEK = ("sat", "sun", "mon", "tue", "wed", "thu", "fri")


async def choose_more(ctx: Context) -> None:
    """Choose among the services that are not on the start screen, in groups."""
    shown = {one.code for one in ctx.catalogue().main(ctx.centre.tiles)}
    hall = (await asyncio.to_thread(ctx.hall) or Hall({})).seen_by(ctx.memory.priority)
    leading = await asyncio.to_thread(leading_on, ctx)
    pages = await asyncio.to_thread(pages_to_take, ctx.catalogue(), ctx.desk, hall, shown, leading)
    if not pages:
        await _say_none(ctx)
        return
    await take_or_pay(ctx, (await ctx.ui.ask(MoreServices(pages))).service)


def leading_on(ctx: Context) -> frozenset[str]:
    """Return the services that lead to an appointment or a payment, too. Reads the store."""
    return frozenset(one.code for one in ctx.catalogue().services) if ctx.books() else billed(ctx)


async def choose_to_read(ctx: Context) -> None:
    """Choose a service, whichever, to read what it needs, or to book, before anything else."""
    while True:
        catalogue = ctx.catalogue()
        books = await asyncio.to_thread(ctx.books)
        pages = pages_to_read(catalogue, catalogue.main(ctx.centre.tiles), books=books)
        if not pages:
            await _say_none(ctx)
            return
        chosen = await ctx.ui.ask(AboutServices(pages, books))
        try:
            await show_service(ctx, chosen.service)
        except WentBack:
            continue
        return


async def _say_none(ctx: Context) -> None:
    """Say that there is no service to choose: central has taken the last of them away."""
    await ctx.ui.ask(NotNow(Text("fault.no_tickets"), others_work=False))


async def say_not_offered(ctx: Context) -> None:
    """Say that a service has gone since it was drawn; a number for information is the way on."""
    if await ctx.ui.ask(NotNow(Text("service.disabled"))) == "help_ticket":
        await take_number(ctx, INFORMATION)


async def show_service(ctx: Context, service_code: str) -> None:
    """Say what a service needs, and go on from there: a number, or an order."""
    service = ctx.catalogue().get(service_code)
    if service is None:
        await say_not_offered(ctx)
        return
    refused = await asyncio.to_thread(ctx.desk.availability, service)
    books = await asyncio.to_thread(ctx.books)
    await go_on(ctx, service, partial(_info, ctx, service, refused, books))


def _info(ctx: Context, service: Service, refused: Refused | None, books: bool) -> ServiceInfo:
    why = None if refused is None else _why_not(refused)
    return ServiceInfo(
        service.code,
        service.names,
        service.papers,
        None if service.fee is None else fee_text(service.fee),
        None if service.hours is None else hours_text(service.hours),
        OFFERED if why is None else Availability(False, why),
        phone_availability(ctx) if service.orderable else None,
        card_availability(ctx) if service.orderable else None,
        books,
    )


def _why_not(refused: Refused) -> Text:
    return Text({
        Refusal.CLOSED: "service.closed_now",
        Refusal.QUOTA_FULL: "service.quota_full",
        Refusal.INTERRUPTED: "service.stopped",
    }.get(refused.reason, "service.disabled"))  # fmt: skip


def hours_text(hours: Hours) -> Text:
    """Return the hours as a sentence; times in an Arabic line are written with words between them."""
    times = {"opens": hours.opens, "closes": hours.closes}
    closed = [day for day in _WEEK if day not in hours.days]
    if not closed:
        return Text("service.hours_daily", times)
    if closed == ["fri"]:
        return Text("service.hours_but_friday", times)
    if closed == ["sat", "fri"]:
        return Text("service.hours_but_weekend", times)
    return Text("service.hours_some_days", times | {"days": len(hours.days), "n": len(hours.days)})

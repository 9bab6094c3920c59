"""The start screen: the first touch or scan of a visit, and the flow it leads into."""

import asyncio
from dataclasses import dataclass
from functools import partial

from devices.protocols import Scan
from kiosk.flows.context import Context, Hall
from kiosk.flows.earlier_paper import bring_code
from kiosk.flows.ended import CodeHeld, WentBack
from kiosk.flows.ordering.order import bring_order, takes
from kiosk.flows.payments.bill import take_or_pay
from kiosk.flows.race import first_of
from kiosk.flows.service import choose_more, choose_to_read, leading_on
from kiosk.flows.situation import Conditions
from kiosk.flows.tiles import tile
from kiosk.prompts.choosing import Announcement, Choice, ChoosePriority, Start, TakeNumber
from kiosk.prompts.ui import OFFERED, Availability, Text

REFRESH_S = 2.0  # hours, quotas, the catalogue and the hall change without a word

type StartAnswer = TakeNumber | Choice | Scan


@dataclass(frozen=True, slots=True)
class _Composed:
    """A start screen, and what was true when it was composed."""

    prompt: Start
    conditions: Conditions


async def start(ctx: Context) -> bool:
    """Ask for the first touch and carry it out.

    Returns:
        True when a flow has come to its end; False when the start screen is to be asked again: something has changed,
        the citizen came back from a flow, or said that there is priority.
    """
    composed = await _compose(ctx)
    while True:
        answer = await ctx.ui.ask_until(composed.prompt, partial(_scan_or_newer, ctx, composed))
        if answer is None:
            return False
        if not isinstance(answer, _Composed):
            break
        composed = answer  # asked at once: a finger that is on a tile already stays on it
    while True:
        try:
            return await _carry_out(ctx, answer, composed.prompt.notice)
        except WentBack:
            return False
        except CodeHeld as held:
            answer = held.scan


async def _carry_out(ctx: Context, answer: StartAnswer, notice: Text | None) -> bool:
    match answer:
        case TakeNumber(service):
            await take_or_pay(ctx, service)
        case Scan():
            await bring_code(ctx, answer)
        case "order":
            await bring_order(ctx)
        case "more":
            await choose_more(ctx)
        case "about":
            await choose_to_read(ctx)
        case "announcement" if notice is not None:
            await ctx.ui.ask(Announcement(notice))
            return False
        case "priority":
            ctx.memory.priority = await ctx.ui.ask(ChoosePriority(ctx.memory.priority))
            return False
        case _:
            return False
    return True


async def _scan_or_newer(ctx: Context, composed: _Composed) -> Scan | _Composed | None:
    newer = _newer(ctx, composed)
    return await (first_of(_next_code(ctx), newer) if composed.prompt.scanner.is_offered else newer)


async def _next_code(ctx: Context) -> Scan:
    """Wait for what somebody may have held to the reader: noise on its line begins no visit."""
    while True:
        scan = await ctx.readers.next_scan()
        if takes(ctx, scan):
            return scan


async def _newer(ctx: Context, shown: _Composed) -> _Composed | None:
    """Return what the start screen is to look like once that has changed; None when all of it is to be asked again."""
    newest = shown
    while True:
        if ctx.situation.now is newest.conditions:
            await first_of(ctx.situation.change(), _refresh(ctx))
        if ctx.resting() is not None:
            return None
        newest = await _compose(ctx)
        if newest.prompt != shown.prompt:
            await ctx.ui.help_is_over()  # who reads help is not thrown back by a tile
            return newest


async def _refresh(ctx: Context) -> None:
    await ctx.sleep(REFRESH_S)


async def _compose(ctx: Context) -> _Composed:
    conditions = ctx.situation.now
    prompt = await asyncio.to_thread(start_prompt, ctx)
    return _Composed(prompt, conditions)


def start_prompt(ctx: Context) -> Start:
    """Compose the start screen as things are now. Reads the store where a service has a quota."""
    catalogue, now = ctx.catalogue(), ctx.situation.now
    main = catalogue.main(ctx.centre.tiles)
    notice = Text("start.paperless_notice") if now.printer is not None else ctx.notice()
    if not main:
        notice = Text("fault.no_tickets")
    elif now.printer is None and ctx.desk.without_paper():
        notice = Text("start.find_notice")
    has_more = len(catalogue.services) > len(main)
    hall = (ctx.hall() or Hall({})).seen_by(ctx.memory.priority)
    books, leading = ctx.books(), leading_on(ctx)
    return Start(
        tuple(tile(service, ctx.desk, hall, leads_on=service.code in leading) for service in main),
        OFFERED if has_more else Availability(False, Text("service.disabled")),
        now.orders,
        now.scanning,
        ctx.memory.priority,
        any(service.is_described for service in catalogue.services),
        notice,
        hall.calls,
        has_booking=books,
    )

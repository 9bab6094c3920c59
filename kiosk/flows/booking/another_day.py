"""Another day: the days and times that are left, for whom it is, and the paper with its code; and its end."""

import asyncio
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Final

from devices.protocols import Scan
from kiosk.desk.answers import Booked
from kiosk.desk.claims.booking import Booking
from kiosk.desk.scan_content import IdentityCardScan, content_of
from kiosk.flows.context import Context
from kiosk.flows.ended import WentBack
from kiosk.flows.race import first_of
from kiosk.prompts.booking import LAST_DIGITS, AskingCentral, ChooseSeat, ClaimEnded, EndClaim, SeatBooked, WhoBooks
from kiosk.prompts.booking import NotBooked as SaysNotBooked
from kiosk.prompts.choosing import Choice, Done
from kiosk.prompts.ticket import PrintingTicket
from kiosk.prompts.ui import Text, Words
from offline_store.inquiries.appointments import NotBooked, Seat, for_people

_AT_ONCE: Final = 4
_PEOPLE: Final = tuple((str(n), Text("seat.one_people", {"n": n})) for n in range(1, 5))
LATER: Final = "later"


@dataclass(slots=True)
class _Known:
    """What a citizen has said already: it is not asked once more where only the time has to be another one."""

    people: int | None = None
    who: str | None = None


async def book_another_day(ctx: Context, service: str) -> Done | Choice:
    """Book an appointment for a service; one a visit. Raises WentBack out of the first choice.

    Returns what was chosen at its end: `help_ticket` asks for a number at the information desk.
    """
    booking = ctx.booking
    if booking is None:
        return Done()
    if ctx.memory.has_booked:
        return await ctx.ui.ask(SaysNotBooked("once-a-visit"))
    known = _Known()
    while True:
        booked = await _booked(ctx, booking, service, known)
        if isinstance(booked, Booked):
            return await _hand_over(ctx, booking, booked)
        answer = await ctx.ui.ask(SaysNotBooked(booked.why))
        if answer != "again":
            return answer
        if booked.why == "none-for-so-many":
            known.people = None


async def _booked(ctx: Context, booking: Booking, service: str, known: _Known) -> Booked | NotBooked:
    """Choose among the times that are left now, and book one."""
    seats = await _asked(ctx, lambda left: booking.seats(service, left))
    if isinstance(seats, NotBooked) or not seats:
        return seats if isinstance(seats, NotBooked) else NotBooked("none-left")
    chosen = None
    while chosen is None:
        if known.people is None:
            known.people = int(await _choose_one(ctx, ChooseSeat("people", ctx.catalogue().names(service), _PEOPLE)))
        fitting = for_people(seats, known.people)
        if not fitting:
            return NotBooked("none-for-so-many")
        try:
            chosen = await _choose(ctx, service, fitting, known.who)
        except WentBack:
            known.people = None
    people, (seat, known.who) = known.people or 1, chosen
    who = known.who
    return await _asked(ctx, lambda left: booking.book(service, seat, who, left, people=people))


async def end_claim(ctx: Context, code: str, names: Words, day: date, time: str) -> Done | Choice:
    """End an appointment by its code, after a question; returns what was chosen at its end. Raises WentBack."""
    booking = ctx.booking
    if booking is None or await ctx.ui.ask(EndClaim(names, day, time)) != "confirm":
        return Done()
    refused = await _asked(ctx, lambda left: booking.cancel(code, left))
    return await ctx.ui.ask(ClaimEnded() if refused is None else SaysNotBooked(refused.why, of_end=True))


async def _choose(ctx: Context, service: str, seats: Sequence[Seat], known: str | None) -> tuple[Seat, str]:
    """Choose a day, an hour, a time and say for whom; each step back asks the one before. Raises WentBack.

    `known`: for whom it is, where that was said before.
    """
    names, chosen = ctx.catalogue().names(service), list[str]()
    steps: tuple[tuple[Any, Callable[[Seat], str], Callable[[Seat], Text]], ...] = (
        ("day", lambda one: f"{one.moment:%Y-%m-%d}", lambda one: Text("seat.one_day", {"day": one.moment.date()})),
        ("hour", lambda one: f"{one.moment:%H}", lambda one: Text("seat.one_hour", {"time": f"{one.moment:%H:00}"})),
        ("time", lambda one: one.at, lambda one: Text("seat.one_time", {"time": f"{one.moment:%H:%M}"})),
    )
    while True:
        left = [one for one in seats if all(of(one) == said for said, (_, of, _) in zip(chosen, steps, strict=False))]
        try:
            if len(chosen) < len(steps):
                step, of, words = steps[len(chosen)]
                choices = {of(one): words(one) for one in left}
                day = left[0].moment.date() if chosen else None
                chosen.append(await _choose_one(ctx, ChooseSeat(step, names, tuple(choices.items()), day)))
                continue
            who = known or await _who(ctx)
        except WentBack:
            if not chosen:
                raise
            chosen.pop()
            continue
        return left[0], who


async def _choose_one(ctx: Context, whole: ChooseSeat) -> str:
    """Ask for one of many, a few at a time. Raises WentBack out of the first few."""
    first = 0
    while True:
        few = whole.choices[first : first + _AT_ONCE]
        prompt = ChooseSeat(whole.step, whole.names, few, whole.day, len(whole.choices) > first + _AT_ONCE)
        try:
            answer = await ctx.ui.ask(prompt)
        except WentBack:
            if not first:
                raise
            first -= _AT_ONCE
            continue
        if answer != LATER:
            return answer
        first += _AT_ONCE


async def _who(ctx: Context) -> str:
    """Ask for whom it is: the card's national number, or the last four digits that are typed."""
    while True:
        has_reader = ctx.situation.now.scanning.is_offered
        answer = await ctx.ui.ask_until(WhoBooks(has_reader), partial(_card_or_change, ctx, has_reader=has_reader))
        if answer:
            return answer


async def _card_or_change(ctx: Context, *, has_reader: bool) -> str | None:
    """Return what the card says, None once the reader has gone or is back."""
    changes = _reader_changes(ctx, has_reader=has_reader)
    return await (first_of(_card(ctx), changes) if has_reader else changes)


async def _reader_changes(ctx: Context, *, has_reader: bool) -> None:
    while ctx.situation.now.scanning.is_offered is has_reader:
        await ctx.situation.change()


async def _card(ctx: Context) -> str:
    while True:
        scan: Scan = await ctx.readers.next_scan()
        content = content_of(scan)
        if isinstance(content, IdentityCardScan) and content.card.national_number:
            return content.card.national_number.reveal()[-LAST_DIGITS:]  # one person, however he says who he is


async def _hand_over(ctx: Context, booking: Booking, booked: Booked) -> Done | Choice:
    """Print the paper of an appointment, and say what is on it."""
    ctx.memory.has_booked = True
    ctx.ui.show(PrintingTicket(None, is_appointment=True))
    paper = await asyncio.to_thread(booking.print_paper, booked, ctx.memory.look.language)
    names, at = ctx.catalogue().names(booked.service), booked.moment
    is_printed = paper.state == "printed"
    shown = SeatBooked(names, at.date(), f"{at:%H:%M}", booked.digits, is_printed, ctx.centre.slot, booked.people)
    return await ctx.ui.ask(shown)


async def _asked[T](ctx: Context, ask: Callable[[Callable[[], bool]], T]) -> T:
    """Ask central in a worker thread; who leaves meanwhile asks for no answer any more."""
    left = threading.Event()
    ctx.ui.show(AskingCentral())
    try:
        return await asyncio.to_thread(ask, left.is_set)
    finally:
        left.set()

"""From what is owed to a receipt: the code on the screen, central's word on it, and what is told and printed.

Once a code was shown, nobody leaves without a paper or a screen that names the payment: whatever ends the visit.
"""

import asyncio
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any, Final, Literal

from common.protocol.payments.answers import Begun, PaymentNow
from common.protocol.payments.setup import BillerRecord, PaymentsSetup
from kiosk.desk.payments.amounts import amount_text
from kiosk.desk.payments.paying import Following, NotPaid, Paying
from kiosk.flows.context import Context
from kiosk.flows.ended import FlowEnded
from kiosk.flows.payments import asked as shared
from kiosk.flows.payments.ending import end_payment, ending_of, print_paper
from kiosk.prompts.choosing import Choice
from kiosk.prompts.paid import PaidWaiting, PayCode
from kiosk.prompts.payment import BegunBefore
from kiosk.prompts.payment_ended import Ending
from kiosk.prompts.ui import Words
from offline_store.issuing.business_day import ZONE

ENTERING_S: Final = 60.0
"""So long a paid bill is waited for to be entered, before its paper says that it is being entered."""


@dataclass(slots=True)
class _Try:
    """One try to pay: who asks, what can be paid, and how it stands."""

    paying: Paying
    setup: PaymentsSetup
    biller: BillerRecord | None
    following: Following
    left: threading.Event = field(default_factory=threading.Event)
    is_told: bool = False

    @property
    def now(self) -> PaymentNow:
        return self.following.now

    @property
    def names(self) -> Words | None:
        return shared.biller_names(self.setup, self.now.biller)

    @property
    def late_days(self) -> int:
        return shared.late_days(self.setup, self.now.payer)

    def lacks_seal(self) -> bool:
        """Whether it is marked, and its receipt may not print with what has come."""
        return self.now.state in ("marked", "told") and not self.paying.may_print(self.now)


async def pay(
    ctx: Context,
    paying: Paying,
    setup: PaymentsSetup,
    biller: BillerRecord | None,
    *,
    bill: str | None = None,
    order: str | None = None,
) -> None:
    """Pay a bill, or an order's fee: as often as it is tried, each time with a new number. Raises WentBack first."""
    while True:
        payer = await _payer(ctx, setup)
        if payer is None:
            await shared.to_cashier(ctx, biller)
            return
        opened = await _opened(ctx, partial(paying.open, payer, bill=bill, order=order), biller)
        if opened is None:
            return
        if isinstance(opened, NotPaid):
            if not await shared.say_not_paid(ctx, opened.why, biller, can_retry=True):
                return
        elif not await _through(ctx, _Try(paying, setup, biller, opened)):
            return


async def _opened(
    ctx: Context, ask: Callable[..., Following | NotPaid], biller: BillerRecord | None
) -> Following | NotPaid | None:
    """Open a try, in the place of one that was begun before only once that was read; None where nothing is to be."""
    begun: Begun | None = None
    while True:
        opened = await shared.asked(ctx, partial(ask, instead_of=None if begun is None else begun.payment))
        if not isinstance(opened, NotPaid) or opened.begun is None:
            return opened
        begun = opened.begun
        at = f"{datetime.fromisoformat(begun.at).astimezone(ZONE):%Y/%m/%d %H:%M}"
        answer = await ctx.ui.ask(BegunBefore(at, ctx.catalogue().centre_names(begun.centre)))
        if answer == "counter":
            await shared.to_cashier(ctx, biller)
        if answer != "again":
            return None


async def pay_order(ctx: Context, order: str) -> None:
    """Pay the fee of an order that is recorded and not paid yet."""
    offered = await shared.can_pay(ctx)
    if offered is None or not offered[1].orders:
        await shared.say_not_paid(ctx, "not-set-up", None)
        return
    await pay(ctx, *offered, None, order=order)


async def _payer(ctx: Context, setup: PaymentsSetup) -> str | None:
    if len(setup.payers) == 1:
        return setup.payers[0].payer
    return await shared.choose_one(ctx, "payer", {one.payer: one.names for one in setup.payers})


async def _through(ctx: Context, one: _Try) -> bool:
    """Show the code until the payment ends or is left; True where another try is wanted."""
    try:
        return await _end(ctx, one, await _shown(ctx, one))
    except FlowEnded:
        if not one.is_told:  # who goes while the code is shown takes its reference along
            await _leave(ctx, one)
        raise
    finally:
        one.left.set()
        await asyncio.to_thread(one.paying.keep, one.following.asked.id)


async def _shown(ctx: Context, one: _Try) -> Ending | Literal["counter"]:
    """Show what there is to do until it has ended, or is left."""
    while one.now.state in ("inquired", "opened") and one.now.show and one.following.lost is None:
        seconds = await asyncio.to_thread(one.paying.seconds_left, one.following)
        code = PayCode(
            one.names, shared.payer_names(one.setup, one.now.payer), amount_text(one.now), one.now.bill_no,
            one.now.show, seconds, one.late_days,
        )  # fmt: skip
        ends = asyncio.ensure_future(ctx.sleep(float(seconds))) if one.following.is_over else None
        try:
            answer = await _asked_while(ctx, one, code, ends)
        finally:
            if ends is not None:
                ends.cancel()
        if answer == "counter":
            return answer
        if answer is not None:
            return "bank" if one.late_days else "reference"
    if one.now.state == "paid" and not await _is_entered(ctx, one):
        return "entering"
    if one.following.lost is not None or await asyncio.to_thread(one.lacks_seal):
        await _ask_once_more(ctx, one)
    return await asyncio.to_thread(ending_of, one.paying, one.now, one.late_days)


async def _is_entered(ctx: Context, one: _Try) -> bool:
    """Wait for a paid bill to be entered, for some seconds; False where it is not yet, or nobody waits for it."""
    ends = asyncio.ensure_future(ctx.sleep(ENTERING_S))
    try:
        while one.now.state == "paid" and not one.following.is_over and not ends.done():
            waiting = PaidWaiting(one.names, amount_text(one.now), one.now.bill_no)
            if await _asked_while(ctx, one, waiting, ends) is not None:
                return False
    finally:
        ends.cancel()
    return one.now.state != "paid"


async def _asked_while(
    ctx: Context, one: _Try, prompt: PayCode | PaidWaiting, ends: asyncio.Future[None] | None = None
) -> Choice | None:
    """Ask, until central says something new or the time has come; None where it did."""
    change = None
    if not one.following.is_over:
        change = asyncio.ensure_future(asyncio.to_thread(one.paying.follow, one.following, one.left.is_set))
    awaited: list[asyncio.Future[Any]] = [each for each in (change, ends) if each is not None]

    async def changed() -> None:
        await asyncio.wait(awaited, return_when=asyncio.FIRST_COMPLETED)

    answer = await ctx.ui.ask_until(prompt, changed)
    if answer is not None:
        return answer
    if change is not None and change.done():
        one.following = change.result()
    elif change is None:  # its question has ended, and so has the time of its code
        one.following = replace(one.following, lost="timed-out")
    return None


async def _ask_once_more(ctx: Context, one: _Try) -> None:
    """Ask for the payment by its own id, after its question has brought no more."""
    found = await shared.asked(ctx, lambda left: one.paying.state(one.now.payment, left))
    if isinstance(found, PaymentNow):
        one.following = replace(one.following, now=found, is_over=True)


async def _end(ctx: Context, one: _Try, ending: Ending | Literal["counter"]) -> bool:
    """Print and say how it ended; True where another try is wanted."""
    if ending == "counter":
        await _leave(ctx, one)
        await shared.to_cashier(ctx, one.biller)
        return False
    one.is_told = True
    return await end_payment(ctx, one.paying, one.setup, one.now, ending, one.biller)


async def _leave(ctx: Context, one: _Try) -> None:
    """Print what a payment that is left as it stands is asked for by, and record that it was told."""
    ending: Ending = "bank" if one.late_days else "entering" if one.now.state == "paid" else "reference"
    one.is_told = True
    outcome = await print_paper(ctx, one.paying, one.setup, one.now, ending)
    await asyncio.to_thread(one.paying.tell, one.now.payment, one.now.state, outcome)

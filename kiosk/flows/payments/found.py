"""What has become of a payment: after a cut that came between, and for a person who shows its paper or its receipt."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from common.machine.stamp import rfc3339
from common.protocol.codes.issued import Forged, Genuine, Unverified
from common.protocol.payments.answers import PaymentNow
from kiosk.desk.payments.amounts import amount_text
from kiosk.desk.payments.paying import NotPaid, Paying
from kiosk.flows.context import Context
from kiosk.flows.payments.asked import asked, biller_names, late_days, say_not_paid, to_cashier
from kiosk.flows.payments.ending import Ended, ending_of, say_ended, told_state
from kiosk.prompts.paid import ReceiptKnown
from offline_store.inquiries.payments import Opened
from offline_store.issuing.business_day import ZONE

_UNHEARD: Final = frozenset({"late", "timed-out", "no-network"})


async def say_what_became(ctx: Context, *, is_again: bool, unheard: Callable[[], None]) -> None:
    """Say of each payment that a cut came into what has become of it; `unheard` is called where central is silent.

    Nobody may be there: it ends by itself. `is_again`: that it is not known has been said.
    """
    if ctx.paying is None:
        return
    for opened in await asyncio.to_thread(ctx.paying.untold):
        found = await _ask(ctx, ctx.paying, opened)
        if _is_unheard(found):
            if is_again:
                continue
            unheard()  # before it is said: however that screen is left, central is asked once more
        await _say(ctx, ctx.paying, opened, found, is_after_cut=True)


async def bring_payment(ctx: Context, payment: str) -> None:
    """Say what has become of a payment whose paper is shown."""
    opened = None if ctx.paying is None else await asyncio.to_thread(ctx.paying.opened_here, payment)
    if ctx.paying is None or opened is None:
        await say_not_paid(ctx, "not-here", None)
        return
    await _say(ctx, ctx.paying, opened, await _ask(ctx, ctx.paying, opened))


async def _ask(ctx: Context, paying: Paying, opened: Opened) -> PaymentNow | NotPaid:
    await asyncio.to_thread(paying.keep, opened.inquiry)
    return await asked(ctx, lambda left: paying.state(opened.payment, left))


def _is_unheard(found: PaymentNow | NotPaid) -> bool:
    return isinstance(found, NotPaid) and found.why in _UNHEARD


async def _say(
    ctx: Context, paying: Paying, opened: Opened, found: PaymentNow | NotPaid, *, is_after_cut: bool = False
) -> None:
    """Say what central has said of it: what is not known is said to be so, and is not what became of it."""
    setup = await asyncio.to_thread(paying.setup)
    now = _as_kept(opened) if isinstance(found, NotPaid) else found
    late = late_days(setup, now.payer)
    ending = "unknown" if isinstance(found, NotPaid) else await asyncio.to_thread(ending_of, paying, now, late)
    if await say_ended(ctx, paying, Ended(setup, now, ending, found="after-cut" if is_after_cut else "shown")) is None:
        return
    read = await asyncio.to_thread(paying.opened_here, opened.payment)
    # Somebody has read it; what was printed of it is recorded already.
    if read is not None and read.told is None and not _is_unheard(found):
        await asyncio.to_thread(paying.tell, now.payment, told_state(now, ending))


def _as_kept(opened: Opened) -> PaymentNow:
    """Return a payment as the disk knows it, while central says nothing: nobody knows how it stands now."""
    # By this clock, which may be ahead; by central's it was opened before it died.
    at = min(datetime.fromtimestamp(opened.opened_at, UTC), datetime.fromisoformat(opened.dies_at))
    return PaymentNow(
        opened.payment, "unknown", opened.bill_no, opened.biller, opened.payer, opened.amount, opened.currency,
        opened.pound, opened.dies_at, rfc3339(at),
    )  # fmt: skip


async def bring_receipt(ctx: Context, code: str) -> None:
    """Say what the code of a receipt is: genuine, forged, not to be judged here, or none."""
    if ctx.paying is None:
        return
    found = await asyncio.to_thread(ctx.paying.judge, code)
    setup = await asyncio.to_thread(ctx.paying.setup)
    match found:
        case Genuine(said):
            paid = f"{datetime.fromtimestamp(said.paid, UTC).astimezone(ZONE):%Y/%m/%d %H:%M}"
            names = biller_names(setup, said.biller)
            prompt = ReceiptKnown("genuine", names, amount_text(said), paid, said.biller_receipt, said.bill_no)
        case Forged():
            prompt = ReceiptKnown("forged")
        case Unverified():
            prompt = ReceiptKnown("unverified")
        case _:
            prompt = ReceiptKnown("unreadable")
    if await ctx.ui.ask(prompt) == "counter":
        await to_cashier(ctx, None)

"""How the demo's citizen pays a bill by the telephone, from the tile to the receipt."""

import asyncio
from collections.abc import Callable

from demo.people.window import Eyes
from demo.processes import DemoFailed
from kiosk.prompts.paper import CameOut
from kiosk.prompts.payment_ended import PaymentEnded, Receipted

PAID_WITHIN_S = 60.0  # the wallet tells it at once; on a busy machine all that follows takes its time
_TO_NUMBER = (("tile:water-bill", "bill_or_number"), ("pay_here", "find_bill"), ("type_number", "bill_number"))


async def pay(eyes: Eyes, subscriber: str, payer: str, pay_there: Callable[[str], None]) -> str:
    """Type the number of a bill, pay what is owed, and return the number of the receipt in the slot.

    Args:
        eyes: before the window.
        subscriber: the number on the paper bill.
        payer: by whom it is paid.
        pay_there: what the telephone does with the address of the code on the screen.

    Raises:
        DemoFailed: a screen did not come, or something else than a receipt.
    """
    for touched, comes in _TO_NUMBER:
        await eyes.press(touched)
        await eyes.wait(comes)
    for digit in subscriber:
        await eyes.press(f"digit:{digit}")
    await eyes.press("ok")
    await eyes.wait("bill")
    eyes.look("bill")
    await eyes.press("phone")
    await eyes.wait("pay_choose")
    await eyes.press(f"pick:{payer}")
    await eyes.wait("pay_code")
    eyes.look("pay_code")
    await asyncio.to_thread(pay_there, eyes.window.shown.code)
    await eyes.wait("payment", within_s=PAID_WITHIN_S)
    eyes.look("payment")
    ended: PaymentEnded = eyes.window.shown
    match ended.became:
        case Receipted(number, CameOut()):
            return number
        case _:
            raise DemoFailed(f"the bill was paid and the screen says {ended.ending}")

"""What payers tell unasked: bounded by address, opened before any query, and no more than truth whenever it comes."""

import hmac
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.tables.paid.payments import payments
from central.keys.keys import KeyRing
from central.payments.flow import money, state, tries, unpaid
from central.payments.flow.words import Sum
from central.payments.ports.errors import Forged
from central.payments.ports.payer import Heard, Payer
from central.payments.running import Payments
from common.web.addresses import origin_of

MOST_A_SECOND: Final = 20
_MOST_ADDRESSES: Final = 4096

log: Final = structlog.get_logger()


class TooFast(Exception):
    """An address tells more than it may in a second."""


class Unknown(Exception):
    """No payer tells anything at this address."""


class Gate:
    """How often each address told something in this second."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        """Begin with none."""
        self._monotonic = monotonic
        self._told: OrderedDict[str, tuple[int, int]] = OrderedDict()

    def pass_one(self, address: str) -> None:
        """Let one more through. Raises TooFast."""
        origin, second = origin_of(address), int(self._monotonic())
        since, count = self._told.pop(origin, (second, 0))
        count = count + 1 if since == second else 1
        self._told[origin] = second, count
        if len(self._told) > _MOST_ADDRESSES:
            self._told.popitem(last=False)
        if count > MOST_A_SECOND:
            raise TooFast


def payer_at(desk: Payments, name: str, address: str) -> Payer:
    """Return the payer that tells at an address, in the same time whatever is wrong with it. Raises Unknown."""
    expected = desk.addresses.get(name, "0" * 32)
    is_its = hmac.compare_digest(expected.encode(), address.encode())
    payer = desk.payers.get(name)
    if payer is None or not is_its:
        raise Unknown
    return payer


async def take(connection: AsyncConnection, ring: KeyRing, name: str, said: Heard) -> None:
    """Take what a payer told, within the caller's transaction."""
    if said.state == "paid" and said.receipt is not None:
        await money.take(connection, ring, Sum(name, said.receipt, said.bill_no, clock.now()), "payer")
        return
    of_try = payments.c.payer == name, payments.c.bill_no == said.bill_no, payments.c.extra == 0
    row = next(iter(await state.rows(connection, *of_try)), None)
    if row is None or row.reason == unpaid.NOT_OURS:
        log.warning("payment-of-unknown-number", payer=name)
    elif said.state == "expired":
        await tries.expire(connection, ring, row, "payer")
    elif row.state in ("inquired", "opened", "expired"):  # paid, and by no number of the payer's: its books have one
        due_at = row.due_at or clock.as_text(clock.now())  # of one that is over nothing is due: it is asked again
        await state.change(connection, ring, row, "unknown", "payer", {"why": "no-number"}, due_at=due_at)


def opened(payer: Payer, body: bytes) -> Heard:
    """Open what was told. Raises Forged."""
    try:
        return payer.heard(body, clock.now())
    except Forged as error:
        log.warning("payer-not-believed", why=str(error)[:60])
        raise

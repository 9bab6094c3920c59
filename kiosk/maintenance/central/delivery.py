"""How delivery to central went last, in plain words: by kind of failure, the technical word only beside it."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from kiosk.prompts.ui import Text
from offline_store.delivery.delivery_status import request_try_now, split_error
from offline_store.disk import tables
from offline_store.disk.database import Store

TRY_WITHIN_S: Final = 45.0  # one call's longest time, and the forwarder's own steps
_LOOK_S: Final = 0.5
_SAME_SECOND_S: Final = 1.5  # moments are stored in whole seconds
# One text each under `maintenance.failure.`; whatever else comes is `other`.
KINDS: Final = frozenset(
    {
        "certificate-dates",
        "connection-refused",
        "dns",
        "network",
        "no-route",
        "partial",
        "refused",
        "timeout",
        "tls",
        "too-large",
        "unauthorised",
        "unverified",
    }
)
_PORTAL_STATUS: Final = 511  # RFC 6585, section 6: a network's login page says so of itself


@dataclass(frozen=True, slots=True)
class Delivery:
    """The last success and failure, in seconds since 1970; `error` as it is stored, None after a success."""

    success_at: int | None = None
    error_at: int | None = None
    error: str | None = None

    @property
    def last_at(self) -> int:
        """When central was last asked, 0 where never."""
        return max(self.success_at or 0, self.error_at or 0)


def read_delivery(store: Store) -> Delivery:
    """Read how delivery goes. Raises StoreUnavailable."""
    row = tables.delivery.c
    with store.read() as connection:
        found = connection.execute(select(row.last_success_at, row.last_error_at, row.last_error)).one_or_none()
    return Delivery() if found is None else Delivery(*found)


def failure(error: str) -> tuple[Text, str]:
    """Return a plain sentence for a stored error, and the technical words to stand small beside it."""
    code, technical = split_error(error)
    if code.startswith("status-") and code[7:].isdecimal():
        status = int(code[7:])
        if 300 <= status < 400 or status == _PORTAL_STATUS:
            return Text("maintenance.failure.portal"), technical
        return Text("maintenance.failure.status", {"status": status}), technical
    return Text(f"maintenance.failure.{code if code in KINDS else 'other'}"), technical


async def try_central(store: Store, waiting: Callable[[int], Awaitable[None]]) -> Delivery | None:
    """Have the forwarder ask central at once, and return how that went; None where the forwarder doesn't stir.

    `waiting` is called twice a second with the seconds gone by; what it raises ends the waiting.

    Raises:
        StoreUnavailable: nobody can be asked.
    """
    loop = asyncio.get_running_loop()
    before = await asyncio.to_thread(read_delivery, store)
    began = loop.time()
    # An attempt within the second of the one before looks the same, and the forwarder would seem not to stir.
    while int(time.time()) <= before.last_at and loop.time() - began < _SAME_SECOND_S:
        await waiting(0)
    await asyncio.to_thread(request_try_now, store)
    began = loop.time()
    while (gone := loop.time() - began) < TRY_WITHIN_S:
        await waiting(int(gone))
        now = await asyncio.to_thread(read_delivery, store)
        if now.last_at > before.last_at or (now != before and gone > _SAME_SECOND_S):
            return now
    return None

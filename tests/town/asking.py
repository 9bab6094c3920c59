"""Who stands at a kiosk and waits for central: the questions of its store are carried for as long."""

import asyncio
import contextlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

from common.machine.errors import StoreError
from kiosk.delivery.enrolment import load, signing_key
from offline_store.delivery.connection.uplink import HttpUplink
from offline_store.delivery.connection.uplinks import time_by_central
from offline_store.disk.database import Store
from offline_store.feed.feed_keys import signing_keys
from offline_store.inquiries.carrier import PATIENCE, Carrier
from tests.town.central import ADDRESS
from tests.town.loop import blocking

if TYPE_CHECKING:
    from tests.town.kiosk import TownKiosk

CARRIES_EVERY_S: Final = 1.0
_CARRIERS: Final[WeakKeyDictionary[Store, Carrier]] = WeakKeyDictionary()
STAYS_S: Final = 60.0  # what a kiosk still carries after somebody has left: to undo what was never shown


class Stands:
    """Somebody at a kiosk, until he leaves or it goes out; `is_left` is what its flows ask."""

    def __init__(self, kiosk: "TownKiosk") -> None:
        self._kiosk, self._store = kiosk, kiosk.store
        self._has_left = False

    def is_left(self) -> bool:
        """Whether nobody waits any more."""
        return self._has_left or self.is_gone

    @property
    def is_gone(self) -> bool:
        """Whether the kiosk has gone out."""
        return not self._kiosk.is_up or self._kiosk.is_dying or self._kiosk.store is not self._store

    def leave(self) -> None:
        """Walk away."""
        self._has_left = True

    async def asks[T](self, what: Callable[[], T]) -> T | None:
        """Have the kiosk ask, and wait for what comes of it; None where it has gone out meanwhile."""
        self._kiosk.run(self._carry())
        try:
            return await self._kiosk.on_it(blocking(what))
        except StoreError:
            return None
        finally:
            self._has_left = True

    async def _carry(self) -> None:
        """Carry what waits, each question by itself, as the forwarder's threads do."""
        carrier, kiosk, left_s = _carrier_of(self._kiosk), self._kiosk, STAYS_S
        while left_s > 0:
            with contextlib.suppress(StoreError):
                for row in await blocking(carrier._due):
                    kiosk.run(_carry(carrier, row))
            await asyncio.sleep(CARRIES_EVERY_S)
            left_s -= CARRIES_EVERY_S if self._has_left else 0


async def _carry(carrier: Carrier, row: Any) -> None:
    await blocking(carrier._carry, row)


def _carrier_of(kiosk: "TownKiosk") -> Carrier:
    """Return the one carrier of a kiosk's open store."""
    store = kiosk.store
    if store not in _CARRIERS:
        key = signing_key(kiosk.data, load(kiosk.data).kiosk)
        assert key is not None
        uplink = HttpUplink(
            ADDRESS, kiosk=kiosk.id, key=key, signing_keys=lambda: signing_keys(store), patience=PATIENCE,
            trusted_now=lambda: time_by_central(store, kiosk.clock),
        )  # fmt: skip
        _CARRIERS[store] = Carrier(store, lambda _: uplink, kiosk.clock)
    return _CARRIERS[store]

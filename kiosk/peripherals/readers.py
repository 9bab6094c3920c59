"""Scanner and card reader as flows use them: wait for the next code or card, and stop waiting at any moment."""

from devices.protocols import Card, Scan
from kiosk.peripherals.watch import DeviceWatch


class WatchedReaders:
    """The readers of the device watch. While nobody waits, scans are dropped and cards given back."""

    def __init__(self, watch: DeviceWatch) -> None:
        self._watch = watch

    async def next_scan(self) -> Scan:
        """Wait for the next code that is held to the reader from now on."""
        async with self._watch.scans() as scans:
            return await scans.get()

    async def next_card(self) -> Card:
        """Wait for the next card that is presented from now on; afterwards it comes out again."""
        async with self._watch.cards() as cards:
            return await cards.get()

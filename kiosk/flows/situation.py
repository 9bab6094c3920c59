"""What works now, what is offered for it, and why not: the face of every failure (pure), and who tells of a change."""

import asyncio
from dataclasses import dataclass, replace
from typing import Any

from kiosk.machine.power import PowerState, ServiceLevel
from kiosk.prompts.state import OutOfService, PowerGoing
from kiosk.prompts.ui import OFFERED, Availability, OutReason, StatusStrip, Text, Trouble, Words


@dataclass(frozen=True, slots=True)
class Conditions:
    """The state of everything around the screen. The defaults are those of a kiosk on which all is well."""

    printer: Trouble | None = None  # why no paper can come out
    scanner: Trouble | None = None
    has_scanner: bool = True
    is_offline: bool = False
    is_day_over: bool = False  # the hub's manager has closed the day: a number of it would never be called
    power: PowerState = PowerState.NONE
    power_service: ServiceLevel = ServiceLevel.FULL
    battery_minutes: int | None = None
    clock: str | None = None  # "09:05" by the centre's time; None where it can't be trusted
    out: OutReason | None = None  # set by the technician or the store
    out_until: Text | None = None

    def resting_screen(self, *, paperless: bool, has_others: bool = False) -> OutOfService | PowerGoing | None:
        """Return the screen that stands instead of the start screen, or None when the kiosk serves.

        Args:
            paperless: whether this centre gives numbers without paper.
            has_others: whether another kiosk stands here.
        """
        if self.power_service is ServiceLevel.STOPPING:
            return PowerGoing(self.battery_minutes)
        if self.out is not None:
            return OutOfService(self.out, self.out_until, has_others)
        if self.printer is not None and not paperless:
            return OutOfService(OutReason.PRINTER, has_others=has_others)
        return None

    @property
    def orders(self) -> Availability:
        """Whether orders are taken; without a scanner they still are, by their number."""
        if self.power_service >= ServiceLevel.NO_ORDERS:
            return Availability(False, Text("fault.battery"))
        return OFFERED

    @property
    def scanning(self) -> Availability:
        """Whether a code can be held to the reader."""
        if not self.has_scanner:
            return Availability(False, Text("fault.no_reader"))
        if self.scanner is not None:
            return Availability(False, Text("fault.scanner"))
        return OFFERED

    def strip(self, centre: Words) -> StatusStrip:
        """Return the status strip."""
        on_battery = self.power in (PowerState.BATTERY, PowerState.LOW)
        minutes = (self.battery_minutes or 0) if on_battery else None
        is_offline = self.is_offline and self.out is not OutReason.REVOKED  # central answers it, and refuses
        return StatusStrip(centre, self.clock, is_offline, minutes)


class Situation:
    """The conditions of the moment, for the event loop's thread; anyone who waits for a change is woken by it."""

    def __init__(self, conditions: Conditions | None = None) -> None:
        self.now = conditions or Conditions()
        self._changed = asyncio.Event()

    def update(self, **changes: Any) -> None:
        """Change some conditions; values that are the same as before wake nobody."""
        changed = replace(self.now, **changes)
        if changed != self.now:
            self.now = changed
            self._changed.set()
            self._changed = asyncio.Event()

    async def change(self) -> Conditions:
        """Wait for the next change and return what is true then."""
        await self._changed.wait()
        return self.now

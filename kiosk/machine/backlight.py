"""Keeps the panel as bright as the settings say, and on battery dark while nobody is there.

Light is most of what a UPS pays for. A touch brings it back. A panel without a backlight that can be set
(`kiosk.machine.brightness`) stays as it is.
"""

import asyncio
from collections.abc import Callable
from typing import Final

import structlog

from kiosk.machine import brightness

DIM_AFTER_S: Final = 300.0
DIM_PERCENT: Final = 30  # still read from two metres, so that who comes knows where to touch
LOOK_S: Final = 2.0
LOOK_WHILE_DIM_S: Final = 0.2
_FULL: Final = 100  # what a panel has that nobody has set

_log = structlog.get_logger(__name__)


class Backlight:
    """The light of one panel.

    Args:
        percent: gives the brightness that is set.
        is_on_battery: says whether a UPS feeds the kiosk.
        idle_s: gives the seconds since anybody touched the panel.
        set_brightness: sets the light; may be slow, so it is called in a worker thread.
    """

    def __init__(
        self,
        percent: Callable[[], int],
        is_on_battery: Callable[[], bool],
        idle_s: Callable[[], float],
        set_brightness: Callable[[int], object] = brightness.set_brightness,
    ) -> None:
        self._percent = percent
        self._is_on_battery = is_on_battery
        self._idle_s = idle_s
        self._set_brightness = set_brightness
        self._now = _FULL

    @property
    def is_dim(self) -> bool:
        """Whether the panel should be dark now."""
        return self._is_on_battery() and self._idle_s() >= DIM_AFTER_S

    async def run(self) -> None:
        """Look after the light until cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(LOOK_WHILE_DIM_S if self.is_dim else LOOK_S)

    async def look(self) -> None:
        """Set the light where it should be another, wherever the setting came from."""
        wanted = min(self._percent(), DIM_PERCENT) if self.is_dim else self._percent()
        if wanted == self._now:
            return
        self._now = wanted
        try:
            await asyncio.to_thread(self._set_brightness, wanted)
        except (OSError, ValueError) as error:
            _log.warning("brightness-not-set", reason=type(error).__name__)

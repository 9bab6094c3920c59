"""A headset plugged in begins a visit by voice; unplugged, the voice falls silent.

It stands between the window and the flows as another `Display`, as the service key does: a plug answers whatever is
being asked, as if the button for voice had been touched.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Final, Never

import structlog

from devices.errors import DeviceError
from devices.switches.key_switch import KeySwitch
from kiosk.prompts.ui import Display, SetSpeech
from kiosk.visits.service_key import Keyed

_LOOK_S: Final = 0.5
_AGAIN_S: Final = 30.0
_log = structlog.get_logger(__name__)


class Headset:
    """Watches the jack. A headset that is in when the kiosk starts belongs to it, and means nobody.

    Args:
        open_jack: opens the jack; called again whenever it was lost. It runs in a worker thread.
        sleep: waits in seconds.
    """

    def __init__(
        self, open_jack: Callable[[], KeySwitch], sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        self._open_jack, self._sleep = open_jack, sleep
        self._plugged, self._unplugged = asyncio.Event(), asyncio.Event()
        self._is_in: bool | None = None

    async def watch(self) -> Never:
        """Watch until cancelled. A jack that can't be read is logged once; keys and fingers begin the voice then."""
        was_lost = False
        while True:
            jack = None
            try:
                jack = await asyncio.to_thread(self._open_jack)
                was_lost = False
                await self._follow(jack)
            except DeviceError as error:
                if not was_lost:
                    _log.warning("headset-lost", problem=str(error)[:200])
                was_lost = True
            finally:
                if jack is not None:
                    with contextlib.suppress(DeviceError, OSError):
                        jack.close()
            await self._sleep(_AGAIN_S)

    async def _follow(self, jack: KeySwitch) -> Never:
        while True:
            was_in, self._is_in = self._is_in, await asyncio.to_thread(jack.is_turned)
            if was_in is not None and was_in != self._is_in:
                now, before = (self._plugged, self._unplugged) if self._is_in else (self._unplugged, self._plugged)
                before.clear()
                now.set()
            await self._sleep(_LOOK_S)

    def for_citizens(self, display: Display) -> Display:
        """Return a display on which plugging in and out are touches on the button for the voice."""
        return Keyed(Keyed(display, self._plugged, SetSpeech(True)), self._unplugged, SetSpeech(False))

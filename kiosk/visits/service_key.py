"""The key switch beside the hidden gesture: turned on it opens the PIN, never more; turned back it ends the session.

It stands between the window and the flows as another `Display`: a turn of the key answers whatever is being asked, as
if the gesture had been made, or Home touched. So neither the screens nor the flows know that there is a key.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Final, Never

import structlog

from devices.errors import DeviceError
from devices.switches.key_switch import KeySwitch
from kiosk.flows.race import first_of
from kiosk.prompts.ui import Control, Display, Home, Look, Notice, OpenMaintenance, Prompt, StatusStrip

_LOOK_S: Final = 0.1
_STEADY: Final = 2  # equal readings in a row: contacts bounce for a few milliseconds
_AGAIN_S: Final = 10.0
_log = structlog.get_logger(__name__)


class ServiceKey:
    """Watches the key. A key that is on when the kiosk starts has not been turned.

    Args:
        open_switch: opens the switch; called again whenever it was lost. It runs in a worker thread.
        sleep: waits in seconds.
    """

    def __init__(
        self, open_switch: Callable[[], KeySwitch], sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        self._open_switch, self._sleep = open_switch, sleep
        self.turned_on, self.turned_back = asyncio.Event(), asyncio.Event()
        self._is_on: bool | None = None

    async def watch(self) -> Never:
        """Watch until cancelled. A switch that can't be read is logged once; the gesture works meanwhile."""
        was_lost = False
        while True:
            switch = None
            try:
                switch = await asyncio.to_thread(self._open_switch)
                was_lost = False
                await self._follow(switch)
            except DeviceError as error:
                if not was_lost:
                    _log.warning("service-key-lost", problem=str(error)[:200])
                was_lost = True
            finally:
                if switch is not None:
                    with contextlib.suppress(DeviceError, OSError):
                        switch.close()
            await self._sleep(_AGAIN_S)

    async def _follow(self, switch: KeySwitch) -> Never:
        before, times = None, 0
        while True:
            now = await asyncio.to_thread(switch.is_turned)
            times = times + 1 if now == before else 1
            before = now
            if times == _STEADY and now != self._is_on:
                self._turn(now)
            await self._sleep(_LOOK_S)

    def _turn(self, is_on: bool) -> None:
        was_on, self._is_on = self._is_on, is_on
        if was_on is None:
            return
        _log.info("service-key-turned", on=is_on)
        if is_on:
            self.turned_back.clear()
            self.turned_on.set()
        else:
            self.turned_on.clear()
            self.turned_back.set()

    def for_citizens(self, display: Display) -> "Keyed":
        """Return a display on which turning the key on is the technician's gesture."""
        return Keyed(display, self.turned_on, OpenMaintenance())

    def for_technician(self, display: Display) -> "Keyed":
        """Return a display on which turning the key back is Home. What was turned before doesn't count."""
        self.turned_back.clear()
        return Keyed(display, self.turned_back, Home())


class Keyed:
    """A display whose questions are also answered by one turn of the key."""

    def __init__(self, display: Display, turned: asyncio.Event, answer: Control) -> None:
        self._display, self._turned, self._answer = display, turned, answer

    @property
    def on_touch(self) -> Callable[[], None] | None:
        """What is called at every accepted touch."""
        return self._display.on_touch

    @on_touch.setter
    def on_touch(self, heard: Callable[[], None] | None) -> None:
        self._display.on_touch = heard

    async def ask[A](self, prompt: Prompt[A]) -> A | Control:
        """Show the prompt; return its answer, or the key's once it is turned. A turn between two prompts counts too."""
        return await first_of(self._display.ask(prompt), self._turn())

    async def _turn(self) -> Control:
        await self._turned.wait()
        self._turned.clear()
        return self._answer

    def show(self, notice: Notice) -> None:
        """Show the notice."""
        self._display.show(notice)

    def set_look(self, look: Look) -> None:
        """Redraw in this look."""
        self._display.set_look(look)

    def set_strip(self, strip: StatusStrip) -> None:
        """Change the strip."""
        self._display.set_strip(strip)

    def forget(self) -> None:
        """Drop what the visit has shown."""
        self._display.forget()

"""The scripted citizen of the demo: real touches on real widgets, real scans through the serial scanner."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from kiosk.demo.processes import DemoFailed

SERVICE = "civil-affairs"
SEEN_WITHIN_S = 15.0
PAPER_WITHIN_S = 20.0


class Window(Protocol):
    """What the citizen does with the kiosk's window (`screens.window.KivyUi`)."""

    @property
    def shown(self) -> Any:
        """Return what is on the panel."""

    async def wait_for(self, name: str, timeout_s: float = 10.0) -> None:
        """Wait until this screen is drawn and takes touches."""

    async def press(self, name: str, timeout_s: float = 10.0) -> None:
        """Touch the button of this name."""

    def screenshot(self, path: Path) -> None:
        """Write what is on the panel as a PNG."""


@dataclass
class Seen:
    """What the citizen saw and got."""

    screens: list[str] = field(default_factory=list)
    pictures: list[Path] = field(default_factory=list)
    number: str | None = None
    trouble: str | None = None
    reprinted: bool = False
    outcome: str | None = None


class Citizen:
    """Takes a ticket, then hands in an order.

    Args:
        window: the kiosk's.
        pictures: folder for screenshots.
        tell: says what happens, for whoever watches.
    """

    def __init__(self, window: Window, pictures: Path, tell: Callable[[str], None]) -> None:
        self._window = window
        self._folder = pictures
        self._tell = tell
        self.seen = Seen()

    async def take_ticket(self, mend: Callable[[], None] | None) -> None:
        """Touch a service and take the number; where no paper comes, have the printer mended and take the copy.

        Raises:
            DemoFailed: a screen did not come.
        """
        await self._wait("start")
        self._look("start")
        await self._window.press(f"tile:{SERVICE}")
        screen = await self._wait("ticket", "screen_ticket")
        self._look(screen)
        self.seen.number = self._window.shown.number
        if screen == "ticket":
            self._tell(f"touched {SERVICE}: number {self.seen.number}, the paper is in the slot")
        else:
            self.seen.trouble = self._window.shown.trouble.value
            self._tell(f"touched {SERVICE}: number {self.seen.number} on the screen, no paper ({self.seen.trouble})")
            await self._take_copy(mend)
        await self._window.press("done")
        await self._wait("start")

    async def _take_copy(self, mend: Callable[[], None] | None) -> None:
        if mend is None:
            return
        await asyncio.to_thread(mend)
        try:
            await self._window.press("reprint", PAPER_WITHIN_S)
        except TimeoutError:
            raise DemoFailed("the printer was mended, but the paper was not offered again") from None
        screen = await self._wait("ticket", "screen_ticket")
        self._look("copy")
        self.seen.reprinted = screen == "ticket"
        self._tell(f"the printer was mended: number {self.seen.number} again, marked as a copy")

    async def hand_in_order(self, hold: Callable[[], None]) -> None:
        """Choose the order, hold the phone to the scanner and read the answer.

        Raises:
            DemoFailed: a screen did not come.
        """
        await self._window.press("order")
        await self._wait("hold_code")
        self._look("hold_code")
        await asyncio.to_thread(hold)
        await self._wait("result")
        self._look("result")
        self.seen.outcome = self._window.shown.outcome
        self._tell(f"held the phone to the scanner: {self.seen.outcome}")
        await self._window.press("done")
        await self._wait("start")

    async def _wait(self, *names: str) -> str:
        """Wait for the first of these screens and return its name."""
        waits = {asyncio.create_task(self._window.wait_for(name, SEEN_WITHIN_S), name=name) for name in names}
        done, others = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for wait in others:
            wait.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        first = done.pop()
        if first.exception() is not None:
            shown = getattr(self._window.shown, "name", "nothing")
            raise DemoFailed(f"the screen {' or '.join(names)} did not come; {shown} was shown instead")
        self.seen.screens.append(first.get_name())
        return first.get_name()

    def _look(self, name: str) -> None:
        path = self._folder / f"{len(self.seen.pictures) + 1}-{name}.png"
        self._window.screenshot(path)
        self.seen.pictures.append(path)

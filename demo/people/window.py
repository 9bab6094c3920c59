"""The kiosk's window as a person stands before it: what they see, touch, and take pictures of."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from demo.processes import DemoFailed

SEEN_WITHIN_S = 30.0
GLANCE_S = 0.05


class Window(Protocol):
    """What a person does with the kiosk's window (`screens.window.window.KivyUi`)."""

    stage: Any
    touches: Any

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
class Eyes:
    """One person before the window, and everything they have looked at; `screens` in order, each change once."""

    window: Window
    folder: Path
    screens: list[str] = field(default_factory=list)
    texts: dict[str, list[str]] = field(default_factory=dict)
    pictures: list[Path] = field(default_factory=list)

    async def wait(self, *names: str, within_s: float = SEEN_WITHIN_S) -> str:
        """Wait for the first of these screens and return its name. Raises DemoFailed: none came."""
        waits = {asyncio.create_task(self.window.wait_for(name, within_s), name=name) for name in names}
        done, others = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for wait in others:
            wait.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        came = [wait for wait in done if wait.exception() is None]
        if not came:
            shown = getattr(self.window.shown, "name", "nothing")
            raise DemoFailed(f"the screen {' or '.join(names)} did not come; {shown} was shown instead")
        name = came[0].get_name()
        if self.screens[-1:] != [name]:
            self.screens.append(name)
        return name

    async def press(self, name: str, within_s: float = SEEN_WITHIN_S) -> None:
        """Touch a button as soon as it can be touched. Raises DemoFailed: it can't."""
        try:
            await self.window.press(name, within_s)
        except TimeoutError:
            shown = getattr(self.window.shown, "name", "nothing")
            raise DemoFailed(f"{name} could not be touched: {self._why_not(name)}; the screen is {shown}") from None

    def _why_not(self, name: str) -> str:
        target = self.window.stage.find(name)
        if target is None:
            return "it is not there"
        if not target.enabled:
            return f"it is not offered (“{target.spoken}”)"
        return "it can be now" if self.window.stage.is_open else "the panel takes no touch"

    async def until(self, condition: Callable[[], bool], what: str, within_s: float = SEEN_WITHIN_S) -> None:
        """Look at the panel again and again until the condition holds.

        Raises:
            DemoFailed: it never did; the text names `what`.
        """
        try:
            async with asyncio.timeout(within_s):
                while not condition():  # noqa: ASYNC110 (as eyes do)
                    await asyncio.sleep(GLANCE_S)
        except TimeoutError:
            raise DemoFailed(f"{what} did not come; the screen is {self.window.shown.name}") from None

    def can_press(self, name: str) -> bool:
        """Whether that button is there and offered."""
        target = self.window.stage.find(name)
        return target is not None and bool(target.enabled)

    def look(self, name: str) -> None:
        """Read the screen and take its picture."""
        taken = f"{len(self.pictures) + 1}-{name}"
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / f"{taken}.png"
        self.window.screenshot(path)
        self.pictures.append(path)
        self.texts[taken] = self.read()

    def read(self) -> list[str]:
        """Return every text on the panel, once each: screen, controls, strip."""
        stage = self.window.stage
        parts = [*stage.screen.walk(), *stage.walk()] if stage.screen is not None else []
        found = (str(getattr(part, "text", "") or "") for part in parts)
        return list(dict.fromkeys(text for text in found if text))

"""A kiosk's window that shows what a test has written down, and notes what people do before it; no time passes."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any


def screen(name: str, **more: Any) -> SimpleNamespace:
    """Return a screen by its name."""
    return SimpleNamespace(name=name, **more)


class Stage:
    """What stands on the panel: texts of the screen and of the strip, and buttons."""

    def __init__(self) -> None:
        self.is_open = True
        self.buttons: dict[str, SimpleNamespace] = {}
        self.said: list[Any] = ["Hello", "", None, "Hello"]

    @property
    def screen(self) -> "Stage":
        """The screen is as much as the stage here."""
        return self

    def walk(self) -> Iterator[SimpleNamespace]:
        """Yield each part."""
        for text in self.said:
            yield SimpleNamespace(text=text)
        yield SimpleNamespace()

    def find(self, name: str) -> SimpleNamespace | None:
        """Return a button."""
        return self.buttons.get(name)

    def offer(self, *names: str, enabled: bool = True) -> None:
        """Let buttons stand there."""
        self.buttons |= {name: SimpleNamespace(enabled=enabled, spoken=f"say {name}") for name in names}


class Touches:
    """Fingers on the panel."""

    def __init__(self, did: list[str]) -> None:
        self._did = did

    def down(self, x: float, y: float) -> tuple[float, float]:
        """Put one down."""
        self._did.append(f"down {x} {y}")
        return x, y

    def up(self, finger: tuple[float, float]) -> None:
        """Lift it."""
        self._did.append(f"up {finger[0]} {finger[1]}")

    async def taken(self) -> None:
        """Wait until the kiosk has heard of it."""
        self._did.append("taken")


class MadeUpWindow:
    """Shows the first screen; each touch in `leads` brings its next one.

    `missing`: buttons that can't be touched; `is_stuck`: no screen comes that is not there.
    """

    def __init__(self, shown: SimpleNamespace, **leads: SimpleNamespace | list[SimpleNamespace]) -> None:
        self.shown: Any = shown
        self.leads: dict[str, list[SimpleNamespace]] = {}
        self.lead(leads)
        self.did: list[str] = []
        self.waits: list[tuple[str, float]] = []
        self.stage: Any = Stage()
        self.touches: Any = Touches(self.did)
        self.missing: set[str] = set()
        self.is_stuck = False

    def lead(self, leads: dict[str, Any]) -> None:
        """Let touches bring screens."""
        self.leads |= {name: next_ if isinstance(next_, list) else [next_] for name, next_ in leads.items()}

    async def wait_for(self, name: str, timeout_s: float = 10.0) -> None:
        """Wait for a screen."""
        self.waits.append((name, timeout_s))
        while self.shown.name != name:
            if self.is_stuck:
                raise TimeoutError
            await asyncio.sleep(0)

    async def press(self, name: str, timeout_s: float = 10.0) -> None:
        """Touch a button."""
        if name in self.missing:
            raise TimeoutError
        self.did.append(name)
        self.waits.append((name, timeout_s))
        if self.leads.get(name):
            self.shown = self.leads[name].pop(0)

    def screenshot(self, path: Path) -> None:
        """Write a picture."""
        path.write_bytes(self.shown.name.encode())

"""The scripted technician of the demo: gesture, PINs, paper, test page, export, out of service; all by touches."""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

from demo.people.citizen import HELD_S, TRIES
from demo.people.window import Eyes, Window
from demo.processes import DemoFailed
from kiosk.papers.staff_documents import TEST_CODE

HELD_WITHIN_S = 6.0  # two opposite corners for 3 s
WORKED_WITHIN_S = 30.0
TRIED_WITHIN_S = 50.0
_CORNERS: Final = ((0.01, 0.01), (0.99, 0.99))  # shares of the panel from the lower left


@dataclass
class Maintained:
    """What the technician saw and did."""

    screens: list[str] = field(default_factory=list)
    texts: dict[str, list[str]] = field(default_factory=dict)
    pictures: list[Path] = field(default_factory=list)
    wrong_pins: int = 0
    paper_steps: list[str] = field(default_factory=list)
    test_page: str | None = None
    exported: Path | None = None
    imported: dict[str, int] = field(default_factory=dict)
    logs: Path | None = None
    out_and_back: bool = False

    @property
    def lines(self) -> list[str]:
        """Say it in a few lines."""
        taken = ", ".join(f"{count} {result}" for result, count in sorted(self.imported.items()))
        return [
            f"Technician: {self.wrong_pins} wrong PIN, then in; paper: {', '.join(self.paper_steps) or 'not changed'}",
            f"Test page: {self.test_page}; out of service and back: {'yes' if self.out_and_back else 'no'}",
            f"Exported: {self.exported}; central took from it: {taken or 'nothing'}",
        ]


class Technician:
    """Works the maintenance screens.

    Args:
        window: the kiosk's.
        pictures: folder for screenshots.
        tell: says what happens, for anyone who watches.
    """

    def __init__(self, window: Window, pictures: Path, tell: Callable[[str], None]) -> None:
        self._window = window
        self._tell = tell
        self._eyes = Eyes(window, pictures)
        self._known: set[str] = set()
        self.done = Maintained(self._eyes.screens, self._eyes.texts, self._eyes.pictures)

    async def enter(self, pin: str, *, wrong_first: bool = False) -> None:
        """Hold two corners, type the PIN (a wrong one first where asked), and see the overview. Raises DemoFailed."""
        fingers = [self._window.touches.down(x, y) for x, y in _CORNERS]
        await self._eyes.wait("maintenance_pin", within_s=HELD_WITHIN_S)
        for finger in fingers:
            self._window.touches.up(finger)
        await self._window.touches.taken()
        if wrong_first:
            await self._type(_other(pin))
            await self._eyes.until(lambda: getattr(self._window.shown, "wrong", False), "a word on the wrong PIN")
            await self._eyes.wait("maintenance_pin")
            self._eyes.look("pin-wrong")
            self.done.wrong_pins += 1
            self._tell("technician: a wrong PIN is refused")
        await self._type(pin)
        await self._panel("overview")
        self._tell("technician: in, by the PIN that enrolment gave")

    async def leave(self) -> None:
        """Leave the maintenance screens. Raises DemoFailed."""
        await self._eyes.press("home")
        await self._eyes.wait("start", "out")

    async def change_paper(self, steps: dict[str, Callable[[], None]]) -> None:
        """Go through the paper wizard; `steps` says what hands do to the printer at each. Raises DemoFailed."""
        await self._go_to("paper")
        for step, act in steps.items():
            await self._eyes.until(partial(self._is_step, step), f"the paper step {step}")
            await asyncio.to_thread(act)
            await self._eyes.wait("maintenance_paper")
            self._eyes.look(f"paper-{step}")
            await self._eyes.press("next")
            self.done.paper_steps.append(step)
        await self._panel("print_result")
        await self._back_to("overview")
        self._tell("technician: the paper is changed, a page came out")

    async def print_test_page(self, hold: Callable[[str], None]) -> None:
        """Print the test page, hold its code to the kiosk's scanner, and judge it. Raises DemoFailed."""
        await self._go_to("tests")
        await self._panel("tests")
        await self._press("button:page")
        await self._panel("test_page", WORKED_WITHIN_S)
        await self._hold_page(hold)
        await self._press("line:yes")
        await self._panel("test_result")
        self.done.test_page = "good"
        await self._back_to("tests")
        await self._back_to("overview")
        self._tell("technician: the test page is good")

    async def _hold_page(self, hold: Callable[[str], None]) -> None:
        """Hold the paper's code to the scanner until the kiosk asks how the rest of it looks."""
        for _ in range(TRIES):
            await asyncio.to_thread(hold, TEST_CODE)
            with contextlib.suppress(DemoFailed):
                await self._panel("judge", HELD_S)
                return
        raise DemoFailed(f"the test page was not read; the screen is {self._window.shown.name}")

    async def export_outbox(self, stick: Path) -> Path:
        """Write what waits for central onto the stick, and return the file. Raises DemoFailed."""
        self.done.exported = await self._export("outbox", stick)
        self._tell(f"technician: what waits for central is on the stick: {self.done.exported.name}")
        return self.done.exported

    async def export_logs(self, stick: Path) -> None:
        """Write logs, settings and health onto the stick. Raises DemoFailed."""
        self.done.logs = await self._export("logs", stick)
        self._tell(f"technician: logs, settings and health are on the stick: {self.done.logs.name}")

    async def try_now(self) -> None:
        """Try the way to central, which has the kiosk deliver at once. Raises DemoFailed."""
        await self._go_to("network")
        await self._panel("network")
        await self._press("button:try")
        await self._panel("tried", TRIED_WITHIN_S)
        found = self._window.shown.lines[0].value.msgid
        await self._back_to("network")
        if found != "maintenance.central.good":
            raise DemoFailed(f"the network page says {found}")
        await self._back_to("overview")
        self._tell("technician: central answers")

    async def take_out_of_service(self) -> None:
        """Take the kiosk out of service for half an hour. Raises DemoFailed."""
        await self._go_to("out")
        await self._panel("out")
        await self._press("line:repair")
        await self._panel("out_until")
        await self._press("line:30_minutes")
        await self._panel("out_done")
        await self._back_to("overview")
        self._tell("technician: out of service for 30 minutes")

    async def put_back_in_service(self) -> None:
        """Put it back. Raises DemoFailed."""
        await self._go_to("out")
        await self._panel("out")
        await self._press("line:back")
        await self._panel("overview")
        self.done.out_and_back = True
        self._tell("technician: back in service")

    async def _export(self, place: str, stick: Path) -> Path:
        """Touch the export of this place, and return what it put on the stick."""
        await self._go_to(place)
        await self._panel(place)
        before = await asyncio.to_thread(_files, stick)
        await self._press("button:export")
        await self._panel(f"{place}_export", WORKED_WITHIN_S)
        (written,) = await asyncio.to_thread(_files, stick) - before
        await self._back_to(place)
        await self._back_to("overview")
        return written

    async def _type(self, pin: str) -> None:
        for digit in pin:
            await self._eyes.press(f"digit:{digit}")
        await self._eyes.press("ok")

    async def _go_to(self, place: str) -> None:
        """Touch a place of the overview, on whatever page it is."""
        await self._press(f"button:{place}")

    async def _press(self, name: str) -> None:
        while not self._eyes.can_press(name) and self._eyes.can_press("next_page"):
            await self._eyes.press("next_page")
        await self._eyes.press(name)

    async def _panel(self, panel: str, within_s: float = 15.0) -> None:
        """Wait for this panel, and look at it the first time."""
        await self._eyes.until(lambda: getattr(self._window.shown, "panel", "") == panel, f"panel {panel}", within_s)
        await self._eyes.wait("maintenance_panel")
        if panel not in self._known:
            self._known.add(panel)
            self._eyes.look(panel)

    async def _back_to(self, panel: str) -> None:
        await self._eyes.press("back")
        await self._panel(panel)

    def _is_step(self, step: str) -> bool:
        shown = self._window.shown
        return bool(shown.name == "maintenance_paper" and shown.step == step)


def _files(folder: Path) -> set[Path]:
    return set(folder.iterdir())


def _other(pin: str) -> str:
    """Return a PIN that differs in its last digit."""
    return f"{pin[:-1]}{(int(pin[-1]) + 1) % 10}"

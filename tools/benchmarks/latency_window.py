"""The kiosk of `kiosk run` behind a real window offscreen, touched as fingers do, as one process that says its times.

`python -m tools.benchmarks.latency_window SETTINGS` reads one JSON line, `{"codes", "visits", "until"}`: scans those
codes, makes so many ticket visits, or visits and turns pages until the process of the id `until` has ended.
"""

import asyncio
import contextlib
import json
import os
import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

os.environ.setdefault("SDL_VIDEODRIVER", "offscreen")

import psutil

from kiosk.app import run_window, serve_on
from kiosk.settings.settings import Settings

if TYPE_CHECKING:
    from screens.window.window import KivyUi

IDLE_S = 5.0
PRESS_S = 0.05
NUMBER_ON = frozenset({"printing", "ticket", "screen_ticket"})


class Hand:
    """Touches the window and notes how long what follows takes, in ms by kind."""

    def __init__(self, ui: "KivyUi") -> None:
        self.ui = ui
        self.times: dict[str, list[float]] = defaultdict(list)

    async def touch(self, name: str) -> float:
        """Touch a button once it can be; return the moment of the release."""
        ui = self.ui
        async with asyncio.timeout(20):
            while (target := ui.stage.find(name)) is None or not target.enabled or not ui.stage.is_open:
                await drawn(ui)
        x, y = target.center_x / ui.stage.width, target.center_y / ui.stage.height
        began = time.monotonic()
        finger = ui.touches.down(x, y)
        await drawn(ui)
        self.times["feedback"].append((time.monotonic() - began) * 1000)
        await asyncio.sleep(PRESS_S)
        released = time.monotonic()
        ui.touches.up(finger)
        return released

    async def screen(self, names: frozenset[str], since: float, kind: str) -> None:
        """Wait until one of these prompts has been drawn, and note how long after `since`."""
        async with asyncio.timeout(20):
            while self.ui.shown is None or self.ui.shown.name not in names or not self.ui.is_drawn:
                await drawn(self.ui)
        self.times[kind].append((time.monotonic() - since) * 1000)

    async def ticket(self) -> None:
        """Take a ticket and go."""
        released = await self.touch("tile:water-bill")
        await self.screen(NUMBER_ON, released, "number")
        await self.screen(frozenset({"ticket", "screen_ticket"}), released, "taken")
        self.times["released"].append(released)
        await self.screen(frozenset({"start"}), await self.touch("done"), "next")

    async def look_round(self) -> None:
        """Open further services and come back."""
        await self.screen(frozenset({"more"}), await self.touch("more"), "next")
        await self.screen(frozenset({"start"}), await self.touch("back"), "next")


async def drawn(ui: "KivyUi") -> None:
    """Wait until the window's next frame is there to be seen: without a graphics card it is painted after the flip."""
    from kivy.graphics.opengl import glFinish

    shown = asyncio.Event()
    tell = lambda *_: shown.set()  # noqa: E731
    window: Any = ui.window
    window.bind(on_flip=tell)
    try:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(shown.wait(), 0.05)
    finally:
        window.unbind(on_flip=tell)
    glFinish()


def ask_devices(line: str) -> Any:
    """Have the parent pass a line to the devices' process and return its answer."""
    print(line, flush=True)
    return json.loads(sys.stdin.readline())


async def measure(ui: "KivyUi", codes: list[str], visits: int, until: int | None) -> dict[str, Any]:
    """Do as told; return every time, the stalls, and what the kiosk costs at rest."""
    hand = Hand(ui)
    await ui.wait_for("start", 30)
    await hand.ticket()  # the first uploads the fixed lines to the printer and makes the screens
    await hand.look_round()
    hand.times.clear()
    stalls = ui.stalls
    for code in codes:
        await ui.wait_for("start", 30)
        while ui.stage.motion.is_on:  # nobody is back with a code within the fifth of a second that the screen moves
            await drawn(ui)
        sent = await asyncio.to_thread(ask_devices, f"scan {code}")
        await hand.screen(frozenset({"printing", "result"}), sent, "outcome")  # recorded: the receipt is being printed
        await hand.screen(frozenset({"result"}), sent, "receipt")
        await hand.screen(frozenset({"start"}), await hand.touch("done"), "next")
    for _ in range(visits):
        await hand.ticket()
    while until is not None and psutil.pid_exists(until) and psutil.Process(until).status() != psutil.STATUS_ZOMBIE:
        await hand.ticket()
        for _ in range(4):
            await hand.look_round()
    cuts = await asyncio.to_thread(ask_devices, "cuts")
    hand.times["byte"] = [
        (min(cut for cut in cuts if cut > released) - released) * 1000 for released in hand.times.pop("released", [])
    ]
    result: dict[str, Any] = {"times": hand.times, "stalls": ui.stalls - stalls}
    return result | (await _at_rest(ui) if until is None else {})


async def _at_rest(ui: "KivyUi") -> dict[str, float]:
    flips = []
    window: Any = ui.window
    count = lambda *_: flips.append(1)  # noqa: E731
    await asyncio.sleep(1)
    window.bind(on_flip=count)
    process = psutil.Process()
    process.cpu_percent()
    await asyncio.sleep(IDLE_S)
    used = process.cpu_percent()
    window.unbind(on_flip=count)
    return {"idle_percent": used, "redraws_a_second": len(flips) / IDLE_S}


def main() -> None:
    """Measure once."""
    settings, wanted = Settings(Path(sys.argv[1])), json.loads(sys.stdin.readline())

    async def work(ui: "KivyUi") -> dict[str, Any]:
        serving = asyncio.ensure_future(serve_on(ui, settings))
        try:
            return await measure(ui, wanted["codes"], wanted["visits"], wanted["until"])
        finally:
            serving.cancel()
            await asyncio.wait({serving})

    print("result " + json.dumps(run_window(settings, work, fullscreen=False)), flush=True)


if __name__ == "__main__":
    main()

"""Citizens who touch the real window, one after the other, with devices that fail between them and among them."""

import asyncio
import contextlib
import json
import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from kiosk.prompts.choosing import Start
from kiosk.prompts.order import HoldCode, TypeOrderNumber
from kiosk.prompts.ui import Notice

STUCK_S = 90.0  # longer than any deadline of a driver, shorter than a warning and its answer
FEWEST_VISITS = 50
FAULTS: tuple[tuple[str, Any], ...] = (
    *(("fault", name) for name in ("paper_out", "cover_open", "cutter", "hot", "offline", "silent")),
    *((name, None) for name in ("power-off", "garble", "unplug-printer", "unplug-scanner", "babble")),
)
# What most citizens do: one touch, take the paper, go. Everything else on a screen is touched now and then.
LIKELY = {"tile": 30.0, "done": 40.0, "number": 10.0, "order": 3.0}
SELDOM = {"help": 0.2}


class SoakDevices:
    """The process of printer and scanner, see `tools.soak.devices`; its ports lie in `folder`, if one is given."""

    def __init__(self, folder: Path | None = None) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tools.soak.devices"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | ({"TMPDIR": str(folder)} if folder else {}),
        )
        assert self._process.stdout is not None
        self.ports: dict[str, str] = json.loads(self._process.stdout.readline())

    def act(self, name: str, value: Any = None) -> None:
        """Have it do something."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps([name, value]) + "\n")
        self._process.stdin.flush()

    def kill(self) -> None:
        """End it in the middle of whatever it does: both devices are gone from their cables."""
        self._process.kill()
        self._close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def _close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()


class Citizens:
    """Touches what is on the panel, at random but mostly as people do.

    Args:
        ui: the window, as the kiosk serves on it.
        devices: fail now and then.
        code: mints an order code, genuine or not.
        seed: makes a run repeatable as far as time allows.
    """

    def __init__(self, ui: Any, devices: SoakDevices, code: Callable[[], str], seed: int) -> None:
        self._ui, self._devices, self._code = ui, devices, code
        self._chance = random.Random(seed)
        self.visits = 0
        self.touches = 0
        self.seen: Counter[str] = Counter()
        self.faults: Counter[str] = Counter()
        self._fault_until: int | None = None
        forget = ui.forget

        def count_and_forget() -> None:
            self.visits += 1
            forget()

        ui.forget = count_and_forget

    @property
    def are_enough(self) -> bool:
        """Return whether so much has happened that it can be judged, also on a machine that is busy otherwise."""
        return self.visits >= FEWEST_VISITS and bool(self.faults) and "ticket" in self.seen

    async def visit(self, number: int) -> None:
        """Go on until so many visits more have ended."""
        until = self.visits + number
        while self.visits < until:
            self._fail_or_mend()
            await self._one_step()

    async def rest(self) -> None:
        """Mend everything and wait on the start screen."""
        self._mend()
        async with asyncio.timeout(STUCK_S):
            while True:
                await self._until_touchable()
                if isinstance(self._ui.shown, Start):
                    return
                await self._touch("home" if self._ui.stage.find("home") else self._any())

    async def _one_step(self) -> None:
        await self._until_touchable()
        shown = self._ui.shown
        if shown is None or not self._ui.stage.is_open:
            return
        self.seen[shown.name] += 1
        if isinstance(shown, TypeOrderNumber) and self._chance.random() < 0.2:
            await self._type_number()
        elif isinstance(shown, HoldCode | Start) and self._chance.random() < (
            0.05 if isinstance(shown, Start) else 0.7
        ):
            await self._hold_code(shown)
        else:
            await self._touch(self._any())

    async def _until_touchable(self) -> None:
        try:
            async with asyncio.timeout(STUCK_S):
                while self._ui.shown is None or isinstance(self._ui.shown, Notice) or not self._ui.stage.is_open:
                    await self._ui.panel.next_flip()
        except TimeoutError:
            raise AssertionError(f"nothing could be touched for {STUCK_S:.0f} s on {self._ui.shown}") from None

    def _any(self) -> str:
        names = [target.name for target in self._ui.stage.targets if target.enabled]
        if not names:
            return ""
        weights = [LIKELY.get(name.split(":")[0], SELDOM.get(name, 1.0)) for name in names]
        return str(self._chance.choices(names, weights)[0])

    async def _touch(self, name: str) -> None:
        target = self._ui.stage.find(name)
        if target is None:
            await self._ui.panel.next_flip()
            return
        self.touches += 1
        theme = self._ui.panel.theme
        await self._ui.touches.tap(target.center_x / theme.width_px, target.center_y / theme.height_px)

    async def _type_number(self) -> None:
        for digit in "9990001111":
            await self._touch(f"digit:{digit}")
        await self._touch("ok")

    async def _hold_code(self, shown: object) -> None:
        """Hold a phone to the scanner and wait a moment for what comes of it; it may be unplugged."""
        self._devices.act("scan", self._code())
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(2.0):
                while self._ui.shown is shown:
                    await self._ui.panel.next_flip()

    def _fail_or_mend(self) -> None:
        if self._fault_until is None and self._chance.random() < 0.02:
            fault, value = self._chance.choice(FAULTS)
            self._devices.act(fault, value)
            self.faults[value or fault] += 1
            self._fault_until = self.visits + self._chance.randint(1, 2)
        elif self._fault_until is not None and self.visits >= self._fault_until:
            self._mend()

    def _mend(self) -> None:
        self._devices.act("mend")
        self._fault_until = None

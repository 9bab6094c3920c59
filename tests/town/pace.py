"""How often what beats in service beats in a town: people decide in minutes; what nobody sees is nearly free."""

import asyncio
import contextlib
from dataclasses import dataclass, field
from random import Random
from typing import Final

from hub.api.live import state

QUIET_S: Final = 1800.0  # between two looks while nobody comes; all look when people begin to come


@dataclass
class Pace:
    """Seconds between two looks of each part, now."""

    step_s: float = 8.0  # a hub's own second, a kiosk's word to its hub
    forward_s: float = 60.0
    leader_s: float = 15.0
    watch_s: float = 37.5  # after so long without a beat a page takes its hub for dead
    is_even: bool = True  # all machines that began at one moment look at the same moments
    _dice: Random = field(default_factory=Random)
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    def begin(self, seed: str = "", *, is_even: bool = True) -> None:
        """Begin with a town: nobody waits yet."""
        self.is_even, self._dice = is_even, Random(f"{seed} pace")
        self._changed = asyncio.Event()
        self.busy()

    def busy(self) -> None:
        """Be nearly as quick as in service."""
        self._be(step_s=8.0, forward_s=60.0, leader_s=15.0, beat_s=15.0)

    def quiet(self) -> None:
        """Look now and then, as nobody comes."""
        self._be(step_s=QUIET_S, forward_s=2700.0, leader_s=QUIET_S, beat_s=QUIET_S)

    def delivers(self) -> None:
        """Deliver as in a rush, while nobody comes."""
        self.forward_s = 60.0
        self._changed.set()
        self._changed = asyncio.Event()

    def night(self) -> None:
        """Hardly look at all."""
        self._be(step_s=1800.0, forward_s=3600.0, leader_s=1800.0, beat_s=1800.0)

    def _be(self, *, step_s: float, forward_s: float, leader_s: float, beat_s: float) -> None:
        self.step_s, self.forward_s, self.leader_s, self.watch_s = step_s, forward_s, leader_s, 2.5 * beat_s
        state.BEAT_S = beat_s  # type: ignore[misc]
        self._changed.set()
        self._changed = asyncio.Event()

    async def sleep(self, seconds: float) -> None:
        """Wait so long, or until the pace is another."""
        changed = self._changed
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(changed.wait(), seconds)

    async def step(self) -> None:
        """Wait for the next step."""
        await self.sleep(self.step_s if self.is_even else self.step_s * self._dice.uniform(0.2, 1.4))


PACE = Pace()

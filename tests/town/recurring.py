"""What central does by itself in a town: its own tasks, asked when they may have something to do.

What runs in a process of its own in service (opening what is sealed) runs inline.
"""

import asyncio
from collections.abc import Coroutine, Sequence
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy.exc import DBAPIError

from central.base.recurring import RecurringTask
from central.claims import keeping as claims_keeping
from central.intake.unsealing import unsealing
from central.intake.unsealing.process import OpeningProcess, SealedItem, Unsealed, open_item
from central.keys.keys import KeyRing
from tests.town.pace import PACE

if TYPE_CHECKING:
    from tests.town.town import Town

LOOKS_EVERY_S: Final = 900.0
OFTEN_S: Final = 60.0


class OpensInline(OpeningProcess):
    """See OpeningProcess: it opens in this very process."""

    def __init__(self, ring: KeyRing) -> None:
        super().__init__(ring.folder)
        self._ring = ring

    async def open(self, items: Sequence[SealedItem]) -> list[Unsealed]:
        """See OpeningProcess."""
        return [open_item(one, self._ring) for one in items]


class Recurring:
    """Central's tasks, from its start until it is lost."""

    def __init__(self, town: "Town") -> None:
        self._town = town
        self._tasks: list[asyncio.Task[None]] = []

    def begin(self) -> None:
        """Begin with what this central has."""
        parts = self._town.central.parts
        unsealing.LOOK_EVERY_S = LOOKS_EVERY_S  # what comes wakes it
        parts.unsealer._opening = OpensInline(parts.ring)
        self._run(parts.unsealer.run())
        if self._town.outside.has_claims:
            self._run(self._often(claims_keeping.Keeper(parts.engine, parts.ring)))

    async def _often(self, task: RecurringTask) -> None:
        while True:
            try:
                await task.act()
            except (OSError, DBAPIError) as error:  # central dies: its own edge would log it and go on
                task.failed(type(error).__name__)
            await PACE.sleep(OFTEN_S if PACE.step_s < LOOKS_EVERY_S / 2 else LOOKS_EVERY_S)

    async def end(self) -> None:
        """End them at this moment, as a lost process does."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks.clear()

    def _run(self, what: Coroutine[Any, Any, None]) -> None:
        self._tasks.append(asyncio.ensure_future(self._town.central.on_it(what)))

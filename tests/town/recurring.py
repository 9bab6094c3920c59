"""What central does by itself in a town: its own tasks, asked when they may have something to do.

What runs in a process of its own in service (opening what is sealed) runs inline.
"""

import asyncio
import contextlib
from collections.abc import Coroutine, Sequence
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy.exc import DBAPIError

from central.base.recurring import RecurringTask
from central.claims import keeping as claims_keeping
from central.intake.unsealing import unsealing
from central.intake.unsealing.process import OpeningProcess, SealedItem, Unsealed, open_item
from central.keys.keys import KeyRing
from central.payments import keeping as payments_keeping
from central.payments import setup
from tests.town.pace import PACE

if TYPE_CHECKING:
    from tests.town.town import Town

LOOKS_EVERY_S: Final = 900.0
OFTEN_S: Final = 60.0
CLAIMS_EVERY_S: Final = 240.0
WORKS_EVERY_S: Final = 10.0


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
        self._worker: payments_keeping.Worker | None = None

    async def begin(self) -> None:
        """Begin with what this central has."""
        parts = self._town.central.parts
        unsealing.LOOK_EVERY_S = LOOKS_EVERY_S  # what comes wakes it
        parts.unsealer._opening = OpensInline(parts.ring)
        self._run(parts.unsealer.run())
        if self._town.outside.has_claims:
            self._run(self._often(claims_keeping.Keeper(parts.engine, parts.ring), CLAIMS_EVERY_S))
        if self._town.outside.has_bills:
            own = parts.engine, parts.ring, parts.payments
            await self._town.central.on_it(setup.begin(*own))
            self._worker = payments_keeping.Worker(*own)
            self._run(self._work(self._worker, parts.payments.wake))
            self._run(self._often(payments_keeping.BooksKeeper(*own), OFTEN_S))

    async def _often(self, task: RecurringTask, every_s: float) -> None:
        while True:
            try:
                await task.act()
            except (OSError, DBAPIError) as error:  # central dies: its own edge would log it and go on
                task.failed(type(error).__name__)
            is_soon = PACE.step_s < LOOKS_EVERY_S / 2 or self._town.outside.bills.are_open
            await PACE.sleep(every_s if is_soon else LOOKS_EVERY_S)

    async def _work(self, worker: payments_keeping.Worker, wake: asyncio.Event) -> None:
        while True:
            try:
                await worker.act()
            except (OSError, DBAPIError) as error:
                worker.failed(type(error).__name__)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(wake.wait(), WORKS_EVERY_S if self._town.outside.bills.are_open else 600.0)
            wake.clear()

    async def end(self) -> None:
        """End them at this moment, as a lost process does."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks.clear()
        works = [] if self._worker is None else list(self._worker._works.values())
        for work in works:
            work.cancel()
        await asyncio.gather(*works, return_exceptions=True)

    def _run(self, what: Coroutine[Any, Any, None]) -> None:
        self._tasks.append(asyncio.ensure_future(self._town.central.on_it(what)))

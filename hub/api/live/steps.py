"""Steps of what is done again and again: one that fails costs itself alone, and says so once until it works again."""

from collections.abc import Awaitable, Callable

import structlog

from common.machine.errors import PlainError, StoreError, places_of
from hub.api.server.server import Serving

log = structlog.get_logger()


class Steps:
    """Takes one step after the other, whatever became of the one before."""

    def __init__(self, serving: Serving) -> None:
        """Begin with none that fails."""
        self._serving = serving
        self._failing: set[str] = set()

    async def do(self, name: str, work: Callable[[], object]) -> bool:
        """Do what uses the database, in a thread; return whether it was done."""
        return await self.take(name, lambda: self._serving.run(work))

    async def take(self, name: str, step: Callable[[], Awaitable[object]]) -> bool:
        """Take a step that is known by this name in the log; return whether it was taken to its end."""
        try:
            await step()
        except (StoreError, PlainError) as error:  # a disk that refuses costs a line of the log, never the hub
            self._say(name, "hub-store-unavailable", detail=str(error)[:300])
            return False
        except Exception as error:  # noqa: BLE001 - the step's edge: day, working time and log must go on
            self._say(name, "second-interrupted", error=type(error).__name__, at=places_of(error))
            return False
        self._failing.discard(name)
        return True

    def _say(self, name: str, event: str, **why: object) -> None:
        if name not in self._failing:
            log.warning(event, step=name, **why)
        self._failing.add(name)

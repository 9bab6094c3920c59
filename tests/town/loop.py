"""Virtual time: one event loop that never waits, and on which what blocks in a thread in service gives way instead.

A blocking call (`clock.sleep`, an HTTP call, an executor's work) runs in a greenlet, as SQLAlchemy's own drivers do,
and is left for as long as it waits. So everything happens in one thread, in an order that the seed alone decides.
"""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.util import await_only, greenlet_spawn

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class NothingHappens(Exception):
    """Everybody waits for somebody else, and nobody for a time."""


class _Jump:
    """Stands where an event loop has its selector: time goes to the next event at once."""

    def __init__(self, loop: "TownLoop") -> None:
        self._loop = loop

    def select(self, timeout: float | None) -> list[Any]:
        """Let so many seconds pass. Raises NothingHappens."""
        if timeout is None:
            raise NothingHappens
        self._loop.now_s += max(0.0, timeout)
        return []


class TownLoop(asyncio.BaseEventLoop):
    """The loop of one town; `now_s` is the true time in seconds since the town began."""

    def __init__(self, begins: datetime) -> None:
        """Begin at this moment."""
        super().__init__()
        self.begins, self.now_s = begins.astimezone(UTC), 0.0
        self._selector = _Jump(self)

    def time(self) -> float:
        """See asyncio."""
        return self.now_s

    @property
    def now(self) -> datetime:
        """The true time."""
        return self.begins + timedelta(microseconds=round(self.now_s * 1e6))

    def run_in_executor(self, executor: Any, func: Callable[..., Any], *args: Any) -> Any:  # type: ignore[override]
        """Do in a greenlet what a thread does in service."""
        task = self.create_task(blocking(func, *args))
        task.add_done_callback(lambda one: one.cancelled() or one.exception())  # as of a thread that nobody waits for
        return task

    def _process_events(self, event_list: list[Any]) -> None:
        """See asyncio: there are none."""

    def _write_to_self(self) -> None:
        """See asyncio: nobody else wakes this loop."""


async def blocking[T](work: Callable[..., T], *args: Any) -> T:
    """Run what blocks, to its end."""
    return await greenlet_spawn(work, *args)


def wait_for[T](what: Coroutine[Any, Any, T]) -> T:
    """Wait, within what blocks, for what happens in the loop."""
    return await_only(what)


def pause(seconds: float) -> None:
    """Wait, within what blocks, until so much time has passed."""
    await_only(asyncio.sleep(seconds))

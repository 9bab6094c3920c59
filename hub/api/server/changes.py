"""Telling open streams that something has changed, without any of them asking the database all the time."""

import asyncio
import contextlib


class Changes:
    """A count of changes that can be waited for. Lives in the event loop; other threads use `call_soon_threadsafe`."""

    def __init__(self) -> None:
        """Begin with nothing changed."""
        self.count = 0
        self._changed = asyncio.Event()

    def note(self) -> None:
        """Say that something has changed."""
        self.count += 1
        self._changed.set()
        self._changed = asyncio.Event()

    async def after(self, count: int, timeout_s: float) -> bool:
        """Wait until something has changed after a count, at most so long; return whether it has."""
        if self.count != count:
            return True
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._changed.wait(), timeout_s)
        return self.count != count

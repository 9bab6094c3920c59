"""A task that acts again and again, and waits out what fails."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable


async def recur(
    act: Callable[[], Awaitable[object]],
    every_s: float,
    stopping: asyncio.Event,
    failed: Callable[[str], None],
    *,
    at_once: bool = False,
) -> None:
    """Act each so many seconds until `stopping`; a database that is away is waited for.

    Args:
        act: what is done.
        every_s: the pause before each time.
        stopping: ends it.
        failed: is told the kind of an error: its text, or a traceback, may repeat what a database was given.
        at_once: whether the first time has no pause before it.
    """
    while not stopping.is_set():
        if not at_once:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), every_s)
                return
        at_once = False
        try:
            await act()
        except Exception as error:  # noqa: BLE001 - the task's edge: it must go on
            failed(type(error).__name__)

"""Questions that take seconds: each asked once, beside the presses, and its answer kept for who lost it."""

import asyncio
import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

AT_ONCE: Final = 4
KEPT: Final = 64
"""More than the counters of a centre ask in the minutes in which a page still asks for its answer."""


class Questions:
    """Those under way, and the last answers by the key that the page gave each."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(AT_ONCE, "desk")
        self._is_closing = threading.Event()
        self._asked: OrderedDict[str, asyncio.Future[Any]] = OrderedDict()

    async def ask[T](self, key: str, work: Callable[[Callable[[], bool]], T]) -> T:
        """Return what `work` returns; under the same key the same again, without working twice.

        `work` gets what says whether nobody waits any more.
        """
        if key not in self._asked:
            loop = asyncio.get_running_loop()
            self._asked[key] = loop.run_in_executor(self._threads, work, self._is_closing.is_set)
            while len(self._asked) > KEPT:
                self._asked.popitem(last=False)
        found: T = await asyncio.shield(self._asked[key])  # who closes his page does not end it for its second try
        return found

    def close(self) -> None:
        """End: who waits is told that nothing came."""
        self._is_closing.set()
        self._threads.shutdown()

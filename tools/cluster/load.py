"""The kiosks at work, beside whatever is done to the machines."""

import asyncio
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import httpx2

from tools.cluster.kiosks import CALL_WITHIN_S, LoadingKiosk
from tools.cluster.waiting import until


class Load:
    """Kiosks that deliver in a thread of their own."""

    def __init__(self, kiosks: Sequence[LoadingKiosk]) -> None:
        self.kiosks = kiosks

    @contextmanager
    def running(self) -> Iterator[None]:
        """Have all of them deliver; at the end each has been told of all that it sent."""
        loop, stop = asyncio.new_event_loop(), asyncio.Event()

        def deliver() -> None:
            loop.run_until_complete(asyncio.wait_for(_all(self.kiosks, stop), None))

        thread = threading.Thread(target=deliver, name="kiosks", daemon=True)  # a step that failed ends the run
        thread.start()
        try:
            yield
        finally:
            loop.call_soon_threadsafe(stop.set)
            thread.join(timeout=180)
            is_done = not thread.is_alive()
            if is_done:
                loop.close()
        if not is_done:
            raise AssertionError("the kiosks were not told of everything within three minutes")

    def wait_until_served(self) -> None:
        """Wait until every kiosk has been told of more than by now."""
        before = [len(kiosk.told) for kiosk in self.kiosks]
        until(
            lambda: all(len(kiosk.told) > known for kiosk, known in zip(self.kiosks, before, strict=True)),
            "every kiosk is answered",
        )

    def catch_up(self) -> None:
        """Have each kiosk listen and send again what is missing, until central lacks nothing."""

        async def all_of_them() -> None:
            async with httpx2.AsyncClient(timeout=CALL_WITHIN_S) as client:
                for kiosk in self.kiosks:
                    async with asyncio.timeout(120):
                        while not await kiosk.catch_up(client):  # noqa: ASYNC110 - central changes it
                            await asyncio.sleep(0.3)

        asyncio.run(all_of_them())


async def _all(kiosks: Sequence[LoadingKiosk], stop: asyncio.Event) -> None:
    await asyncio.gather(*(kiosk.run(stop) for kiosk in kiosks))

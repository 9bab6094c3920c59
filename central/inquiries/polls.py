"""Long polls that are open: each holds a connection, so they are few a machine, and bounded in all."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncEngine

from central.base.database.transactions import reading
from central.inquiries import asking
from common.protocol.inquiry import LONG_POLL_S

MOST_OF_ONE: Final = 8
MOST: Final = 256
LOOK_EVERY_S: Final = 0.5
"""Any process of central's may be told of a change; the database is where all of them hear of it."""


class TooManyPolls(Exception):
    """More wait than may."""


class Polls:
    """The long polls of this process."""

    def __init__(self, engine: AsyncEngine) -> None:
        """Begin with none."""
        self._engine = engine
        self._open: Counter[str] = Counter()

    async def wait(self, kiosk: str, inquiry: str, after: int, within_s: float = LONG_POLL_S) -> Row[Any] | None:
        """Return a question's row once it is final or above revision `after`, at the latest after 25 s as it is.

        None where it is not known. Raises TooManyPolls.
        """
        until = asyncio.get_running_loop().time() + within_s
        with self._counted(kiosk):
            while True:
                async with reading(self._engine) as connection:
                    row = await asking.find(connection, kiosk, inquiry)
                is_over = asyncio.get_running_loop().time() >= until
                if row is None or row.state != "pending" or row.revision > after or is_over:
                    return row
                await asyncio.sleep(LOOK_EVERY_S)

    @contextlib.contextmanager
    def _counted(self, kiosk: str) -> Iterator[None]:
        if self._open[kiosk] >= MOST_OF_ONE or self._open.total() >= MOST:
            raise TooManyPolls(kiosk)
        self._open[kiosk] += 1
        try:
            yield
        finally:
            self._open[kiosk] -= 1
            self._open += Counter()  # without those that have none open

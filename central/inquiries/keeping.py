"""Questions and answers go after a day."""

from typing import Final

import structlog

from central.base.recurring import RecurringTask
from central.inquiries import asking

log: Final = structlog.get_logger()


class Keeper(RecurringTask):
    """The task that lets them go."""

    every_s = 3600.0
    at_once = True

    def failed(self, kind: str) -> None:
        """Log that they are kept for longer."""
        log.error("inquiries-not-forgotten", error=kind)

    async def act(self) -> None:
        """Remove what is over its day."""
        async with self._engine.begin() as connection:
            await asking.forget(connection)

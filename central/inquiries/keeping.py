"""Questions and answers go after a day."""

from central.base.recurring import RecurringTask
from central.inquiries import asking


class Keeper(RecurringTask):
    """The task that lets them go."""

    every_s = 3600.0
    at_once = True
    failure = "inquiries-not-forgotten"

    async def act(self) -> None:
        """Remove what is over its day."""
        async with self._engine.begin() as connection:
            await asking.forget(connection)

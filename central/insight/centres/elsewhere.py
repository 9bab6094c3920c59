"""Where else a service works that stands still in a centre, told to that centre's kiosks: the feed's kind `centre-now`.

A word is told when it says something else, and again before it is too old to be shown; never twice within two minutes.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from central import feed
from central.base.database.transactions import FEED_LOCK, lock
from central.base.recurring import RecurringTask
from central.base.tables.told import feed as feed_table
from central.feed import Audience
from central.insight.centres.now import CentreLine, Centres, centres_now
from central.insight.centres.reading import CentresReader
from central.intake.receiving import apart
from common.protocol.queue.service_now import CentreElsewhere, Elsewhere, ServiceElsewhere

KIND: Final = "centre-now"
LOOK_EVERY_S: Final = 30.0
#: A kiosk shows a word for ten minutes; its way there may take some of them.
TOLD_AGAIN_AFTER: Final = timedelta(minutes=4)
_LEAST: Final = timedelta(minutes=2)


class Keeper(RecurringTask):
    """Tells centres in which something stands still where it works."""

    every_s = LOOK_EVERY_S
    failure = "elsewhere-not-told"
    failure_level = "warning"

    def __init__(self, engine: AsyncEngine) -> None:
        """Begin with nothing read."""
        super().__init__(engine)
        self._reader = CentresReader(engine)

    async def act(self) -> None:
        """Tell each centre what is due. Raises SQLAlchemyError."""
        now = centres_now(await self._reader.read(LOOK_EVERY_S / 2))
        for line in now.centres:
            await apart.tried(self._engine, self._tell(line, now), apart.CENTRE, line.centre, KIND)

    async def _tell(self, line: CentreLine, now: Centres) -> None:
        async with self._engine.begin() as connection:
            await tell(connection, line.centre, word_for(line, now))


def word_for(line: CentreLine, now: Centres) -> Elsewhere:
    """Return where the services work that stand still in a centre, as far as anybody knows it."""
    names = {one.centre: dict(one.names) for one in now.centres}
    services = [
        ServiceElsewhere(one.service, [CentreElsewhere(at.centre, names[at.centre], at.as_of) for at in one.also_at])
        for one in line.services
        if one.also_at
    ]
    return Elsewhere(now.as_of, services)


async def tell(connection: AsyncConnection, centre: str, word: Elsewhere) -> int | None:
    """Put a word into the feed of a centre where it is due; return the message's id."""
    if not word.services and await _newest(connection, centre) is None:
        return None  # as in every centre on most days: no lock is needed to know it
    await lock(connection, FEED_LOCK)  # another central may be telling it at this moment
    before = await _newest(connection, centre)
    if not is_due(before, word):
        return None
    return await feed.append(connection, KIND, word, audience=Audience(centre))


def is_due(before: tuple[Elsewhere, datetime] | None, word: Elsewhere) -> bool:
    """Return whether a word is to be told after the one before, which has the moment at which it was told."""
    if before is None:
        return bool(word.services)
    said, told_at = before
    age = datetime.fromisoformat(word.as_of) - told_at
    if age < _LEAST:
        return False
    if _places(said.services) != _places(word.services):
        return True
    return bool(word.services) and age >= TOLD_AGAIN_AFTER


def _places(services: Sequence[ServiceElsewhere]) -> dict[str, list[str]]:
    return {one.service: sorted(at.centre for at in one.also_at) for one in services}


async def _newest(connection: AsyncConnection, centre: str) -> tuple[Elsewhere, datetime] | None:
    query = (
        select(feed_table.c.body, feed_table.c.at)
        .where(feed_table.c.kind == KIND, feed_table.c.centre == centre)
        .order_by(feed_table.c.id.desc())
        .limit(1)
    )
    row = (await connection.execute(query)).one_or_none()
    return None if row is None else (msgspec.json.decode(row.body, type=Elsewhere), datetime.fromisoformat(row.at))

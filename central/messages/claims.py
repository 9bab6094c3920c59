"""Who has a claim is told the day before, and as soon as it can't be kept as promised."""

from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.claims.news import News
from central.messages import outbox
from central.messages.contacts import Subject
from central.messages.texts import Said

SUBJECT: Final[Subject] = "claim"


async def tell(connection: AsyncConnection, news: News) -> None:
    """Put a word on a claim into the outbox, once however often it is due: it is of use until the claim's time."""
    said = Said(centre=await outbox.names_of(connection, news.centre), at=clock.as_text(news.at))
    wish = outbox.Wish(
        kind=news.kind, subject=SUBJECT, about=news.claim, event=news.event, centre=news.centre, said=said,
        dies_at=news.at,
    )  # fmt: skip
    await outbox.put(connection, wish)

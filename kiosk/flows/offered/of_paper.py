"""What features offer to who has shown a ticket's paper."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from common.feature import brought
from kiosk.desk.desk import Desk
from kiosk.flows.context import Context
from kiosk.prompts.choosing import Offer
from offline_store.queue.shown import ShownTicket


@dataclass(frozen=True, slots=True)
class OfPaper:
    """Something for who has shown a ticket's paper.

    Attributes:
        offer: its button.
        is_offered: whether it is there for this ticket; reads the store, in a worker thread.
        take: what follows a touch; raises WentBack out of its first question.
    """

    offer: Offer
    is_offered: Callable[[Desk, ShownTicket], bool]
    take: Callable[[Context, ShownTicket], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class OfShown:
    """What is offered to who has shown this ticket."""

    shown: ShownTicket | None
    ways: tuple[OfPaper, ...] = ()

    @property
    def offers(self) -> tuple[Offer, ...]:
        """The buttons."""
        return tuple(one.offer for one in self.ways)

    async def take(self, ctx: Context, answer: object) -> bool:
        """Do what was touched, where that is one of these; return whether it was. Raises WentBack."""
        for way in self.ways:
            if self.shown is not None and answer == way.offer:
                await way.take(ctx, self.shown)
                return True
        return False


async def offered(ctx: Context, shown: ShownTicket | None) -> OfShown:
    """Return what features offer of a ticket; nothing of one that is not known here."""
    if shown is None:
        return OfShown(None)
    ways = brought("kiosk", OfPaper)
    asked = [await asyncio.to_thread(one.is_offered, ctx.desk, shown) for one in ways]
    return OfShown(shown, tuple(way for way, is_offered in zip(ways, asked, strict=True) if is_offered))

"""What a hub asks before it calls anybody: who leads, and where its log lacks something, who was called.

Pages are served meanwhile, and presses are tried again.
"""

import asyncio

import structlog

from common.machine.errors import PlainError, StoreError
from hub.api.server.server import Serving
from hub.delivery.recall import recall
from hub.engine.act import LEADING
from hub.engine.opening import begin_serving
from offline_store.delivery.connection.delivery_error import DeliveryError

log = structlog.get_logger()


class Recalling:
    """Asks central beside everything else that the hub does by itself: one that says nothing holds nothing up."""

    def __init__(self, serving: Serving) -> None:
        """Begin with nothing asked."""
        self._serving = serving
        self._under_way: asyncio.Task[None] | None = None
        self._has_asked_first = False
        self._asks_again = False

    async def ask_first(self) -> None:
        """Ask the other hubs, and central: presses are taken from then on, or once the standby has given all it has.

        Central is waited for once. Raises StoreUnavailable, NotEnrolled.
        """
        serving = self._serving
        await serving.run(lambda: _ask_others(serving))
        if self._has_asked_first:
            self.ask()
        else:
            await serving.run(lambda: recall_when_due(serving))
        # The standby is asked again, unless central has answered.
        serving.hub.asks_first = self._has_asked_first = await serving.run(serving.follower.is_unfinished)

    def ask(self) -> None:
        """Ask, where it is due; while it is being asked, once more after that: it began before central was back."""
        self._asks_again = True
        if self._under_way is None or self._under_way.done():
            self._under_way = asyncio.create_task(self._ask())

    async def _ask(self) -> None:
        while self._asks_again:
            self._asks_again = False
            try:
                await self._serving.run(lambda: recall_when_due(self._serving))
            except (StoreError, PlainError) as error:
                log.warning("queue-not-recalled", code="store", detail=str(error)[:200])


def _ask_others(serving: Serving) -> None:
    if not serving.hub.has_begun:
        begin_serving(serving.hub)  # the disk did not take it at the start
    # A hub that comes back after a take-over calls nobody first; central knows of one that cannot be heard.
    serving.hub.is_unconfirmed = not serving.follower.look_around()
    serving.follower.recover()


def recall_when_due(serving: Serving) -> None:
    """Ask central who was called where this hub's log lacks something, and who led where others were not heard.

    Raises StoreUnavailable, NotEnrolled.
    """
    with serving.hub.read() as look:
        if look.role != LEADING or not (look.is_recall_due or look.is_unconfirmed):
            return
    try:
        adopted = recall(serving.config, serving.hub)
    except DeliveryError as error:
        log.warning("queue-not-recalled", code=error.code, detail=str(error)[:200])
        return
    serving.hub.is_unconfirmed = False
    if adopted:
        log.warning("queue-recalled", tickets=adopted)

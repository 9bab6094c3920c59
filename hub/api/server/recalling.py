"""What a hub asks before it calls anybody: who leads, and where its log lacks something, who was called.

And after it was let lead: which facts of former leaders central lacks, to hand them on.

Pages are served meanwhile, and presses are tried again.
"""

import asyncio
import contextlib
from typing import Final

import structlog
from sqlalchemy import select

from common.machine.errors import PlainError, StoreError
from common.protocol.queue.recall import QueueRecall
from hub.api.server.server import Serving
from hub.delivery.handing_on import hand_on
from hub.delivery.recall import ask_central, take_answer
from hub.engine.act import LEADING, Following
from hub.engine.opening import begin_serving
from hub.log import tables
from hub.takeover.asking import WITHIN_S
from offline_store.delivery.connection.delivery_error import DeliveryError

ASK_WITHIN_S: Final = WITHIN_S

log = structlog.get_logger()


class Recalling:
    """Asks central beside everything else that the hub does by itself: one that says nothing holds nothing up."""

    def __init__(self, serving: Serving) -> None:
        """Begin with nothing asked."""
        self._serving = serving
        self._under_way: asyncio.Task[None] | None = None
        self._first: asyncio.Future[QueueRecall] | None = None
        self._has_asked_first = False
        self._asks_again = False
        self._refused: StoreError | PlainError | None = None

    async def ask_first(self) -> None:
        """Ask the other hubs, and central beside them: presses are taken from then on, at the latest after 1.5 s.

        Or once the standby has given all it has. Who has not answered by then is waited for while the hub serves.
        Raises StoreUnavailable, NotEnrolled.
        """
        serving, loop = self._serving, asyncio.get_running_loop()
        gives_up_s = loop.time() + ASK_WITHIN_S
        if not self._has_asked_first:
            self._first = asyncio.ensure_future(self._ask_central())
            self._first.add_done_callback(lambda one: one.cancelled() or one.exception())  # maybe nobody needs it
        await serving.run(lambda: _ask_others(serving))
        under_way = self.ask()
        if not self._has_asked_first:
            await asyncio.wait([under_way], timeout=max(0.0, gives_up_s - loop.time()))
            if self._refused is not None:
                raise self._refused
        # The standby is asked again, unless central has answered.
        serving.hub.asks_first = self._has_asked_first = await serving.run(serving.follower.is_unfinished)

    def ask(self) -> asyncio.Task[None]:
        """Ask, where it is due; while it is being asked, once more after that: it began before central was back."""
        self._asks_again = True
        if self._under_way is None or self._under_way.done():
            self._under_way = asyncio.create_task(self._ask())
        return self._under_way

    async def _ask(self) -> None:
        while self._asks_again:
            self._asks_again, self._refused = False, None
            try:
                await self._ask_once()
            except DeliveryError as error:
                log.warning("queue-not-recalled", code=error.code, detail=str(error)[:200])
            except (StoreError, PlainError) as error:
                self._refused = error
                log.warning("queue-not-recalled", code="store", detail=str(error)[:200])

    async def _ask_once(self) -> None:
        serving, (first, self._first) = self._serving, (self._first, None)
        if not await serving.run(lambda: is_due(serving)):
            return
        said = await (self._ask_central() if first is None else first)
        await serving.run(lambda: _take(serving, said))
        # Of more lives than one question names the others are asked for at once.
        self._asks_again |= await serving.run(lambda: _hand_on(serving, said))

    async def _ask_central(self) -> QueueRecall:
        return await self._serving.run(lambda: ask_central(self._serving.config, self._serving.hub))


def _ask_others(serving: Serving) -> None:
    if not serving.hub.has_begun:
        begin_serving(serving.hub)  # the disk did not take it at the start
    # A hub that comes back after a take-over calls nobody first; central knows of one that cannot be heard.
    heard_all = serving.follower.look_around()
    with serving.hub.any_act() as act:
        act.leads_alone(alone=not heard_all)
    serving.follower.recover()


def is_due(serving: Serving) -> bool:
    """Return whether this hub's log lacks who was called, or not every other hub was heard, or it may hand facts on.

    Raises StoreUnavailable.
    """
    with serving.hub.read() as look:
        hands_on = look.connection.scalar(select(tables.state.c.hand_on_from)) is not None
        return look.role == LEADING and (look.is_recall_due or look.alone_since is not None or hands_on)


def _take(serving: Serving, said: QueueRecall) -> None:
    adopted = take_answer(serving.hub, said)
    with serving.hub.any_act() as act:
        act.leads_alone(alone=False)
    if adopted:
        log.warning("queue-recalled", tickets=adopted)


def _hand_on(serving: Serving, said: QueueRecall) -> bool:
    """Hand on what central lacks of what other hubs wrote; return whether there is more, of which it was not asked."""
    pages = 0
    with contextlib.suppress(Following):
        while hand_on(serving.hub, said.held):
            pages += 1
    return pages > 0 and is_due(serving)

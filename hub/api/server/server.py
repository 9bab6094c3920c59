"""What the request handlers share: one object, made by the composition root in `app`."""

import asyncio
import ssl
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from common.protocol.feed_message import HubRecord
from hub.api.server.changes import Changes
from hub.api.server.metrics import Metrics
from hub.api.server.presence import Presence
from hub.engine.act import Hub
from hub.settings import HubConfig
from hub.takeover.following import Follower

THREADS: Final = 12  # more than counters that press at once, who share one connection; readers wait for the others


@dataclass(slots=True)
class Serving:
    """The running server's parts."""

    hub: Hub
    config: HubConfig
    key: Ed25519PrivateKey
    changes: Changes = field(default_factory=Changes)
    presence: Presence = field(default_factory=Presence)
    metrics: Metrics = field(default_factory=Metrics)
    follower: Follower = field(init=False)
    tls: ssl.SSLContext | None = field(default=None)  # None over http, and until the server has begun
    threads: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(THREADS, "hub"))

    def __post_init__(self) -> None:
        self.follower = Follower(self.hub, self.key)

    @property
    def hub_id(self) -> str:
        """This hub's id, the keyid of its signatures."""
        return self.hub.store.identity.kiosk

    async def addresses(self) -> list[str]:
        """Return where the hubs of this centre are, but for revoked ones."""

        def work() -> list[str]:
            with self.hub.read() as look:
                return [one.address for one in look.centre.hubs.values() if not one.revoked]

        return await self.run(work)

    def own_record(self) -> HubRecord | None:
        """Return what central last said of this hub itself; None before it has said anything."""
        with self.hub.read() as look:
            return look.centre.hubs.get(self.hub_id)

    async def run[T](self, work: Callable[[], T]) -> T:
        """Do what uses the database in a thread: nothing slower than a moment runs in the event loop."""
        return await asyncio.get_running_loop().run_in_executor(self.threads, work)

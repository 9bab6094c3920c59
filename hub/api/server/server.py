"""What the request handlers share: one object, made by the composition root in `app`."""

import asyncio
import ssl
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from litestar.datastructures import Address
from litestar.di import NamedDependency
from litestar.params import SkipValidation

from common.city.groups import GroupMark
from common.machine.secret_hash import MOST_UNDER_WAY
from common.protocol.feed_message import ClerkRecord, HubRecord
from common.web.places import PLACES
from hub.api.server.changes import Changes
from hub.api.server.metrics import Metrics
from hub.api.server.presence import Presence
from hub.api.server.pulls import Pulls
from hub.arrivals.holding import Holding
from hub.desk.questions import Questions
from hub.engine.act import Hub, Look
from hub.engine.services import group_marks
from hub.messages.told import as_own
from hub.sessions import known_pc, sessions
from hub.sessions.locks import forgive_unjudged
from hub.sessions.offices import is_office
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
    holding: Holding = field(default_factory=Holding)
    pulls: Pulls = field(default_factory=Pulls)
    follower: Follower = field(init=False)
    tls: ssl.SSLContext | None = field(default=None)  # None over http, and until the server has begun
    playing: asyncio.Lock = field(default_factory=asyncio.Lock)  # one day at a time is played forward
    threads: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(THREADS, "hub"))
    questions: Questions = field(default_factory=Questions)
    judges: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(MOST_UNDER_WAY, "judge"))

    def __post_init__(self) -> None:
        self.follower = Follower(self.hub, self.key, as_own)

    @property
    def hub_id(self) -> str:
        """This hub's id, the keyid of its signatures."""
        return self.hub.store.identity.kiosk

    async def addresses(self) -> Mapping[str, str]:
        """Return where the hubs of this centre are, by their ids, but for revoked ones."""
        return await self.read(
            lambda look: {one.id: one.address for one in look.centre.hubs.values() if not one.revoked}
        )

    async def group_marks(self) -> Mapping[str, GroupMark]:
        """Return what each group is known by besides its letter, as central published it last."""

        def work() -> Mapping[str, GroupMark]:
            with self.hub.store.read() as connection:
                return group_marks(connection)

        return await self.run(work)

    def own_record(self) -> HubRecord | None:
        """Return what central last said of this hub itself; None before it has said anything."""
        with self.hub.read() as look:
            return look.centre.hubs.get(self.hub_id)

    async def judge(self, pin: str, cookie: str | None, address: str) -> tuple[ClerkRecord, bool]:
        """Return whose PIN this is, and whether it was typed on a known PC; raises as `sessions.judge`.

        In threads of their own, for as many as may hash at once: a crowd that logs in keeps no press waiting.
        """

        def work() -> tuple[ClerkRecord, bool]:
            with self.hub.read() as look:
                hubs = {name: one.public_key for name, one in look.centre.hubs.items() if not one.revoked}
                at_office = is_office(look.connection, address)
            pc = known_pc.read(cookie, hubs)
            return sessions.judge(self.hub, pin, sessions.Asker(pc, address, at_office)), pc is not None

        return await asyncio.get_running_loop().run_in_executor(self.judges, work)

    def keep_places(self, client: Address | None) -> None:
        """Keep places for connections of a caller who was found to be somebody, by where he calls from."""
        if client is not None:
            PLACES.know(client.host)

    def forgive_unjudged(self) -> None:
        """Take back the log-ins that were under way when the process ended before."""
        with self.hub.any_act() as act:
            forgive_unjudged(act.connection)

    async def run[T](self, work: Callable[[], T]) -> T:
        """Do what uses the database in a thread: nothing slower than a moment runs in the event loop."""
        return await asyncio.get_running_loop().run_in_executor(self.threads, work)

    async def read[T](self, work: Callable[[Look], T]) -> T:
        """Look in a thread at how things stand."""

        def look_at_all() -> T:
            with self.hub.read() as look:
                return work(look)

        return await self.run(look_at_all)


ServingDep = NamedDependency[SkipValidation[Serving]]

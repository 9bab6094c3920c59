"""A hub of the town: the real application and its own seconds, its forwarder, its disk."""

import contextlib

import structlog

from common.machine.errors import StoreError
from hub.api.app import create_app
from hub.api.live import ticking
from hub.api.server.server import Serving
from hub.delivery.enrolment import enrol, load_enrolment, own_key
from hub.delivery.forwarding import WaitingNow
from hub.engine.act import FOLLOWING, LEADING
from hub.engine.opening import open_hub
from hub.settings import CentralSection, HubConfig, HubSection
from offline_store.delivery.connection.delivery_error import DeliveryError
from offline_store.delivery.connection.uplink import HttpUplink
from offline_store.delivery.forwarder import Forwarder
from offline_store.feed.feed_keys import signing_keys
from offline_store.opening import open_store_in
from tests.town import apps, central
from tests.town.loop import blocking
from tests.town.machine import MACHINE, Machine
from tests.town.pace import PACE

log = structlog.get_logger()


class TownHub(Machine):
    """One hub; `address` is where kiosks and pages find it."""

    address: str

    @property
    def config(self) -> HubConfig:
        """Its settings; the disk is the one of this start."""
        section = HubSection(centre=central.CENTRE, data_dir=str(self.data), address=self.address)
        return HubConfig(hub=section, central=CentralSection(url=central.ADDRESS))

    async def enrol(self, code: str) -> None:
        """Spend a code of central's."""
        self.clock.trusts(lambda: None)
        await self.on_it(blocking(enrol, self.config, central.ADDRESS, code, self.clock, MACHINE))
        self.id = load_enrolment(self.data).hub

    async def _open(self) -> None:
        await blocking(self._open_store)
        self.app = apps.app_of("serving", self.serving, create_app)
        self._leaving = contextlib.AsyncExitStack()
        await blocking(self.serving.forgive_unjudged)
        self.serving.hub.asks_first = True  # as `hub serve` begins
        self.run(self._seconds())
        self.run(self._forward())
        self.net.listen(self.address, self.name, self.app)

    def _open_store(self) -> None:
        enrolment = load_enrolment(self.data)
        self.store = open_store_in(self.data, enrolment.identity, stamp=self.clock.now(), machine=MACHINE)
        self.clock.trusts(self.store.trusted_time)
        self.watch(self.store)
        role = LEADING if enrolment.term else FOLLOWING
        hub = open_hub(self.store, self.clock, term=enrolment.term, role=role, serves=True)
        key = own_key(self.data)
        self.serving = Serving(hub, self.config, key)
        store = self.store
        self.uplink = HttpUplink(
            central.ADDRESS, kiosk=enrolment.hub, key=key, signing_keys=lambda: signing_keys(store)
        )
        self.forwarder = Forwarder(
            store, lambda _: self.uplink, self.clock, health=lambda: self.health, waiting=WaitingNow(hub)
        )

    async def _seconds(self) -> None:
        seconds = ticking.Seconds(self.serving)
        while True:
            await seconds.next()
            await PACE.step()

    async def _forward(self) -> None:
        while True:
            with contextlib.suppress(DeliveryError, StoreError):
                await blocking(self.forwarder._attempt)
            await PACE.sleep(PACE.forward_s)

    async def _close(self) -> None:
        self.net.fall_silent(self.address)
        apps.is_free("serving", self.app)
        self.serving.follower.close()
        self.uplink.close()
        await blocking(self.store.close)

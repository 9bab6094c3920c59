"""A kiosk of the town: its store and desk, the forwarder and the listener that run beside it."""

import contextlib
from typing import Any

from sqlalchemy import select

from common.city.calendar import CentreHours
from common.city.catalogue import Hours
from common.machine.errors import StoreError
from kiosk.delivery.enrolment import enrol, load, signing_key
from kiosk.delivery.hub import HubNews
from kiosk.desk.answers import Refusal, Refused
from kiosk.desk.desk import Desk
from kiosk.desk.hours import Giving
from kiosk.runtime.parts import CurrentCatalogue
from kiosk.runtime.surroundings import is_day_over
from offline_store.delivery.connection.delivery_error import DeliveryError
from offline_store.delivery.connection.uplink import HttpUplink
from offline_store.delivery.forwarder import Forwarder
from offline_store.disk import tables
from offline_store.feed.feed_keys import signing_keys
from offline_store.issuing.business_day import current_day
from offline_store.issuing.far_day import due_by_clock
from offline_store.opening import open_store_in
from offline_store.queue.hub_client import HttpHub
from offline_store.queue.listener import HubListener
from offline_store.queue.word import read_word
from tests.town import central, roll
from tests.town.loop import blocking
from tests.town.machine import MACHINE, Machine
from tests.town.pace import PACE
from tests.town.printing import Printer
from tests.town.roll import Roll


class TownKiosk(Machine):
    """One kiosk; `roll` is its printer."""

    def __init__(self, *about: Any) -> None:
        super().__init__(*about)
        self.roll = Roll()

    async def enrol(self, code: str) -> None:
        """Spend a code of central's."""
        self.clock.trusts(lambda: None)
        await self.on_it(blocking(self._enrol, code))
        self.id = load(self.data).kiosk

    def _enrol(self, code: str) -> None:
        enrol(self.data, url=central.ADDRESS, code=code, centre=central.CENTRE, clock=self.clock, machine=MACHINE)

    async def _open(self) -> None:
        await blocking(self._open_store)
        self.printer = Printer(self)
        self.run(self._listen())
        self.run(self._forward())

    def _open_store(self) -> None:
        identity = load(self.data).identity
        self.store = open_store_in(self.data, identity, stamp=self.clock.now(), machine=MACHINE)
        self.clock.trusts(self.store.trusted_time)
        self.watch(self.store)
        store, key = self.store, signing_key(self.data, identity.kiosk)
        assert key is not None
        self.catalogue = CurrentCatalogue(store)
        self.news = HubNews(self.data, self.clock)
        self.papers = roll.printing(self, central.CENTRE)
        self.desk = Desk(
            store, self.clock, catalogue=self.catalogue, centre=central.CENTRE, papers=self.papers,
            giving=Giving(
                lambda: CentreHours(Hours("08:00", "14:00"), self.catalogue.days), self.news.ahead, self.news.times
            ),
        )  # fmt: skip
        self.uplink = HttpUplink(
            central.ADDRESS, kiosk=identity.kiosk, key=key, signing_keys=lambda: signing_keys(store)
        )
        self.forwarder = Forwarder(store, lambda _: self.uplink, self.clock, health=lambda: self.health)
        self.listener = HubListener(store, lambda hub: HttpHub(hub, identity.kiosk, key), self.clock)

    def screen_says(self) -> Refused | None:
        """Return why the start screen offers no number at all: as `Surroundings` has it of day and store."""
        stamp = self.clock.now()
        with self.store.read() as connection:
            closed, floor_us = connection.execute(select(tables.store.c.tickets_closed, tables.store.c.floor_us)).one()
            day = current_day(connection)
            due = due_by_clock(connection, stamp, floor_us, None if day is None else day.date)
        is_over = is_day_over(due if day is None else due or day.date, read_word(self.data), stamp)
        if closed is not None:
            return Refused(Refusal.TICKETS_CLOSED, closed)
        if due is None and (day is None or (is_over and stamp.trust == "unknown")):
            return Refused(Refusal.NO_BUSINESS_DAY, "no day is open, and the clock may not open one")
        return Refused(Refusal.CLOSED, "the centre has closed for today") if is_over else None

    async def _listen(self) -> None:
        while True:
            with contextlib.suppress(StoreError):
                await blocking(self.listener.step)
            await PACE.step()

    async def _forward(self) -> None:
        while True:
            with contextlib.suppress(DeliveryError, StoreError):
                await blocking(self.forwarder._attempt)
                await blocking(self.catalogue.refresh)
            await PACE.sleep(PACE.forward_s)

    async def _close(self) -> None:
        self.printer.close()
        self.listener.close()
        self.uplink.close()
        await blocking(self.store.close)

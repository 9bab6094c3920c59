"""What the delivery tests share: a store with tickets, a central that can go wrong, and a forwarder between them."""

import random
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from offline_store.alarms import list_alarms
from offline_store.delivery.connection.retry import Backoff
from offline_store.delivery.connection.uplink import HttpUplink
from offline_store.delivery.delivery_watch import DeliveryWatch
from offline_store.delivery.forwarder import Forwarder
from offline_store.delivery.outbox import list_items
from offline_store.identity import CentralKey, Identity
from offline_store.issuing.intake import TicketRequest, accept_ticket
from offline_store.opening import open_store_in
from tests.kit.clock import HandClock
from tests.kit.fake_central import FakeCentral, public_text
from tests.kit.store import MACHINE, SEALING_KEY


class Delivering:
    """A kiosk's delivery in one process."""

    def __init__(self, folder: Path, central: FakeCentral) -> None:
        self.central = central
        self.key = Ed25519PrivateKey.generate()
        central.kiosks["kiosk-0001"] = self.key.public_key()
        signing = CentralKey(central.kid, "signing", public_text(central.key))
        self.clock = HandClock()
        self.identity = Identity("kiosk-0001", "homs-main", 2, (SEALING_KEY, signing))
        self.store = open_store_in(folder / "data", self.identity, stamp=self.clock.now(), machine=MACHINE)
        self.uplink = HttpUplink(central.url, kiosk="kiosk-0001", key=self.key, signing_keys=lambda: central.keys)
        self.links: frozenset[str] = frozenset({"eth0"})
        self.health: dict[str, Any] | None = None
        self.watch = DeliveryWatch(self.store, lambda: self.links)
        self.forwarder = self.new_forwarder(lambda kiosk: self.uplink)

    def new_forwarder(self, uplink_of: Callable[[str], HttpUplink | None]) -> Forwarder:
        return Forwarder(
            self.store,
            uplink_of,
            self.clock,
            health=lambda: self.health,
            watch=self.watch,
            backoff=Backoff(random.Random(1)),
        )

    def close(self) -> None:
        self.uplink.close()
        self.watch.close()
        self.store.close()

    def tickets(self, count: int) -> list[str]:
        return [
            accept_ticket(
                self.store, TicketRequest("water-bill", "C"), intention=str(uuid.uuid4()), stamp=self.clock.now()
            ).id
            for _ in range(count)
        ]

    def states(self) -> dict[str, str]:
        return {row.id: row.state for row in list_items(self.store, include_acknowledged=True)}

    def waiting(self) -> list[str]:
        return [row.id for row in list_items(self.store) if row.state == "waiting"]

    def alarms(self) -> set[str]:
        return {alarm.code for alarm in list_alarms(self.store)}

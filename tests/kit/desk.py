"""What desk and visit tests share: a store, an app that signs order codes."""

import base64
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import delete, insert

from central.intake.orders.order_code import Order, mint
from common.city.calendar import CentreHours
from common.city.catalogue import Catalogue, Hours, load_catalogue
from common.protocol.codes.order_claims import Payment
from common.protocol.feed_message import CalendarDay
from kiosk.desk.desk import Desk, Papers
from kiosk.desk.hours import Giving
from kiosk.prompts.ticket import Outlook
from offline_store.disk import tables
from offline_store.disk.database import Store
from offline_store.opening import open_store_in
from tests.kit.clock import NOON, HandClock
from tests.kit.store import IDENTITY, MACHINE

CENTRE = "homs-main"
KID = b"\x0a\x01"


@dataclass
class App:
    """The app's server: signs order codes with a key that the kiosk may or may not know."""

    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    kid: bytes = KID

    def code(
        self,
        service: str = "civil-affairs",
        *,
        order_id: bytes | None = None,
        number: str = "1234567890",
        paid: bool = True,
        destination: str = CENTRE,
        issued: datetime = NOON - timedelta(hours=1),
        expires: datetime = NOON + timedelta(days=30),
    ) -> str:
        payment = Payment("bank", "ref-1", 150_000, "SYP") if paid else None
        order = Order(
            order_id or uuid.uuid4().bytes,
            number,
            service,
            1,
            destination,
            int(issued.timestamp()),
            int(expires.timestamp()),
            payment,
        )
        return mint(order, self.kid, self.key)

    def make_known(self, store: Store, *, revoked_at: int | None = None, without_key: bool = False) -> None:
        public = base64.b64encode(self.key.public_key().public_bytes_raw()).decode()
        row: dict[str, Any] = {
            "kid": self.kid.hex(),
            "public_key": None if without_key else public,
            "alg": -19,
            "valid_from": 0,
            "valid_until": int((NOON + timedelta(days=3650)).timestamp()),
            "revoked_at": revoked_at,
        }
        with store.write() as connection:
            connection.execute(delete(tables.app_keys).where(tables.app_keys.c.kid == self.kid.hex()))
            connection.execute(insert(tables.app_keys).values(row))


def tell(store: Store, order_id: str, state: str, **more: str) -> None:
    """Have the feed say something of an order."""
    with store.write() as connection:
        connection.execute(insert(tables.order_states).values(order_id=order_id, state=state, **more))


@contextmanager
def open_store(folder: Path, clock: HandClock) -> Iterator[Store]:
    """Open a store, making it at first."""
    with open_store_in(folder, IDENTITY, stamp=clock.now(), machine=MACHINE) as store:
        yield store


def undescribed_catalogue(*entries: dict[str, Any]) -> Catalogue:
    """Load the shipped services without what is said of them, then lay entries over it: a test says what it means.

    Fees, papers and hours that the file may come to have would else be part of every test.
    """
    nothing: dict[str, Any] = {"papers": [], "fee": None, "hours": None, "daily_quota": None}
    return load_catalogue([*({"code": one.code, **nothing} for one in load_catalogue().services), *entries])


@dataclass
class Place:
    """A desk with everything that it stands on."""

    store: Store
    clock: HandClock
    app: App
    catalogue: Catalogue = field(default_factory=undescribed_catalogue)
    papers: Papers | None = None
    hours: Callable[[], Hours | None] = lambda: None
    days: dict[str, CalendarDay] = field(default_factory=dict)
    ahead: Outlook | None = None
    """What somebody meets who takes a number now, as a hub has said it."""

    def __post_init__(self) -> None:
        self.desk = Desk(
            self.store, self.clock, catalogue=lambda: self.catalogue, centre=CENTRE, papers=self.papers,
            giving=Giving(lambda: CentreHours(self.hours(), self.days), lambda *_, **__: self.ahead),
        )  # fmt: skip

    def overlay(self, *entries: dict[str, Any]) -> None:
        self.catalogue = undescribed_catalogue(*entries)

    def count(self, table: Any) -> int:
        from sqlalchemy import func, select

        with self.store.read() as connection:
            return int(connection.execute(select(func.count()).select_from(table)).scalar_one())

    def items(self, kind: str) -> int:
        from sqlalchemy import func, select

        with self.store.read() as connection:
            query = select(func.count()).select_from(tables.items).where(tables.items.c.kind == kind)
            return int(connection.execute(query).scalar_one())


def utc(text: str) -> datetime:
    """Read a time in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)

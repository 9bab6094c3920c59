"""A store that was in use before it is damaged."""

from pathlib import Path

import msgspec
import pytest
from sqlalchemy import update

from common.machine.stamp import Stamp
from common.protocol.envelope import ItemResult
from common.protocol.feed_message import Technician
from common.protocol.feed_page import FeedMessage, FeedPage
from offline_store.delivery.outbox import apply_results, waiting_items
from offline_store.disk import tables
from offline_store.disk.database import Store
from offline_store.feed.feed import apply_page
from offline_store.feed.told import keep_told
from offline_store.issuing.intake import OrderRequest, TicketRequest, accept_order, accept_ticket
from offline_store.opening import open_store_in
from tests.kit.store import IDENTITY, MACHINE, stamp

TICKETS = 60


def opened(folder: Path, at: Stamp | None = None) -> Store:
    return open_store_in(folder, IDENTITY, stamp=at or stamp(), machine=MACHINE)


def take(store: Store, intention: str, prefix: str = "B", at: Stamp | None = None) -> tuple[str, bool]:
    given = accept_ticket(store, TicketRequest("clearance", prefix), intention=intention, stamp=at or stamp())
    return given.number, given.repeated


@pytest.fixture
def used(tmp_path: Path) -> Path:
    """A folder with a used store: tickets of two prefixes, an order, a technician, the first items acknowledged."""
    folder = tmp_path / "data"
    with opened(folder) as store:
        for n in range(TICKETS):
            take(store, f"i{n}", "BC"[n % 2])
        accept_order(
            store, OrderRequest(outcome="accepted", code="SY1:X", order_id="ab" * 16), intention="scan", stamp=stamp()
        )
        with store.write() as connection:
            rows = waiting_items(connection, limit=20)
            apply_results(connection, [ItemResult(one.item.id, "applied") for one in rows], stamp())
        technician = Technician("t1", "Rana", "homs-main", "manager", "$argon2id$v=19$m=65536,t=3,p=4$c2FsdA$aGFzaA")
        message = FeedMessage(70, "technician", msgspec.Raw(msgspec.json.encode(technician)))
        assert apply_page(store, FeedPage([message], "e.77.m", "e", 77, snapshot=True), stamp())
        with store.write() as connection:  # it named days, of which none is open any more
            connection.execute(update(tables.feed).values(business_day_serial=5))
            keep_told(connection, folder, IDENTITY.centre)
    return folder

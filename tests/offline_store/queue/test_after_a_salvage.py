"""A kiosk whose store was damaged without the internet goes on with its hub, and knows who was called."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import update

from common.protocol.feed_message import HubRecord, Hubs
from common.protocol.feed_page import FeedMessage, FeedPage
from common.protocol.queue.call import QueueCall
from common.protocol.queue.hub_statement import HubStatement
from offline_store.disk import tables
from offline_store.disk.database import DATABASE, Store
from offline_store.feed.feed import apply_page
from offline_store.issuing.intake import TicketRequest, accept_ticket
from offline_store.opening import open_store_in
from offline_store.queue.changes import HUB, followed_by
from offline_store.queue.listener import HubListener
from offline_store.queue.waiting import waiting_list
from tests.kit.clock import HandClock
from tests.kit.store import IDENTITY, MACHINE
from tests.offline_store.queue.hubs import FakeHub

STATEMENT = HubStatement("hub-1", 1, 40, "mark-1", "c2lnbmVk")
PAGE = 4096


class Kiosk:
    """A kiosk at one hub, without a network beyond the hall."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.clock, self.hub = folder, HandClock(), FakeHub(1)
        self.hub.statement = STATEMENT
        self.store = self.opened()

    def opened(self) -> Store:
        return open_store_in(self.folder, IDENTITY, stamp=self.clock.now(), machine=MACHINE)

    def give(self) -> str:
        when = self.clock.now()
        wish = TicketRequest("clearance", "B")
        return accept_ticket(self.store, wish, intention=str(when.boot_time_ns), stamp=when).number

    def tell(self) -> None:
        listener = HubListener(self.store, lambda _: self.hub, self.clock)
        for _ in range(30):
            listener.step()
            self.clock.sleep(0.2)
        listener.close()

    def loses(self, damage: Callable[[Path], None]) -> None:
        self.store.close()
        damage(self.folder / DATABASE)
        (self.folder / "store.damaged").write_text("seen while running")
        self.store = self.opened()


@pytest.fixture
def kiosk(tmp_path: Path) -> Iterator[Kiosk]:
    """A kiosk that was told of its hub, and has given forty numbers, of which the hub has called the first five."""
    kiosk = Kiosk(tmp_path / "data")
    hubs = Hubs("homs-main", [HubRecord("hub-1", "http://127.0.0.1:1", "AAAA")])
    message = FeedMessage(1, "hubs", msgspec.Raw(msgspec.json.encode(hubs)))
    assert apply_page(kiosk.store, FeedPage([message], "e.1", "e", 1, snapshot=True), kiosk.clock.now())
    given = []
    for _ in range(40):
        given.append(kiosk.give())
        kiosk.clock.sleep(1)
    kiosk.hub.calls = [QueueCall(n, number, 1, kiosk.clock.now().text) for n, number in enumerate(given[:5], start=1)]
    kiosk.tell()
    assert kiosk.hub.told == given
    yield kiosk
    kiosk.store.close()


def tear_print_jobs(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        (root,) = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'print_jobs'").fetchone()
    with path.open("r+b") as file:
        file.seek((root - 1) * PAGE)
        file.write(bytes(PAGE))


def tear_first_page(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(bytes(PAGE))


def lose(path: Path) -> None:
    path.unlink()


@pytest.mark.parametrize("damage", [tear_print_jobs, tear_first_page, lose], ids=lambda one: one.__name__)
def test_the_next_number_reaches_the_hub(kiosk: Kiosk, damage: Callable[[Path], None]) -> None:
    kiosk.loses(damage)
    number = kiosk.give()
    kiosk.tell()
    assert number in kiosk.hub.told


@pytest.mark.parametrize("damage", [tear_print_jobs, tear_first_page], ids=lambda one: one.__name__)
def test_the_printed_list_leaves_out_who_was_called(kiosk: Kiosk, damage: Callable[[Path], None]) -> None:
    before = [one.number for one in waiting_list(kiosk.store)]
    kiosk.loses(damage)
    assert [one.number for one in waiting_list(kiosk.store)] == before


def test_the_statement_that_was_passed_on_is_kept_and_today_is_told_again(kiosk: Kiosk) -> None:
    told = list(kiosk.hub.told)
    kiosk.loses(tear_print_jobs)
    assert followed_by(kiosk.store, HUB) == STATEMENT
    kiosk.hub.told.clear()
    kiosk.tell()
    assert kiosk.hub.told == told


def test_a_statement_that_does_not_read_is_none(kiosk: Kiosk) -> None:
    with kiosk.store.write() as connection:
        connection.execute(update(tables.listeners).values(statement="{torn"))
    kiosk.loses(tear_print_jobs)
    assert followed_by(kiosk.store, HUB) is None

"""A hub whose disk lost its last arrivals says how far it holds each kiosk, until that kiosk has heard it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import delete

from common.protocol.queue.call import QueuedTicket, TicketsAnswer, TicketsCall
from common.protocol.queue.hub_statement import HubStatement
from hub.api.server.server import Serving
from hub.api.tickets import _taken
from hub.log import tables
from hub.settings import CentralSection, HubConfig, HubSection
from tests.hub.api.conftest import HUB_KEY, named
from tests.hub.hall import CENTRE, Hall, open_hall


class Post:
    """A kiosk that numbers its changes, at a hub that can lose the end of its log."""

    def __init__(self, hall: Hall) -> None:
        self.hall, self.kiosk = hall, hall.kiosks[0]
        self.change = 1_000_000_000
        self._begin()

    def _begin(self) -> None:
        config = HubConfig(hub=HubSection(centre=CENTRE), central=CentralSection(url="http://127.0.0.1:1"))
        self.serving = Serving(self.hall.hub, config, HUB_KEY)

    def ticket(self) -> QueuedTicket:
        self.change += 1
        return self.kiosk.ticket("A", revision=self.change)

    def tell(self, *tickets: QueuedTicket, followed: HubStatement | None = None) -> TicketsAnswer:
        call = TicketsCall(self.kiosk.boot_id, self.kiosk.boot_time_ns(), list(tickets), followed)
        with self.hall.hub.read() as look:
            record = look.centre.kiosks[self.kiosk.record.id]
        return _taken(self.serving, record, call, [])

    def lose(self, *tickets: QueuedTicket) -> None:
        """Begin once more, on a disk that does not have these."""
        ids = [one.id for one in tickets]
        with self.hall.hub.store.write() as connection:
            connection.execute(delete(tables.events).where(tables.events.c.ticket.in_(ids)))
            connection.execute(delete(tables.tickets).where(tables.tickets.c.id.in_(ids)))
        with self.hall.hub.any_act() as act:
            act.begin_life("started", asks=False)
        self._begin()


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    hall = open_hall(tmp_path / "hub")
    hall.set_up({1: ["A"]})
    named(hall)
    yield Post(hall)
    hall.hub.store.close()


def through(answer: TicketsAnswer) -> tuple[str, int]:
    assert answer.held is not None
    return answer.held.mark, answer.held.through


def test_what_is_held_grows_with_what_is_taken(post: Post) -> None:
    first, second = post.ticket(), post.ticket()
    mark, before = through(post.tell(first))
    assert before == 0, "what stood there before this log heard anything"
    assert through(post.tell(second)) == (mark, second.revision)
    assert through(post.tell(first)) == (mark, second.revision)
    refused = post.kiosk.ticket("A", revision=post.change + 5, number="A9001")
    assert through(post.tell(refused)) == (mark, second.revision), "a refused one is not held"
    assert through(post.tell()) == (mark, second.revision)


def test_arrivals_that_a_disk_lost_are_told_again_though_a_newer_one_came_first(post: Post) -> None:
    given = [post.ticket() for _ in range(9)]
    statement = post.tell(*given).statement
    former, _ = through(post.tell(followed=statement))
    post.lose(*given[5:])
    newer = post.ticket()
    # Told under what the kiosk heard last: it does not know of the new log, and the answer may be lost on its way.
    old_word = HubStatement("hub-0001", 0, 0, former)
    for _ in range(2):
        answer = post.tell(newer, followed=old_word)
        mark, held = through(answer)
        assert (mark != former, held) == (True, given[4].revision)
    post.tell(*given[5:], newer, followed=answer.statement)
    assert through(post.tell(followed=answer.statement)) == (mark, newer.revision)
    assert [post.hall.ticket(one.id).state for one in (*given, newer)] == ["waiting"] * 10

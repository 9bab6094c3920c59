"""What a second head says of the chain beside it: how much is lost, and whether the last commit was cut short."""

import pytest
from sqlalchemy import insert, select

from offline_store.chain import cut_commit
from offline_store.chain.audit import record
from offline_store.chain.chain import read_head
from offline_store.chain.cut_commit import burn_cut_numbers, commits_lost
from offline_store.delivery.outbox import list_items
from offline_store.disk import tables
from offline_store.disk.database import Store
from offline_store.disk.second_head import SecondHead
from offline_store.issuing.intake import TicketRequest, accept_ticket
from tests.kit.store import stamp


def test_what_is_gone_is_counted_from_the_end_ahead_of_the_last_commit(store: Store) -> None:
    with store.write() as connection:
        connection.execute(insert(tables.epochs).values(epoch="former", kiosk="kiosk-0001", digit=2))
    record(store, "more", stamp())
    with store.read() as connection:
        head = read_head(connection)
        own, seq = head.epoch, head.seq
        heads = [None, (own, seq), (own, seq - 1), (own, seq + 1), (own, seq + 7), ("former", 9), ("another", 9)]
        found = [commits_lost(connection, one and SecondHead(one[0], 99, one[1])) for one in heads]
    assert found == [0, 0, 0, 1, 7, 0, 9]


@pytest.mark.parametrize(
    ("epoch", "ahead", "is_cut"), [("", 1, True), ("", 0, False), ("", -1, False), ("other", 1, False)]
)
def test_a_commit_that_was_cut_short_burns_one_number_of_each_prefix_and_of_the_next_day(
    store: Store, monkeypatch: pytest.MonkeyPatch, epoch: str, ahead: int, is_cut: bool
) -> None:
    for intention, prefix in (("a", "B"), ("b", "B"), ("c", "C")):
        accept_ticket(store, TicketRequest("clearance", prefix), intention=intention, stamp=stamp())

    def state() -> tuple[object, ...]:
        with store.read() as connection:
            counters = tables.counters.c
            numbers = connection.execute(select(counters.prefix, counters.n)).all()
            base = connection.scalar(select(tables.business_days.c.counter_base))
            following = connection.scalar(select(tables.store.c.next_day_base))
            return sorted(map(tuple, numbers)), base, following, read_head(connection).seq

    with store.read() as connection:
        head = read_head(connection)
    said = SecondHead(epoch or head.epoch, head.seq + ahead, head.seq)
    monkeypatch.setattr(cut_commit, "read_second_head", lambda _: said)
    assert state() == ([("B", 2), ("C", 1)], 0, 0, head.seq)
    burn_cut_numbers(store, stamp())
    if not is_cut:
        assert state() == ([("B", 2), ("C", 1)], 0, 0, head.seq)
        monkeypatch.setattr(cut_commit, "_is_cut", lambda _: True)  # before another process had committed
        burn_cut_numbers(store, stamp())
        monkeypatch.setattr(cut_commit, "read_second_head", lambda _: None)
        burn_cut_numbers(store, stamp())
        assert state() == ([("B", 2), ("C", 1)], 0, 0, head.seq)
        return
    assert state() == ([("B", 3), ("C", 2)], 1, 1, head.seq + 1)
    assert len(list_items(store, include_acknowledged=True)) == head.seq + 1
    given = accept_ticket(store, TicketRequest("clearance", "D"), intention="d", stamp=stamp())
    assert given.number == "D2002", "of a letter that had none, the first is burnt too"

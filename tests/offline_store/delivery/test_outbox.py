from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from common.machine.errors import NotFound
from common.machine.stamp import Trust
from common.protocol.envelope import ItemResult
from offline_store.chain.audit import record, verify_chain
from offline_store.chain.prune import prune
from offline_store.delivery import outbox
from offline_store.disk import tables
from offline_store.disk.database import Store
from offline_store.issuing.intake import OrderRequest, TicketRequest, accept_order, accept_ticket
from tests.kit.store import later, stamp


@pytest.fixture
def filled(store: Store) -> list[str]:
    """Twelve waiting items, the ids of the last ten being tickets'."""
    return [
        accept_ticket(store, TicketRequest("clearance", "B"), intention=f"i{n}", stamp=stamp()).id for n in range(10)
    ]


def answer(store: Store, *results: ItemResult, days: float = 0) -> tuple[int, int]:
    with store.write() as connection:
        return outbox.apply_results(connection, results, stamp(later(days=days)))


def seqs(store: Store, **bounds: int) -> list[int]:
    with store.read() as connection:
        return [one.item.seq for one in outbox.waiting_items(connection, **bounds)]


def test_waiting_items_come_in_order_and_by_the_bounds_of_a_batch(store: Store, filled: list[str]) -> None:
    assert seqs(store) == list(range(1, 13))
    assert seqs(store, limit=5) == [1, 2, 3, 4, 5]
    assert seqs(store, after_row=10) == [11, 12]
    assert seqs(store, max_bytes=3000) == [1, 2, 3]
    assert seqs(store, max_bytes=1) == [1]  # one that is too big by itself still must go


@pytest.mark.parametrize(
    ("result", "state"),
    [
        ("applied", "acknowledged"),
        ("duplicate", "acknowledged"),
        ("quarantined", "acknowledged"),
        ("conflict", "dead"),
        ("rejected", "dead"),
        ("teapot", "waiting"),
    ],
)
def test_only_an_answer_that_names_the_item_moves_it(store: Store, filled: list[str], result: str, state: str) -> None:
    answer(store, ItemResult(filled[3], result, "why"), ItemResult("00000000-0000-4000-8000-000000000000", "applied"))
    rows = {row.id: row for row in outbox.list_items(store, include_acknowledged=True)}
    assert rows[filled[3]].state == state
    assert sum(row.state == "waiting" for row in rows.values()) == (12 if state == "waiting" else 11)


def test_what_central_has_stays_so_whatever_a_late_answer_says(store: Store, filled: list[str]) -> None:
    assert answer(store, ItemResult(filled[0], "applied")) == (1, 0)
    assert answer(store, ItemResult(filled[0], "rejected")) == (0, 0)
    assert answer(store, ItemResult(filled[0], "applied")) == (0, 0)


def test_a_refused_item_is_listed_out_of_the_way_and_may_be_retried(store: Store, filled: list[str]) -> None:
    assert answer(store, ItemResult(filled[0], "conflict", "other-hash")) == (0, 1)
    (dead,) = outbox.dead_items(store)
    assert (dead.id, dead.seq, dead.reason, dead.number) == (filled[0], 3, "conflict: other-hash", "B2001")
    assert seqs(store) == [1, 2, *range(4, 13)]
    outbox.retry(store, filled[0])
    assert seqs(store) == list(range(1, 13))
    assert outbox.dead_items(store) == []
    for wrong in (filled[0], "no such id"):
        with pytest.raises(NotFound):
            outbox.retry(store, wrong)


def test_the_listing_shows_what_the_contract_says(store: Store, filled: list[str]) -> None:
    rows = outbox.list_items(store)
    assert [(row.kind, row.number, row.business_day) for row in rows[1:3]] == [
        ("audit", None, None),
        ("ticket", "B2001", "2026-11-25"),
    ]
    answer(store, ItemResult(filled[0], "conflict"), ItemResult(filled[1], "applied"))
    refused, acknowledged, waiting = filled[0], filled[1], filled[2]
    assert [row.id for row in outbox.dead_items(store)] == [refused]
    listed = {row.id for row in outbox.list_items(store)}
    assert (refused in listed, acknowledged in listed, waiting in listed) == (False, False, True), "what waits"
    assert {refused, acknowledged, waiting} <= {row.id for row in outbox.list_items(store, include_acknowledged=True)}


def acknowledge_all(store: Store, days: float = 0, leave: int = 0) -> None:
    with store.read() as connection:
        waiting = outbox.waiting_items(connection)
    answer(store, *(ItemResult(one.item.id, "applied") for one in waiting if one.item.seq != leave), days=days)


def prune_after(store: Store, days: int) -> int:
    """Prune so many days later, when central has just signed the time."""
    at = stamp(later(days=days))
    assert store.note_trusted_time(at.wall_time, boot_time_ns=at.boot_time_ns, boot_id=at.boot_id)
    return prune(store, at)


def test_after_90_days_acknowledged_rows_go_the_head_and_the_chain_stay(store: Store, filled: list[str]) -> None:
    acknowledge_all(store)
    assert prune_after(store, 89) == 0
    assert prune_after(store, 91) == 11
    assert verify_chain(store) == []
    rows = outbox.list_items(store, include_acknowledged=True)
    assert [row.seq for row in rows] == [12]
    record(store, "more", stamp())
    assert verify_chain(store) == []


def test_pruning_in_steps_joins_its_gaps_and_leaves_what_is_refused(store: Store, filled: list[str]) -> None:
    acknowledge_all(store, leave=6)
    answer(store, ItemResult(filled[3], "rejected"))  # seq 6
    assert prune_after(store, 91) == 10
    assert [row.seq for row in outbox.list_items(store, include_acknowledged=True)] == [6, 12]
    outbox.retry(store, filled[3])
    acknowledge_all(store, days=91)
    assert prune_after(store, 200) == 1
    with store.read() as connection:
        gaps = connection.execute(select(tables.chain_gaps.c.first_seq, tables.chain_gaps.c.last_seq)).all()
    assert gaps == [(1, 11)]
    assert verify_chain(store) == []


def test_a_time_that_central_has_not_signed_removes_nothing(store: Store, filled: list[str]) -> None:
    acknowledge_all(store)
    for days in (91, 399, 27_000):
        assert prune(store, stamp(later(days=days))) == 0  # synced, as one spoofed NTP answer makes it
    prune_after(store, 1)
    assert prune(store, stamp(later(days=399))) == 0
    assert prune_after(store, 91) == 11


def test_a_clock_that_is_not_synced_removes_nothing(store: Store, filled: list[str]) -> None:
    acknowledge_all(store)
    unsure: tuple[Trust, ...] = ("unknown", "restored")
    for trust in unsure:
        assert prune(store, stamp(later(days=27000), trust=trust)) == 0


def test_an_order_id_stays_until_90_days_after_its_expiry(store: Store) -> None:
    expires = stamp(later(days=30)).unix_s

    def scan(name: str, days: float) -> bool:
        accepted = accept_order(
            store,
            OrderRequest(outcome="accepted", code="SY1:X", order_id="ab" * 16, expires_at=expires),
            intention=name,
            stamp=stamp(later(days=days)),
        )
        assert accepted is not None
        return accepted.repeated

    assert scan("first", 0) is False
    acknowledge_all(store)
    record(store, "newer", stamp())
    prune_after(store, 119)
    with store.read() as connection:
        assert connection.execute(select(func.count()).select_from(tables.items)).scalar_one() == 1
    assert scan("again", 119) is True
    prune_after(store, 121)
    assert scan("much later", 121) is False


def test_what_was_recorded_and_acknowledged_by_a_bad_clock_stays_its_90_days(store: Store) -> None:
    store.note_trusted_time(later(days=0), boot_time_ns=1, boot_id="b")
    bad = stamp(datetime(1970, 1, 2, tzinfo=UTC), trust="unknown")
    assert accept_order(store, OrderRequest(outcome="accepted_unverified", code="SY1:X"), intention="i", stamp=bad)
    with store.write() as connection:
        waiting = outbox.waiting_items(connection)
        outbox.apply_results(connection, [ItemResult(one.item.id, "applied") for one in waiting], bad)
    record(store, "newer", stamp())
    assert prune_after(store, 89) == 0
    again = accept_order(store, OrderRequest(outcome="accepted_unverified", code="SY1:X"), intention="j", stamp=stamp())
    assert again is not None
    assert again.repeated
    assert prune_after(store, 91) == 2
    gone = accept_order(store, OrderRequest(outcome="accepted_unverified", code="SY1:X"), intention="k", stamp=stamp())
    assert gone is not None
    assert not gone.repeated

"""Which rows go after ninety days, to the second, and what each run of them leaves in the chain."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from common.machine.stamp import unix_us
from offline_store.chain import prune as module
from offline_store.chain.audit import verify_chain
from offline_store.chain.prune import prune
from offline_store.disk import tables
from offline_store.disk.database import Store
from offline_store.issuing.intake import TicketRequest, accept_ticket
from tests.kit.clock import NOON
from tests.kit.store import later, stamp

ITEM = tables.items.c
KEPT = timedelta(days=90)
AT = stamp().unix_s


@pytest.fixture
def signed(store: Store) -> Store:
    """Twelve items of noon, all acknowledged then; central signed a time much later."""
    for n in range(10):
        accept_ticket(store, TicketRequest("clearance", "B"), intention=f"i{n}", stamp=stamp())
    with store.write() as connection:
        connection.execute(update(tables.items).values(state="acknowledged", ended_at=AT))
        connection.execute(update(tables.store).values(signed_us=unix_us(later(days=1000))))
    return store


def left(store: Store) -> list[int]:
    with store.read() as connection:
        return list(connection.scalars(select(ITEM.seq).order_by(ITEM.row)))


def gaps(store: Store) -> list[tuple[int, int]]:
    gap = tables.chain_gaps.c
    with store.read() as connection:
        query = select(gap.first_seq, gap.last_seq).where(gap.reason == "pruned").order_by(gap.first_seq)
        return [(row.first_seq, row.last_seq) for row in connection.execute(query)]


def after(**delta: float) -> Any:
    return stamp(NOON + KEPT + timedelta(**delta))


def test_what_central_has_goes_after_ninety_days_but_for_the_head(signed: Store) -> None:
    assert prune(signed, after()) == 0
    assert prune(signed, after(seconds=1)) == 11
    assert left(signed) == [12]
    assert gaps(signed) == [(1, 11)]
    assert verify_chain(signed) == []
    assert prune(signed, after(seconds=1)) == 0


@pytest.mark.parametrize(("signed_days", "goes"), [(89, 0), (89.00002, 11), (88, 0)])
def test_a_clock_removes_nothing_more_than_a_day_ahead_of_what_central_signed(
    signed: Store, signed_days: float, goes: int
) -> None:
    with signed.write() as connection:
        connection.execute(update(tables.store).values(signed_us=unix_us(later(days=signed_days))))
    assert prune(signed, stamp(later(days=500))) == goes


@pytest.mark.parametrize("trust", ["restored", "unknown"])
def test_no_clock_but_a_synced_one_and_no_time_but_a_signed_one_counts(signed: Store, trust: Any) -> None:
    assert prune(signed, stamp(later(days=500), trust=trust)) == 0
    with signed.write() as connection:
        connection.execute(update(tables.store).values(signed_us=None))
    assert prune(signed, stamp(later(days=500))) == 0


def test_each_run_leaves_a_gap_which_joins_those_beside_it(signed: Store) -> None:
    def acknowledge(*seqs: int) -> list[tuple[int, int]]:
        with signed.write() as connection:
            connection.execute(update(tables.items).values(state="waiting", ended_at=None))
            own = ITEM.seq.in_(seqs)
            connection.execute(update(tables.items).where(own).values(state="acknowledged", ended_at=AT))
        assert prune(signed, after(days=1)) == len(seqs)
        assert verify_chain(signed) == []
        return gaps(signed)

    assert acknowledge(2, 3, 7) == [(2, 3), (7, 7)]
    assert acknowledge(9) == [(2, 3), (7, 7), (9, 9)]
    assert acknowledge(8) == [(2, 3), (7, 9)]
    assert acknowledge(4, 6) == [(2, 4), (6, 9)]
    assert acknowledge(1, 5) == [(1, 9)]
    assert left(signed) == [10, 11, 12]


def test_no_more_than_a_bound_go_at_once_the_oldest_first(signed: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_ROWS", 4)
    assert [prune(signed, after(days=1)) for _ in range(4)] == [4, 4, 3, 0]
    assert gaps(signed) == [(1, 11)]


def test_tickets_and_what_listeners_heard_of_them_go_with_their_items(signed: Store) -> None:
    def counted() -> list[int]:
        with signed.read() as connection:
            return [
                int(connection.execute(select(func.count()).select_from(table)).scalar_one())
                for table in (tables.tickets, tables.ticket_changes)
            ]

    assert counted() == [10, 10]
    with signed.write() as connection:
        connection.execute(update(tables.items).where(ITEM.seq == 5).values(state="dead"))
    prune(signed, after(days=1))
    assert counted() == [2, 2]

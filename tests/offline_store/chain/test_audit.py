import base64
import json

import pytest
from sqlalchemy import text

from common.protocol.envelope import item_hash
from offline_store.chain import audit
from offline_store.chain.audit import ChainFault, verify_chain
from offline_store.delivery.outbox import waiting_items
from offline_store.disk.database import Store
from offline_store.issuing.intake import TicketRequest, accept_ticket
from tests.kit.store import IDENTITY, stamp


@pytest.fixture
def chained(store: Store) -> Store:
    """A store whose items 3 to 12 are tickets."""
    for n in range(10):
        accept_ticket(store, TicketRequest("clearance", "B"), intention=f"i{n}", stamp=stamp())
    assert verify_chain(store) == []
    return store


def tamper(store: Store, *statements: str) -> list[tuple[int, str]]:
    with store.write() as connection:
        for statement in statements:
            connection.execute(text(statement))
    return [(fault.seq, fault.problem) for fault in verify_chain(store)]


def test_a_recorded_event_is_an_item_of_the_chain(store: Store) -> None:
    item_id = audit.record(store, "paper-changed", stamp(), {"technician": "t-1"})
    with store.read() as connection:
        item = waiting_items(connection)[-1].item
    assert (item.id, item.kind) == (item_id, "audit")
    assert json.loads(base64.b64decode(item.body)) == {"event": "paper-changed", "detail": {"technician": "t-1"}}


@pytest.mark.parametrize("column", ["body", "wall_time", "boot_id", "clock", "kind", "prev_hash"])
def test_a_changed_field_is_named(chained: Store, column: str) -> None:
    assert tamper(chained, f"UPDATE items SET {column} = 'x' WHERE seq = 5") == [(5, "changed")]


def test_a_row_rewritten_with_a_hash_of_its_own_is_named_by_the_next(chained: Store) -> None:
    with chained.read() as connection:
        item = waiting_items(connection)[4].item
    forged = type(item)(**{name: getattr(item, name) for name in item.__struct_fields__} | {"wall_time": "2020"})
    faults = tamper(
        chained, f"UPDATE items SET wall_time = '2020', hash = '{item_hash(IDENTITY.kiosk, forged)}' WHERE seq = 5"
    )
    assert faults == [(6, "reordered")]


def test_a_removed_row_is_named(chained: Store) -> None:
    assert tamper(chained, "DELETE FROM items WHERE seq = 7") == [(7, "removed")]
    assert tamper(chained, "DELETE FROM items WHERE seq = 8") == [(7, "removed"), (8, "removed")]


def test_a_removed_first_and_a_removed_last_row_are_named(chained: Store) -> None:
    assert tamper(chained, "DELETE FROM items WHERE seq = 1") == [(1, "removed")]
    assert tamper(chained, "DELETE FROM items WHERE seq >= 11") == [(1, "removed"), (12, "removed")]


def test_two_rows_that_changed_places_are_named(chained: Store) -> None:
    faults = tamper(
        chained,
        "UPDATE items SET seq = -1 WHERE seq = 5",
        "UPDATE items SET seq = 5 WHERE seq = 6",
        "UPDATE items SET seq = 6 WHERE seq = -1",
    )
    assert {seq for seq, _ in faults} >= {5, 6}


def test_rows_delivered_out_of_their_order_are_named(chained: Store) -> None:
    faults = tamper(
        chained,
        "UPDATE items SET row = -1 WHERE seq = 5",
        "UPDATE items SET row = 5 WHERE seq = 6",
        "UPDATE items SET row = 6 WHERE seq = 5",
    )
    assert faults == [(6, "reordered")]


def test_a_head_that_was_moved_is_named(chained: Store) -> None:
    assert tamper(chained, "UPDATE store SET head_hash = 'x'") == [(12, "head")]


def test_a_gap_that_nobody_pruned_is_named_even_with_an_entry_that_does_not_link(chained: Store) -> None:
    with chained.read() as connection:
        epoch = chained.epoch
        before = connection.execute(text("SELECT prev_hash FROM items WHERE seq = 5")).scalar_one()
        after = connection.execute(text("SELECT hash FROM items WHERE seq = 6")).scalar_one()
    gap = f"INSERT INTO chain_gaps VALUES ('{epoch}', 5, 6, '{{}}', '{after}', 'pruned')"
    assert tamper(chained, "DELETE FROM items WHERE seq IN (5, 6)", gap.format("0" * 64)) == [(6, "removed")]
    with chained.write() as connection:
        connection.execute(text(f"UPDATE chain_gaps SET first_prev_hash = '{before}'"))
    assert verify_chain(chained) == []


def test_findings_are_bounded_and_say_what_they_are(chained: Store) -> None:
    for n in range(80):
        audit.record(chained, f"event-{n}", stamp())
    with chained.write() as connection:
        connection.execute(text("UPDATE items SET body = 'AAAA'"))
    faults = verify_chain(chained)
    assert len(faults) == audit.MAX_FINDINGS
    assert isinstance(faults[0], ChainFault)
    assert "item 1 of epoch" in str(faults[0])
    assert "changed" in str(faults[0])

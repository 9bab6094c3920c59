"""Batches, answers and how delivery goes, as rows: which items go together, and what each answer leaves behind."""

from typing import Any

import pytest
from sqlalchemy import select, update

from common.protocol.envelope import BatchAnswer, ItemResult
from offline_store.alarms import list_alarms
from offline_store.delivery.delivery_status import (
    last_failure,
    record_failure,
    record_success,
    request_try_now,
    split_error,
    try_now_count,
)
from offline_store.delivery.dispatch import BatchToSend, Settled, has_waiting, next_batch, settle
from offline_store.disk import tables
from offline_store.disk.database import Store
from offline_store.issuing.intake import TicketRequest, accept_ticket
from tests.kit.store import later, stamp

AT = stamp().unix_s


@pytest.fixture
def filled(store: Store) -> list[str]:
    """Six waiting items, by row: two of the store's own beginning, four tickets."""
    for n in range(4):
        accept_ticket(store, TicketRequest("clearance", "B"), intention=f"i{n}", stamp=stamp())
    with store.read() as connection:
        return list(connection.scalars(select(tables.items.c.id).order_by(tables.items.c.row)))


def of_another_kiosk(store: Store, *rows: int) -> None:
    """Let items have been recorded under a former id of this disk."""
    with store.write() as connection:
        known = connection.execute(select(tables.epochs)).mappings().first()
        assert known is not None
        values = {name: value for name, value in known.items() if name not in ("row", "id")}
        connection.execute(tables.epochs.insert().values(values | {"epoch": "former", "kiosk": "kiosk-0000"}))
        own = tables.items.c.row.in_(rows)
        connection.execute(update(tables.items).where(own).values(epoch="former"))


def batch(store: Store, **bounds: Any) -> tuple[str, int, int, int] | None:
    found = next_batch(store, **bounds)
    return None if found is None else (found.kiosk, found.first_row, found.last_row, len(found.items))


def test_a_batch_is_of_one_kiosk_and_of_what_may_go(store: Store, filled: list[str]) -> None:
    assert batch(store) == ("kiosk-0001", 1, 6, 6)
    assert batch(store, after_row=2, max_items=3) == ("kiosk-0001", 3, 5, 3)
    assert batch(store, after_row=6) is None
    assert batch(store, without_rows=frozenset({1, 3})) == ("kiosk-0001", 2, 6, 4)
    assert batch(store, without_rows=frozenset({1, 2, 3}), max_items=3) == ("kiosk-0001", 4, 6, 3)
    assert batch(store, without={"kiosk-0001"}) is None
    of_another_kiosk(store, 3, 4)
    assert batch(store) == ("kiosk-0001", 1, 2, 2)
    assert batch(store, after_row=2) == ("kiosk-0000", 3, 4, 2)
    assert batch(store, without={"kiosk-0000"}) == ("kiosk-0001", 1, 6, 4)
    assert batch(store, without={"kiosk-0001"}) == ("kiosk-0000", 3, 4, 2)


def answered(store: Store, *results: ItemResult, days: float = 0) -> Settled:
    found = next_batch(store)
    assert found is not None
    return settle(store, [(found, BatchAnswer(list(results)))], stamp(later(days=days)))


def ended(store: Store) -> dict[int, tuple[str, str | None, int | None]]:
    item = tables.items.c
    with store.read() as connection:
        query = select(item.row, item.state, item.reason, item.ended_at).where(item.state != "waiting")
        return {row.row: (row.state, row.reason, row.ended_at) for row in connection.execute(query)}


def test_an_answer_settles_what_it_names_and_counts_what_it_does_not(store: Store, filled: list[str]) -> None:
    assert has_waiting(store)
    found = answered(
        store,
        ItemResult(filled[0], "applied"),
        ItemResult(filled[1], "duplicate", "of another"),
        ItemResult(filled[2], "quarantined"),
        ItemResult(filled[3], "rejected", "bad seal"),
        ItemResult(filled[4], "of-tomorrow"),
        ItemResult("5b1f6f0a-1111-4c3e-9d2a-000000000001", "applied"),
    )
    assert found == Settled(3, 1, 2)
    assert ended(store) == {
        1: ("acknowledged", None, AT),
        2: ("acknowledged", "duplicate: of another", AT),
        3: ("acknowledged", "quarantined", AT),
        4: ("dead", "rejected: bad seal", AT),
    }
    refused = f"central refused 1 item(s), the last is {filled[3]}: rejected bad seal"
    assert [(one.code, one.detail) for one in list_alarms(store)] == [("dead-letters", refused)]
    assert answered(store, ItemResult(filled[4], "conflict"), ItemResult(filled[5], "applied", "x")) == Settled(1, 1, 0)
    assert ended(store)[6] == ("acknowledged", "x", AT)
    assert [one.detail for one in list_alarms(store)] == [
        f"central refused 1 item(s), the last is {filled[4]}: conflict"
    ]
    assert not has_waiting(store)


def test_of_two_different_words_on_one_item_neither_is_heard(store: Store, filled: list[str]) -> None:
    twice = ItemResult(filled[1], "applied")
    assert answered(
        store, ItemResult(filled[0], "applied"), ItemResult(filled[0], "rejected"), twice, twice
    ) == Settled(1, 0, 5)
    assert list(ended(store)) == [2]
    assert answered(store, ItemResult(filled[1], "rejected")) == Settled(0, 0, 5), "it waits no more"


def test_answers_of_several_batches_are_written_down_together(store: Store, filled: list[str]) -> None:
    batches: list[BatchToSend] = []
    for after in (0, 3):
        found = next_batch(store, after_row=after, max_items=3)
        assert found is not None
        batches.append(found)
    answers = [BatchAnswer([ItemResult(item.id, "applied") for item in one.items[:2]]) for one in batches]
    assert settle(store, list(zip(batches, answers, strict=True)), stamp()) == Settled(4, 0, 2)
    assert list(ended(store)) == [1, 2, 4, 5]
    assert filled


def delivery(store: Store) -> dict[str, Any]:
    with store.read() as connection:
        row = dict(connection.execute(select(tables.delivery)).mappings().one())
    return {name: row[name] for name in ("last_success_at", "last_error", "last_error_at", "next_attempt_at")}


def codes(store: Store) -> list[str]:
    return [one.code for one in list_alarms(store)]


@pytest.mark.parametrize(
    ("code", "alarm"),
    [
        ("unauthorised", "central-refuses-kiosk"), ("kiosk-revoked", "central-refuses-kiosk"),
        ("unverified", "central-not-verified"), ("tls", "central-not-verified"),
        ("certificate-dates", "central-unreachable"), ("dns", "central-unreachable"),
        ("status-503", "central-unreachable"), ("too-slow", "central-slow"), ("partial", None), ("too-large", None),
    ],
)  # fmt: skip
def test_a_failure_is_written_down_with_its_next_attempt_and_its_alarm(
    store: Store, code: str, alarm: str | None
) -> None:
    record_failure(store, stamp(), "too-slow" if code != "too-slow" else "dns", "before", 5)
    record_failure(store, stamp(later(seconds=9)), code, "x" * 400, 30.6)
    assert delivery(store) == {
        "last_success_at": None, "last_error": f"{code}: {'x' * 400}"[:300], "last_error_at": AT + 9,
        "next_attempt_at": AT + 9 + 31,
    }  # fmt: skip
    assert codes(store) == ([] if alarm is None else [alarm])
    with store.read() as connection:
        assert last_failure(connection) == code
    record_success(store, stamp(later(seconds=60)), ("items-held-back",))
    assert delivery(store) == {
        "last_success_at": AT + 60, "last_error": None, "last_error_at": AT + 9, "next_attempt_at": None,
    }  # fmt: skip
    assert codes(store) == []
    with store.read() as connection:
        assert last_failure(connection) == ""


def test_a_stored_error_is_taken_apart_at_its_first_colon() -> None:
    assert split_error("dns: central: no name") == ("dns", "central: no name")
    assert split_error("dns") == ("dns", "")


def test_who_asks_to_try_now_is_counted(store: Store) -> None:
    assert try_now_count(store) == 0
    request_try_now(store)
    request_try_now(store)
    assert try_now_count(store) == 2

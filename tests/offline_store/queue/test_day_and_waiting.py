"""Which day the hub does not believe, and who of today waits as far as this kiosk knows."""

from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import insert, select

from common.protocol.queue.call import DAY_NOT_BELIEVED, QueueCall, RefusedTicket
from common.protocol.queue.hub_statement import statement
from offline_store.alarms import list_alarms
from offline_store.disk import tables
from offline_store.disk.database import Store
from offline_store.issuing.intake import TicketRequest, accept_ticket
from offline_store.issuing.ticket import void_ticket
from offline_store.queue.changes import changes_for, followed_by, note_told
from offline_store.queue.day import first_of_refused_day, note_day, settled_through
from offline_store.queue.waiting import WaitingNumber, note_calls, time_of_day, waiting_list
from tests.kit.store import stamp


def test_time_is_said_by_the_clock_on_the_wall() -> None:
    assert time_of_day("2026-11-25T06:05:00Z") == "09:05"


@pytest.mark.parametrize(
    ("reasons", "first", "settled"),
    [
        (["", "", ""], None, 3), (["", DAY_NOT_BELIEVED, DAY_NOT_BELIEVED], 1, 1), (["other", "", ""], None, 3),
        ([DAY_NOT_BELIEVED, "", "other"], 0, 0), (["", "", DAY_NOT_BELIEVED], 2, 2),
    ],
)  # fmt: skip
def test_a_telling_is_settled_up_to_the_first_whose_day_is_not_believed(
    store: Store, reasons: list[str], first: int | None, settled: int
) -> None:
    for intention in "abc":
        accept_ticket(store, TicketRequest("clearance", "B"), intention=intention, stamp=stamp())
    told = changes_for(store, "hub", "hub-1", 1)
    refused = [RefusedTicket(one.id, why) for one, why in zip(told.tickets, reasons, strict=True) if why]
    found = first_of_refused_day(told, refused)
    assert found == (None if first is None else told.tickets[first])
    assert settled_through(told, found) == settled
    note_day(store, "hub-1", told.tickets[0], stamp())
    text = "hub-1 does not believe the day 2026-11-25: from B2001 on nobody is called"
    assert [(one.code, one.detail) for one in list_alarms(store)] == [("hub-refuses-day", text)]
    note_day(store, "hub-1", None, stamp())
    assert list_alarms(store) == []


def test_the_statement_that_is_passed_on_is_remembered_with_how_far_was_told(store: Store) -> None:
    assert followed_by(store, "hub") is None
    said = statement("hub-1", 2, 0, "mark", Ed25519PrivateKey.generate())
    for passed_on in (said, None):
        note_told(store, "hub", "hub-1", 2, 5, passed_on)
        assert followed_by(store, "hub") == passed_on


def test_numbers_that_were_called_or_taken_back_wait_no_longer(store: Store) -> None:
    given = [accept_ticket(store, TicketRequest("clearance", "B"), intention=name, stamp=stamp()) for name in "abcd"]
    with store.write() as connection:
        day = connection.scalar(select(tables.business_days.c.id))
        former = {"day_id": 99, "number": "B2004", "counter": 3, "at": "x"}
        connection.execute(insert(tables.calls_heard).values(former))
    at = stamp().text

    def waiting() -> list[str]:
        found = waiting_list(store)
        assert found == [WaitingNumber(one.number, "clearance", at, False) for one in found]
        return [one.number for one in found]

    def heard() -> list[tuple[Any, ...]]:
        with store.read() as connection:
            return [tuple(row) for row in connection.execute(select(tables.calls_heard)).all()]

    assert waiting() == ["B2001", "B2002", "B2003", "B2004"], "a call of another day calls nobody"
    note_calls(store, [])
    note_calls(store, [QueueCall(5, "B9009", 1, "t0")])
    assert heard() == [tuple(former.values())], "nobody of this kiosk was called"
    note_calls(store, [QueueCall(6, "B2002", 4, "t1"), QueueCall(5, "B9009", 1, "t0")])
    assert heard() == [(day, "B2002", 4, "t1")]
    note_calls(store, [QueueCall(8, "B2002", 5, "t2"), QueueCall(7, "B2001", 4, "t3")])
    assert sorted(heard()) == [(day, "B2001", 4, "t3"), (day, "B2002", 4, "t1")]
    void_ticket(store, given[2].id, "wrong", stamp())
    assert waiting() == ["B2004"]

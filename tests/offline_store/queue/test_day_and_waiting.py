"""Which day the hub does not believe, and who of today waits as far as this kiosk knows."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from common.machine.stamp import Trust
from common.protocol.queue.call import DAY_NOT_BELIEVED, RefusedTicket
from common.protocol.queue.hub_statement import statement
from offline_store.alarms import list_alarms
from offline_store.disk.database import Store
from offline_store.issuing.business_day import current_day
from offline_store.issuing.far_day import set_right
from offline_store.issuing.intake import TicketRequest, accept_ticket
from offline_store.queue.changes import changes_for, followed_by, note_told
from offline_store.queue.day import first_of_refused_day, note_day, settled_through, take_day
from offline_store.queue.waiting import time_of_day, waiting_list
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


@pytest.mark.parametrize(
    ("trust", "label", "day"),
    [
        ("file", "2026-11-27", ("2026-11-27", "hub")),
        ("unknown", "2026-11-27", ("2026-11-27", "hub")),
        ("restored", "2026-11-27", ("2026-11-27", "hub")),
        ("synced", "2026-11-27", ("2026-11-25", "clock")),
        ("unknown", "2026-11-25", ("2026-11-25", "clock")),
        ("unknown", "2026-11-24", ("2026-11-25", "clock")),
        ("unknown", None, ("2026-11-25", "clock")),
    ],
)
def test_a_kiosk_whose_clock_is_not_sure_takes_the_hubs_day(
    store: Store, trust: Trust, label: str | None, day: tuple[str, str]
) -> None:
    accept_ticket(store, TicketRequest("clearance", "B"), intention="one", stamp=stamp())
    for _ in range(2):
        take_day(store, label, stamp(trust=trust))
    with store.read() as connection:
        current = current_day(connection)
    assert current is not None
    assert (current.date, current.opened_by) == day


def test_a_day_of_a_hub_that_was_wrong_is_set_right_by_centrals_time(store: Store) -> None:
    take_day(store, "2026-12-25", stamp(trust="unknown"))
    with store.write() as connection:
        right = set_right(connection, stamp().wall_time, stamp())
    assert right is not None
    assert right.date == "2026-11-25"


def test_the_statement_that_is_passed_on_is_remembered_with_how_far_was_told(store: Store) -> None:
    assert followed_by(store, "hub") is None
    said = statement("hub-1", 2, 0, "mark", Ed25519PrivateKey.generate())
    for passed_on in (said, None):
        note_told(store, "hub", "hub-1", 2, 5, passed_on)
        assert followed_by(store, "hub") == passed_on


@pytest.mark.parametrize(("trust", "time"), [("synced", "12:00"), ("restored", "12:00"), ("file", ""), ("unknown", "")])
def test_a_clock_that_told_no_time_puts_none_on_the_list(store: Store, trust: Trust, time: str) -> None:
    accept_ticket(store, TicketRequest("clearance", "B"), intention="first", stamp=stamp())
    accept_ticket(store, TicketRequest("clearance", "B"), intention="one", stamp=stamp(trust=trust))
    assert [time_of_day(one.issued_at) for one in waiting_list(store)] == ["12:00", time]

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from common.machine.errors import NoBusinessDay, StoreError
from common.protocol.envelope import OrderBody, TicketBody, decode_body, item_hash
from offline_store.delivery import outbox
from offline_store.disk import tables
from offline_store.disk.database import Store
from offline_store.issuing.intake import OrderAccepted, OrderRequest, TicketRequest, accept_order, accept_ticket
from offline_store.issuing.ticket import find_ticket, void_ticket
from offline_store.opening import open_store_in
from tests.kit.store import IDENTITY, MACHINE, later, stamp

ORDER = "0f" * 16


def take(store: Store, intention: str, prefix: str = "B", **more: str) -> tuple[str, bool]:
    accepted = accept_ticket(
        store, TicketRequest("clearance", prefix), intention=intention, stamp=stamp(), order_id=more.get("order_id")
    )
    return accepted.number, accepted.repeated


def count(store: Store, table: str) -> int:
    with store.read() as connection:
        return connection.execute(select(func.count()).select_from(text(table))).scalar_one()


def order(store: Store, intention: str, code: str = "SY1:CODE", **more: object) -> OrderAccepted | None:
    ticket = more.pop("ticket", None)
    values: dict[str, object] = {"outcome": "accepted", "order_id": ORDER, "service": "clearance"} | more
    wanted = OrderRequest(code=code, **values)  # type: ignore[arg-type]
    return accept_order(store, wanted, intention=intention, stamp=stamp(), ticket=ticket)  # type: ignore[arg-type]


def test_numbers_count_up_for_each_prefix_of_the_day(store: Store) -> None:
    assert [take(store, f"i{n}", prefix)[0] for n, prefix in enumerate("BBAB")] == ["B2001", "B2002", "A2001", "B2003"]
    assert take(store, "none", "")[0] == "2001"


def test_the_same_intention_gives_the_same_ticket_and_records_nothing(store: Store) -> None:
    first = accept_ticket(store, TicketRequest("clearance", "B"), intention="tap", stamp=stamp())
    items = count(store, "items")
    again = accept_ticket(store, TicketRequest("lease-copy", "A"), intention="tap", stamp=stamp(later(days=3)))
    assert (again.id, again.number, again.business_day) == (first.id, first.number, first.business_day)
    assert (first.repeated, again.repeated) == (False, True)
    assert count(store, "items") == items


def test_ten_quick_taps_from_ten_threads_are_one_ticket(store: Store) -> None:
    with ThreadPoolExecutor(10) as pool:
        taken = list(pool.map(lambda _: take(store, "tap"), range(30)))
    assert {number for number, _ in taken} == {"B2001"}
    assert sum(not repeated for _, repeated in taken) == 1


def test_two_processes_never_give_one_number_and_share_one_intention(tmp_path: Path) -> None:
    command = (sys.executable, "-m", "tests.offline_store.accepting_process", str(tmp_path))
    started = [subprocess.Popen((*command, name, "40"), stdout=subprocess.PIPE, text=True) for name in ("a", "b")]
    answers = [
        [json.loads(line)["number"] for line in process.communicate(timeout=50)[0].splitlines()] for process in started
    ]
    assert [len(numbers) for numbers in answers] == [41, 41]
    assert answers[0][-1] == answers[1][-1]
    assert len({*answers[0], *answers[1]}) == 81


def test_a_repeated_intention_is_recognised_after_a_restart(tmp_path: Path) -> None:
    for repeated in (False, True):
        with open_store_in(tmp_path, IDENTITY, stamp=stamp(), machine=MACHINE) as store:
            assert take(store, "tap") == ("B2001", repeated)


def test_a_number_past_999_gets_a_fourth_digit_and_never_wraps(store: Store) -> None:
    take(store, "first")
    with store.write() as connection:
        connection.execute(tables.counters.update().values(n=998))
    assert [take(store, f"i{n}")[0] for n in range(3)] == ["B2999", "B21000", "B21001"]


@pytest.mark.parametrize("prefix", ["b", "BB", "1", "ب", " "])
def test_a_prefix_that_would_blur_the_number_is_refused(store: Store, prefix: str) -> None:
    before = count(store, "items")
    with pytest.raises(StoreError, match="prefix"):
        take(store, "tap", prefix)
    assert count(store, "items") == before  # not even the day was opened


def test_the_item_carries_what_the_contract_says(store: Store) -> None:
    accepted = accept_ticket(store, TicketRequest("clearance", "B", "elderly"), intention="tap", stamp=stamp())
    with store.read() as connection:
        waiting = outbox.waiting_items(connection)
    assert [one.item.seq for one in waiting] == [1, 2, 3]
    assert waiting[0].item.prev_hash == "0" * 64
    item = waiting[-1].item
    assert (item.id, item.kind, item.epoch, item.clock) == (accepted.id, "ticket", store.epoch, "synced")
    assert (item.wall_time, item.boot_time_ns) == ("2026-11-25T09:00:00.000000Z", 100_000_000_000)
    assert item.hash == item_hash(IDENTITY.kiosk, item)
    body = decode_body("ticket", item.body)
    assert body == TicketBody("B2001", "clearance", "2026-11-25", "elderly", token=accepted.token)
    assert len(bytes.fromhex(body.token or "")) == 16


def test_without_an_open_day_and_a_good_clock_there_is_no_ticket(store: Store) -> None:
    with pytest.raises(NoBusinessDay):
        accept_ticket(store, TicketRequest("clearance", "B"), intention="i", stamp=stamp(trust="unknown"))
    assert count(store, "items") == 1


def test_an_order_is_recorded_once_by_its_order_id(store: Store) -> None:
    first = order(store, "scan 1", number="1234567890")
    again = order(store, "scan 2", code="SY1:OTHER TEXT OF IT")
    assert first is not None
    assert again == OrderAccepted(first.id, "accepted", "clearance", "1234567890", repeated=True)
    assert count(store, "orders") == 1


def test_an_unverified_code_takes_no_order_id_and_blocks_not_the_genuine_one(store: Store) -> None:
    unverified = order(store, "scan 1", outcome="accepted_unverified", order_id=None)
    repeated = order(store, "scan 2", outcome="accepted_unverified", order_id=None)
    genuine = order(store, "scan 3")
    late = order(store, "scan 4", outcome="accepted_unverified", order_id=None)
    assert unverified
    assert repeated
    assert genuine
    assert late
    assert (repeated.id, repeated.repeated) == (unverified.id, True)
    assert (genuine.id != unverified.id, genuine.repeated) == (True, False)
    assert late.id == genuine.id  # the same code, by now known to be genuine
    with store.read() as connection:
        bodies = [
            decode_body("order", one.item.body) for one in outbox.waiting_items(connection) if one.item.kind == "order"
        ]
    assert [body.order_id for body in bodies if isinstance(body, OrderBody)] == [None, ORDER]


def test_a_fourth_unverified_code_in_ten_minutes_belongs_to_the_counter(store: Store) -> None:
    def scan(n: int, boot_time_s: float) -> OrderAccepted | None:
        moment = stamp(boot_time_s=boot_time_s)
        return accept_order(
            store, OrderRequest(outcome="accepted_unverified", code=f"SY1:{n}"), intention=f"i{n}", stamp=moment
        )

    assert all(scan(n, 100 + n) for n in range(3))
    items = count(store, "items")
    assert scan(3, 400) is None
    assert count(store, "items") == items
    assert order(store, "genuine") is not None
    assert scan(4, 701.5) is not None


def test_an_unpaid_order_and_its_ticket_for_the_cashier_come_together(store: Store) -> None:
    cashier = TicketRequest("clearance", "B")
    first = order(store, "scan 1", outcome="accepted_unpaid", ticket=cashier)
    again = order(store, "scan 2", outcome="accepted_unpaid", ticket=cashier)
    assert first
    assert first.ticket
    assert first.ticket.number == "B2001"
    assert again
    assert again.ticket
    assert (again.ticket.id, again.ticket.repeated) == (first.ticket.id, True)


def test_when_the_ticket_of_an_order_is_refused_the_order_is_not_recorded_either(store: Store) -> None:
    with pytest.raises(NoBusinessDay):
        accept_order(
            store,
            OrderRequest(outcome="accepted_unpaid", code="SY1:X", order_id=ORDER),
            intention="scan",
            stamp=stamp(trust="unknown"),
            ticket=TicketRequest("clearance", "B"),
        )
    assert (count(store, "orders"), count(store, "items")) == (0, 1)


def test_a_ready_order_has_one_collection_ticket_a_day(store: Store) -> None:
    assert take(store, "scan 1", order_id=ORDER) == ("B2001", False)
    assert take(store, "scan 2", order_id=ORDER) == ("B2001", True)
    next_day = accept_ticket(
        store, TicketRequest("clearance", "B"), intention="scan 3", order_id=ORDER, stamp=stamp(later(days=1))
    )
    assert (next_day.repeated, next_day.business_day) == (False, "2026-11-26")


def test_a_voided_ticket_keeps_its_reason_and_its_number_is_never_given_again(store: Store) -> None:
    first = accept_ticket(store, TicketRequest("clearance", "B"), intention="i", order_id=ORDER, stamp=stamp())
    void_ticket(store, first.id, "not-printed", stamp())
    items = count(store, "items")
    void_ticket(store, first.id, "again", stamp())
    assert count(store, "items") == items
    assert find_ticket(store, first.id).voided == "not-printed"
    assert take(store, "other", order_id=ORDER) == ("B2002", False)


def test_a_ticket_is_found_as_it_was_given(store: Store) -> None:
    given = accept_ticket(store, TicketRequest("lease-copy", "B", "pregnant"), intention="i", stamp=stamp())
    found = find_ticket(store, given.id)
    assert (found.number, found.service, found.priority, found.business_day, found.wall_time) == (
        "B2001", "lease-copy", "pregnant", "2026-11-25", "2026-11-25T09:00:00.000000Z",
    )  # fmt: skip

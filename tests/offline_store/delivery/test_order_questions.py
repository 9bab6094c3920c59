"""Orders of other centres: central is asked at once, seldom again, and never so that an item waits for it."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from common.protocol.envelope import MAX_ORDERS_ASKED
from common.protocol.feed_message import OrderState
from offline_store.delivery.connection.delivery_error import DeliveryDeferred
from offline_store.delivery.order_questions import has_new_question, note_question
from offline_store.disk import tables
from offline_store.disk.database import Store
from offline_store.issuing.business_day import apply_feed_day
from offline_store.opening import open_store_in
from tests.kit.delivering import Delivering
from tests.kit.fake_central import DROPPED, FakeCentral, Fault, status
from tests.kit.store import MACHINE

ORDER, OTHER = "ab" * 16, "cd" * 16


@pytest.fixture
def kiosk(tmp_path: Path) -> Iterator[Delivering]:
    central = FakeCentral()
    central.marks = True
    delivering = Delivering(tmp_path, central)
    yield delivering
    delivering.close()
    central.close()


def run_until(kiosk: Delivering, done: Callable[[], bool], limit_s: float = 86_400.0) -> float:
    """Run the loop until something is so; return how many seconds that took by the kiosk's clock."""
    stop, began = threading.Event(), kiosk.clock.boottime_s

    def look() -> None:
        if done() or kiosk.clock.boottime_s - began > limit_s:
            stop.set()

    kiosk.clock.while_sleeping = look
    kiosk.forwarder.run(stop)
    assert done()
    return kiosk.clock.boottime_s - began


def open_questions(store: Store) -> list[str]:
    with store.read() as connection:
        query = select(tables.order_questions.c.order_id).order_by(tables.order_questions.c.row)
        return list(connection.scalars(query))


def state_of(store: Store, order: str) -> str | None:
    with store.read() as connection:
        return connection.scalar(select(tables.order_states.c.state).where(tables.order_states.c.order_id == order))


def opens_day(store: Store, kiosk: Delivering, date: str, serial: int) -> None:
    with store.write() as connection:
        apply_feed_day(connection, date, serial, kiosk.clock.now())


def test_a_new_question_is_asked_at_once_and_what_the_feed_tells_is_heard_in_the_same_round(kiosk: Delivering) -> None:
    began, noted = kiosk.clock.boottime_s, list[float]()
    kiosk.central.tells[ORDER] = OrderState(ORDER, "ready", centre="homs-hamra")

    def shown_later() -> bool:
        if not noted and kiosk.clock.boottime_s - began > 90:
            note_question(kiosk.store, ORDER)
            noted.append(kiosk.clock.boottime_s)
        return state_of(kiosk.store, ORDER) == "ready"

    run_until(kiosk, shown_later)
    assert kiosk.clock.boottime_s - noted[0] <= 0.5
    assert kiosk.central.orders_asked == [[ORDER]]


def test_delivered_once_it_ends_when_the_answer_has_been_heard_too(kiosk: Delivering) -> None:
    kiosk.central.tells[ORDER] = OrderState(ORDER, "collected")
    kiosk.forwarder.run_once()
    note_question(kiosk.store, ORDER)
    kiosk.forwarder.run_once()
    assert state_of(kiosk.store, ORDER) == "collected"


def test_what_nobody_has_told_is_asked_again_now_and_then_until_it_is_told(kiosk: Delivering) -> None:
    note_question(kiosk.store, ORDER)
    began = kiosk.clock.boottime_s
    run_until(kiosk, lambda: kiosk.clock.boottime_s - began > 3600)
    times = len(kiosk.central.orders_asked)
    assert 3600 / 800 - 1 <= times <= 3600 / 600 + 1
    kiosk.central.tells[ORDER] = OrderState(ORDER, "ready")
    run_until(kiosk, lambda: state_of(kiosk.store, ORDER) == "ready")
    began = kiosk.clock.boottime_s
    run_until(kiosk, lambda: kiosk.clock.boottime_s - began > 3600)
    assert len(kiosk.central.orders_asked) == times + 1
    assert open_questions(kiosk.store) == []


def test_without_central_it_waits_and_costs_no_attempt_of_its_own(kiosk: Delivering) -> None:
    kiosk.central.every["time"] = status(500)
    note_question(kiosk.store, ORDER)
    began = kiosk.clock.boottime_s
    run_until(kiosk, lambda: kiosk.clock.boottime_s - began > 3600)
    assert kiosk.central.calls.count("time") <= 60
    assert kiosk.central.orders_asked == []
    kiosk.central.every.clear()
    run_until(kiosk, lambda: kiosk.central.orders_asked == [[ORDER]])


def test_an_answer_that_is_lost_has_the_same_asked_again_and_keeps_no_item(kiosk: Delivering) -> None:
    kiosk.tickets(1)
    note_question(kiosk.store, ORDER)
    kiosk.central.faults.append(Fault(reply=lambda _: DROPPED))
    with pytest.raises(DeliveryDeferred):
        kiosk.forwarder.run_once()
    assert kiosk.waiting() == [], "the ticket went out beside it"
    assert has_new_question(kiosk.store)
    kiosk.forwarder.run_once()
    assert kiosk.central.orders_asked == [[ORDER], [ORDER]]
    assert not has_new_question(kiosk.store)


def test_a_central_that_refuses_the_question_gets_all_items_and_is_not_asked_at_once_again(kiosk: Delivering) -> None:
    kiosk.tickets(1)
    note_question(kiosk.store, ORDER)
    kiosk.central.faults.append(status(400))
    kiosk.forwarder.run_once()
    assert kiosk.waiting() == []
    asked = kiosk.central.calls.count("batches")
    began = kiosk.clock.boottime_s
    run_until(kiosk, lambda: kiosk.clock.boottime_s - began > 600.0 / 2)
    assert kiosk.central.calls.count("batches") == asked


def test_after_a_power_cut_it_is_asked(kiosk: Delivering, tmp_path: Path) -> None:
    note_question(kiosk.store, ORDER)
    kiosk.store.close()
    kiosk.store = open_store_in(tmp_path / "data", kiosk.identity, stamp=kiosk.clock.now(), machine=MACHINE)
    kiosk.watch.close()
    kiosk.watch = type(kiosk.watch)(kiosk.store, lambda: kiosk.links)
    kiosk.forwarder = kiosk.new_forwarder(lambda _: kiosk.uplink)
    kiosk.forwarder.run_once()
    assert kiosk.central.orders_asked == [[ORDER]]


def test_more_than_one_batch_holds_are_asked_in_several_and_past_fifty_the_oldest_goes(kiosk: Delivering) -> None:
    orders = [f"{n:032x}" for n in range(51)]
    for order in (*orders, orders[-1]):
        note_question(kiosk.store, order)
    assert open_questions(kiosk.store) == orders[1:]
    kiosk.forwarder.run_once()
    assert [len(some) for some in kiosk.central.orders_asked] == [MAX_ORDERS_ASKED, MAX_ORDERS_ASKED, 10]
    assert [order for some in kiosk.central.orders_asked for order in some] == orders[1:]


def test_one_that_had_to_go_and_is_shown_again_is_asked_at_once_again(kiosk: Delivering) -> None:
    note_question(kiosk.store, ORDER)
    kiosk.forwarder.run_once()
    for n in range(50):
        note_question(kiosk.store, f"{n:032x}")
    note_question(kiosk.store, ORDER)
    kiosk.forwarder.run_once()
    assert kiosk.central.orders_asked[-1][-1] == ORDER
    assert not has_new_question(kiosk.store)


def test_a_question_ends_with_the_next_business_day(kiosk: Delivering) -> None:
    for serial, date in enumerate(("2026-11-26", "2026-11-27"), 1):
        opens_day(kiosk.store, kiosk, date, serial)
        note_question(kiosk.store, ORDER)
    kiosk.forwarder.run_once()
    assert kiosk.central.orders_asked == [[ORDER]], "of the day before, and asked still"
    opens_day(kiosk.store, kiosk, "2026-11-28", 3)
    note_question(kiosk.store, OTHER)
    kiosk.forwarder.run_once()
    assert kiosk.central.orders_asked[1:] == [[OTHER]]
    assert open_questions(kiosk.store) == [OTHER]


def test_a_kiosk_with_nothing_to_ask_sends_no_batch_for_it(kiosk: Delivering) -> None:
    kiosk.forwarder.run_once()
    before = kiosk.central.calls.count("batches")
    kiosk.forwarder.run_once()
    assert kiosk.central.calls.count("batches") == before
    assert kiosk.central.orders_asked == []


def test_a_central_that_knows_nothing_of_questions_takes_the_batch_and_nothing_fails(kiosk: Delivering) -> None:
    kiosk.central.marks = kiosk.central.hears_questions = False
    note_question(kiosk.store, ORDER)
    kiosk.forwarder.run_once()
    assert not has_new_question(kiosk.store)
    assert kiosk.alarms() == set()

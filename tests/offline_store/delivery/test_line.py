"""Batches under way: two where central is quick, one where it is not; and what becomes of one behind a failure."""

import itertools
import math
import threading
from collections.abc import Callable, Sequence

import pytest

from common.protocol.envelope import MAX_BATCH_ITEMS, Batch, BatchAnswer, ItemResult
from offline_store.delivery import line
from offline_store.delivery.connection.delivery_error import DeliveryDeferred, DeliveryRejected
from offline_store.delivery.dispatch import BatchToSend
from offline_store.delivery.drain import Drain
from offline_store.delivery.line import Line
from tests.kit.delivering import Delivering

WITHIN_S = 10.0


class Uplink:
    """Applies everything; `meanwhile` is called with the number of each batch before it is answered.

    Batches are numbered by the place of their items among those that wait, for two threads may begin in any order.
    """

    def __init__(self, meanwhile: Callable[[int], None] = lambda _: None, waiting: Sequence[str] = ()) -> None:
        self.sent: list[list[str]] = []
        self._meanwhile = meanwhile
        self._place = {item: place for place, item in enumerate(waiting)}

    def send(self, batch: Batch) -> BatchAnswer:
        ids = [one.id for one in batch.items or batch.asked or ()]
        self.sent.append(ids)
        if batch.items:
            self._meanwhile(1 + self._place.get(ids[0], 0) // MAX_BATCH_ITEMS)
        return BatchAnswer([ItemResult(one, "applied") for one in ids], 0)


def empty_batch(number: int) -> BatchToSend:
    return BatchToSend("kiosk-0001", number, number, [])


def test_a_second_batch_is_sent_before_a_quick_answer_and_none_before_a_slow_one() -> None:
    moments = itertools.chain([0.0, 1.0 / 2, 1.0, 2.0], itertools.repeat(9.0))
    has_room = []
    with Line(lambda _: Uplink(), lambda: next(moments)) as busy:  # type: ignore[arg-type, return-value]
        for number in range(3):
            busy.send(empty_batch(number))
            has_room.append(busy.has_room)
            busy.next_answer()
    assert has_room == [False, True, False]


def test_answers_come_in_the_order_in_which_batches_were_sent() -> None:
    second_is_answered = threading.Event()

    class First(Uplink):
        def send(self, batch: Batch) -> BatchAnswer:
            assert second_is_answered.wait(WITHIN_S)
            return super().send(batch)

    class Second(Uplink):
        def send(self, batch: Batch) -> BatchAnswer:
            second_is_answered.set()
            return super().send(batch)

    uplinks = iter((First(), Second()))
    with Line(lambda _: next(uplinks)) as busy:  # type: ignore[arg-type, return-value]
        for number in (1, 2):
            busy.send(empty_batch(number))
        assert [busy.next_answer()[0].first_row for _ in range(2)] == [1, 2]


def test_a_kiosk_whose_key_is_lost_is_refused_by_name() -> None:
    with Line(lambda _: None) as busy:
        busy.send(empty_batch(1))
        _, answer = busy.next_answer()
    assert isinstance(answer, DeliveryRejected)
    assert "key of kiosk kiosk-0001" in str(answer)


@pytest.fixture
def always_quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that is busy for a second makes no slow line."""
    monkeypatch.setattr(line, "QUICK_S", math.inf)


def drain_of(kiosk: Delivering, uplink: Uplink) -> Drain:
    return Drain(kiosk.store, lambda _: uplink, kiosk.clock.now)  # type: ignore[arg-type, return-value]


@pytest.mark.usefixtures("always_quick")
def test_two_batches_of_a_backlog_are_at_central_together(kiosk: Delivering) -> None:
    kiosk.tickets(3 * MAX_BATCH_ITEMS)
    both = threading.Barrier(2)

    def second_and_third_meet(number: int) -> None:
        if number in (2, 3):
            both.wait(WITHIN_S)

    drain = drain_of(kiosk, Uplink(second_and_third_meet, kiosk.waiting()))
    drain.run(threading.Event())
    assert kiosk.waiting() == []
    assert drain.settled == 3 * MAX_BATCH_ITEMS + 2


@pytest.mark.usefixtures("always_quick")
def test_what_arrived_behind_a_batch_that_failed_is_not_sent_again(kiosk: Delivering) -> None:
    kiosk.tickets(3 * MAX_BATCH_ITEMS)
    third_of_all = kiosk.waiting()[2 * MAX_BATCH_ITEMS]
    third_is_here, has_failed = threading.Event(), threading.Event()

    def second_fails_after_the_third(number: int) -> None:
        if number == 2 and not has_failed.is_set():
            assert third_is_here.wait(WITHIN_S)
            has_failed.set()
            raise DeliveryDeferred("timeout", "the answer was lost")
        if number == 3:
            third_is_here.set()

    uplink = Uplink(second_fails_after_the_third, kiosk.waiting())
    drain = drain_of(kiosk, uplink)
    with pytest.raises(DeliveryDeferred, match="lost"):
        drain.run(threading.Event())
    assert len(kiosk.waiting()) == MAX_BATCH_ITEMS + 2  # the second, and the two that waited after the third
    drain.run(threading.Event())
    assert kiosk.waiting() == []
    assert sum(third_of_all in ids for ids in uplink.sent) == 1


@pytest.mark.usefixtures("always_quick")
def test_of_two_answers_that_were_lost_both_are_asked_for(kiosk: Delivering) -> None:
    kiosk.tickets(3 * MAX_BATCH_ITEMS)
    both = threading.Barrier(2)

    def both_answers_are_lost(number: int) -> None:
        if number in (2, 3):
            both.wait(WITHIN_S)
            raise DeliveryDeferred("too-slow", "the answer was lost")

    uplink = Uplink(both_answers_are_lost, kiosk.waiting())
    drain_of(kiosk, uplink).run(threading.Event())
    assert kiosk.waiting() == []
    asked_for = [ids for ids in uplink.sent if uplink.sent.count(ids) == 2]
    assert sorted(asked_for) == sorted(2 * uplink.sent[1:3])


def test_a_power_cut_between_answers_costs_duplicates_of_a_few_batches_at_most(
    kiosk: Delivering, monkeypatch: pytest.MonkeyPatch
) -> None:
    kiosk.tickets(8 * MAX_BATCH_ITEMS)
    uplink = Uplink()

    def cut(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("offline_store.delivery.drain.settle", cut)
        with pytest.raises(KeyboardInterrupt):
            drain_of(kiosk, uplink).run(threading.Event())
    assert len(uplink.sent) <= 6
    assert len(kiosk.waiting()) == 8 * MAX_BATCH_ITEMS + 2
    drain_of(kiosk, uplink).run(threading.Event())
    assert kiosk.waiting() == []

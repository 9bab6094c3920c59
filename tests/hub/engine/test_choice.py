"""Who is called next: waiting minutes that count double for priority, helpers, and a count that is exact."""

import random

import pytest

from common.protocol.feed_message import QueueRules
from hub.engine.choice import count_before
from tests.hub.hall import Hall


def before(hall: Hall, ticket_id: str) -> int | None:
    with hall.hub.read() as look:
        return count_before(look, ticket_id)


def test_first_come_first_called_over_all_of_a_counters_queues(hall: Hall) -> None:
    hall.press(1, "open")
    expected = []
    for letter in "BABBA":
        expected.append(hall.kiosks[0].give(letter).number)
        hall.passes(10)
    assert [hall.called(1) for _ in range(5)] == expected


def test_priority_waits_half(hall: Hall) -> None:
    hall.press(1, "open")
    early = hall.kiosks[0].give("A")
    hall.passes(100)
    late = hall.kiosks[0].give("A", priority="elderly")
    hall.passes(99)  # 199 s against 2 x 99 s
    assert hall.called(1) == early.number
    early = hall.kiosks[0].give("A")
    hall.passes(2)
    assert (hall.called(1), before(hall, early.id)) == (late.number, 0)


def test_a_ready_order_weighs_like_priority(hall: Hall) -> None:
    hall.press(1, "open")
    hall.kiosks[0].give("A")
    hall.passes(10)
    ready = hall.kiosks[0].give("A", order_id="ab" * 16)
    hall.passes(11)
    assert hall.called(1) == ready.number


def test_a_cut_neither_ages_nor_reshuffles_anybody(hall: Hall) -> None:
    hall.press(1, "open")
    early = hall.kiosks[0].give("A")
    hall.passes(100)
    hall.kiosks[0].give("A", priority="elderly")
    hall.works(False)
    hall.passes(10_000)  # with the clock on, priority would have overtaken long since
    hall.works(True)
    hall.passes(50)
    assert hall.called(1) == early.number


def test_a_counter_helps_where_its_own_is_empty_and_where_somebody_waits_too_long(hall: Hall) -> None:
    hall.press(3, "open")
    foreign = hall.kiosks[0].give("A")
    assert hall.called(3) == foreign.number  # its own is empty
    long_waiting = hall.kiosks[0].give("A")
    hall.passes(1500)
    own = hall.kiosks[0].give("C")
    hall.passes(299)
    assert hall.called(3) == own.number
    hall.kiosks[0].give("C")
    hall.passes(2)
    assert hall.called(3) == long_waiting.number


def test_the_rule_can_be_changed(hall: Hall) -> None:
    hall.set_up({1: ["A"]}, QueueRules(priority_weight=1, help_after_s=0), message_id=5)
    hall.press(1, "open")
    first = hall.kiosks[0].give("A")
    hall.passes(1)
    hall.kiosks[0].give("A", priority="disabled")
    hall.passes(1000)
    assert hall.called(1) == first.number


@pytest.mark.parametrize("seed", range(6))
def test_who_is_told_n_before_is_called_after_n_of_his_queue(hall: Hall, seed: int) -> None:
    """Promise 14: counted, not estimated: if nothing happens until then, exactly so many are called first."""
    chance = random.Random(seed)
    hall.set_up({1: ["A"], 2: ["A"]}, message_id=3)
    hall.press(1, "open")
    tickets = []
    for _ in range(25):
        hall.passes(chance.choice([0, 1, 20, 100]))
        priority = chance.choice(["none", "none", "elderly"])
        tickets.append(chance.choice(hall.kiosks).give("A", priority=priority))
        if chance.random() < 0.2:
            hall.press(1, "next")
            if hall.counter(1).ticket:
                hall.press(1, "transfer", to="A", first=chance.random() < 0.5)
    told = {one.number: before(hall, one.id) for one in tickets}
    order = []
    while (number := hall.called(1)) is not None:
        order.append(number)
    assert [told[number] for number in order] == list(range(len(order)))


def test_simulated_priority_waits_half_at_ten_twenty_and_forty_per_cent(hall: Hall) -> None:
    """Ratio rules turn round above a third; waiting minutes that count double keep half the wait at any share."""
    for share in (0.1, 0.2, 0.4):
        chance = random.Random(int(share * 100))
        waited: dict[bool, list[float]] = {True: [], False: []}
        hall.press(1, "open")
        kiosk = hall.kiosks[0]
        kiosk.tell(*[kiosk.ticket("A", priority="elderly" if chance.random() < share else "none") for _ in range(30)])
        for _ in range(150):  # as many come as are called: a steady crowd
            hall.passes(60)
            kiosk.give("A", priority="elderly" if chance.random() < share else "none")
            called = hall.press(1, "next")["counter"]["ticket"]
            waited[called["priority"] != "none"].append(called["waited_s"])
        priority, others = (sum(waited[kind][-80:]) / len(waited[kind][-80:]) for kind in (True, False))
        assert 0.35 <= priority / others <= 0.65, share
        while hall.called(1):
            pass
        hall.press(1, "close")

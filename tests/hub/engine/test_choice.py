"""Who is called next: waiting minutes that count double for priority, helpers, and a count that is exact."""

import random

import pytest

from common.protocol.feed_message import QueueRules
from tests.hub.hall import Hall


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
    assert (hall.called(1), hall.before(early.id)) == (late.number, 0)


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


def test_who_came_before_the_doors_first_page_is_called_by_age_whatever_the_counters_order_of_groups(
    hall: Hall,
) -> None:
    """Working time stands until a page is there: all have waited none of it, and only their places tell them apart."""
    hall.set_up({1: ["A", "B", "C"]}, message_id=3)
    hall.works(False)
    came = []
    for letter in "CBCAB":
        came.append(hall.kiosks[0].give(letter).number)
        hall.passes(20)
    hall.works()
    hall.press(1, "open")
    assert [hall.called(1) for _ in came] == came


MEAN_S = 300  # what the catalogue says of these services, and what each takes here


def drain(hall: Hall, counters: list[int]) -> list[str]:
    """Have counters call and serve until nobody waits, each service as long as the mean; nobody else comes."""
    called: list[str] = []
    while True:
        now = [number for counter in counters if (number := hall.called(counter)) is not None]
        called.extend(now)
        if not now:
            return called
        for counter in counters:
            if hall.counter(counter).ticket is not None:
                hall.press(counter, "came")
        hall.passes(MEAN_S)


@pytest.mark.parametrize("counters", [[1], [1, 2, 3]], ids=["one counter", "three counters of the same groups"])
@pytest.mark.parametrize("seed", range(4))
def test_who_is_told_n_before_is_called_after_n_others(hall: Hall, seed: int, counters: list[int]) -> None:
    """Promise 14, for shared letters, priority and people who were put in front."""
    chance = random.Random(seed)
    hall.set_up({counter: ["A", "B", "C"] for counter in counters}, message_id=3)
    for counter in counters:
        hall.press(counter, "open")
    tickets = []
    for _ in range(25):
        hall.passes(chance.choice([0, 1, 20, 100]))
        priority = chance.choice(["none", "none", "elderly"])
        tickets.append(chance.choice(hall.kiosks).give(chance.choice("ABC"), priority=priority))
        if chance.random() < 0.1:
            hall.press(1, "next")
            if hall.counter(1).ticket:
                hall.press(1, "transfer", to="A", first=chance.random() < 0.5)
    told = {one.number: hall.before(one.id) for one in tickets}
    order = drain(hall, counters)
    assert len(order) == len(tickets)
    assert [told[number] for number in order] == list(range(len(order)))


def test_counters_of_other_groups_call_meanwhile_and_are_counted(hall: Hall) -> None:
    hall.set_up({1: ["A"], 2: ["B"]}, message_id=3)
    for counter in (1, 2):
        hall.press(counter, "open")
    kiosk = hall.kiosks[0]
    tickets = [kiosk.give(letter) for letter in "BBBBBBAA"]
    told = {one.number: hall.before(one.id) for one in tickets}
    order = drain(hall, [1, 2])
    assert [told[number] for number in order] == list(range(8))
    assert order.index(tickets[-1].number) == 2  # not after six of another counter


def test_a_counter_that_shares_a_letter_counts_with_all_that_it_calls(hall: Hall) -> None:
    """What was told before looked at one letter alone: 31 were 49."""
    hall.set_up({1: ["A", "B"]}, message_id=3)
    hall.press(1, "open")
    kiosk = hall.kiosks[0]
    for _ in range(10):
        kiosk.give("B")
    last = kiosk.give("A")
    assert (hall.before(last.id), kiosk.tell().queue["civil-affairs"].before) == (10, 11)


def test_somebody_with_priority_is_told_how_many_come_before_with_it(hall: Hall) -> None:
    hall.press(2, "open")
    kiosk = hall.kiosks[0]
    for _ in range(12):
        hall.passes(30)
        kiosk.give("A")
    prospect = kiosk.tell().queue["civil-affairs"]
    own = kiosk.give("A", priority="elderly")
    assert (prospect.before, prospect.before_priority) == (12, hall.before(own.id))
    assert prospect.before_priority is not None
    assert prospect.before_priority < 12
    ahead = drain(hall, [2]).index(own.number)
    assert ahead == prospect.before_priority


def test_one_who_was_absent_comes_back_in_the_count_as_in_the_calls(hall: Hall) -> None:
    hall.press(2, "open")
    tickets = [hall.kiosks[0].give("A") for _ in range(8)]
    hall.press(2, "next")
    hall.passes(61)
    hall.press(2, "not-here")
    told = {one.number: hall.before(one.id) for one in tickets}
    order = drain(hall, [2])
    assert [told[number] for number in order] == list(range(8))
    assert order.index(tickets[0].number) > 0


def test_before_anybody_has_opened_people_are_counted_by_all_counters_of_the_centre(hall: Hall) -> None:
    hall.set_up({1: ["A", "B"]}, message_id=3)
    for letter in "BBA":
        last = hall.kiosks[0].give(letter)
    assert hall.before(last.id) == 2
    prospect = hall.kiosks[0].tell().queue["civil-affairs"]
    assert (prospect.before, prospect.low_s) == (3, None)


def test_who_was_sent_to_a_counter_that_central_took_out_is_called_by_another(hall: Hall) -> None:
    hall.press(1, "open")
    hall.press(2, "open")
    sent, behind = hall.kiosks[0].give("A"), hall.kiosks[0].give("A")
    hall.press(1, "next")
    hall.press(1, "transfer", to=3)
    hall.set_up({1: ["A", "B"], 2: ["A"]}, message_id=3)
    assert hall.before(behind.id) == 1
    assert [hall.called(2), hall.called(1)] == [sent.number, behind.number]


@pytest.mark.proof
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

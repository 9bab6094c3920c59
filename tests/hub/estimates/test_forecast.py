"""What somebody is told of his wait: by which services and counters, and how long these still keep whom they have."""

import pytest

from common.protocol.feed_message import QueueRules
from hub.engine.centre import Interruption
from hub.estimates.estimate import WaitRange
from hub.estimates.forecast import Forecast, Prospects
from hub.services.interrupting import interrupt
from tests.hub.hall import Hall
from tests.hub.kept_tickets import change, keep, us


def served(hall: Hall, *seconds: float, service: str = "civil-affairs") -> None:
    """Let services of today have taken so long, the last one first."""
    with hall.hub.read() as look:
        day = look.day
    keep(
        hall,
        *(
            {"day": day, "service": service, "end": "done", "called_work": 0, "ended_work": us(took), "ended_line": -at}
            for at, took in enumerate(seconds)
        ),
    )


def mean_s(hall: Hall, service: str = "civil-affairs") -> float:
    with hall.hub.read() as look:
        return Forecast(look).mean_us(service) / 1e6


def test_a_service_takes_five_minutes_until_todays_say_otherwise(hall: Hall) -> None:
    assert mean_s(hall) == 300
    served(hall, 30)
    assert mean_s(hall) == round((30 + 20 * 300) / 21, 6)
    served(hall, *[30] * 19)
    assert mean_s(hall) == 165
    assert mean_s(hall, "clearance") == 300


def test_only_the_last_sixty_services_count(hall: Hall) -> None:
    served(hall, *[100] * 60, 9000, 9000)
    assert mean_s(hall) == (60 * 100 + 20 * 300) / 80


def wait_s(hall: Hall, queue: str = "A") -> float | None:
    with hall.hub.read() as look:
        return Forecast(look).estimate_s_of_new(queue)


def test_a_counter_acts_until_fifteen_working_minutes_after_its_last_press(hall: Hall) -> None:
    assert wait_s(hall) is None
    hall.press(1, "open")
    hall.passes(15 * 60)
    assert wait_s(hall) == 0
    hall.passes(0.001)
    assert wait_s(hall) is None


def test_a_counter_that_pauses_or_closes_calls_nobody(hall: Hall) -> None:
    for press in ("pause", "close"):
        hall.press(1, "open")
        assert wait_s(hall) == 0
        hall.press(1, press)
        assert wait_s(hall) is None


def test_a_counter_keeps_whom_it_has_by_the_mean_of_his_service_and_a_tenth_of_it_at_least(hall: Hall) -> None:
    hall.press(1, "open")
    hall.kiosks[0].give("A")
    hall.press(1, "next")
    found = []
    for _ in range(4):
        found.append(round(wait_s(hall) or 0, 3))
        hall.passes(130)
    assert found == [300, 170, 40, 30]


def test_the_wait_for_a_queue_that_no_counter_serves_is_unknown_though_one_that_acts_would_help(hall: Hall) -> None:
    hall.press(1, "open")
    served(hall, *[300] * 5)
    assert wait_s(hall, "C") is None
    with hall.hub.read() as look:
        assert Forecast(look).of_new("C") == Prospects(0, None)
        assert Forecast(look).of_new("A") == Prospects(0, WaitRange(0, 0, 0))


def test_what_somebody_is_told_is_how_many_come_before_and_the_range(hall: Hall) -> None:
    hall.press(1, "open")
    served(hall, *[300] * 5)
    first, second = hall.kiosks[0].give("A"), hall.kiosks[1].give("A")
    hall.passes(10)
    with hall.hub.read() as look:
        told = Forecast(look)
        assert told.of_new("A") == Prospects(2, WaitRange(600, 300, 900))
        assert told.estimate_s_of_new("A") == 600
        # Nobody overtakes who has waited as long as it takes: minutes that count double catch up with none here.
        assert told.of_new("A", preferred=True) == Prospects(1, WaitRange(300, 150, 450))
    for ticket, before in ((first, 0), (second, 1)):
        found = hall.ticket(ticket.id)
        with hall.hub.read() as look:
            wait = WaitRange(300 * before, 150 * before, 450 * before)
            assert Forecast(look).of(found) == Prospects(before, wait)


def test_before_any_counter_calls_those_of_all_counters_are_played(hall: Hall) -> None:
    hall.set_up({1: ["A"], 2: ["A"]}, QueueRules(), message_id=9)
    tickets = [hall.kiosks[0].give("A") for _ in range(3)]
    assert [hall.before(one.id) for one in tickets] == [0, 1, 2]
    with hall.hub.read() as look:
        assert Forecast(look).of_new("A") == Prospects(3, None)


def test_in_a_centre_without_counters_those_of_the_same_queue_count(hall: Hall) -> None:
    hall.set_up({}, message_id=9)
    tickets = [hall.kiosks[0].give(letter) for letter in "ABAA"]
    assert [hall.before(one.id) for one in tickets] == [0, 0, 1, 2]
    with hall.hub.read() as look:
        assert Forecast(look).of_new("A") == Prospects(3, None)


@pytest.mark.parametrize("called_work", [None, 0])
def test_a_counter_whose_ticket_was_never_called_is_free(hall: Hall, called_work: int | None) -> None:
    hall.press(1, "open")
    given = hall.kiosks[0].give("A")
    hall.press(1, "next")
    change(hall, given.id, called_work=called_work)
    assert wait_s(hall) == (0 if called_work is None else 300)


def test_while_a_service_stands_still_only_those_of_its_queue_who_came_earlier_are_counted(hall: Hall) -> None:
    hall.press(1, "open")
    served(hall, *[300] * 5)
    tickets = [hall.kiosks[0].give(letter) for letter in "ABAA"]
    with hall.act() as act:
        interrupt(act, "civil-affairs", Interruption("power", "clerk-1"))
    found = [hall.ticket(one.id) for one in tickets]
    with hall.hub.read() as look:
        told = [Forecast(look).of(one) for one in found]
    assert told == [Prospects(0, None), Prospects(0, WaitRange(0, 0, 0)), Prospects(1, None), Prospects(2, None)]

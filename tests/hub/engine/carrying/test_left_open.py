"""Counters that nobody closed: a new day closes them, and what they had ends as the day before does."""

from common.protocol.feed_message import QueueRules
from hub.log.event import read_events
from tests.hub.engine.carrying.days import HOUR, gives, goes_home
from tests.hub.hall import Hall
from tests.hub.held import check


def states(hall: Hall) -> list[str]:
    return [hall.counter(number).state for number in (1, 2)]


def test_a_counter_that_nobody_closed_is_closed_the_next_morning(hall: Hall) -> None:
    hall.press(1, "open")
    hall.press(2, "open")
    hall.press(2, "pause")
    waiting = gives(hall.kiosks[0])
    goes_home(hall)
    assert states(hall) == ["closed", "closed"]
    with hall.hub.read() as look:
        kinds = [(event.kind, event.counter) for event in read_events(look.connection) if event.counter]
    assert kinds[-2:] == [("counter-closed", 1), ("counter-closed", 2)]
    assert hall.ticket(waiting.id).end == "expired"
    hall.press(1, "next", expect=409)
    hall.press(1, "open")
    check(hall)


def test_whom_a_clerk_left_at_an_open_counter_has_an_end_the_next_morning_and_is_not_carried(hall: Hall) -> None:
    hall.set_up({1: ["A"]}, QueueRules(carry_after_min=5), message_id=2)
    hall.press(1, "open")
    called = gives(hall.kiosks[0])
    hall.passes(2 * HOUR)
    assert hall.called(1) == called.number
    goes_home(hall)
    assert (hall.ticket(called.id).end, hall.counter(1).ticket) == ("expired", None)
    check(hall)


def test_a_day_that_begins_while_people_work_closes_no_counter(hall: Hall) -> None:
    """The date may become known at noon: who has pressed since is there."""
    hall.press(1, "open")
    hall.press(2, "open")
    hall.passes(10 * HOUR)
    hall.press(1, "pause")
    goes_home(hall)
    assert states(hall) == ["paused", "closed"]

"""Who goes through the digits of alarms under a forged number: five wrong ones an hour, and its owner hears of it."""

import pytest

from common.messages.port import Received
from hub.messages import alarms
from hub.messages.tries import AN_HOUR, Tries
from tests.hub.messages.conftest import TECHNICIAN, Desk


def texts(desk: Desk, number: str, *said: str) -> None:
    """Let texts come in, and be looked at."""
    desk.modem.texts += [Received(number, one) for one in said]
    desk.look()


def is_taken(desk: Desk) -> bool:
    with desk.hall.hub.store.read() as connection:
        return any(one.taken_by is not None for one in alarms.standing_alarms(connection))


@pytest.fixture
def told(desk: Desk) -> Desk:
    """A desk at which the technician was told that a paper is out."""
    desk.kiosk_says("paper-out")
    desk.look()
    desk.look(after_s=61)
    return desk


def wrong(desk: Desk) -> list[str]:
    return [f"{number:02}" for number in range(10, 100) if f"{number:02}" != desk.digits()]


def test_after_five_wrong_tries_nothing_of_a_number_counts_for_the_hour(told: Desk) -> None:
    texts(told, TECHNICIAN, *wrong(told)[:AN_HOUR], told.digits())
    assert not is_taken(told)
    texts(told, TECHNICIAN, told.digits())
    assert not is_taken(told)
    told.look(after_s=3600)
    texts(told, TECHNICIAN, told.digits())
    assert is_taken(told), "the hour is over"


def test_who_mistypes_and_writes_other_things_still_takes_it(told: Desk) -> None:
    texts(told, TECHNICIAN, *wrong(told)[: AN_HOUR - 1], "yes", "thanks", "123", told.digits())
    assert is_taken(told)


def test_the_tries_of_one_number_are_not_another_s() -> None:
    tries = Tries()
    for _ in range(AN_HOUR):
        assert tries.are_left("one", 0.0)
        tries.note("one", 0.0)
    assert (tries.are_left("one", 3599.0), tries.are_left("one", 3600.0), tries.are_left("two", 0.0)) == (
        False, True, True
    )  # fmt: skip
    for number in range(2000):
        tries.note(str(number), 1.0)
    assert tries.are_left("one", 1.0), "the oldest go"


def test_whose_number_took_an_alarm_is_told_so(told: Desk) -> None:
    before, digits = len(told.modem.sent), told.digits()
    texts(told, TECHNICIAN, digits)
    told.look(after_s=5)
    ((_, number, text),) = told.modem.sent[before:]
    assert number == TECHNICIAN
    assert digits in text

"""Who is sent on keeps number and place, in another group or at one counter, as long as that is open."""

from tests.hub.engine.presses.test_acts import opened, served
from tests.hub.hall import Hall


def test_a_transfer_keeps_number_and_arrival(hall: Hall) -> None:
    opened(hall, 1, 3)
    hall.kiosks[0].give("C")
    hall.passes(10)
    given = hall.kiosks[0].give("A")
    arrived = hall.ticket(given.id).arrived_line
    hall.passes(10)
    later = hall.kiosks[1].give("C")
    hall.press(1, "next")
    hall.press(1, "transfer", to="C")
    assert hall.ticket(given.id).arrived_line == arrived
    assert [hall.called(3) for _ in range(3)] == ["C1001", given.number, later.number]


def test_a_transfer_to_a_counter_is_called_by_that_counter_alone_and_first_where_asked(hall: Hall) -> None:
    opened(hall, 1, 2, 3)
    given = hall.kiosks[0].give("A")
    hall.press(1, "next")
    hall.passes(100)
    older = hall.kiosks[1].give("C")
    hall.press(1, "transfer", to=3, first=True)
    assert hall.called(2) == older.number  # its own queue is empty: it helps, but not with what is bound to 3
    assert hall.called(3) == given.number


def test_a_transfer_to_nowhere_names_what_is_wrong(hall: Hall) -> None:
    opened(hall)
    hall.kiosks[0].give()
    served(hall)
    assert hall.press(1, "transfer", to="Q", expect=422)["type"] == "/problems/unknown-group"
    assert hall.press(1, "transfer", to=9, expect=422)["type"] == "/problems/unknown-counter"


def test_who_was_sent_to_a_counter_that_closes_before_it_calls_him_waits_for_his_group_again(hall: Hall) -> None:
    """Until now nobody else could call him, and his page said that nobody was before him."""
    opened(hall, 1, 2)
    given = hall.kiosks[0].give("A")
    served(hall)
    hall.press(1, "transfer", to=2)
    assert hall.called(1) is None
    hall.press(2, "close")
    assert hall.before(given.id) == 0
    hall.press(2, "open")
    assert hall.called(1) is None, "it is back, and calls him itself"
    hall.press(2, "close")
    assert hall.called(1) == given.number

"""What must hold in the hall after any simulated time: promises 10 to 14, and books that are equal to the ticket.

`tests/tools/week/test_two_days.py` plays a short time, `tests/end_to_end/test_week.py` a week, the benchmark a month.
"""

from collections import Counter

from tests.hub.held import check_store
from tools.week.hall import HallBooks

ENDS = {"done", "done-unconfirmed", "missed", "left", "expired", "carried", "voided", "by-hand"}
# Ages are counted in microseconds from boot clocks; a message's way and the rounding of the test's clock are in it.
SAME_AGE_US = 1_000_000


def one_person_was_at_one_counter(hall: HallBooks) -> None:
    """Promise 10: nobody was called twice by one press nor to two counters, and the log makes the projections."""
    check_store(hall.store)
    calls = Counter(event.press for event in hall.events if event.kind == "called")
    assert max(calls.values()) == 1


def every_press_was_answered_and_a_repeat_the_same(hall: HallBooks) -> None:
    """Promises 10 and 12: whatever was killed or cut, each press has its answer, and keeps it."""
    assert len({(one.counter, one.key) for one in hall.pressed}) == len(hall.pressed)
    assert any(one.sent > 1 for one in hall.pressed)
    hall.town.counters.log_in()
    repeated = hall.town.chance.sample(hall.pressed, min(60, len(hall.pressed)))
    for one in repeated:
        assert hall.town.counters.answer_again(one) == (one.status, one.answer)
    with hall.store.read() as connection:
        assert connection.exec_driver_sql("SELECT max(seq) FROM hub_events").scalar() == hall.events[-1].seq


def each_call_was_on_the_board(hall: HallBooks) -> None:
    """Of promise 11, what the hub's half is: each call, recalls too, was in what a board is sent, and nothing else was.

    That a board then says each once is held where one speaks: tests/hub/pages.
    """
    calls = {event.seq: event.number for event in hall.events if event.kind in ("called", "called-again")}
    assert hall.heard == calls


def a_ticket_kept_its_true_place(hall: HallBooks) -> None:
    """Promise 13: by age, whatever the clocks showed and whenever it was heard of; never against a kiosk's order."""
    for of_kiosk in hall.by_kiosk().values():
        lines = [one.arrived_line for one in of_kiosk]
        assert lines == sorted(lines)
    for of_boot in hall.by_hearing().values():
        latest = 0
        for one in of_boot:
            assert one.arrived_line >= latest - SAME_AGE_US, one
            latest = max(latest, one.arrived_line)


def the_books_are_equal_to_the_ticket(hall: HallBooks) -> None:
    """At central every number that was given has one end, and the month is their sum."""
    assert hall.ends.keys() <= ENDS, [visit for visit in hall.visits if visit.end not in ENDS]
    given = {one.item for one in hall.town.told if one.number} | {
        event.ticket for event in hall.events if event.kind == "given"
    }
    known = Counter(visit.ticket for visit in hall.visits)
    assert max(known.values()) == 1
    assert given <= known.keys()
    assert sum(month.issued for month in hall.months) == len(hall.visits)
    for month in hall.months:
        assert month.issued == sum(month.ends.values())
        assert month.ends.keys() <= ENDS


def central_says_of_each_ticket_what_the_hub_says(hall: HallBooks) -> None:
    """Whatever order the items came in, and whatever the clocks were."""
    with hall.store.read() as connection:
        rows = connection.exec_driver_sql('SELECT id, "end" FROM hub_tickets').all()
    assert {row.id: row.end for row in rows} == {visit.ticket: visit.end for visit in hall.visits}


CHECKS = (
    one_person_was_at_one_counter,
    every_press_was_answered_and_a_repeat_the_same,
    each_call_was_on_the_board,
    a_ticket_kept_its_true_place,
    the_books_are_equal_to_the_ticket,
    central_says_of_each_ticket_what_the_hub_says,
)

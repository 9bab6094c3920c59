"""How those who were carried over share the first calls of a day with those who came that day."""

import pytest

from tests.hub.engine.carrying.days import by_id, closes, gives, goes_home
from tests.hub.hall import Hall


def morning(hall: Hall, carried: int, newcomers: int, letter: str = "A") -> dict[str, str]:
    """Carry so many over, and let them and newcomers be there at opening; return who is who by number."""
    old = []
    for _ in range(carried):
        hall.passes(1)
        old.append(gives(hall.kiosks[0], letter))
    closes(hall)
    goes_home(hall)
    who = {gives(hall.kiosks[1], letter).number: "new" for _ in range(newcomers)}
    return who | {gives(hall.kiosks[2], letter, claim=by_id(one)).number: "carried" for one in old}


def calls(hall: Hall, who: dict[str, str], count: int, counter: int = 1) -> list[str | None]:
    return [None if (number := hall.called(counter)) is None else who[number] for _ in range(count)]


def test_every_second_call_at_most_is_a_carried_one(hall: Hall) -> None:
    who = morning(hall, 3, 4)
    hall.press(1, "open")
    assert calls(hall, who, 8) == ["carried", "new", "carried", "new", "carried", "new", "new", None]


def test_where_nobody_else_waits_they_are_called_one_after_the_other(hall: Hall) -> None:
    who = morning(hall, 3, 0)
    hall.press(1, "open")
    assert calls(hall, who, 3) == ["carried"] * 3


@pytest.mark.parametrize(("minutes", "third"), [(89, "new"), (90, "carried")])
def test_after_ninety_working_minutes_they_simply_have_their_place(hall: Hall, minutes: int, third: str) -> None:
    who = morning(hall, 3, 4)
    hall.press(1, "open")
    assert calls(hall, who, 1) == ["carried"]
    hall.works(False)
    hall.passes(7200)  # a cut is no working time
    hall.works()
    hall.passes(60 * minutes)
    assert calls(hall, who, 1) == [third]


def test_each_counter_alternates_so_that_no_group_is_left_to_the_others(hall: Hall) -> None:
    of_a = morning(hall, 2, 2, "A")
    hall.press(2, "open")
    hall.press(3, "open")
    assert calls(hall, of_a, 1, counter=2) == ["carried"]
    of_c = {gives(hall.kiosks[1], "C").number: "new"}
    assert calls(hall, of_c, 1, counter=3) == ["new"], "its own group has nobody who was carried over"
    assert calls(hall, of_a, 1, counter=2) == ["new"]


def test_who_is_told_how_many_come_before_him_is_told_what_then_happens(hall: Hall) -> None:
    who = morning(hall, 3, 5)
    hall.press(1, "open")
    with hall.hub.read() as look:
        rows = look.connection.exec_driver_sql("SELECT number, id FROM hub_tickets WHERE state = 'waiting'").all()
    told = {number: hall.before(ticket) for number, ticket in rows}
    came = [hall.called(1) for _ in who]
    assert [told[number or ""] for number in came] == list(range(len(who)))


def test_somebody_is_told_to_be_first_also_where_a_closed_counter_called_a_carried_one_last(hall: Hall) -> None:
    old = [gives(hall.kiosks[0], "A"), gives(hall.kiosks[0], "C")]
    closes(hall)
    goes_home(hall)
    gives(hall.kiosks[1], "A", claim=by_id(old[0]))
    carried = gives(hall.kiosks[1], "C", claim=by_id(old[1]))
    newcomer = gives(hall.kiosks[2], "A")
    hall.press(1, "open")
    hall.called(1)
    hall.press(1, "came")
    hall.press(1, "done")
    hall.press(1, "close")
    hall.passes(31 * 60)  # from here on each counter calls those who have waited since opening as its own
    hall.press(2, "open")
    assert [hall.before(one.id) for one in (carried, newcomer)] == [0, 1]
    assert [hall.called(2), hall.called(2)] == [carried.number, newcomer.number]


def test_an_undone_call_gives_the_turn_back(hall: Hall) -> None:
    who = morning(hall, 2, 2)
    hall.press(1, "open")
    first = hall.called(1)
    hall.press(1, "undo")
    assert hall.called(1) == first
    assert calls(hall, who, 1) == ["new"]


def test_priority_of_today_shares_in_the_turn_of_the_others(hall: Hall) -> None:
    who = morning(hall, 2, 1)
    hall.passes(60)
    urgent = gives(hall.kiosks[1], priority="elderly")
    who[urgent.number] = "urgent"
    hall.press(1, "open")
    hall.passes(300)
    assert calls(hall, who, 4) == ["urgent", "carried", "new", "carried"], "its minutes count double"

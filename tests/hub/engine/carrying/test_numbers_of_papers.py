"""What a paper of an earlier day is worth as a clerk reads it: by its number, its date and the service asked for."""

from hub.engine.carrying.claiming import Judged, days_that_count, judge_number
from tests.hub.engine.carrying.days import by_id, closes, gives, goes_home, today
from tests.hub.hall import DAY, Hall


def judged(hall: Hall, number: str, label: str = DAY, service: str = "civil-affairs") -> Judged:
    with hall.hub.read() as look:
        return judge_number(look, number, label, service)


def counting(hall: Hall) -> list[str]:
    with hall.hub.read() as look:
        return days_that_count(look)


def test_a_carried_number_is_good_by_its_number_date_and_service_together(hall: Hall) -> None:
    one, other = gives(hall.kiosks[0]), gives(hall.kiosks[0])
    closes(hall)
    assert counting(hall) == []
    goes_home(hall)
    assert judged(hall, one.number) == Judged("good", hall.ticket(one.id))
    assert judged(hall, other.number) == Judged("good", hall.ticket(other.id))
    assert judged(hall, "A1003") == Judged("unknown")
    assert judged(hall, one.number, today(hall)) == Judged("unknown")
    assert judged(hall, one.number, "2026-11-24") == Judged("unknown")
    assert judged(hall, one.number, service="clearance") == Judged("unknown")
    gives(hall.kiosks[1], claim=by_id(one))
    assert judged(hall, one.number) == Judged("used", hall.ticket(one.id))
    assert judged(hall, other.number) == Judged("good", hall.ticket(other.id))


def test_the_days_whose_papers_count_are_told_the_latest_first(hall: Hall) -> None:
    first = gives(hall.kiosks[0])
    closes(hall)
    goes_home(hall)
    assert counting(hall) == [DAY]
    second_day = today(hall)
    second = gives(hall.kiosks[0])
    closes(hall)
    goes_home(hall)
    assert counting(hall) == [second_day, DAY]
    assert judged(hall, second.number, second_day) == Judged("good", hall.ticket(second.id))
    assert judged(hall, first.number, DAY) == Judged("good", hall.ticket(first.id))


def test_a_number_of_a_day_that_this_hub_has_not_served_counts_by_when_it_was_given(hall: Hall) -> None:
    one = gives(hall.kiosks[0])
    closes(hall)
    goes_home(hall)
    with hall.act() as act:
        act.connection.exec_driver_sql("UPDATE hub_tickets SET day = 0")
    assert counting(hall) == [DAY]
    assert judged(hall, one.number) == Judged("good", hall.ticket(one.id))
    assert judged(hall, one.number, "2026-11-26") == Judged("unknown")


def test_without_a_day_nothing_counts(hall: Hall) -> None:
    assert counting(hall) == []
    assert judged(hall, "A1001") == Judged("unknown")

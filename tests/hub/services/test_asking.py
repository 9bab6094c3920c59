"""The hub asks whether a service stands still: after twenty working minutes, of people who wait, and never decides."""

from hub.engine.centre import Interruption
from hub.services.asking import expected_again, stopped_perhaps
from hub.services.interrupting import interrupt, works_again
from hub.services.now import services_now
from tests.hub.hall import Hall


def asks(hall: Hall) -> list[str]:
    with hall.hub.read() as look:
        return stopped_perhaps(look)


def finish_one(hall: Hall, counter: int) -> None:
    hall.called(counter)
    hall.press(counter, "came")
    hall.press(counter, "done", documents={})


def test_it_asks_after_twenty_working_minutes_without_one_finished(hall: Hall) -> None:
    hall.press(1, "open")
    hall.press(2, "open")
    for _ in range(4):
        hall.kiosks[0].give("A")
    finish_one(hall, 1)
    hall.passes(19 * 60)
    assert asks(hall) == []
    hall.works(False)
    hall.passes(3600)  # a cut is no reason to ask
    assert asks(hall) == []
    hall.works(True)
    hall.passes(61)
    assert asks(hall) == ["civil-affairs"]
    finish_one(hall, 2)
    assert asks(hall) == []


def test_it_asks_not_where_one_counter_serves_it_or_nobody_waits_for_it(hall: Hall) -> None:
    hall.press(1, "open")
    hall.kiosks[0].give("A")
    hall.passes(3600)
    assert asks(hall) == []
    hall.press(2, "open")
    assert asks(hall) == ["civil-affairs"]
    hall.called(1)
    assert asks(hall) == []


def test_who_has_just_come_is_no_reason_to_ask(hall: Hall) -> None:
    hall.press(1, "open")
    hall.press(2, "open")
    hall.passes(3600)
    hall.kiosks[0].give("A")
    assert asks(hall) == []


def test_said_to_work_again_it_is_asked_about_after_another_twenty_minutes(hall: Hall) -> None:
    hall.press(1, "open")
    hall.press(2, "open")
    hall.kiosks[0].give("A")
    hall.passes(21 * 60)
    with hall.act() as act:
        interrupt(act, "civil-affairs", Interruption("registry-line", "clerk-1"))
    assert asks(hall) == []
    with hall.act() as act:
        works_again(act, "civil-affairs", "clerk-1")
    assert asks(hall) == []
    hall.passes(20 * 60)
    assert asks(hall) == ["civil-affairs"]


def test_when_the_time_is_over_at_which_it_was_expected_to_work_it_is_asked_about_and_stands_still(hall: Hall) -> None:
    with hall.act() as act:
        interrupt(act, "civil-affairs", Interruption("registry-line", "clerk-1", until="23:59"))
        interrupt(act, "clearance", Interruption("power", "clerk-1", until="00:00"))
    with hall.hub.read() as look:
        assert expected_again(look) == ["clearance"]
        assert set(look.centre.interrupted) == {"civil-affairs", "clearance"}
    hall.clock.trust = "unknown"
    with hall.hub.read() as look:
        assert expected_again(look) == []


def test_a_time_is_one_of_the_day_on_which_it_was_said(hall: Hall) -> None:
    with hall.act() as act:
        interrupt(act, "civil-affairs", Interruption("registry-line", "clerk-1", until="23:59"))
    with hall.hub.read() as look:
        assert [one.until for one in services_now(look) if one.state == "interrupted"] == ["23:59"]
    hall.passes(86_400)
    with hall.hub.read() as look:
        assert [one.until for one in services_now(look) if one.state == "interrupted"] == [None]
        assert expected_again(look) == ["civil-affairs"]

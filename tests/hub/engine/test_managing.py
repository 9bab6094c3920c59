"""What a manager's wishes make of days, counters, rules and boards, and what is refused."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from common.machine.stamp import Trust
from common.protocol.feed_message import QueueRules
from common.queue.standing import Counter
from hub.engine.managing import (
    ChoiceRules,
    CounterStanding,
    DayStanding,
    choice_rules,
    close_counter,
    close_day,
    counter_as_it_is,
    name_board,
    open_day,
    release,
    set_groups,
    set_rules,
    undo_day,
)
from hub.engine.refusal import Refused
from hub.log.event import read_events
from hub.log.reading import find_counter
from tests.hub.hall import DAY, Hall, open_hall
from tests.hub.held import check
from tests.kit.clock import HandClock


def refused(hall: Hall, wish: Any, *given: Any) -> tuple[int, str, str]:
    with hall.act() as act, pytest.raises(Refused) as error:
        wish(act, *given)
    return error.value.status, error.value.code, error.value.detail


def last(hall: Hall) -> tuple[str, Any]:
    with hall.hub.store.read() as connection:
        event = list(read_events(connection))[-1]
    return event.kind, event.read_body().detail


def test_a_manager_opens_later_days_and_closes_them(hall: Hall) -> None:
    assert refused(hall, close_day) == (409, "no-day", "no business day is open")
    hall.kiosks[0].give("A")
    with hall.act() as act:
        assert close_day(act) == DayStanding(DAY, closed=True)
        assert close_day(act) == DayStanding(DAY, closed=True)
    passed = (409, "day-passed", f"the day {DAY} is open already: only a later one can be opened")
    assert refused(hall, open_day, DAY) == refused(hall, open_day, "2026-11-24") == passed
    ahead = (409, "too-far", "this clock is right: no day after 2026-11-26 can be opened yet")
    assert refused(hall, open_day, "2026-11-27") == ahead
    with hall.act() as act:
        assert open_day(act, "2026-11-26") == DayStanding("2026-11-26", closed=False)
        assert len([one for one in act.recorded if one.kind == "day-closed"]) == 0
    hall.clock.trust = "restored"
    with hall.act() as act:
        assert open_day(act, "2026-11-27") == DayStanding("2026-11-27", closed=False)
        assert [one.kind for one in act.recorded] == ["day-closed", "day-opened"]


@pytest.mark.parametrize("trust", ["restored", "file", "unknown"])
def test_a_far_date_is_typed_twice_where_no_clock_is_sure_and_never_over_a_month_ahead(
    hall: Hall, trust: Trust
) -> None:
    hall.kiosks[0].give("A")
    hall.clock.trust = trust
    twice = (409, "type-again", "no clock here is sure of 2026-12-26: type it twice, as open and again")
    assert refused(hall, open_day, "2026-12-26") == refused(hall, open_day, "2026-12-26", "2026-12-25") == twice
    far = (409, "too-far", "no day after 2026-12-26 can be opened yet")
    assert refused(hall, open_day, "2027-11-26", "2027-11-26") == refused(hall, open_day, "2026-12-27") == far
    with hall.act() as act:
        assert open_day(act, "2026-12-26", "2026-12-26") == DayStanding("2026-12-26", closed=False)


def test_a_first_date_is_typed_twice_where_no_clock_tells_any(tmp_path: Path) -> None:
    hall = open_hall(tmp_path / "hub", HandClock(trust="unknown"))
    assert refused(hall, open_day, DAY)[:2] == (409, "type-again")
    with hall.act() as act:
        assert open_day(act, DAY, DAY) == DayStanding(DAY, closed=False)
    hall.hub.store.close()


@pytest.mark.parametrize("trust", ["synced", "unknown"])
def test_a_day_that_was_opened_by_a_slip_is_taken_back_with_all_whom_it_ended(hall: Hall, trust: Trust) -> None:
    hall.press(1, "open")
    parked, waiting = hall.kiosks[0].give("A"), hall.kiosks[0].give("A")
    assert hall.called(1) == parked.number
    hall.press(1, "came")
    hall.press(1, "park")
    before = [hall.ticket(one.id) for one in (parked, waiting)]
    hall.passes(60)
    hall.clock.trust = trust
    with hall.act() as act:
        open_day(act, "2026-11-26")
    assert [hall.ticket(one.id).state for one in (parked, waiting)] == ["ended", "ended"]
    hall.passes(60)
    late = hall.kiosks[1].give("A")
    assert refused(hall, undo_day, DAY)[:2] == (409, "nothing-to-undo")
    with hall.act() as act:
        assert undo_day(act, "2026-11-26") == DayStanding(DAY, closed=False)
    assert [hall.ticket(one.id) for one in (parked, waiting)] == [replace(one, day=2) for one in before]
    check(hall)
    assert hall.called(1) == waiting.number
    assert hall.kiosks[1].tell().closed_day is None
    assert refused(hall, undo_day, DAY)[:2] == (409, "nothing-to-undo")
    with hall.act() as act:
        assert open_day(act, "2026-11-26") == DayStanding("2026-11-26", closed=False)
    assert hall.ticket(late.id).state == ("ended" if trust == "synced" else "waiting")


def test_a_day_on_which_somebody_was_called_is_not_taken_back(hall: Hall) -> None:
    hall.press(1, "open")
    hall.clock.trust = "unknown"
    hall.kiosks[0].give("A")
    with hall.act() as act:
        open_day(act, "2026-11-26")
    assert hall.called(1) is not None
    assert refused(hall, undo_day, "2026-11-26")[:2] == (409, "went-on")


def test_taking_back_the_date_of_people_who_hold_the_day_gives_it_the_one_before(hall: Hall) -> None:
    hall.clock.trust = "unknown"
    waiting = hall.kiosks[0].give("A", clock="untrusted")
    with hall.act() as act:
        open_day(act, "2026-12-20", "2026-12-20")
        assert [one.kind for one in act.recorded] == ["day-relabelled"]
    with hall.act() as act:
        assert undo_day(act, "2026-12-20") == DayStanding(DAY, closed=False)
    assert hall.ticket(waiting.id).state == "waiting"
    with hall.act() as act:
        assert open_day(act, "2026-11-26") == DayStanding("2026-11-26", closed=False)


def test_a_day_that_was_closed_before_is_closed_again_when_the_next_is_taken_back(hall: Hall) -> None:
    waiting = hall.kiosks[0].give("A")
    with hall.act() as act:
        close_day(act)
    hall.passes(1)
    with hall.act() as act:
        open_day(act, "2026-11-26")
    with hall.act() as act:
        assert undo_day(act, "2026-11-26") == DayStanding(DAY, closed=True)
    assert hall.ticket(waiting.id).end == "carried"
    check(hall)


def test_a_manager_says_which_queues_a_counter_calls_and_by_which_rule(hall: Hall) -> None:
    assert refused(hall, set_groups, 9, ["A"]) == (404, "no-such-counter", "there is no counter 9 in this centre")
    assert refused(hall, set_groups, 1, ["A", "Z", "Q"])[:2] == (422, "unknown-group")
    assert refused(hall, set_groups, 1, ["A", "Z", "Q"])[2] == "groups: there is no group Q"
    with hall.act() as act:
        set_groups(act, 1, ["C"])
    assert last(hall) == ("groups-set", {"name": "groups:1", "value": ["C"], "message_id": 1})
    rules = QueueRules()
    with hall.act() as act:
        assert choice_rules(act) == ChoiceRules(rules.priority_weight, rules.help_after_s)
        assert set_rules(act, {}) == choice_rules(act)
        assert act.recorded == []
        now = set_rules(act, {"help_after_s": 77})
    assert now == ChoiceRules(rules.priority_weight, 77)
    value = {"priority_weight": rules.priority_weight, "help_after_s": 77}
    assert last(hall) == ("rules-set", {"name": "rules", "value": value, "message_id": 1})
    with hall.hub.read() as look:
        assert choice_rules(look) == now
        assert look.centre.counters[1].groups == ["C"]
    hall.set_up({1: ["A"]}, message_id=2)
    with hall.hub.read() as look:
        assert (look.centre.counters[1].groups, choice_rules(look).help_after_s) == (["A"], rules.help_after_s)


def test_a_board_is_named_by_any_spelling_of_its_address_for_good(hall: Hall) -> None:
    said = "'board': expected an IP address such as 192.168.1.20"
    with hall.act() as act:
        with pytest.raises(Refused) as error:
            name_board(act, "board", counts=True)
        assert (error.value.status, error.value.code, error.value.detail) == (422, "no-address", said)
        assert name_board(act, "2001:DB8::0:1", counts=True) == ["2001:db8::1"]
    assert last(hall) == ("boards-set", {"name": "boards", "value": ["2001:db8::1"], "message_id": 2**62})
    with hall.act() as act:
        assert name_board(act, "2001:db8::1", counts=True) == ["2001:db8::1"]
        assert name_board(act, "10.0.0.9", counts=False) == ["2001:db8::1"]
        assert act.recorded == []
        assert name_board(act, "2001:db8::1", counts=False) == []


def test_a_manager_frees_a_counter_and_its_ticket_goes_back_in_front(hall: Hall) -> None:
    assert refused(hall, close_counter, 9)[1] == "no-such-counter"
    hall.press(1, "open")
    given = hall.kiosks[0].give("A")
    hall.press(1, "next")
    hall.press(1, "came")
    hall.passes(9)
    was, counter = hall.ticket(given.id), hall.counter(1)
    with hall.act() as act:
        line_us = act.line_us
        close_counter(act, 1)
        assert [one.kind for one in act.recorded] == ["resumed", "counter-closed"]
        assert counter_as_it_is(act, 1) == CounterStanding(1, "closed", False)
        close_counter(act, 1)
        assert len(act.recorded) == 2
    assert hall.counter(1) == Counter(number=1, version=counter.version + 1)
    assert hall.ticket(given.id) == replace(
        was, state="waiting", counter=None, front_line=line_us, came_line=None, came_work=None
    )


@pytest.mark.parametrize("wish", [release, close_counter])
def test_a_counter_that_has_not_said_what_it_did_may_have_given_numbers(hall: Hall, wish: Any) -> None:
    hall.press(1, "open")
    hall.passes(5)
    with hall.act() as act:
        act.record_at(find_counter(act.connection, 1), "must-resume")
    with hall.act() as act:
        line_us = act.line_us
        wish(act, 1)
        assert act.log_lost == line_us > 0
        assert not counter_as_it_is(act, 1).must_resume
        assert counter_as_it_is(act, 1).state == ("open" if wish is release else "closed")
    before = hall.counter(1)
    with hall.act() as act:
        release(act, 1)
        assert act.recorded == []
    assert hall.counter(1) == before


def test_a_day_of_the_clock_begins_at_four(hall: Hall) -> None:
    hall.kiosks[0].give("A")
    hall.clock.wall = datetime(2026, 11, 26, 0, 30, tzinfo=UTC)
    assert refused(hall, open_day, "2026-11-27")[1] == "too-far"

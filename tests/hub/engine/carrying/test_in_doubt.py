"""After a cut whose length no clock knows a clerk says whether those from before are here: nothing is guessed."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import msgspec
import pytest
from sqlalchemy import insert

from common.machine.stamp import Trust
from common.protocol.feed_message import Calendar, CalendarDay
from common.protocol.queue.event import STILL_HERE
from hub.engine.carrying.in_doubt import asked_about
from hub.engine.days import settle_day
from hub.engine.managing import open_day, undo_day
from hub.engine.opening import beat
from hub.engine.status import business_day
from hub.log.event import read_events
from offline_store.disk import tables as store_tables
from tests.hub.engine.carrying.days import by_id
from tests.hub.hall import DAY, HallKiosk, open_hall
from tests.hub.rebooting import RebootingClock, reopened

NEXT = "2026-11-26"
NIGHT_S = 18 * 3600


class Dark:
    """A hall without a clock: its hub is off through a cut, and so are its kiosks."""

    def __init__(self, folder: Path, trust: Trust = "unknown") -> None:
        self.folder, self.clock = folder, RebootingClock(trust=trust)
        self.hall = open_hall(folder, self.clock)
        self.hall.set_up({1: ["A"], 2: ["A"]})
        self.kiosk.trust = "untrusted" if trust == "unknown" else "synced"

    @property
    def kiosk(self) -> HallKiosk:
        return self.hall.kiosks[0]

    def is_off(self, seconds: float, trust: Trust = "unknown") -> None:
        beat(self.hall.hub)
        self.clock.reboots(seconds, trust=trust)
        self.kiosk.boot_id, self.kiosk.boot_offset_s = f"{self.kiosk.boot_id[:-1]}0", -5.0
        self.kiosk.trust = "untrusted" if trust == "unknown" else "synced"
        reopened(self.hall, self.folder)

    def asked(self) -> str | None:
        with self.hall.hub.read() as look:
            doubt = asked_about(look)
        return None if doubt is None else doubt.label

    def day(self) -> str | None:
        with self.hall.act() as act:
            settle_day(act)
            return business_day(act)

    def next(self, expect: int = 200) -> Any:
        return self.hall.press(1, "next", expect=expect)

    def calls(self) -> str:
        return cast("str", self.next()["counter"]["ticket"]["number"])


@pytest.fixture
def dark(tmp_path: Path) -> Iterator[Dark]:
    found = Dark(tmp_path / "hub")
    yield found
    found.hall.hub.store.close()


def test_in_the_morning_after_a_dark_night_those_of_yesterday_are_carried_over_on_a_clerks_word(dark: Dark) -> None:
    hall, old = dark.hall, [dark.kiosk.give("A"), dark.kiosk.give("A")]
    hall.press(1, "open")
    assert dark.calls() == old[0].number
    dark.is_off(NIGHT_S)
    new = dark.kiosk.give("A")
    assert dark.asked() == DAY
    assert dark.hall.press(1, "came")["counter"]["state"] == "serving"
    hall.press(1, "done")
    for wish in ({"press": "next"}, {"press": "give", "service": "civil-affairs"}):
        said = hall.raw(1, wish)
        assert (said.status, b"say-first" in said.body) == (409, True)
    hall.press(1, "still-here", here=False)
    assert (dark.asked(), dark.day()) == (None, NEXT)
    assert (hall.ticket(old[1].id).end, hall.ticket(old[1].id).first_day) == ("carried", NEXT)
    assert dark.calls() == new.number
    assert dark.next()["counter"]["ticket"] is None


@pytest.mark.parametrize("off_s", [60, NIGHT_S])
def test_where_a_clerk_says_that_they_are_still_here_they_are_called_and_nobody_asks_again(
    dark: Dark, off_s: float
) -> None:
    first, second = dark.kiosk.give("A"), dark.kiosk.give("A")
    dark.hall.press(1, "open")
    dark.is_off(off_s)
    assert dark.next(expect=409)["type"] == "/problems/say-first"
    dark.hall.press(1, "still-here", here=True)
    assert (dark.calls(), dark.day()) == (first.number, DAY)
    reopened(dark.hall, dark.folder)
    assert dark.calls() == second.number
    with dark.hall.hub.read() as look:
        assert [one.clerk for one in read_events(look.connection) if one.kind == STILL_HERE] == ["clerk-1"]


def test_whom_a_counter_had_as_the_power_went_is_carried_over_too_and_that_counter_closed(dark: Dark) -> None:
    held = dark.kiosk.give("A")
    dark.kiosk.give("A")
    dark.hall.press(2, "open")
    dark.hall.press(2, "next")
    dark.is_off(NIGHT_S)
    dark.hall.press(1, "open")
    dark.hall.press(1, "still-here", here=False)
    assert (dark.hall.ticket(held.id).end, dark.hall.counter(2).state) == ("carried", "closed")


def test_a_number_that_was_given_by_hand_since_is_in_no_doubt(dark: Dark) -> None:
    ended = dark.kiosk.give("A")
    dark.hall.press(1, "open")
    assert dark.calls() == ended.number
    dark.next()
    dark.is_off(NIGHT_S)
    given = dark.hall.press(1, "give", service="civil-affairs")["given"]["number"]
    assert dark.asked() is None
    assert dark.calls() == given


@pytest.mark.parametrize(("here", "word"), [(False, "good"), (True, "unknown")])
def test_a_paper_of_the_evening_is_judged_as_soon_as_its_day_is_known_to_be_over(
    dark: Dark, here: bool, word: str
) -> None:
    old = dark.kiosk.give("A")
    dark.is_off(NIGHT_S)
    came = dark.kiosk.give("A", claim=by_id(old))
    assert dark.hall.ticket(came.id).claim is None
    dark.hall.press(1, "open")
    dark.hall.press(1, "still-here", here=here)
    assert dark.hall.ticket(came.id).claim == word


def test_a_clerk_ends_the_ticket_of_his_own_counter_before_he_answers(dark: Dark) -> None:
    dark.kiosk.give("A")
    dark.hall.press(1, "open")
    dark.hall.press(1, "next")
    dark.is_off(NIGHT_S)
    assert dark.hall.press(1, "still-here", here=False, expect=409)["type"] == "/problems/ticket-open"
    assert dark.asked() == DAY


def test_who_came_between_two_cuts_before_anybody_was_asked_is_of_the_new_day(dark: Dark) -> None:
    old = dark.kiosk.give("A")
    dark.is_off(NIGHT_S)
    new = dark.kiosk.give("A")
    dark.is_off(60)
    dark.hall.press(1, "open")
    dark.hall.press(1, "still-here", here=False)
    assert dark.hall.ticket(old.id).end == "carried"
    assert dark.calls() == new.number


def test_a_number_of_the_morning_of_which_the_hub_hears_after_the_answer_is_of_the_new_day(dark: Dark) -> None:
    dark.kiosk.give("A")
    dark.is_off(NIGHT_S)
    unheard = dark.kiosk.ticket("A")
    dark.hall.passes(600)
    dark.hall.press(1, "open")
    dark.hall.press(1, "still-here", here=False)
    assert dark.kiosk.tell(unheard).refused == []
    assert dark.calls() == unheard.number


def test_no_kiosks_date_answers_for_the_clerk(dark: Dark) -> None:
    old = dark.kiosk.give("A")
    dark.is_off(NIGHT_S)
    dark.kiosk.give("A", business_day=NEXT, clock="synced")
    assert (dark.day(), dark.asked(), dark.hall.ticket(old.id).state) == (DAY, DAY, "waiting")


def test_a_clock_that_tells_the_time_again_answers_where_it_says_the_same_day(dark: Dark) -> None:
    old = dark.kiosk.give("A")
    dark.is_off(600, trust="synced")
    dark.hall.press(1, "open")
    assert dark.asked() is None
    assert dark.calls() == old.number


def test_whose_day_no_clock_was_sure_of_is_asked_about_though_one_is_sure_now(dark: Dark) -> None:
    dark.kiosk.give("A")
    dark.is_off(NIGHT_S, trust="synced")
    assert (dark.asked(), dark.day()) == (DAY, DAY)
    dark.hall.press(1, "open")
    dark.hall.press(1, "still-here", here=False)
    assert dark.day() == NEXT


def test_a_day_that_a_sure_clock_has_seen_reaches_its_end_without_a_question(tmp_path: Path) -> None:
    dark = Dark(tmp_path / "hub", trust="synced")
    old = dark.kiosk.give("A")
    dark.is_off(NIGHT_S)
    assert dark.asked() == DAY
    dark.clock.trust = "synced"
    assert (dark.asked(), dark.day()) == (None, NEXT)
    assert dark.hall.ticket(old.id).state == "ended"
    dark.hall.hub.store.close()


def test_a_hub_that_ran_through_the_night_without_a_clock_asks_after_six_hours_without_a_call(dark: Dark) -> None:
    dark.kiosk.give("A")
    old = dark.kiosk.give("A")
    dark.hall.press(1, "open")
    dark.calls()
    dark.hall.passes(6 * 3600 - 1)
    assert dark.asked() is None
    dark.hall.passes(12 * 3600)
    new = dark.kiosk.give("A")
    assert dark.asked() == DAY
    dark.hall.press(1, "came")
    dark.hall.press(1, "done")
    dark.hall.press(1, "still-here", here=False)
    assert dark.hall.ticket(old.id).end == "carried"
    assert dark.calls() == new.number


def test_who_answers_at_a_counter_that_nobody_had_closed_works_on_at_it(dark: Dark) -> None:
    dark.kiosk.give("A")
    dark.hall.press(1, "open")
    dark.hall.passes(18 * 3600)
    new = dark.kiosk.give("A")
    assert dark.hall.press(1, "still-here", here=False)["counter"]["state"] == "open"
    assert dark.calls() == new.number


def test_a_manager_who_opens_a_day_has_answered_and_may_take_it_back(dark: Dark) -> None:
    old = dark.kiosk.give("A")
    dark.is_off(NIGHT_S)
    new = dark.kiosk.give("A")
    with dark.hall.act() as act:
        open_day(act, NEXT)
    assert (dark.asked(), dark.hall.ticket(old.id).end) == (None, "carried")
    with dark.hall.act() as act:
        undo_day(act, NEXT)
    assert [dark.hall.ticket(one.id).state for one in (old, new)] == ["waiting", "waiting"]
    dark.hall.press(1, "open")
    assert (dark.calls(), dark.day()) == (old.number, DAY)


def test_a_manager_may_take_back_what_a_clerk_has_answered(dark: Dark) -> None:
    old = dark.kiosk.give("A")
    dark.is_off(60)
    dark.hall.press(1, "open")
    dark.hall.press(1, "still-here", here=False)
    with dark.hall.act() as act:
        undo_day(act, NEXT)
    assert dark.calls() == old.number


def test_the_date_of_the_new_day_is_the_next_on_which_the_centre_opens(dark: Dark) -> None:
    closed = msgspec.json.encode(Calendar(None, 2026, [CalendarDay(NEXT, closed=True)])).decode()
    with dark.hall.hub.store.write() as connection:
        row = {"kind": "calendar-2026", "body": closed, "message_id": 777, "heard": 1}
        connection.execute(insert(store_tables.centre_records).values(row))
    dark.kiosk.give("A")
    dark.is_off(NIGHT_S)
    dark.hall.press(1, "open")
    dark.hall.press(1, "still-here", here=False)
    assert dark.day() == "2026-11-27"


def test_the_answer_bears_the_new_day_alone_since_what_becomes_of_each_number_follows_from_it(dark: Dark) -> None:
    old = dark.kiosk.give("A")
    dark.is_off(NIGHT_S)
    for _ in range(3):
        dark.kiosk.give("A", claim=by_id(old))
    dark.hall.press(1, "open")
    said = dark.hall.press(1, "still-here", here=False)["facts"]["said"]
    assert [one["kind"] for one in said] == ["day-closed", "day-opened"]

"""Each press does what the contract says, refuses what it must, and says what to do."""

from typing import Any

import msgspec
import pytest

from hub.engine.managing import close_counter
from tests.hub.hall import Hall
from tests.hub.held import check


def opened(hall: Hall, *numbers: int) -> None:
    for number in numbers or (1,):
        hall.press(number, "open")


def served(hall: Hall, counter: int = 1) -> None:
    hall.press(counter, "next")
    hall.press(counter, "came")


def test_a_ticket_is_called_comes_and_is_done(hall: Hall) -> None:
    opened(hall)
    given = hall.kiosks[0].give("A")
    hall.passes(90)
    answered = hall.press(1, "next")
    assert answered["press"] == "next"
    assert answered["counter"]["state"] == "called"
    ticket = answered["counter"]["ticket"]
    assert (ticket["id"], ticket["number"], ticket["waited_s"]) == (given.id, "A1001", 90)
    assert ticket["names"]["en"] == "Civil affairs documents"
    assert isinstance(answered["call"], int)
    assert hall.press(1, "came")["counter"]["state"] == "serving"
    done = hall.press(1, "done", documents={"civil-affairs": 2})
    assert (done["counter"]["state"], done["counter"]["ticket"], done["call"]) == ("open", None, None)
    assert (hall.ticket(given.id).state, hall.ticket(given.id).end) == ("ended", "done")


def test_next_finishes_the_open_ticket_first(hall: Hall) -> None:
    opened(hall)
    first, second, third = (hall.kiosks[0].give() for _ in range(3))
    served(hall)
    assert hall.called(1) == second.number
    assert hall.ticket(first.id).end == "done"
    assert hall.called(1) == third.number
    assert hall.ticket(second.id).end == "done-unconfirmed"


def test_who_came_and_went_away_unserved_has_left_and_can_be_brought_back(hall: Hall) -> None:
    opened(hall)
    given = hall.kiosks[0].give()
    hall.press(1, "next")
    assert "press came first" in hall.press(1, "left", expect=409)["detail"]
    hall.press(1, "came")
    assert hall.press(1, "left")["counter"]["state"] == "open"
    left = hall.ticket(given.id)
    assert (left.state, left.end, left.counter) == ("ended", "left", None)
    hall.press(1, "undo", ticket=given.id)
    assert (hall.ticket(given.id).state, hall.ticket(given.id).end) == ("serving", None)
    check(hall)


def test_an_empty_queue_is_no_error(hall: Hall) -> None:
    opened(hall)
    answered = hall.press(1, "next")
    assert (answered["call"], answered["counter"]["ticket"], answered["counter"]["state"]) == (None, None, "open")


@pytest.mark.parametrize("kind", ["next", "pause", "give"])
def test_a_closed_counter_only_opens(hall: Hall, kind: str) -> None:
    fields: dict[str, Any] = {"service": "clearance"} if kind == "give" else {}
    refused = hall.press(1, kind, expect=409, **fields)
    assert refused["type"] == "/problems/counter-closed"
    assert "press open first" in refused["detail"]
    assert refused["counter"]["state"] == "closed"


def test_a_counter_with_a_ticket_neither_closes_nor_rests(hall: Hall) -> None:
    opened(hall)
    hall.kiosks[0].give()
    served(hall)
    for kind in ("close", "pause"):
        assert hall.press(1, kind, expect=409)["type"] == "/problems/ticket-open"
    hall.press(1, "done")
    assert hall.press(1, "pause", reason="صلاة")["counter"]["state"] == "paused"
    assert hall.press(1, "next", expect=409)["type"] == "/problems/counter-paused"
    assert hall.press(1, "open")["counter"]["state"] == "open"
    assert hall.press(1, "close")["counter"]["state"] == "closed"


def test_nobody_is_not_here_before_a_minute_and_is_missed_the_second_time(hall: Hall) -> None:
    opened(hall)
    given = hall.kiosks[0].give()
    hall.press(1, "next")
    hall.passes(59)
    assert "1 s at the earliest" in hall.press(1, "not-here", expect=409)["detail"]
    hall.passes(1)
    hall.press(1, "not-here")
    assert hall.ticket(given.id).state == "waiting"
    assert hall.called(1) is None  # not before five minutes
    hall.passes(300)
    assert hall.called(1) == given.number
    hall.passes(60)
    hall.press(1, "not-here")
    assert (hall.ticket(given.id).state, hall.ticket(given.id).end) == ("missed", "missed")
    hall.passes(3600)
    assert hall.called(1) is None


def test_one_who_was_not_here_is_called_again_after_three_others(hall: Hall) -> None:
    opened(hall)
    absent = hall.kiosks[0].give()
    hall.press(1, "next")
    hall.passes(60)
    hall.press(1, "not-here")
    others = [hall.kiosks[1].give().number for _ in range(5)]
    assert [hall.called(1) for _ in range(4)] == [*others[:3], absent.number]


@pytest.mark.parametrize("away", ["parked", "missed"])
@pytest.mark.parametrize("by", ["ticket", "number"])
def test_a_parked_or_missed_one_comes_back_in_front(hall: Hall, away: str, by: str) -> None:
    opened(hall)
    given = hall.kiosks[0].give()
    if away == "parked":
        served(hall)
        hall.press(1, "park", where="غرفة 4")
    else:
        for _ in range(2):
            hall.press(1, "next")
            hall.passes(360)
            hall.press(1, "not-here")
            hall.passes(360)
    assert hall.ticket(given.id).state == away
    for _ in range(2):
        hall.kiosks[1].give()
    named: dict[str, Any] = {"ticket": given.id} if by == "ticket" else {"number": given.number}
    hall.press(1, "resume", **named)
    assert hall.called(1) == given.number


def test_out_of_turn_calls_the_number_that_was_typed(hall: Hall) -> None:
    opened(hall)
    numbers = [hall.kiosks[0].give().number for _ in range(3)]
    answered = hall.press(1, "out-of-turn", number=numbers[2], reason="مريض")
    assert answered["counter"]["ticket"]["number"] == numbers[2]
    hall.press(1, "came")
    assert hall.press(1, "out-of-turn", number=numbers[1], reason="x", expect=409)["type"] == "/problems/ticket-open"


def test_a_number_given_by_hand_has_digit_0_and_waits_like_any_other(hall: Hall) -> None:
    opened(hall)
    first = hall.press(1, "give", service="clearance")["given"]
    second = hall.press(1, "give", service="clearance")["given"]
    assert (first["number"], second["number"]) == ("B0001", "B0002")
    assert hall.called(1) == "B0001"


def test_a_number_given_by_hand_keeps_the_priority_that_the_clerk_saw(hall: Hall) -> None:
    opened(hall)
    hall.kiosks[0].give("A")
    hall.passes(60)
    given = hall.press(1, "give", service="civil-affairs", priority="elderly")["given"]
    assert hall.ticket(given["id"]).priority == "elderly"
    hall.passes(120)
    assert hall.called(1) == given["number"], "120 s count double: more than 180 s"
    hall.press(1, "give", service="civil-affairs", priority="famous", expect=400)


def test_by_hand_ends_what_was_served_by_voice_also_what_comes_later(hall: Hall) -> None:
    opened(hall)
    kiosk = hall.kiosks[0]
    first, second, late, beyond = (kiosk.ticket() for _ in range(4))
    kiosk.tell(first, second)
    hall.passes(31)  # the kiosk is not heard: nobody knows how many it has given
    entered = hall.press(1, "by-hand", ranges=[{"to": late.number, "but": [second.number]}])
    assert (entered["entered"], entered["unconfirmed"]) == (1, True)
    kiosk.tell(late, beyond)
    ends = [hall.ticket(one.id).end for one in (first, second, late, beyond)]
    assert ends == ["by-hand", None, "by-hand", None]


def test_by_hand_ends_nobody_who_takes_a_number_afterwards(hall: Hall) -> None:
    opened(hall)
    kiosk = hall.kiosks[0]
    kiosk.give()
    hall.passes(31)
    assert hall.press(1, "by-hand", ranges=[{"to": "A1500"}])["unconfirmed"] is True
    hall.passes(1)
    later = kiosk.give()
    assert hall.called(1) == later.number


def test_by_hand_is_refused_above_what_a_kiosk_that_is_heard_has_given(hall: Hall) -> None:
    opened(hall)
    kiosk = hall.kiosks[0]
    waiting = [kiosk.give() for _ in range(2)]
    refused = hall.press(1, "by-hand", ranges=[{"to": "A1500"}], expect=409)
    assert (refused["type"], refused["highest"]) == ("/problems/not-given", "A1002")
    none = hall.press(1, "by-hand", ranges=[{"to": "B1001"}], expect=409)
    assert none["type"] == "/problems/not-given"
    assert [hall.ticket(one.id).state for one in waiting] == ["waiting", "waiting"]
    assert hall.press(1, "by-hand", ranges=[{"to": "A1002"}])["unconfirmed"] is False


def test_by_hand_ends_nobody_who_was_called_here(hall: Hall) -> None:
    """Who is in another queue, with one counter, or fetching papers was called here, and comes back."""
    opened(hall)
    parked, moved, plain = (hall.kiosks[0].give() for _ in range(3))
    hall.press(1, "next")
    hall.press(1, "came")
    hall.press(1, "park")
    hall.press(1, "next")
    hall.press(1, "came")
    hall.press(1, "transfer", to="C")
    assert hall.press(1, "by-hand", ranges=[{"to": plain.number}])["entered"] == 1
    assert [hall.ticket(one.id).state for one in (parked, moved, plain)] == ["parked", "waiting", "ended"]


def test_a_range_by_hand_goes_past_999_and_never_backwards(hall: Hall) -> None:
    opened(hall)
    kiosk = hall.kiosks[0]
    numbers = ("A1998", "A1999", "A11000", "A11001")
    given = [kiosk.give(number=number) for number in numbers]
    assert hall.press(1, "by-hand", ranges=[{"first": "A1999", "to": "A11000"}])["entered"] == 2
    assert [hall.ticket(one.id).end for one in given] == [None, "by-hand", "by-hand", None]
    for first in ("A11000", "A2001", "B1001"):
        hall.press(1, "by-hand", ranges=[{"first": first, "to": "A1999"}], expect=400)


def test_a_number_that_its_kiosk_took_back_is_called_no_second_time(hall: Hall) -> None:
    opened(hall)
    kiosk = hall.kiosks[0]
    given = kiosk.give()
    hall.press(1, "next")
    kiosk.tell(msgspec.structs.replace(given, revision=1, voided=True))
    hall.passes(60)
    hall.press(1, "not-here")
    assert (hall.ticket(given.id).state, hall.ticket(given.id).end) == ("ended", "voided")
    hall.passes(360)
    assert hall.called(1) is None
    check(hall)


def test_a_free_text_holds_no_long_number(hall: Hall) -> None:
    opened(hall)
    for reason in ("رقم ٠١٢٣٤٥٦٧٨", "0991 234 567", "x" * 81, ""):
        assert hall.press(1, "pause", reason=reason, expect=400)["type"] == "/problems/unreadable-press"


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"press": "fly"}, "press"),
        ({"press": "came"}, "ticket"),
        ({"press": "next", "ticket": "x"}, "unknown field `ticket`"),
        ({"press": "done", "ticket": "0" * 8 + "-0000-4000-8000-" + "0" * 12}, "version"),
    ],
)
def test_an_unreadable_press_is_named(hall: Hall, body: dict[str, Any], named: str) -> None:
    answered = hall.raw(1, body)
    assert answered.status == 400
    assert named in answered.body.decode()


def test_what_an_unreadable_press_says_is_not_repeated_in_the_answer_that_is_kept(hall: Hall) -> None:
    for said in ("زنوبيا", "Zenobia' - at `$.press", "04098765432"):
        answered = hall.raw(1, {"press": said})
        assert answered.status == 400
        detail = msgspec.json.decode(answered.body)["detail"]
        assert detail == "Invalid value - at `$.press`"


def test_a_version_that_passed_is_refused_and_named(hall: Hall) -> None:
    opened(hall)
    hall.kiosks[0].give()
    hall.press(1, "next")
    version = hall.counter(1).version
    hall.press(1, "came")
    refused = hall.press(1, "done", version=version, expect=409)
    assert refused["type"] == "/problems/version-passed"
    assert refused["counter"]["version"] == version + 1


def test_a_counter_that_is_not_there_is_404(hall: Hall) -> None:
    assert hall.press(77, "open", expect=404)["type"] == "/problems/no-such-counter"


@pytest.mark.edits_the_log
def test_done_takes_only_services_of_this_centre(hall: Hall) -> None:
    opened(hall)
    hall.kiosks[0].give()
    served(hall)
    assert hall.press(1, "done", documents={"moon-permit": 1}, expect=422)["type"] == "/problems/unknown-service"
    assert hall.counter(1).state == "serving"
    with hall.hub.act() as act:  # the operator withdraws the service of whom the counter serves
        act.connection.exec_driver_sql("UPDATE hub_tickets SET service = 'withdrawn'")
    hall.press(1, "done", documents={"withdrawn": 1})
    assert hall.counter(1).state == "open"


def let_go(hall: Hall, how: str) -> None:
    """Let a counter's ticket go on without having been served there."""
    if how == "close":
        with hall.act() as act:
            close_counter(act, 1)
    else:
        fields: dict[str, Any] = {"to": "A"} if how == "transfer" else {}
        hall.press(1, how, **fields)


@pytest.mark.parametrize("how", ["transfer", "park", "close"])
def test_a_number_that_its_kiosk_took_back_waits_for_nobody_however_its_counter_lets_it_go(
    hall: Hall, how: str
) -> None:
    opened(hall)
    kiosk = hall.kiosks[0]
    given = kiosk.give()
    hall.press(1, "next")
    kiosk.tell(msgspec.structs.replace(given, revision=1, voided=True))
    let_go(hall, how)
    assert (hall.ticket(given.id).state, hall.ticket(given.id).end) == ("ended", "voided")
    check(hall)


@pytest.mark.parametrize(("how", "state"), [("transfer", "waiting"), ("park", "parked"), ("close", "waiting")])
def test_who_stands_at_the_counter_with_a_number_that_was_taken_back_goes_on_with_it(
    hall: Hall, how: str, state: str
) -> None:
    opened(hall)
    kiosk = hall.kiosks[0]
    given = kiosk.give()
    hall.press(1, "next")
    hall.press(1, "came")
    kiosk.tell(msgspec.structs.replace(given, revision=1, voided=True))
    let_go(hall, how)
    assert hall.ticket(given.id).state == state

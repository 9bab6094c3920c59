"""From a hub of 1.0: the whole ticket and counter are as its answer says, and central is told what it says."""

from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from common.protocol.envelope import QueueBody, decode_body
from common.queue.standing import Counter, Ticket
from hub.engine.refusal import Refused
from hub.log.event import Event, read_events
from hub.log.reading import find_number
from hub.takeover.promotion import promote
from hub.takeover.resuming import Heard, resume
from tests.hub.hall import Hall
from tests.hub.takeover.test_resuming import MANAGER, Pair, pair

__all__ = ["pair"]  # the fixture


def adopted(pair: Pair, answer: dict[str, Any]) -> list[Event]:
    """Let the standby lead and hear one answer of counter 1 five seconds later; give what it recorded of it."""
    answer.pop("facts", None)
    promote(pair.standby.hub, MANAGER)
    pair.leader.passes(5)
    with pair.standby.act() as act:
        resume(act, 1, Heard("hub-0001", msgspec.json.encode(answer)))
        assert act.recorded[-1].kind == "resumed-after-takeover"
        return act.recorded[:-1]


def moment(hall: Hall) -> tuple[int, int]:
    with hall.hub.read() as look:
        return look.line_us, look.work_us


def counter_1(hall: Hall, **changed: Any) -> Counter:
    line_us, work_us = moment(hall)
    plain = Counter(number=1, state="open", clerk="clerk-1", acted_line=line_us, acted_work=work_us)
    return replace(plain, **changed)


@pytest.mark.parametrize(
    ("before", "press", "state", "end"),
    [
        (("next", "came"), "left", "ended", "left"),
        (("next", "came"), "done", "ended", "done"),
        (("next",), "park", "parked", None),
        (("next",), "transfer", "waiting", None),
        (("next",), "not-here", "waiting", None),
        (("next",), "undo", "waiting", None),
        (("next",), "next", "ended", "done-unconfirmed"),
    ],
)
def test_a_ticket_that_left_its_counter_is_as_it_was_but_for_that(
    pair: Pair, before: tuple[str, ...], press: str, state: str, end: str | None
) -> None:
    leader, standby = pair.leader, pair.standby
    given = leader.kiosks[0].give("A")
    for one in before:
        leader.press(1, one)
    leader.passes(61)
    pair.pull()
    was = standby.ticket(given.id)
    fields: dict[str, Any] = {"to": "A", "first": True} if press == "transfer" else {}
    there = {"number": 1, "state": "open", "version": 9, "ticket": None}
    answer: dict[str, Any] = (
        {"press": "undo", "counter": there} if press == "undo" else leader.press(1, press, **fields)
    )
    (left,) = adopted(pair, answer)
    line_us, work_us = moment(standby)
    changed: dict[str, Any] = {"state": state, "counter": None}
    if state == "ended":
        changed |= {"end": end, "ended_line": line_us, "ended_work": work_us}
    if press == "park":
        changed |= {"parked_at": ""}
    if press == "not-here":
        changed |= {"absences": 1, "absent_line": line_us, "absent_seq": left.seq}
    assert standby.ticket(given.id) == replace(was, **changed)
    assert standby.counter(1) == counter_1(standby, version=answer["counter"]["version"])
    assert (left.kind, left.ticket, left.counter) == ("adopted", given.id, 1)


def test_who_was_absent_twice_is_missed(pair: Pair) -> None:
    leader, standby = pair.leader, pair.standby
    given = leader.kiosks[0].give("A")
    for _ in range(2):
        leader.press(1, "out-of-turn", number=given.number, reason="x")
        leader.passes(61)
        pair.pull()
        was = standby.ticket(given.id)
        answer = leader.press(1, "not-here")
    (left,) = adopted(pair, answer)
    line_us, work_us = moment(standby)
    assert standby.ticket(given.id) == replace(
        was, state="missed", end="missed", counter=None, absences=2, absent_line=line_us, absent_seq=left.seq,
        ended_line=line_us, ended_work=work_us,
    )  # fmt: skip


@pytest.mark.parametrize("press", ["next", "came"])
def test_a_ticket_that_came_to_a_counter_is_there_from_now_on(pair: Pair, press: str) -> None:
    leader, standby = pair.leader, pair.standby
    given = leader.kiosks[0].give("A")
    pair.pull()
    was = standby.ticket(given.id)
    answer = leader.press(1, "next")
    if press == "came":
        answer = leader.press(1, "came")
    (taken,) = adopted(pair, answer)
    line_us, work_us = moment(standby)
    state = "called" if press == "next" else "serving"
    called_at = answer["counter"]["ticket"]["called_at"]
    assert standby.ticket(given.id) == replace(
        was, state=state, counter=1, call_seq=taken.seq, call_counter=1, called_at=called_at, called_line=line_us,
        called_work=work_us,
    )  # fmt: skip
    assert standby.counter(1) == counter_1(standby, state=state, ticket=given.id, version=answer["counter"]["version"])


def test_a_ticket_that_was_called_here_already_keeps_its_call(pair: Pair) -> None:
    leader, standby = pair.leader, pair.standby
    given = leader.kiosks[0].give("A")
    leader.passes(30)
    leader.press(1, "next")
    pair.pull()
    was = standby.ticket(given.id)
    adopted(pair, leader.press(1, "came"))
    assert standby.ticket(given.id) == replace(was, state="serving")


def test_a_ticket_that_this_hub_never_heard_of_is_made_of_the_answer(pair: Pair) -> None:
    leader, standby = pair.leader, pair.standby
    pair.pull()
    given = leader.kiosks[0].give("B", priority="elderly")
    answer = leader.press(1, "next")
    (taken,) = adopted(pair, answer)
    line_us, work_us = moment(standby)
    with standby.hub.read() as look:
        at, day = look.stamp.text, look.day
    assert standby.ticket(given.id) == Ticket(
        id=given.id, kiosk="kiosk-1", epoch="", kiosk_seq=0, revision=0, digest="", number="B1001",
        service="clearance", priority="elderly", order_id=None, day=day, queue="B", state="called",
        arrived_line=line_us, arrived_work=work_us, is_certain=False, issued_at=at, counter=1, call_seq=taken.seq,
        call_counter=1, called_at=answer["counter"]["ticket"]["called_at"], called_line=line_us, called_work=work_us,
    )  # fmt: skip


def test_a_number_that_was_given_by_hand_waits_as_one_that_this_hub_took_in(pair: Pair) -> None:
    leader, standby = pair.leader, pair.standby
    pair.pull()
    answer = leader.press(1, "give", service="clearance")
    adopted(pair, answer)
    line_us, work_us = moment(standby)
    with standby.act() as act:
        found = find_number(act.connection, "B0001", act.day)
        at, day = act.stamp.text, act.day
    assert found == Ticket(
        id=answer["given"]["id"], kiosk="hub-0001", epoch="", kiosk_seq=0, revision=0, digest="", number="B0001",
        service="clearance", priority="none", order_id=None, day=day, queue="B", state="waiting",
        arrived_line=line_us, arrived_work=work_us, is_certain=False, issued_at=at,
    )  # fmt: skip


def refused(pair: Pair, body: bytes) -> tuple[int, str, str]:
    with pair.standby.act() as act, pytest.raises(Refused) as error:
        resume(act, 1, Heard("hub-0001", body))
    return error.value.status, error.value.code, str(error.value)


def test_an_answer_that_cannot_be_this_counters_is_refused(pair: Pair) -> None:
    pair.pull()
    promote(pair.standby.hub, MANAGER)
    other = {"press": "open", "counter": {"number": 2, "state": "open", "version": 3, "ticket": None}}
    assert refused(pair, msgspec.json.encode(other)) == (422, "another-counter", "the answer is of counter 2")
    assert refused(pair, b"{")[1:] == ("unreadable-answer", "the answer is no JSON")
    assert refused(pair, b'{"press": "next"}')[1] == "unreadable-answer"
    assert refused(pair, b"[1,")[1:] == ("unreadable-answer", "the answer is no JSON")
    assert refused(pair, b"[" * 100_000)[1:] == ("unreadable-answer", "the answer is no JSON")
    assert refused(pair, b'["status"]') == (422, "unreadable-answer", "Expected `object`, got `array`")


def test_a_refusal_says_nothing_and_an_older_answer_changes_nothing(pair: Pair) -> None:
    leader, standby = pair.leader, pair.standby
    old = leader.press(1, "pause")
    leader.press(1, "open")
    pair.pull()
    was = standby.counter(1)
    assert adopted(pair, {"status": 409, "title": "x"}) == []
    assert standby.counter(1) == was
    with standby.act() as act:
        assert resume(act, 1, Heard("hub-0001", msgspec.json.encode(old))) == was
        assert act.recorded == [], "nothing is waited for any more"


def test_central_is_told_what_became_of_each(pair: Pair) -> None:
    """The kinds that the answers of one counter say, in the words that its own hub would have said."""
    leader, standby = pair.leader, pair.standby
    for _ in range(2):
        leader.kiosks[0].give("A")
    pair.pull()
    said = [leader.press(1, press) for press in ("next", "came", "next")]
    pair.take_over({1: said})
    with standby.hub.store.read() as connection:
        found = [event.kind for event in read_events(connection) if event.kind == "adopted"]
    assert len(found) == 4
    assert told(standby)[-4:] == ["called", "came", "done", "called"]


def told(hall: Hall) -> list[str]:
    with hall.hub.store.read() as connection:
        rows = connection.exec_driver_sql("SELECT body FROM items WHERE kind = 'queue' ORDER BY seq").scalars()
        return [body.event for row in rows if isinstance(body := decode_body("queue", row), QueueBody)]

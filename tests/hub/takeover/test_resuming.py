"""What a counter last heard of the former hub is what stands at the new one: who left it, how, and who is there now."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import update

from common.protocol.feed_message import ClerkRecord
from hub.engine.act import FOLLOWING, Act
from hub.engine.managing import close_counter, release
from hub.engine.opening import open_hub
from hub.engine.presses.pressing import NotYet
from hub.log import tables
from hub.log.reading import find_number
from hub.takeover.promotion import promote
from hub.takeover.replica import log_page, take_page
from hub.takeover.resuming import Heard, resume
from offline_store.identity import Identity
from offline_store.opening import open_store_in
from tests.hub.hall import CENTRE, Hall
from tests.hub.held import check_counters

MANAGER = ClerkRecord("manager-1", "هدى", "manager", "99", "")


class Pair:
    """A leader, and a standby that has its log up to some moment."""

    def __init__(self, leader: Hall, folder: Path) -> None:
        self.leader = leader
        store = open_store_in(folder, Identity("hub-2", CENTRE, 0), stamp=leader.clock.now(), machine="m" * 64)
        self.standby = Hall(open_hub(store, leader.clock, term=0, role=FOLLOWING, serves=True), leader.clock)
        self.standby.set_up({1: ["A", "B"], 2: ["A"]})

    def pull(self) -> None:
        with self.standby.hub.read() as look:
            after = look.seq
        with self.leader.hub.read() as look:
            page = log_page(look, after)
        take_page(self.standby.hub, page, after, self.leader.clock.now())

    def take_over(self, answers: dict[int, list[dict[str, Any]]]) -> Hall:
        """Let the standby lead; each counter's page tells what it was answered."""
        promote(self.standby.hub, MANAGER)
        for counter, said in answers.items():
            for answer in said:
                heard = Heard("hub-0001", msgspec.json.encode(answer))
                with self.standby.act() as act:
                    resume(act, counter, heard, more=answer is not said[-1])
        return self.standby


@pytest.fixture
def pair(hall: Hall, tmp_path: Path) -> Iterator[Pair]:
    made = Pair(hall, tmp_path / "standby")
    hall.press(1, "open")
    yield made
    check_counters(made.standby.hub.store)
    made.standby.hub.store.close()


def ends(hall: Hall, *ids: str) -> list[tuple[str, str | None]]:
    return [(hall.ticket(one).state, hall.ticket(one).end) for one in ids]


@pytest.mark.parametrize(
    ("press", "stands"),
    [
        ("left", ("ended", "left")),
        ("done", ("ended", "done")),
        ("park", ("parked", None)),
    ],
)
def test_who_left_a_counter_left_it_as_the_press_said(pair: Pair, press: str, stands: tuple[str, str | None]) -> None:
    leader = pair.leader
    ticket = leader.kiosks[0].give("A")
    leader.press(1, "next")
    leader.press(1, "came")
    pair.pull()
    hall = pair.take_over({1: [leader.press(1, press)]})
    assert ends(hall, ticket.id) == [stands]
    assert hall.counter(1).ticket is None


@pytest.mark.parametrize("press", ["transfer", "park", "not-here"])
def test_a_number_that_its_kiosk_took_back_waits_nowhere_after_a_take_over_either(pair: Pair, press: str) -> None:
    leader = pair.leader
    kiosk = leader.kiosks[0]
    ticket = kiosk.give("A")
    leader.press(1, "next")
    kiosk.tell(msgspec.structs.replace(ticket, revision=1, voided=True))
    pair.pull()
    leader.passes(61)
    fields: dict[str, Any] = {"to": "A"} if press == "transfer" else {}
    hall = pair.take_over({1: [leader.press(1, press, **fields)]})
    assert ends(leader, ticket.id) == ends(hall, ticket.id) == [("ended", "voided")]


def test_who_was_called_and_another_came_next_was_not_seen_to_come(pair: Pair) -> None:
    leader = pair.leader
    first, second = leader.kiosks[0].give("A"), leader.kiosks[0].give("A")
    leader.press(1, "next")
    pair.pull()
    hall = pair.take_over({1: [leader.press(1, "next")]})
    assert ends(hall, first.id, second.id) == [("ended", "done-unconfirmed"), ("called", None)]
    assert hall.counter(1).ticket == second.id


def test_who_was_not_here_waits_once_more_and_the_second_time_is_missed(pair: Pair) -> None:
    leader = pair.leader
    first, second = leader.kiosks[0].give("A"), leader.kiosks[0].give("A")
    leader.press(1, "out-of-turn", number=first.number, reason="x")
    leader.passes(61)
    leader.press(1, "not-here")
    leader.press(1, "out-of-turn", number=first.number, reason="x")
    leader.press(2, "open")
    leader.press(2, "out-of-turn", number=second.number, reason="x")
    leader.passes(61)
    pair.pull()
    hall = pair.take_over({1: [leader.press(1, "not-here")], 2: [leader.press(2, "not-here")]})
    assert ends(hall, first.id, second.id) == [("missed", "missed"), ("waiting", None)]


def test_all_that_a_counter_did_since_the_last_pull_is_taken_over_in_its_order(pair: Pair) -> None:
    """The standby was cut off: served people are not called again, and a number given by hand waits."""
    leader = pair.leader
    served, called, after = (leader.kiosks[0].give("A") for _ in range(3))
    pair.pull()
    said = [leader.press(1, press) for press in ("next", "came", "done", "next")]
    said.append(leader.press(1, "give", service="clearance"))
    hall = pair.take_over({1: said})
    assert not hall.counter(1).must_resume
    assert ends(hall, served.id, called.id) == [("ended", "done"), ("called", None)]
    with hall.act() as act:
        given = find_number(act.connection, "B0001", act.day)
    assert given is not None
    assert (given.state, given.kiosk) == ("waiting", "hub-0001")
    hall.press(2, "open")
    assert [hall.called(2) for _ in range(3)] == [after.number, "B0001", None]


def test_while_a_page_has_more_to_tell_its_counter_is_waited_for(pair: Pair) -> None:
    leader = pair.leader
    leader.kiosks[0].give("A")
    pair.pull()
    said = leader.press(1, "next")
    promote(pair.standby.hub, MANAGER)
    with pair.standby.act() as act:
        assert resume(act, 1, Heard("hub-0001", msgspec.json.encode(said)), more=True).must_resume
    with pair.standby.act() as act:
        assert not resume(act, 1, Heard("hub-0001", msgspec.json.encode(said))).must_resume


@pytest.mark.parametrize("press", ["next", "give", "out-of-turn"])
def test_until_every_counter_has_told_nobody_is_called_and_no_number_is_given(pair: Pair, press: str) -> None:
    """Else the number that counter 1 gave is given again by counter 2, and whom it called is called to two counters."""
    leader = pair.leader
    waiting = leader.kiosks[0].give("A")
    pair.pull()
    given = leader.press(1, "give", service="clearance")
    promote(pair.standby.hub, MANAGER)
    hall = pair.standby
    hall.press(2, "open")
    more: dict[str, dict[str, Any]] = {
        "next": {},
        "give": {"service": "clearance"},
        "out-of-turn": {"number": waiting.number, "reason": "x"},
    }
    with pytest.raises(NotYet):
        hall.press(2, press, **more[press])
    with hall.act() as act:
        resume(act, 1, Heard("hub-0001", msgspec.json.encode(given)))
    hall.press(2, press, **more[press])
    with hall.act() as act:
        assert find_number(act.connection, "B0002" if press == "give" else "B0001", act.day) is not None


@pytest.mark.parametrize("press", ["pause", "close", "resume", "undo"])
def test_a_counter_does_nothing_new_before_it_has_told_what_it_did(pair: Pair, press: str) -> None:
    """Else it goes on from what it was before, and what it then tells is taken for older than that."""
    leader = pair.leader
    parked = leader.kiosks[0].give("A")
    for one in ("next", "park"):
        leader.press(1, one)
    leader.kiosks[0].give("A")
    pair.pull()
    said = leader.press(1, "next")
    promote(pair.standby.hub, MANAGER)
    hall = pair.standby
    named: dict[str, dict[str, Any]] = {"resume": {"number": parked.number}, "undo": {"ticket": parked.id}}
    with pytest.raises(NotYet, match="this counter has not said yet"):
        hall.press(1, press, **named.get(press, {}))
    tell(hall, 1, [said])
    assert hall.counter(1).ticket == said["counter"]["ticket"]["id"]


@pytest.mark.parametrize("let_go", [release, close_counter])
def test_a_counter_that_was_let_go_may_have_given_numbers_that_nobody_knows_of(
    pair: Pair, let_go: Callable[[Act, int], None]
) -> None:
    leader = pair.leader
    pair.pull()
    assert leader.press(1, "give", service="clearance")["given"]["number"] == "B0001"
    leader.passes(5)
    promote(pair.standby.hub, MANAGER)
    hall = pair.standby
    with hall.act() as act:
        let_go(act, 1)
    hall.press(2, "open")
    given = [hall.press(2, "give", service="clearance")["given"]["number"] for _ in range(2)]
    assert given == ["B0100", "B0101"]


@pytest.mark.parametrize("has_to_ask", [True, False])
def test_what_a_leader_has_still_to_ask_its_follower_asks_too(pair: Pair, *, has_to_ask: bool) -> None:
    """Else it is let lead, calls again whom the lost log had called, and gives numbers by hand a second time."""
    leader = pair.leader
    with leader.hub.store.write() as connection:
        connection.execute(update(tables.state).values(recall_due=int(has_to_ask), log_lost=7))
    pair.pull()
    promote(pair.standby.hub, MANAGER)
    with pair.standby.hub.read() as look:
        assert look.is_recall_due == has_to_ask
        assert has_to_ask or look.log_lost == 7


@pytest.mark.parametrize("press", ["transfer", "park", "not-here"])
def test_what_another_counter_has_called_since_stays_with_it_whoever_tells_first(pair: Pair, press: str) -> None:
    leader = pair.leader
    first = leader.kiosks[0].give("A")
    leader.press(2, "open")
    leader.press(2, "next")
    leader.passes(61)
    pair.pull()
    fields: dict[str, Any] = {"to": "A", "first": True} if press == "transfer" else {}
    gone = leader.press(2, press, **fields)
    leader.passes(301)  # one who was absent may be called again
    if press == "park":
        leader.press(1, "resume", ticket=first.id)
    taken = leader.press(1, "next")
    assert taken["counter"]["ticket"]["id"] == first.id
    hall = pair.take_over({1: [taken], 2: [gone]})
    assert (hall.counter(1).ticket, hall.counter(2).ticket) == (first.id, None)
    assert (hall.ticket(first.id).state, hall.ticket(first.id).counter) == ("called", 1)


def called_at_both(pair: Pair, *, seen: str | None) -> tuple[str, list[dict[str, Any]]]:
    """Two hubs lead that don't hear each other: counter 1 serves somebody at the former one, counter 2 at the new one.

    `seen`: what counter 2 has pressed since. Gives the ticket, and what counter 1 was answered meanwhile.
    """
    leader = pair.leader
    ticket = leader.kiosks[0].give("A")
    pair.pull()
    promote(pair.standby.hub, MANAGER)
    with pair.standby.act() as act:
        resume(act, 1, None)  # nobody has pressed yet: a manager would release it
    pair.standby.press(2, "open")
    assert pair.standby.called(2) == ticket.number
    for press in ("came", "done")[: 0 if seen is None else 1 if seen == "came" else 2]:
        pair.standby.press(2, press)
    return ticket.id, [leader.press(1, "next"), leader.press(1, "came")]


def tell(hall: Hall, counter: int, said: list[dict[str, Any]]) -> None:
    for answer in said:
        with hall.act() as act:
            resume(act, counter, Heard("hub-0001", msgspec.json.encode(answer)), more=answer is not said[-1])


@pytest.mark.parametrize("seen", [None, "came"])
def test_who_is_at_a_counter_of_this_hub_is_not_also_at_the_one_where_the_former_hub_called_him(
    pair: Pair, seen: str | None
) -> None:
    ticket, said = called_at_both(pair, seen=seen)
    tell(pair.standby, 1, said)
    assert pair.standby.ticket(ticket).counter == 2
    assert (pair.standby.counter(1).state, pair.standby.counter(1).ticket) == ("open", None)
    assert pair.standby.counter(1).version == said[-1]["counter"]["version"]
    pair.standby.press(2, "came" if seen is None else "done")


def test_who_was_served_here_while_the_former_hub_called_him_too_is_served(pair: Pair) -> None:
    ticket, said = called_at_both(pair, seen="done")
    tell(pair.standby, 1, [*said, pair.leader.press(1, "done")])
    assert ends(pair.standby, ticket) == [("ended", "done")]
    assert pair.standby.counter(1).ticket is None
    assert pair.standby.called(1) is None


@pytest.mark.parametrize("earlier_first", [True, False])
def test_who_went_from_one_counter_to_another_is_at_the_other_whichever_page_tells_first(
    pair: Pair, earlier_first: bool
) -> None:
    leader = pair.leader
    ticket = leader.kiosks[0].give("A")
    leader.press(2, "open")
    leader.press(1, "next")
    pair.pull()
    moved = leader.press(1, "transfer", to=2, first=True)
    called = leader.press(2, "next")
    promote(pair.standby.hub, MANAGER)
    told = [(1, moved), (2, called)]
    for counter, answer in told if earlier_first else reversed(told):
        tell(pair.standby, counter, [answer])
    assert (pair.standby.ticket(ticket.id).state, pair.standby.ticket(ticket.id).counter) == ("called", 2)
    assert pair.standby.counter(1).ticket is None

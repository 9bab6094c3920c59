"""What a former hub's presses did and no standby had pulled: whole where nobody has gone on here, else what ends."""

from collections.abc import Iterator
from functools import cache
from itertools import product
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from common.queue.standing import Counter, Ticket
from hub.api.commits import committed
from hub.engine.centre import Interruption
from hub.engine.managing import release
from hub.log.event import read_events
from hub.log.reading import TICKET_COLUMNS, as_ticket
from hub.services.interrupting import interrupt, works_again
from hub.takeover.late_facts import is_late
from hub.takeover.promotion import promote
from hub.takeover.resuming import Heard, resume, take
from tests.hub.hall import Hall, open_hall
from tests.hub.held import check_counters
from tests.hub.standby import open_standby, pull
from tests.hub.takeover.test_answers_of_1_0 import told
from tests.hub.takeover.test_resuming import MANAGER, Pair

# Each chain of presses at one counter after which a person stands somewhere else; the first is always the call.
PRESSES: dict[str, dict[str, Any]] = {
    "came": {}, "done": {}, "left": {}, "park": {"where": "x"}, "transfer": {"to": "B", "first": True}, "not-here": {},
    "next": {}, "again": {}, "undo": {},
}  # fmt: skip
BY_PEOPLE = ("done", "done-unconfirmed", "left")


@pytest.fixture
def pair(hall: Hall, tmp_path: Path) -> Iterator[Pair]:
    made = Pair(hall, tmp_path / "standby")
    yield made
    check_counters(made.standby.hub.store)
    made.standby.hub.store.close()


def tell(hall: Hall, counter: int, said: list[bytes]) -> None:
    wishes: list[bytes | None] = [*said] or [None]
    for answer in wishes:
        with hall.act() as act:
            heard = None if answer is None else Heard("hub-0001", answer)
            resume(act, counter, heard, more=answer is not None and answer is not said[-1])


def tickets(hall: Hall) -> dict[str, Ticket]:
    """Everybody, but for numbers of calls: each log has its own."""
    with hall.hub.read() as look:
        rows = look.connection.exec_driver_sql(
            f"SELECT {', '.join(one.name for one in TICKET_COLUMNS)} FROM hub_tickets"
        )
        return {row[0]: replace(as_ticket(row), call_seq=None, absent_seq=None) for row in rows}


def counters(hall: Hall) -> list[Counter]:
    return [replace(hall.counter(one), last_press=None, last_seq=None, must_resume=False) for one in (1, 2)]


def tries(hall: Hall, counter: int, kind: str, **fields: Any) -> bytes | None:
    """Press; None where it is refused."""
    now = hall.counter(counter)
    if kind not in ("next", "open", "give", "by-hand"):
        fields |= {"version": now.version} | ({} if kind in ("resume", "out-of-turn") else {"ticket": now.ticket})
        if fields.get("ticket", "") is None:
            return None
    answer = hall.raw(counter, {"press": kind, **fields})
    return answer.body if answer.status == 200 else None


def acts_at_random(hall: Hall, chance: Random) -> tuple[int, bytes | None]:
    counter = chance.choice([1, 2])
    kind = chance.choice([*PRESSES, "next", "came", "done", "resume", "give", "out-of-turn"])
    fields = dict(PRESSES.get(kind, {}))
    if kind == "undo":
        with hall.hub.read() as look:
            newest = [one.ticket for one in read_events(look.connection) if one.counter == counter and one.ticket]
        return counter, tries_undo(hall, counter, newest[-1]) if newest else None
    if kind in ("resume", "out-of-turn"):
        known = sorted(one.number for one in tickets(hall).values())
        fields = {"number": chance.choice(known)} | ({} if kind == "resume" else {"reason": "x"})
    if kind == "give":
        fields = {"service": "clearance"}
    return counter, tries(hall, counter, kind, **fields)


def tries_undo(hall: Hall, counter: int, ticket: str) -> bytes | None:
    answer = hall.raw(counter, {"press": "undo", "ticket": ticket, "version": hall.counter(counter).version})
    return answer.body if answer.status == 200 else None


@pytest.mark.parametrize("seed", range(12))
def test_whatever_counters_did_stands_at_the_new_hub_whichever_page_tells_first(pair: Pair, seed: int) -> None:
    chance, leader = Random(seed), pair.leader
    for counter in (1, 2):
        leader.press(counter, "open")
    for letter in "AABAB":
        leader.kiosks[0].give(letter)
    pair.pull()
    said: dict[int, list[bytes]] = {1: [], 2: []}
    for step in range(30):
        leader.passes(chance.choice([1, 61]))
        counter, answer = acts_at_random(leader, chance)
        if answer is not None:
            said[counter].append(answer)
        if step == 10:
            pair.pull()
            said = {1: said[1][-2:], 2: said[2][-1:]}  # told again, though it is held
    assert min(map(len, said.values())) > 1
    promote(pair.standby.hub, MANAGER)
    for counter in chance.sample([1, 2], 2):
        tell(pair.standby, counter, said[counter])
    assert tickets(pair.standby) == tickets(leader)
    assert counters(pair.standby) == counters(leader)
    with pair.standby.hub.read() as look:
        before = look.seq
    for counter in (1, 2):
        tell(pair.standby, counter, said[counter])
    with pair.standby.hub.read() as look:
        assert look.seq == before, "told twice"


def test_what_a_hub_in_between_said_stands_at_the_one_after_it(pair: Pair, tmp_path: Path) -> None:
    """A page tells again what the first of three hubs did: the second was told, and went on from there."""
    leader, second = pair.leader, pair.standby
    leader.press(1, "open")
    ticket = leader.kiosks[0].give("A")
    pair.pull()
    said = [leader.raw(1, {"press": "next"}).body]
    with leader.act() as act:
        interrupt(act, "clearance", Interruption("power", "clerk-1"))
        stopped = Heard("hub-0001", committed(act, {"service": "clearance"}).body)
    promote(second.hub, MANAGER)
    tell(second, 1, said)
    with second.act() as act:
        assert take(act, 0, stopped) == 1
    with second.act() as act:
        works_again(act, "clearance", "clerk-1")
    second.press(1, "park")
    third = open_standby(tmp_path / "hub-3", leader.clock, {1: ["A", "B"], 2: ["A"]})
    pull(third, second)
    promote(third.hub, MANAGER)
    tell(third, 1, said)
    with third.act() as act:
        assert take(act, 0, stopped) == 0
    with third.hub.read() as look:
        assert "clearance" not in look.centre.interrupted
    assert (third.ticket(ticket.id).state, third.counter(1).ticket) == ("parked", None)
    third.hub.store.close()


def test_an_entry_by_voice_ends_whom_it_named_and_nobody_who_came_later(pair: Pair) -> None:
    """Also of a kiosk that is not heard: nobody knows what it has given."""
    leader, silent = pair.leader, pair.leader.kiosks[1]
    leader.press(1, "open")
    first = silent.give("A")
    leader.passes(60)
    pair.pull()
    said = leader.raw(1, {"press": "by-hand", "ranges": [{"to": "A2050"}]})
    assert said.status == 200
    leader.passes(5)
    promote(pair.standby.hub, MANAGER)
    silent.hall = pair.standby
    later = silent.give("A")
    tell(pair.standby, 1, [said.body])
    still_later = silent.give("A")
    ends = [pair.standby.ticket(one.id).end for one in (first, later, still_later)]
    assert ends == ["by-hand", None, None]


def test_central_is_told_of_each_with_what_was_done(pair: Pair) -> None:
    leader, standby = pair.leader, pair.standby
    leader.press(1, "open")
    leader.kiosks[0].give("A")
    pair.pull()
    said = [leader.raw(1, {"press": "next"}).body]
    for press, more in (("came", {}), ("done", {"documents": {"civil-affairs": 3}})):
        said.append(tries(leader, 1, press, **more) or b"")
    promote(standby.hub, MANAGER)
    tell(standby, 1, said)
    assert told(standby)[-3:] == ["called", "came", "done"]
    with standby.hub.read() as look:
        *before, called, came, done, resumed = read_events(look.connection)
    assert done.read_body().documents == {"civil-affairs": 3}
    assert all(is_late(one) for one in (called, came, done)), "they name the life and the place that they had there"
    assert not any(is_late(one) for one in (*before, resumed))


def test_a_press_that_is_repeated_bears_the_same_facts(pair: Pair) -> None:
    leader = pair.leader
    leader.press(1, "open")
    leader.kiosks[0].give("A")
    key = "5f0c3c6e-0000-4000-8000-000000000001"
    first = leader.raw(1, {"press": "next"}, key)
    leader.passes(61)
    tries(leader, 1, "not-here")
    pair.pull()
    promote(pair.standby.hub, MANAGER)
    for hall in (leader, pair.standby):
        if hall is pair.standby:
            tell(hall, 1, [])
        again = hall.raw(1, {"press": "next"}, key)
        assert (again.body, again.seq) == (first.body, first.seq)
    assert [one["kind"] for one in msgspec.json.decode(first.body)["facts"]["said"]] == ["called"]


@cache
def chains(most: int) -> list[tuple[str, ...]]:
    """Return all chains of up to so many presses that can follow the call, by what the real hub refuses."""
    found: list[tuple[str, ...]] = [()]
    for length in range(1, most):
        found += [one for one in product(PRESSES, repeat=length) if _may_follow(one)]
    return found


def _may_follow(presses: tuple[str, ...]) -> bool:
    state = "called"
    for press in presses:
        allowed = {"called": set(PRESSES) - {"done", "left"}, "serving": set(PRESSES) - {"came", "not-here"}}
        if press not in allowed.get(state, {"undo"}):
            return False
        state = {"came": "serving", "again": state, "undo": "called" if state == "gone" else "gone"}.get(press, "gone")
    return True


def acts(hall: Hall, counter: int, ticket: str, chain: tuple[str, ...]) -> list[bytes]:
    """Call somebody at a counter and do what the chain says as far as it can be done."""
    hall.passes(61)
    said = [tries(hall, counter, "out-of-turn", number=hall.ticket(ticket).number, reason="x")]
    for press in chain:
        hall.passes(61)
        if press == "undo":
            said.append(tries_undo(hall, counter, ticket))
        else:
            said.append(tries(hall, counter, press, **PRESSES[press]))
    return [one for one in said if one is not None]


def judged(folder: Path, late: tuple[str, ...], later: tuple[str, ...]) -> None:
    """Let a former hub's counter 1 and the new hub's counter 2 both call one person; counter 1 tells last."""
    pair = Pair(open_hall(folder / "leader"), folder / "standby")
    pair.leader.set_up({1: ["A", "B"], 2: ["A"]})
    pair.leader.press(1, "open")
    ticket = pair.leader.kiosks[0].give("A").id
    pair.pull()
    said = acts(pair.leader, 1, ticket, late)
    promote(pair.standby.hub, MANAGER)
    with pair.standby.act() as act:
        release(act, 1)
    pair.standby.press(2, "open")
    acts(pair.standby, 2, ticket, later)
    before, former = pair.standby.ticket(ticket), pair.leader.ticket(ticket)
    tell(pair.standby, 1, said)
    after = pair.standby.ticket(ticket)
    is_ended_there = former.end in BY_PEOPLE and before.state in ("waiting", "parked", "missed")
    assert (after.state, after.end) == (("ended", former.end) if is_ended_there else (before.state, before.end))
    assert is_ended_there or after == before
    assert pair.standby.counter(2).ticket == (before.id if before.is_open else None)
    assert pair.standby.counter(1).ticket is None
    check_counters(pair.standby.hub.store)
    for one in (pair.leader, pair.standby):
        one.hub.store.close()


def test_what_was_said_here_since_is_never_set_back(tmp_path: Path) -> None:
    pairs = [*product(chains(2), repeat=2)]
    assert len(pairs) == 64
    for number, (late, later) in enumerate(Random(1).sample(pairs, 16)):
        judged(tmp_path / str(number), late, later)


@pytest.mark.proof
@pytest.mark.timeout(900)
def test_all_pairs_of_up_to_three_acts_a_side(tmp_path: Path) -> None:
    pairs = [*product(chains(3), repeat=2)]
    assert len(pairs) > 400
    for number, (late, later) in enumerate(pairs):
        judged(tmp_path / str(number), late, later)

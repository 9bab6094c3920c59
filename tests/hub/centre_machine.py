"""A centre with three kiosks, three counters, a hub and its standby, to which anything may happen in any order."""

import json
import shutil
import sys
import tempfile
import uuid
from collections import Counter
from pathlib import Path
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from common.protocol.feed_message import ClerkRecord
from common.protocol.queue.call import QueuedTicket
from hub.engine.centre import Interruption
from hub.engine.opening import open_hub
from hub.log.reading import all_counters
from hub.log.rows import Ticket
from hub.services.interrupting import interrupt, works_again
from hub.takeover.promotion import promote
from offline_store.opening import open_store_in
from tests.hub.central_in_memory import CentralInMemory
from tests.hub.engine.carrying.days import by_digits, closes, goes_home, today, told
from tests.hub.hall import SERVICES, Hall, open_hall
from tests.hub.held import check_store, everything
from tests.hub.standby import counters_report, last_seq, open_standby, pull
from tests.kit.clock import HandClock

COUNTERS = {1: ["A", "B"], 2: ["A"], 3: ["C"]}
MANAGER = ClerkRecord("manager-1", "هدى", "manager", "99", "")
FREE = ("next", "open", "pause", "close", "give")
NAMED = ("again", "came", "not-here", "done", "left", "park", "transfer", "undo")
counters = st.sampled_from(sorted(COUNTERS))
kiosks = st.integers(0, 2)
ends = st.sampled_from(["came", "done", "next", "park", "not-here", "transfer", "left"])
priorities = st.sampled_from(["none", "elderly"])


class CentreMachine(RuleBasedStateMachine):
    """What anybody in the centre, and the power, may do; `happened` counts what came of it over all examples."""

    happened: ClassVar[Counter[str]] = Counter()

    @initialize()
    def opens(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.clock = HandClock()
        self.hall = open_hall(self.folder / "hub-1", self.clock)
        self.hall.set_up(COUNTERS)
        self.hall.works()
        self.terms = 1
        self.pulled = 0
        self.standby = open_standby(self.folder / "hub-2", self.clock, COUNTERS)
        self.pressed: list[tuple[int, str, dict[str, Any], int, bytes]] = []
        self.last: dict[int, bytes] = {}
        self.untold: list[tuple[int, Any]] = []
        self.told: list[tuple[int, Any]] = []
        self.central = CentralInMemory()
        self.stopped: set[str] = set()
        self.day = today(self.hall)

    @rule(seconds=st.sampled_from([1, 30, 61, 301]))
    def time_passes(self, seconds: int) -> None:
        self.hall.passes(seconds)

    @rule(kiosk=kiosks, letter=st.sampled_from("ABC"), priority=priorities)
    def a_number_is_given(self, kiosk: int, letter: str, priority: str) -> None:
        self.untold.append((kiosk, self._issued(kiosk, letter, priority=priority)))

    @rule(kiosk=kiosks, again=st.booleans())
    def a_kiosk_tells(self, kiosk: int, again: bool) -> None:
        told = [ticket for owner, ticket in self.untold if owner == kiosk]
        assert self.hall.kiosks[kiosk].tell(*told).refused == []
        self.told += [one for one in self.untold if one[0] == kiosk and one not in self.told]
        if not again:
            self.untold = [one for one in self.untold if one[0] != kiosk]

    @rule(calling=st.lists(counters, min_size=1, max_size=4), kiosk=kiosks, priority=priorities, data=st.data())
    def people_come_and_are_called(self, calling: list[int], kiosk: int, priority: str, data: st.DataObject) -> None:
        """From the door to a counter in one step: while anybody whom it may call waits, a counter calls somebody."""
        self.every_service_works_again()
        for counter in calling:
            self.a_number_is_given(kiosk, data.draw(st.sampled_from(COUNTERS[counter])), priority)
        self.a_kiosk_tells(kiosk, again=False)
        for counter in calling:
            self._opens(counter)
            answer = self._presses(counter, {"press": "next"})
            assert answer["counter"]["ticket"] is not None, "somebody waits, and nobody was called"

    @rule(data=st.data())
    @precondition(lambda self: self._held())
    def who_was_called_comes_and_goes(self, data: st.DataObject) -> None:
        """What clerks do all day: the person comes, or doesn't, and the counter is free again."""
        for counter in self._held():
            end = data.draw(ends)
            if end == "not-here":
                self.hall.passes(60)
            elif end != "came" and self.hall.counter(counter).state == "called":
                self._presses(counter, self._press(counter, "came"))
            self._presses(counter, self._press(counter, end))

    @rule(data=st.data(), kind=st.sampled_from(["resume", "out-of-turn"]))
    @precondition(lambda self: self._away())
    def somebody_is_back(self, data: st.DataObject, kind: str) -> None:
        counter, ticket = data.draw(counters), data.draw(st.sampled_from(self._away()))
        body = {"press": kind, "ticket": ticket.id, "version": self.hall.counter(counter).version}
        self._presses(counter, body | ({"reason": "عاد"} if kind == "out-of-turn" else {}))

    @rule()
    def the_day_ends(self) -> None:
        """Who still waits and was not called in vain is carried over, or has not waited long enough."""
        waiting = self._waits_for_its_first_call()
        goes_home(self.hall)
        self.day = today(self.hall)
        assert {self.hall.ticket(one).end for one in waiting} <= {"carried", "expired"}

    @rule(kiosk=kiosks, other=kiosks, letter=st.sampled_from("ABC"))
    def who_was_sent_home_shows_his_paper_twice(self, kiosk: int, other: int, letter: str) -> None:
        """A manager closes the day; next morning one paper is shown at two kiosks, of which one tells it at once."""
        self.a_number_is_given(kiosk, letter, "none")
        old = self.untold[-1][1]
        self.a_kiosk_tells(kiosk, again=False)
        waiting = self._waits_for_its_first_call()
        closes(self.hall)
        assert old.id in waiting
        assert {self.hall.ticket(one).end for one in waiting} == {"carried"}
        self.happened["carried"] += len(waiting)
        self.the_day_ends()
        self.untold += [(one, self._issued(one, letter, claim=by_digits(old))) for one in (other, kiosk)]
        shown = self.untold[-1][1]
        is_first_day = self.hall.ticket(old.id).first_day == self.day  # a full day's share of others may come before
        assert told(self.hall.kiosks[kiosk], shown).claim == ("good" if is_first_day else "unknown")
        self.happened["claimed"] += is_first_day
        self.told.append((kiosk, shown))

    @rule(counter=counters, kind=st.sampled_from([*FREE, *NAMED]))
    def a_counter_presses(self, counter: int, kind: str) -> None:
        """Whatever comes to a hand, possible or not."""
        self._presses(counter, self._press(counter, kind))

    @rule(letter=st.sampled_from("ABC"))
    def a_service_stops(self, letter: str) -> None:
        """Calls pass over its tickets from here on, at each counter, until somebody says that it works again."""
        with self.hall.act() as act:
            interrupt(act, SERVICES[letter], Interruption("registry-line", "clerk-1"))
        self.stopped.add(SERVICES[letter])

    @rule(kiosk=kiosks, priority=priorities)
    def who_waits_for_what_stands_still_is_passed_over(self, kiosk: int, priority: str) -> None:
        self.every_service_works_again()
        self.a_service_stops("A")
        self.a_number_is_given(kiosk, "A", priority)
        self.a_number_is_given(kiosk, "B", "none")
        self.a_kiosk_tells(kiosk, again=False)
        self._opens(1)
        assert self._presses(1, {"press": "next"})["counter"]["ticket"] is not None, "somebody else waits"

    @precondition(lambda self: self.stopped)
    @rule()
    def every_service_works_again(self) -> None:
        with self.hall.act() as act:
            for service in self.stopped:
                works_again(act, service, "clerk-1")
        self.stopped.clear()

    def _issued(self, kiosk: int, letter: str, **changed: Any) -> QueuedTicket:
        return self.hall.kiosks[kiosk].ticket(letter, business_day=self.day, **changed)

    def _waits_for_its_first_call(self) -> set[str]:
        query = (
            "SELECT id FROM hub_tickets WHERE state = 'waiting' AND absences = 0 AND day = "
            "(SELECT max(day) FROM hub_days WHERE is_closed = 0)"
        )
        with self.hall.hub.store.read() as connection:
            return set(connection.exec_driver_sql(query).scalars())

    def _held(self) -> list[int]:
        return [number for number in COUNTERS if self.hall.counter(number).ticket is not None]

    def _away(self) -> list[Ticket]:
        found = [self.hall.ticket(ticket.id) for _, ticket in self.told]
        return [ticket for ticket in found if ticket.state in ("parked", "missed")]

    def _stands_still(self, ticket: Ticket) -> bool:
        """Return whether a ticket waits for what stands still; one that was sent on to others waits for them."""
        return ticket.service in self.stopped and SERVICES[ticket.queue] == ticket.service

    def _opens(self, counter: int) -> None:
        if self.hall.counter(counter).state in ("closed", "paused"):
            self._presses(counter, {"press": "open"})

    def _press(self, counter: int, kind: str) -> dict[str, Any]:
        """Return a press as the counter's page would send it: most kinds name the ticket that the counter has."""
        if kind in FREE:
            return {"press": kind} | ({"service": "clearance"} if kind == "give" else {})
        now = self.hall.counter(counter)
        body = {"press": kind, "ticket": now.ticket or str(uuid.UUID(int=0)), "version": now.version}
        return body | ({"to": "B", "first": counter == 1} if kind == "transfer" else {})

    def _presses(self, counter: int, body: dict[str, Any]) -> Any:
        key = str(uuid.uuid4())
        answer = self.hall.raw(counter, body, key)
        self.pressed.append((counter, key, body, answer.status, answer.body))
        said = json.loads(answer.body)
        if answer.status == 200:
            self.last[counter] = answer.body
            self.happened[body["press"]] += 1
            self.happened["called"] += said["call"] is not None
            if body["press"] == "next" and said["counter"]["ticket"] is not None:
                assert not self._stands_still(self.hall.ticket(said["counter"]["ticket"]["id"])), "called in vain"
                self.happened["called past others"] += bool(self.stopped)
        return said

    @precondition(lambda self: self.pressed)
    @rule(data=st.data())
    def a_page_repeats_a_press(self, data: st.DataObject) -> None:
        counter, key, body, status, answered = data.draw(st.sampled_from(self.pressed[-10:]))
        before = last_seq(self.hall)
        again = self.hall.raw(counter, body, key)
        assert (again.status, again.body) == (status, answered)
        assert last_seq(self.hall) == before
        self.happened["repeated"] += status == 200

    @precondition(lambda self: self._held())
    @rule(is_power_cut=st.booleans())
    def the_hub_is_killed(self, is_power_cut: bool) -> None:
        """The store is what was on disk, and open calls stand; after a power cut the machine is in another boot."""
        with self.hall.hub.read() as look:
            before = everything(look.connection)
        hall, folder = self.hall, self.hall.hub.store.data_dir
        identity = hall.hub.store.identity
        hall.hub.store.close()  # nothing is written at an end: to the file a kill is the same
        if is_power_cut:
            self.hall.passes(600)
            self.clock.boot_id += "+"
        store = open_store_in(folder, identity, stamp=self.clock.now(), machine="m" * 64)
        hall.hub = open_hub(store, self.clock, term=1, serves=True)
        with hall.hub.read() as look:
            assert everything(look.connection) == before
        self.happened["killed"] += 1

    @rule(working=st.booleans())
    def pages_connect_or_power_fails(self, working: bool) -> None:
        self.hall.works(working)

    @rule(answers=st.booleans())
    def central_is_reached(self, answers: bool) -> None:
        """Until then it is away, which changes nothing in the hall; it may take items and lose its answer."""
        self.central.hear(self.hall, answers=answers)

    @rule()
    def the_standby_pulls(self) -> None:
        pull(self.standby, self.hall)

    @precondition(lambda self: self.pressed)
    @rule()
    def a_manager_promotes_the_standby(self) -> None:
        pull(self.standby, self.hall)
        with self.hall.hub.read() as look:
            expected = everything(look.connection)
        with self.standby.hub.read() as look:
            assert everything(look.connection) == expected
        self._promotes()

    @precondition(lambda self: self.pressed)
    @rule(last=st.lists(st.tuples(counters, ends), min_size=1, unique_by=lambda one: one[0]))
    def the_hub_dies_before_its_last_presses_were_pulled(self, last: list[tuple[int, str]]) -> None:
        """Each counter's last answer brings what the standby has not pulled any more, and kiosks tell it again."""
        for counter, _ in last:
            self._opens(counter)
        pull(self.standby, self.hall)
        for counter, kind in last:
            is_free = self.hall.counter(counter).ticket is None
            if kind == "not-here":
                self.hall.passes(60)
            self._presses(counter, self._press(counter, "next" if is_free else kind))
        self._promotes()
        self.happened["lost press"] += len(last)

    def _promotes(self) -> None:
        pulled = last_seq(self.standby)
        assert promote(self.standby.hub, MANAGER) == self.terms + 1
        former, self.hall = self.hall, self.standby
        self._everybody_turns_to_the_new_hub(former)
        check_store(former.hub.store, self.pulled)
        check_store(self.hall.hub.store, pulled)
        self._who_is_where_stays(former)
        former.hub.store.close()
        self.pressed = [one for one in self.pressed if self._is_known(one[0], one[1])]
        self.terms, self.pulled = self.terms + 1, pulled
        self.standby = open_standby(self.folder / f"hub-{self.terms + 1}", self.clock, COUNTERS)

    def _everybody_turns_to_the_new_hub(self, former: Hall) -> None:
        self.hall.kiosks = former.kiosks
        for kiosk in self.hall.kiosks:
            kiosk.hall = self.hall
        counters_report(self.hall, former, self.last)
        for kiosk in self.hall.kiosks:  # a new term hears the whole day
            kiosk.tell(*[ticket for owner, ticket in self.told if self.hall.kiosks[owner] is kiosk])

    def _who_is_where_stays(self, former: Hall) -> None:
        """Who stood at a counter of the old hub stands there still; who was served is not called again."""
        with former.hub.read() as look:
            before = {one.number: one.ticket for one in all_counters(look.connection) if one.ticket is not None}
            ended = look.connection.exec_driver_sql("SELECT id FROM hub_tickets WHERE state = 'ended'").scalars().all()
        with self.hall.hub.read() as look:
            after = {one.number: one.ticket for one in all_counters(look.connection) if one.ticket is not None}
            waiting = look.connection.exec_driver_sql("SELECT id FROM hub_tickets WHERE state = 'waiting'").scalars()
            assert after == before
            assert set(waiting) & set(ended) == set()
        self.happened["taken over"] += bool(before)

    def _is_known(self, counter: int, key: str) -> bool:
        query = 'SELECT 1 FROM hub_presses WHERE counter = ? AND "key" = ?'
        with self.hall.hub.store.read() as connection:
            return connection.exec_driver_sql(query, (counter, key)).first() is not None

    @invariant()
    def one_person_is_at_one_counter(self) -> None:
        if not hasattr(self, "hall"):
            return
        with self.hall.hub.read() as look:
            held = [one.ticket for one in all_counters(look.connection) if one.ticket is not None]
        assert len(held) == len(set(held))

    @invariant()
    def one_paper_gives_one_good_place(self) -> None:
        """Also where two kiosks told of it without the hub, or another hub took over between them."""
        if not hasattr(self, "hall"):
            return
        query = "SELECT claimed FROM hub_tickets WHERE claimed IS NOT NULL AND is_voided = 0"
        with self.hall.hub.store.read() as connection:
            claimed = connection.exec_driver_sql(query).scalars().all()
        assert len(claimed) == len(set(claimed))

    @invariant()
    def what_stands_still_is_known(self) -> None:
        """Also to a hub that took over, or came back from its disk."""
        if not hasattr(self, "hall"):
            return
        with self.hall.hub.read() as look:
            assert look.centre.interrupted.keys() == self.stopped

    @invariant()
    def who_is_first_is_told_nobody_is_before(self) -> None:
        if not hasattr(self, "hall"):
            return
        told = [self.hall.before(one) for one in self.hall.waiting()]
        assert not told or (0 in told and max(one or 0 for one in told) < len(told))

    def _everybody_is_called(self) -> None:
        """Let the counters go on until nobody waits: who took a number was called, is away, or the day has ended."""
        for kiosk in range(len(self.hall.kiosks)):
            self.a_kiosk_tells(kiosk, again=False)
        self.hall.passes(301)
        self.every_service_works_again()
        for counter in COUNTERS:
            self._opens(counter)
        for _ in range(len(self.told) + 1):
            said = [self._presses(counter, {"press": "next"})["counter"]["ticket"] for counter in COUNTERS]
            if not any(said):
                break
        states = {self.hall.ticket(ticket.id).state for _, ticket in self.told}
        assert states <= {"ended", "parked", "missed"}

    def teardown(self) -> None:
        if not hasattr(self, "hall"):
            return
        if sys.exception() is None:
            check_store(self.hall.hub.store, self.pulled)
            self._everybody_is_called()
            check_store(self.hall.hub.store, self.pulled)
        self.hall.hub.store.close()
        self.standby.hub.store.close()
        shutil.rmtree(self.folder)

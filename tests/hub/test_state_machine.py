"""Promises 10 to 14 in every interleaving of kiosks, counters, kills, cuts, repeats, take-overs, and central away."""

import json
import shutil
import tempfile
import uuid
from collections import Counter
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import select

from common.protocol.feed_message import ClerkRecord
from hub.engine.act import FOLLOWING
from hub.engine.opening import open_hub
from hub.engine.presses.pressing import NotYet
from hub.log.event import read_events
from hub.log.reading import all_counters
from hub.takeover.promotion import promote
from hub.takeover.replica import log_page, take_page
from hub.takeover.resuming import Heard, resume
from offline_store.disk.tables import items
from offline_store.identity import Identity
from offline_store.opening import open_store_in
from tests.hub.hall import CENTRE, Hall, open_hall
from tests.hub.held import check, everything
from tests.kit.clock import HandClock

pytestmark = pytest.mark.timeout(200)
COUNTERS = {1: ["A", "B"], 2: ["A"], 3: ["C"]}
MANAGER = ClerkRecord("manager-1", "هدى", "manager", "99", "")
FREE = ("next", "open", "pause", "close", "give")
NAMED = ("again", "came", "not-here", "done", "left", "park", "transfer", "undo")


class Central:
    """A central in memory: it keeps each item by its id, also where its answer is lost and the hub sends it again."""

    def __init__(self) -> None:
        self.items: dict[str, tuple[str, int]] = {}
        self.acknowledged: dict[str, int] = {}

    def hear(self, hall: Hall, *, answers: bool) -> None:
        epoch = hall.hub.store.epoch
        waiting = select(items.c.id, items.c.epoch, items.c.seq).where(
            items.c.epoch == epoch, items.c.seq > self.acknowledged.get(epoch, 0)
        )
        with hall.hub.store.read() as connection:
            sent = connection.execute(waiting.order_by(items.c.seq)).all()
        for row in sent:
            self.items.setdefault(row.id, (row.epoch, row.seq))
        if answers and sent:
            self.acknowledged[epoch] = sent[-1].seq
        chains: dict[str, list[int]] = {}
        for of_epoch, seq in self.items.values():
            chains.setdefault(of_epoch, []).append(seq)
        for seqs in chains.values():
            assert seqs == list(range(1, len(seqs) + 1)), "an item is there twice, missing, or before its forerunner"


class CentreMachine(RuleBasedStateMachine):
    """A centre with three kiosks, three counters, a hub and its standby."""

    @initialize()
    def opens(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.clock = HandClock()
        self.hall = open_hall(self.folder / "hub-1", self.clock)
        self.hall.set_up(COUNTERS)
        self.hall.works()
        self.terms = 1
        self.standby = self._standby("hub-2")
        self.pressed: list[tuple[int, str, dict[str, Any], int, bytes]] = []
        self.last: dict[int, bytes] = {}
        self.untold: list[tuple[int, Any]] = []
        self.calls: dict[tuple[int, str], str] = {}
        self.told: list[tuple[int, Any]] = []
        self.central = Central()

    def _standby(self, name: str) -> Hall:
        store = open_store_in(self.folder / name, Identity(name, CENTRE, 0), stamp=self.clock.now(), machine="m" * 64)
        hall = Hall(open_hub(store, self.clock, term=0, role=FOLLOWING, serves=True), self.clock)
        hall.set_up(COUNTERS)
        return hall

    @rule(seconds=st.sampled_from([1, 30, 61, 301]))
    def time_passes(self, seconds: int) -> None:
        self.hall.passes(seconds)

    @rule(kiosk=st.integers(0, 2), letter=st.sampled_from("ABC"), priority=st.sampled_from(["none", "elderly"]))
    def a_number_is_given(self, kiosk: int, letter: str, priority: str) -> None:
        self.untold.append((kiosk, self.hall.kiosks[kiosk].ticket(letter, priority=priority)))

    @rule(kiosk=st.integers(0, 2), again=st.booleans())
    def a_kiosk_tells(self, kiosk: int, again: bool) -> None:
        told = [ticket for owner, ticket in self.untold if owner == kiosk]
        self.hall.kiosks[kiosk].tell(*told)
        self.told += [one for one in self.untold if one[0] == kiosk and one not in self.told]
        if not again:
            self.untold = [one for one in self.untold if one[0] != kiosk]

    @rule(counter=st.integers(1, 3), kind=st.sampled_from([*FREE, "next", "next", *NAMED]))
    def a_counter_presses(self, counter: int, kind: str) -> None:
        body: dict[str, Any] = {"press": kind}
        if kind == "give":
            body["service"] = "clearance"
        elif kind not in FREE:
            now = self.hall.counter(counter)
            body |= {"ticket": now.ticket or str(uuid.UUID(int=0)), "version": now.version}
            if kind == "transfer":
                body |= {"to": "B", "first": counter == 1}
        key = str(uuid.uuid4())
        try:
            answer = self.hall.raw(counter, body, key)
        except NotYet:
            return
        self.pressed.append((counter, key, body, answer.status, answer.body))
        if answer.status == 200:
            self.last[counter] = answer.body
            if (said := json.loads(answer.body))["call"] is not None and kind in ("next", "out-of-turn"):
                self.calls[(counter, key)] = said["counter"]["ticket"]["id"]

    @precondition(lambda self: self.pressed)
    @rule(data=st.data())
    def a_page_repeats_a_press(self, data: st.DataObject) -> None:
        counter, key, body, status, answered = data.draw(st.sampled_from(self.pressed[-10:]))
        with self.hall.hub.read() as look:
            before = look.seq
        again = self.hall.raw(counter, body, key)
        assert (again.status, again.body) == (status, answered)
        with self.hall.hub.read() as look:
            assert look.seq == before

    @rule()
    def the_hub_is_killed(self) -> None:
        hall, folder = self.hall, self.hall.hub.store.data_dir
        identity = hall.hub.store.identity
        hall.hub.store.close()  # nothing is written at an end: to the file a kill is the same
        store = open_store_in(folder, identity, stamp=self.clock.now(), machine="m" * 64)
        hall.hub = open_hub(store, self.clock, term=1, serves=True)

    @rule(working=st.booleans())
    def pages_connect_or_power_fails(self, working: bool) -> None:
        self.hall.works(working)

    @rule()
    def the_standby_pulls(self) -> None:
        with self.standby.hub.read() as look:
            after = look.seq
        while True:
            with self.hall.hub.read() as look:
                page = log_page(look, after)
            page = msgspec.json.decode(msgspec.json.encode(page), type=type(page))
            if not take_page(self.standby.hub, page, after, self.clock.now()):
                return
            after = page.events[-1].seq

    @rule(is_up_to_date=st.booleans())
    def a_manager_promotes_the_standby(self, is_up_to_date: bool) -> None:
        """Where the last second was not pulled any more, each counter's last answer brings it, and kiosks tell anew."""
        if is_up_to_date or not self._lacks_one_press_a_counter():
            self.the_standby_pulls()
            with self.hall.hub.read() as look:
                expected = everything(look.connection)
            with self.standby.hub.read() as look:
                assert everything(look.connection) == expected
        assert promote(self.standby.hub, MANAGER) == self.terms + 1
        self.terms += 1
        former, self.hall = self.hall, self.standby
        self.hall.kiosks = former.kiosks
        for kiosk in self.hall.kiosks:
            kiosk.hall = self.hall
        with self.hall.hub.read() as look:
            waited_for = [counter.number for counter in all_counters(look.connection) if counter.must_resume]
        for number in waited_for:
            with self.hall.hub.act() as act:
                last = self.last.get(number)
                resume(act, number, None if last is None else Heard("hub-0001", last))
        for kiosk in self.hall.kiosks:  # a new term hears the whole day
            kiosk.tell(*[ticket for owner, ticket in self.told if self.hall.kiosks[owner] is kiosk])
        check(former)
        self._who_is_where_stays(former)
        former.hub.store.close()
        self.pressed = [one for one in self.pressed if self._is_known(one[0], one[1])]
        self.standby = self._standby(f"hub-{self.terms + 1}")

    def _lacks_one_press_a_counter(self) -> bool:
        """Whether the standby lacks no more than the last press of each counter: what is lost within a second."""
        with self.standby.hub.read() as look:
            after = look.seq
        if after == 0:  # it has never pulled, not even under which term the other leads
            return False
        with self.hall.hub.read() as look:
            missing = list(read_events(look.connection, after))
        acts = Counter(event.counter for event in missing if event.press is not None)
        kinds = {event.kind for event in missing}
        return max(acts.values(), default=0) <= 1 and kinds <= {"arrived", "called", "came", "done", "done-unconfirmed"}

    def _who_is_where_stays(self, former: Hall) -> None:
        """Whoever stood at a counter of the old hub stands there still; whoever was served is not called again."""
        with former.hub.read() as look:
            before = {one.number: one.ticket for one in all_counters(look.connection) if one.ticket is not None}
            ended = look.connection.exec_driver_sql("SELECT id FROM hub_tickets WHERE state = 'ended'").scalars().all()
        with self.hall.hub.read() as look:
            after = {one.number: one.ticket for one in all_counters(look.connection) if one.ticket is not None}
            waiting = look.connection.exec_driver_sql("SELECT id FROM hub_tickets WHERE state = 'waiting'").scalars()
            assert after == before
            assert set(waiting) & set(ended) == set()

    @rule(answers=st.booleans())
    def central_is_reached(self, answers: bool) -> None:
        """Until then it is away, which changes nothing in the hall; it may take items and lose its answer."""
        self.central.hear(self.hall, answers=answers)

    @rule()
    def a_cut_loses_what_was_not_synced(self) -> None:
        """The machine begins anew in another boot: the store is what was on disk, and open calls stand."""
        with self.hall.hub.read() as look:
            before = everything(look.connection)
        self.clock.boottime_s += 600
        self.the_hub_is_killed()
        with self.hall.hub.read() as look:
            assert everything(look.connection) == before

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
    def who_is_first_is_told_nobody_is_before(self) -> None:
        if not hasattr(self, "hall"):
            return
        told = [self.hall.before(one) for one in self.hall.waiting()]
        assert not told or (0 in told and max(one or 0 for one in told) < len(told))

    def teardown(self) -> None:
        if not hasattr(self, "hall"):
            return
        if self.terms == 1:
            check(self.hall)
        self.hall.hub.store.close()
        self.standby.hub.store.close()
        shutil.rmtree(self.folder)


CentreMachine.TestCase.settings = settings(
    max_examples=12, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
)
TestCentre = CentreMachine.TestCase

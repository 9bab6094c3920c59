"""Promise 14 from end to end: what was said when a ticket was taken, held against the calls that came that day."""

import statistics
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

import pytest

from common.protocol.queue.call import QueuedTicket, TakenTicket, TicketsAnswer
from hub.log.event import Event, read_events
from tests.hub.hall import HallKiosk
from tests.hub.simulated_centre import SMALL, SimulatedCentre

DAYS: Final = 2
QUIET: Final = replace(SMALL, cut_chance=0.0)


@dataclass(frozen=True)
class Said:
    """The hub's word on a ticket when it was taken: how long its log was, how long it had worked, what it told."""

    seq: int
    worked_s: float
    told: TakenTicket


class ToldKiosk(HallKiosk):
    """A kiosk that keeps what the hub said of each ticket when it was taken."""

    def __init__(self, plain: HallKiosk) -> None:
        """Stand in the place of another kiosk of the hall."""
        super().__init__(plain.hall, plain.record, boot_offset_s=plain.boot_offset_s)
        self.said: dict[str, Said] = {}

    def tell(self, *tickets: QueuedTicket) -> TicketsAnswer:
        """Post tickets to the hub, and keep its first word on each."""
        answer = super().tell(*tickets)
        with self.hall.hub.read() as look:
            seq, worked_s = look.seq, look.work_us / 1e6
        for one in answer.taken:
            self.said.setdefault(one.id, Said(seq, worked_s, one))
        return answer


@dataclass(frozen=True)
class Came:
    """What was said of a ticket, and what came: how many were called before it, and how long it waited."""

    said: Said
    before: int
    waited_s: float

    @property
    def error(self) -> int:
        """How many more came before it than was said."""
        assert self.said.told.before is not None
        return self.before - self.said.told.before

    @property
    def low_s(self) -> int:
        """Where the range that was said begins."""
        return self.said.told.low_s or 0

    @property
    def high_s(self) -> int:
        """Where the range that was said ends."""
        return self.said.told.high_s or 0

    @property
    def held(self) -> bool | None:
        """Whether the wait lay in the range that was said; None where none was said."""
        return None if self.said.told.high_s is None else self.low_s <= self.waited_s <= self.high_s


def what_came(events: list[Event], said: dict[str, Said]) -> list[Came]:
    """Hold each word against the calls in the log, waits in working time: a power cut stops the hall, and is not told.

    "Before you" speaks of those who are there when it is said: of who came later nobody counts. Left out are those who
    were never called.
    """
    came_at: dict[str, int] = {}
    calls: list[Event] = []
    for event in events:
        if event.ticket is not None:
            came_at.setdefault(event.ticket, event.seq)
            if event.kind == "called":
                calls.append(event)
    found = []
    for ticket, word in said.items():
        own = next((call for call in calls if call.ticket == ticket), None)
        if own is None:
            continue
        between = {call.ticket for call in calls if word.seq < call.seq < own.seq}
        there = [other for other in between if other is not None and came_at[other] <= word.seq]
        found.append(Came(word, len(there), own.work_us / 1e6 - word.worked_s))
    return found


WITH_CUTS = pytest.param(replace(SMALL, cut_chance=1.0), marks=pytest.mark.proof, id="cuts")


@pytest.fixture(scope="module", params=[pytest.param(QUIET, id="no-cuts"), WITH_CUTS])
def days(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Came]]:
    """Days of a centre: people come and go, some with priority, some absent when called; without and with cuts."""
    centre = SimulatedCentre(tmp_path_factory.mktemp("centre") / "hub", request.param, seed=11)
    kiosk = ToldKiosk(centre.hall.kiosks[0])
    centre.hall.kiosks[0] = kiosk
    centre.run(DAYS)
    with centre.hall.hub.read() as look:
        events = list(read_events(look.connection))
    yield what_came(events, kiosk.said)
    centre.hall.hub.store.close()


def share(held: Iterable[bool]) -> float:
    found = list(held)
    return sum(found) / len(found)


def test_as_many_were_called_before_a_ticket_as_its_owner_was_told(days: list[Came]) -> None:
    assert len(days) > 100 * DAYS, "the days had what they were made for"
    assert max(one.before for one in days) >= 20
    assert share(one.error == 0 for one in days) >= 0.8
    assert share(abs(one.error) <= max(2, one.before / 10) for one in days) >= 0.95
    assert statistics.fmean(abs(one.error) for one in days) <= 0.5
    assert abs(statistics.fmean(one.error for one in days)) <= 0.25, "it errs to neither side"


def test_people_waited_as_long_as_the_range_said_that_they_were_told(days: list[Came]) -> None:
    told = [one for one in days if one.held is not None]
    assert len(told) >= 0.85 * len(days), "hardly anybody is left without a word"
    assert share(one.held is True for one in told) >= 0.75
    assert share(one.waited_s > 1.25 * one.high_s and one.waited_s > one.high_s + 300 for one in told) <= 0.05
    # A range that promised everything would hold too.
    width_s = statistics.median(one.high_s - one.low_s for one in told)
    assert width_s <= statistics.median(one.waited_s for one in told)


def test_before_five_services_nobody_is_told_a_range(days: list[Came]) -> None:
    first = min(days, key=lambda one: one.said.seq)
    assert first.held is None
    assert first.said.told.before == 0

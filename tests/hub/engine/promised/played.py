"""A hall with a morning peak, breaks and cuts, played through the real hub: what claims cost those who have none.

440 come to six counters, services are lognormal with a mean of 4.2 minutes, a cut of 10 to 45 minutes strikes on seven
days of ten. Of the booked one in seven stays away, so that more are booked and as many come; the others come eight
minutes before their time, give or take nine. Minutes from opening. `python -m tests.hub.engine.promised.played DAYS`.
"""

import heapq
import math
import random
import statistics
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from common.protocol.codes.claim_code import Claim
from common.protocol.queue.call import TicketsCall
from hub.arrivals.taking import take
from tests.hub.engine.promised.promises import Promises, shown
from tests.hub.hall import DAY, Hall, open_hall
from tests.kit.clock import HandClock

OPENS = datetime(2026, 11, 25, 5, 0, tzinfo=UTC)  # 08:00 in Damascus
PEOPLE, COUNTERS, HOURS, MEAN = 440, 6, 6, 4.2
SLOT, EARLY, STAY_AWAY = 15, 30, 0.15
LEAST, MOST = 15, 60
_COUNT = 24
#: A credit of one usual wait has 73 % of the booked called within a quarter of an hour of their time on these days, by
#: the bare rule without any hub too (600 days); cuts of all counters do most of the rest.
IN_TIME = 0.7


@dataclass(frozen=True)
class Person:
    """`came`: None where he stays away. `at`: the time of an appointment; `joined`: when from afar."""

    came: float | None
    takes: float
    at: float | None = None
    joined: float | None = None


@dataclass
class Waits:
    """What came of some days."""

    booked: list[float] = field(default_factory=list)
    afar: list[float] = field(default_factory=list)
    others: list[float] = field(default_factory=list)
    by_slot: list[list[float]] = field(default_factory=lambda: [[] for _ in range(_COUNT)])
    most_passed: int = 0

    @property
    def mean(self) -> float:
        return statistics.mean(self.others)

    @property
    def p95(self) -> float:
        return sorted(self.others)[int(0.95 * len(self.others))]

    @property
    def in_time(self) -> float:
        return sum(wait <= 15 for wait in self.booked) / len(self.booked)


def shaped(chance: random.Random, people: int) -> list[float]:
    """Return when people come by themselves: most of them in the morning."""
    return sorted(min(chance.betavariate(1.6, 2.6) * HOURS * 60, HOURS * 60 - 1) for _ in range(people))


def _room() -> list[float]:
    came = [0] * _COUNT
    for at in shaped(random.Random(1), 100_000):
        came[int(at // SLOT)] += 1
    return [max(0.05, 1.15 - one / max(came)) for one in came]


ROOM = _room()


def served(chance: random.Random) -> float:
    return chance.lognormvariate(math.log(MEAN) - 0.245, 0.7)


def with_appointments(chance: random.Random, share: float) -> list[Person]:
    """Return a day's people, a share of them booked where others leave room."""
    booked = round(PEOPLE * share)
    found = [Person(at, served(chance)) for at in shaped(chance, PEOPLE - booked)]
    made = round(booked / (1 - STAY_AWAY))
    away = set(chance.sample(range(made), made - booked))
    for number in range(made):
        at = float(SLOT * chance.choices(range(_COUNT), weights=ROOM)[0])
        came = None if number in away else max(0.0, at - EARLY, at + chance.gauss(-8, 9))
        found.append(Person(came, served(chance), at=at))
    return found


def with_remote(chance: random.Random, share: float) -> list[Person]:
    """Return a day's people, a share of them joined from afar; one in seven of these never comes."""
    found = []
    for at in shaped(chance, PEOPLE):
        if chance.random() >= share:
            found.append(Person(at, served(chance)))
            continue
        joined = at - chance.uniform(10, 40) - chance.uniform(0, 30)
        found.append(Person(None if chance.random() < STAY_AWAY else at, served(chance), joined=joined))
    return found


def stops(chance: random.Random) -> list[list[tuple[float, float]]]:
    """Return for each counter when it is closed."""
    closed: list[list[tuple[float, float]]] = []
    for _ in range(COUNTERS):
        begins = chance.uniform(90, 240)
        closed.append([(begins, begins + chance.uniform(15, 30))])
        if chance.random() < 0.25:
            closed[-1].append((0, chance.uniform(20, 60)))
    if chance.random() < 0.7:
        begins, lasts = chance.uniform(30, 280), chance.uniform(10, 45)
        for one in closed:
            one.append((begins, begins + lasts))
    return closed


def calls_at(moment: float, closed: Sequence[tuple[float, float]]) -> float:
    for _ in closed:
        moment = next((until for since, until in closed if since <= moment < until), moment)
    return moment


class PlayedDay:
    """One day in a hall of its own."""

    def __init__(self, folder: Path, people: Sequence[Person], closed: list[list[tuple[float, float]]]) -> None:
        self.clock = HandClock(wall=OPENS - timedelta(minutes=1))
        self.hall: Hall = open_hall(folder, self.clock)
        self.hall.set_up({n: ["A"] for n in range(1, COUNTERS + 1)})
        self.promises = Promises(self.hall)
        self.hall.works()
        for number in range(1, COUNTERS + 1):
            self.hall.press(number, "open")
        self.people, self.closed = people, closed

    def play(self, waits: Waits, credit: Sequence[int]) -> None:
        order = count()
        due: list[tuple[float, int, int, int]] = [
            (one.came, next(order), 0, who) for who, one in enumerate(self.people) if one.came is not None
        ]
        due += [(calls_at(0.0, one), next(order), 1, n) for n, one in enumerate(self.closed)]
        heapq.heapify(due)
        numbers: dict[str, int] = {}
        waiting: set[int] = set()
        idle: set[int] = set()
        passed: dict[int, int] = {}
        while due:
            at, _, is_call, who = heapq.heappop(due)
            self._to(at)
            if not is_call:
                numbers[self._arrive(self.people[who], credit)] = who
                waiting.add(who)
                for counter in idle:
                    heapq.heappush(due, (calls_at(at, self.closed[counter]), next(order), 1, counter))
                idle.clear()
                continue
            if (free := calls_at(at, self.closed[who])) > at:
                heapq.heappush(due, (free, next(order), 1, who))
                continue
            number = self.hall.called(who + 1)
            if number is None:
                idle.add(who)
                continue
            called = numbers[number]
            waiting.discard(called)
            self._note(waits, called, at, waiting, passed)
            heapq.heappush(due, (at + self.people[called].takes, next(order), 1, who))
        waits.most_passed = max([waits.most_passed, *passed.values()])
        self.hall.hub.store.close()

    def _to(self, minute: float) -> None:
        wanted = OPENS + timedelta(minutes=minute)
        self.clock.sleep(max(0.0, (wanted - self.clock.wall).total_seconds()))

    def _arrive(self, one: Person, credit: Sequence[int]) -> str:
        kiosk = self.hall.kiosks[0]
        claim: Claim | None = None
        if one.at is not None:
            at = int((OPENS + timedelta(minutes=one.at)).timestamp())
            claim = self.promises.claim(at=at, credit_min=credit[int(one.at // SLOT)])
        elif one.joined is not None:
            joined = int((OPENS + timedelta(minutes=one.joined)).timestamp())
            claim = self.promises.claim(kind="afar", at=joined, issued=joined, credit_min=10)
        ticket = kiosk.ticket(business_day=DAY, claim=None if claim is None else shown(claim))
        with self.hall.hub.act() as act:
            assert take(act, kiosk.record, TicketsCall(kiosk.boot_id, kiosk.boot_time_ns(), [ticket])) == []
        return ticket.number

    def _note(self, waits: Waits, called: int, at: float, waiting: set[int], passed: dict[int, int]) -> None:
        one = self.people[called]
        came = one.came or 0.0
        if one.at is not None:
            waits.booked.append(at - max(one.at, came))
        elif one.joined is not None:
            waits.afar.append(at - came)
        else:
            waits.others.append(at - came)
            waits.by_slot[int(came // SLOT)].append(at - came)
            return
        for other in waiting:
            someone = self.people[other]
            if someone.at is None and someone.joined is None and (someone.came or 0.0) < came:
                passed[other] = passed.get(other, 0) + 1


def play(days: int, *, booked: float = 0.0, afar: float = 0.0, credit: Sequence[int] | None = None) -> Waits:
    """Play some days. `credit`: of an appointment by its quarter of an hour."""
    waits = Waits()
    for day in range(days):
        chance = random.Random(day)
        closed = stops(chance)
        people = with_remote(chance, afar) if afar else with_appointments(chance, booked)
        with tempfile.TemporaryDirectory() as folder:
            PlayedDay(Path(folder) / "hub", people, closed).play(waits, credit or [LEAST] * _COUNT)
    return waits


def usual_credit(waits: Waits) -> list[int]:
    """Return the median wait of each quarter of an hour within the bounds, as central computes it."""
    return [round(max(LEAST, min(MOST, statistics.median(one or [LEAST])))) for one in waits.by_slot]


def compared(days: int) -> dict[str, float]:
    """Return what appointments at 20 % and numbers from afar at 40 % do to those who come without."""
    without = play(days)
    booked = play(days, booked=0.2, credit=usual_credit(without))
    afar = play(days, afar=0.4)
    return {
        "booked: mean of the others": booked.mean / without.mean,
        "booked: p95 of the others": booked.p95 / without.p95,
        "booked: within 15 minutes": booked.in_time,
        "booked: most later-comers past one": booked.most_passed,
        "afar: mean of the others": afar.mean / without.mean,
        "without: mean": without.mean,
    }


def holds(found: dict[str, float]) -> bool:
    """Return whether claims cost nobody his turn."""
    return (
        found["booked: mean of the others"] <= 0.85
        and found["booked: p95 of the others"] <= 0.95
        and found["booked: within 15 minutes"] >= IN_TIME
        and found["booked: most later-comers past one"] <= 40
        and found["afar: mean of the others"] <= 1.12
    )


if __name__ == "__main__":
    said = compared(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
    print("\n".join(f"{name}: {value:.2f}" for name, value in said.items()))
    raise SystemExit(not holds(said))

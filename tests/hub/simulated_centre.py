"""Days of a centre, played on the real engine with a clock that the simulation moves: morning peak, lognormal services,
no-shows, breaks and power cuts. It measures what people were told against what came true.
"""

import heapq
import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from common.protocol.feed_message import QueueRules
from hub.engine.days import close_day
from hub.estimates.estimate import coverage
from hub.log import tables
from hub.log.reading import TICKET_COLUMNS, as_ticket
from tests.hub.fairness import beyond_thrice_of_the_day, priority_against_those_beside, worst_against_class
from tests.hub.hall import SERVICES, Hall, open_hall
from tests.kit.clock import HandClock

OPENS_S, CLOSES_S = 8 * 3600, 14 * 3600
LETTERS = "AB"


@dataclass(frozen=True)
class Size:
    """How large a centre is. `service_min`: mean minutes at a counter by letter.

    `stops_at_closing`: nobody is called after closing, as where a generator ends; else until everybody was called.
    """

    visitors: int
    counters: int
    service_min: dict[str, float] = field(default_factory=lambda: {"A": 4.0, "B": 6.0})
    priority: float = 0.12
    cut_chance: float = 0.7
    stops_at_closing: bool = False


LARGE, SMALL = Size(440, 7), Size(130, 2)


class SimulatedCentre:
    """One centre over several days."""

    def __init__(self, folder: Path, size: Size, seed: int) -> None:
        self.clock = HandClock()
        self.clock.wall = datetime(2026, 11, 2, 4, 30, tzinfo=UTC)
        self.size = size
        self.chance = random.Random(seed)
        self.hall: Hall = open_hall(folder, self.clock)
        self.hall.set_up({n: ["A", "B"] if n % 2 else ["B", "A"] for n in range(1, size.counters + 1)}, QueueRules())
        self.end_s = 0.0

    def run(self, days: int) -> None:
        """Play so many days."""
        for day in range(days):
            self._day((datetime(2026, 11, 2, tzinfo=UTC) + timedelta(days=day)).date().isoformat())
        with self.hall.act() as act:
            close_day(act)

    def _day(self, label: str) -> None:
        chance, size = self.chance, self.size
        self._to(datetime.fromisoformat(f"{label}T05:00:00+00:00"))  # 08:00 in Damascus
        began = self.clock.boottime_s
        peak = [
            chance.triangular(0, CLOSES_S - OPENS_S - 1800, 5400) for _ in range(round(chance.gauss(size.visitors, 20)))
        ]
        cut = None
        if chance.random() < size.cut_chance:
            start = chance.uniform(1800, 4.5 * 3600)
            cut = (start, start + chance.uniform(600, 2700))
        # When, in which order, what, at which counter.
        plan: list[tuple[float, int, str, int]] = [(at, n, "come", 0) for n, at in enumerate(sorted(peak))]
        plan += [(0.0, 10_000 + n, "open", n) for n in range(1, size.counters + 1)]
        plan += [(chance.uniform(2, 4) * 3600, 20_000 + n, "break", n) for n in range(1, size.counters + 1)]
        heapq.heapify(plan)
        self.on_break: set[int] = set()
        number = 30_000
        while plan:
            at, _, what, who = heapq.heappop(plan)
            if cut is not None and cut[0] <= at < cut[1] and what != "come":
                heapq.heappush(plan, (cut[1] + chance.uniform(0, 60), number, what, who))  # the page was dark
                number += 1
                continue
            self.hall.works(not (cut is not None and cut[0] <= at < cut[1]))
            self._at(began + at)
            for later_s, next_what in self._happen(what, who, at):
                number += 1
                heapq.heappush(plan, (at + later_s, number, next_what, who))
            if at > CLOSES_S - OPENS_S + 4 * 3600:
                break
        self.hall.works(False)

    def _happen(self, what: str, who: int, at: float) -> list[tuple[float, str]]:
        chance, hall = self.chance, self.hall
        if what == "come":
            letter = chance.choice(LETTERS)
            priority = "elderly" if chance.random() < self.size.priority else "none"
            hall.kiosks[0].give(letter, priority=priority, business_day=hall.clock.wall.date().isoformat())
            return []
        if what == "open":
            hall.press(who, "open")
            return [(1.0, "next")]
        if what == "break":
            self.on_break.add(who)
            return []
        if what == "not-here":
            hall.press(who, "not-here")
            return [(2.0, "next")]
        if what == "came":
            hall.press(who, "came")
            ticket = hall.counter(who).ticket
            letter = hall.ticket(ticket or "").queue
            mean = self.size.service_min[letter] * 60
            return [(chance.lognormvariate(_mu(mean), 0.7), "next")]
        return self._next(who, at)

    def _next(self, who: int, at: float) -> list[tuple[float, str]]:
        chance, hall = self.chance, self.hall
        if self.size.stops_at_closing and at >= CLOSES_S - OPENS_S:
            if hall.counter(who).ticket is not None:
                hall.press(who, "done")
            hall.press(who, "close")
            return []
        if who in self.on_break and hall.counter(who).ticket is None:
            self.on_break.discard(who)
            return [(chance.uniform(600, 1200), "next")]
        called = hall.press(who, "next")["counter"]["ticket"]
        if called is None:
            if at > CLOSES_S - OPENS_S:
                hall.press(who, "close")
                return []
            return [(chance.uniform(5, 20), "next")]
        if chance.random() < 0.06:
            return [(chance.uniform(60, 80), "not-here")]
        return [(chance.uniform(10, 40), "came")]

    def _to(self, wall: datetime) -> None:
        self._at(self.clock.boottime_s + (wall - self.clock.wall).total_seconds())

    def _at(self, boottime_s: float) -> None:
        if boottime_s > self.clock.boottime_s:
            self.clock.sleep(boottime_s - self.clock.boottime_s)
            self.clock.slept.clear()

    def measured(self) -> dict[str, float]:
        """Return coverage, the worst wait against its class, priority against others, and the books."""
        with self.hall.hub.read() as look:
            found = dict(coverage(look))
            rows = look.connection.execute(select(*TICKET_COLUMNS).where(tables.tickets.c.called_work.is_not(None)))
            tickets = [as_ticket(row) for row in rows]
            ends: dict[str, int] = dict(
                look.connection.exec_driver_sql(
                    'SELECT coalesce("end", state), count(*) FROM hub_tickets GROUP BY 1'
                ).all()
            )
        found["worst_against_class"] = worst_against_class(tickets, QueueRules().priority_weight)
        beyond, people = beyond_thrice_of_the_day(tickets)
        found["beyond_thrice_of_the_day"] = beyond / people
        found["priority_against_others"] = priority_against_those_beside(tickets)
        found["issued"] = float(self.hall.kiosks[0].seq)
        found["ended"] = float(sum(count for end, count in ends.items() if end in ENDS))
        return found


ENDS = {"done", "done-unconfirmed", "missed", "left", "expired", "carried", "voided", "by-hand"}
SERVICES_USED = {letter: SERVICES[letter] for letter in LETTERS}


def _mu(mean: float) -> float:
    """The parameter of a lognormal distribution with this mean and sigma 0.7."""
    import math

    return math.log(mean) - 0.7**2 / 2

"""The first hours of a day on the real engine: people of yesterday are at the door, with their papers or without.

They come again in any case; what their papers change is who is called when. So a morning is held against one on which
the same people come to the same services and take ordinary numbers.
"""

import heapq
import math
import random
import statistics
from dataclasses import dataclass
from pathlib import Path

from tests.hub.engine.carrying.days import by_digits, closes, gives, goes_home
from tests.hub.hall import Hall, open_hall

OPENING_S = 90 * 60
PLAYED_S = 3 * 3600
DAY_S = 6 * 3600
SERVICE_S = 300.0
SHARE = 0.12
#: So many of a day's visitors are new, and at the door at opening too.
CROWD = 0.2
_US = 1_000_000


@dataclass(frozen=True)
class Morning:
    """When those of yesterday were called, in working seconds from opening, and how long newcomers of then wait."""

    carried_called_s: list[float]
    newcomers_median_s: float


def play(folder: Path, visitors: int, counters: int, seed: int, *, with_papers: bool) -> Morning:
    """Play the first three hours of a day of so many visitors, of whom as many as may be are of the day before."""
    chance = random.Random(seed)
    hall = open_hall(folder)
    hall.set_up({n: ["A", "B"] if n % 2 else ["B", "A"] for n in range(1, counters + 1)})
    hall.works()
    of_yesterday = []
    for _ in range(round(visitors * SHARE)):
        letter = chance.choice("AB")
        of_yesterday.append((letter, gives(hall.kiosks[0], letter)))
        hall.passes(1)
    closes(hall)
    goes_home(hall)
    crowd = round(visitors * CROWD)
    shown: list[str] = []
    newcomers: list[str] = []
    for person in chance.sample([*of_yesterday, *[None] * crowd], len(of_yesterday) + crowd):
        if person is None:
            newcomers.append(gives(hall.kiosks[chance.randrange(3)], chance.choice("AB")).id)
        else:
            claim = by_digits(person[1]) if with_papers else None
            shown.append(gives(hall.kiosks[chance.randrange(3)], person[0], claim=claim).id)
    others = visitors - len(of_yesterday) - crowd
    arrivals = sorted(chance.triangular(0, DAY_S - 1800, OPENING_S) for _ in range(others))
    plan = [(at, 0, "come") for at in arrivals if at < PLAYED_S] + [(0.0, n, "open") for n in range(1, counters + 1)]
    heapq.heapify(plan)
    began_s, opened_work = hall.clock.boottime_s, _work_us(hall)
    while plan:
        at, who, what = heapq.heappop(plan)
        hall.passes(max(0.0, began_s + at - hall.clock.boottime_s))
        if what == "come":
            ticket = gives(hall.kiosks[chance.randrange(3)], chance.choice("AB"))
            newcomers += [ticket.id] if at < OPENING_S else []
            continue
        if what == "came":
            hall.press(who, "came")
            heapq.heappush(plan, (at + chance.lognormvariate(math.log(SERVICE_S) - 0.7**2 / 2, 0.7), who, "next"))
            continue
        if what == "open":
            hall.press(who, "open")
        called = hall.called(who) if at < PLAYED_S else None
        if at < PLAYED_S:
            heapq.heappush(plan, (at + 20, who, "next") if called is None else (at + 15, who, "came"))
    tickets = {one: hall.ticket(one) for one in (*shown, *newcomers)}
    called_s = [((tickets[one].called_work or math.inf) - opened_work) / _US for one in shown]
    waits = [((one.called_work or math.inf) - one.arrived_work) / _US for one in map(tickets.__getitem__, newcomers)]
    hall.hub.store.close()
    return Morning(called_s, statistics.median(waits))


def _work_us(hall: Hall) -> int:
    with hall.hub.read() as look:
        return look.work_us

"""A campaign: runs from one seed, a line of JSON each, and what they never reached."""

import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from tests.town.memory import collected_at_night
from tests.town.menu import Plan, drawn
from tests.town.play import Played, play
from tests.town.rare import RARE_STATES

#: States that a campaign has to come by, and at least how often in a thousand days. Below that it proves little.
SOMETIMES: Final = {
    "at-rest": 300,
    "promoted": 100,
    "two-lead": 20,
    "by-voice": 20,
    "wrong-range": 3,
    "paper-of-yesterday": 10,
    "day-opened-by-manager": 10,
    "damaged-leader": 20,
    "damaged-without-internet": 10,
    "leader-put-back": 10,
    "waited-for-counter": 20,
    "service-stopped": 50,
    "kiosk-says-closed": 5,
    "transfer": 500,
    "park": 300,
    "resume": 200,
    "undo": 50,
    "give": 100,
    "out-of-turn": 50,
    "not-here": 50,
    **RARE_STATES,
    "order-accepted": 300,
    "order-ready": 50,
    "order-repeated": 200,
    "claim-in-time": 100,
    "claim-late": 50,
    "claim-used": 20,
    "claim-withdrawn": 20,
    "claim-at-two-kiosks": 20,
    "booked-by-kiosk": 20,
    "paid-receipt": 200,
    "paid-refund-due": 50,
    "paid-expired": 20,
    "central-died-at-commit": 20,
    "books-compared": 100,
    "money-compared": 100,
}
FLOORS_FROM_DAYS: Final = 1000


def plans(seed: int, days: int) -> Iterator[Plan]:
    """Return the runs of a seed: the first has it for its own, and each other the next one."""
    left = days
    while left > 0:
        plan = drawn(seed, days=1) if left == 1 else drawn(seed)
        left -= plan.world["days"]
        yield plan
        seed += 1


def run(chosen: Iterator[Plan], again: Callable[[Plan], str] | None = None, again_each: int = 50) -> int:
    """Play these runs and print what came of them; return the exit status.

    `again`: returns what a run's digest is in another process, of which every `again_each`-th is asked.
    """
    days, broken, differ, reached = 0, 0, 0, Counter[str]()
    began = time.process_time()
    for number, (plan, played) in enumerate(_played(chosen), 1):
        print(json.dumps(played.as_data(), ensure_ascii=False), flush=True)
        days += plan.world["days"]
        broken += len(played.ledger.broken)
        reached.update(played.ledger.reached)
        spent_s = time.process_time() - began
        print(f"{days} days, {days * 60 / spent_s:.1f} a minute of one core, {broken} broken", file=sys.stderr)
        if again is not None and number % again_each == 0 and again(plan) != played.digest:
            differ += 1
            print(f"seed {plan.seed} is another town in another process", file=sys.stderr)
    missed = never_reached(reached, days)
    print(json.dumps({"days": days, "broken": broken, "never_reached": missed}), flush=True)
    is_below = days >= FLOORS_FROM_DAYS and bool(missed)
    return int(broken > 0 or differ > 0 or is_below)


def _played(chosen: Iterator[Plan]) -> Iterator[tuple[Plan, Played]]:
    with collected_at_night():
        for plan in chosen:
            yield plan, play(plan)


def never_reached(reached: Counter[str], days: int) -> list[str]:
    """Return the states that were met less often than they have to be; in a short campaign, those never met."""
    if days < FLOORS_FROM_DAYS:
        return [state for state in SOMETIMES if not reached[state]]
    return [state for state, floor in SOMETIMES.items() if reached[state] * 1000 < floor * days]


def read(path: Path) -> Plan:
    """Read a kept plan."""
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return Plan(data["seed"], data["world"], data["acts"])


def write(path: Path, plan: Plan) -> None:
    """Keep a plan: an act a line, so that it reads as a story."""
    data = plan.as_data()
    acts = ",\n".join("  " + json.dumps(act, ensure_ascii=False) for act in data["acts"])
    world = json.dumps(data["world"], ensure_ascii=False, sort_keys=True)
    path.write_text(f'{{"seed": {plan.seed},\n"world": {world},\n"acts": [\n{acts}\n]}}\n', encoding="utf-8")

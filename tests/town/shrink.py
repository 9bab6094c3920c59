"""Making a failing run smaller: fewer machines, people, faults, then events, as long as the same promise breaks."""

import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, Final

from tests.town import simpler
from tests.town.campaign import write
from tests.town.menu import Plan
from tests.town.play import play
from tests.town.story import told

MOST_TRIES: Final = 150
LATER_S: Final = 1800.0
"""So much later than before a smaller run may break the promise; what has not by then is taken for whole."""

type Breaks = Callable[[Plan, float | None], float | None]
"""In which second a run breaks the promise, if it does; it need not be played on after the second that is given."""


class _Search:
    """The smallest plan that was found, and how many tries are left."""

    def __init__(self, plan: Plan, breaks: Breaks, most: int) -> None:
        self._breaks, self._left = breaks, most
        self.plan = plan
        self.broke_s: float | None = None

    def tries(self, smaller: Plan | None) -> bool:
        """Take this plan in the other's place if it breaks the promise too."""
        if smaller is None or self._left <= 0:
            return False
        self._left -= 1
        broke_s = self._breaks(smaller, None if self.broke_s is None else self.broke_s + LATER_S)
        if broke_s is None:
            return False
        self.plan, self.broke_s = smaller, broke_s
        return True

    def cuts_off(self) -> None:
        """Leave out what comes after the promise is broken."""
        if self.broke_s is not None:
            shorter = simpler.cut_off(self.plan, self.broke_s)
            if shorter != self.plan:
                self.tries(shorter)

    def leaves_out(self, which: Callable[[dict[str, Any]], bool], *, down_to: int = 1) -> None:
        """Leave out acts of a kind by halves, then by ever smaller shares of them (delta debugging)."""
        size = sum(map(which, self.plan.acts)) // 2 or 1
        while size >= down_to:
            start, was_shrunk = 0, False
            while chosen := [n for n, act in enumerate(self.plan.acts) if which(act)][start : start + size]:
                kept = [act for n, act in enumerate(self.plan.acts) if n not in chosen]
                if self.tries(Plan(self.plan.seed, self.plan.world, kept)):
                    was_shrunk = True
                else:
                    start += size
            if size == 1 and not was_shrunk:
                return
            size = size // 2 if size > 1 else 1


def shrunk(plan: Plan, breaks: Breaks, most: int = MOST_TRIES) -> Plan:
    """Return the smallest plan found that still breaks, within so many tries. Raises ValueError where it breaks not."""
    search = _Search(plan, breaks, most)
    if not search.tries(plan):
        raise ValueError("this plan breaks no such promise: there is nothing to make smaller")
    search.cuts_off()
    search.tries(simpler.without_strikes(search.plan))
    search.tries(simpler.plainest_world(search.plan))
    for machine in (simpler.without_a_kiosk, simpler.without_a_hub, simpler.without_a_counter):
        while search.tries(machine(search.plan)):
            pass
    search.leaves_out(_is_arrival, down_to=4)
    for plainer in simpler.plainer_worlds(search.plan):
        search.tries(plainer(search.plan))
    for kind in sorted({act["do"] for act in search.plan.acts} - {"arrive"}):
        kept = [act for act in search.plan.acts if act["do"] != kind]
        search.tries(Plan(plan.seed, search.plan.world, kept))
    search.leaves_out(lambda act: not _is_arrival(act))
    search.cuts_off()
    search.leaves_out(lambda _: True)
    return search.plan


def _is_arrival(act: dict[str, Any]) -> bool:
    return bool(act["do"] == "arrive")


def breaks(promise: int, plan: Plan, by_s: float | None = None) -> float | None:
    """Return in which second a run of this plan breaks that promise, None if it does not; see `Breaks`."""
    found = [one for one in play(plan, until=promise, by_s=by_s).ledger.broken if one.promise == promise]
    return found[0].at_s if found else None


def shrunk_to(path: Path, chosen: Iterator[Plan], promise: int | None = None, most: int = MOST_TRIES) -> int:
    """Make the first of these runs that breaks a promise, or `promise`, smaller; keep it, and print it as a story."""
    for plan in chosen:
        broken = [one for one in play(plan, until=promise).ledger.broken if promise in (None, one.promise)]
        if not broken:
            continue
        wanted = broken[0].promise
        small = shrunk(plan, partial(breaks, wanted), most)
        write(path, small)
        print("\n".join(told(small, play(small, until=wanted).ledger, wanted)))
        print(f"promise {wanted}: {len(plan.acts)} acts, {len(small.acts)} are left: {path}", file=sys.stderr)
        return 1
    return 0

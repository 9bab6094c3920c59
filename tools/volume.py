"""`python -m tools.volume [--days 5] [--seed 1]`: what a visit costs on disks and on the line to central.

For docs/volume.md, by days of the simulated town on which nothing breaks: three kiosks, a hub and central over SQLite.
Counted are the pages of their databases, and the bytes of requests and answers without TLS.
"""

import argparse
import itertools
import json
import sqlite3
from collections import Counter, defaultdict
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch
from urllib.parse import urlsplit

from tests.town import days
from tests.town.central import ADDRESS
from tests.town.menu import Plan, drawn
from tests.town.net import HERE, Answer, Net
from tests.town.outside_menu import outside_acts
from tests.town.play import play
from tests.town.town import Town

CENTRAL: Final = urlsplit(ADDRESS).netloc
_LINE_ENDS: Final = 4  # ": " and the end of a header's line
_ask, _pass_all = Net.ask, days.pass_all


@dataclass
class Volume:
    """What was counted: bytes on disks by kind of machine, before and after; bytes that passed central's line."""

    on_disk: list[Counter[str]] = field(default_factory=list)
    passed: dict[tuple[str, str], list[int]] = field(default_factory=lambda: defaultdict(list))
    words: dict[int, int] = field(default_factory=dict)  # how many wait -> of what size a hub's word of it is

    async def pass_all(self, town: Town) -> None:
        """Let all days pass, see `days.pass_all`, between two looks at the disks."""
        self.on_disk.append(_on_disk(town))
        await _pass_all(town)
        self.on_disk.append(_on_disk(town))

    def counts(self, net: Net, method: str, url: str, headers: dict[str, str], body: bytes, answer: Answer) -> None:
        """Count a question to central that was answered, by the kind of its asker and what it was for."""
        parts = urlsplit(url)
        if parts.netloc != CENTRAL:
            return
        what = parts.path.rsplit("/", 1)[-1]
        said = [*headers.items(), *answer.headers]
        head = len(f"{method} {parts.path}?{parts.query} HTTP/1.1 HTTP/1.1 200 OK") + 2 * _LINE_ENDS
        size = head + sum(len(name) + len(value) + _LINE_ENDS for name, value in said) + len(body) + len(answer.body)
        if what == "batches" and not (told := json.loads(body))["items"]:
            if "waiting" in told:
                self.words[len(told["waiting"]["tickets"])] = size
            return
        self.passed[HERE.get().split("-")[0], what].append(size)

    def figures(self, visits: int) -> dict[str, Any]:
        """Return the table."""
        before, after = self.on_disk
        batches = {kind: sum(self.passed[kind, "batches"]) for kind in ("kiosk", "hub")}
        most = max(self.words)
        return {
            "visits": visits,
            "bytes a visit on disk": {kind: (after[kind] - before[kind]) // visits for kind in sorted(after)},
            "bytes a visit to central": {kind: size // visits for kind, size in batches.items()},
            "bytes a question for the feed": _mean(self.passed["kiosk", "feed"] + self.passed["hub", "feed"]),
            "bytes a hub's word of who waits": self.words[0],
            "bytes more for each who waits": (self.words[most] - self.words[0]) // most if most else None,
        }


def _mean(sizes: list[int]) -> int:
    return sum(sizes) // len(sizes)


def _on_disk(town: Town) -> Counter[str]:
    found = Counter({"central": _size(town.central.config.data_dir / "central.db")})
    for machine in (*town.kiosks, *town.hubs):
        found[machine.name.split("-")[0]] += _size(machine.data / "store.db")
    return found


def _size(path: Path) -> int:
    with closing(sqlite3.connect(path)) as database:
        pages, free, size = (
            database.execute(f"PRAGMA {of}").fetchone()[0] for of in ("page_count", "freelist_count", "page_size")
        )
    return int((pages - free) * size)


def plan_of(seed: int, number: int) -> Plan:
    """Return so many days of the first plan from this seed on that has the shape, without all that breaks."""
    for tried in itertools.count(seed):
        plan = drawn(tried, days=number)
        world = plan.world
        if (world["hubs"], world["kiosks"], len(world["counters"]), world["citizens"]) == (1, 3, 3, 40):
            break
    whole: dict[str, Any] = {
        "acts": [],
        "strikes": [],
        "quality": {},
        "batteries": {},
        "rare": [],
        "internet": "all days",
    }
    outside = outside_acts(plan.seed, world)
    return Plan(plan.seed, world | whole, [one for one in plan.acts if one["do"] == "arrive" or one in outside])


def measured(plan: Plan) -> dict[str, Any]:
    """Play the days and count."""
    volume = Volume()

    async def ask(net: Net, method: str, url: str, headers: dict[str, str], body: bytes = b"", **more: Any) -> Answer:
        answer = await _ask(net, method, url, headers, body, **more)
        volume.counts(net, method, url, headers, body, answer)
        return answer

    with patch.object(Net, "ask", ask), patch.object(days, "pass_all", volume.pass_all):
        played = play(plan)
    return volume.figures(len(played.ledger.papers))


def main() -> None:
    """Play and print."""
    options = argparse.ArgumentParser(prog="python -m tools.volume", description=__doc__)
    options.add_argument("--days", type=int, default=5)
    options.add_argument("--seed", type=int, default=1)
    chosen = options.parse_args()
    print(json.dumps(measured(plan_of(chosen.seed, chosen.days)), indent=2))


if __name__ == "__main__":
    main()

"""Whether the town finds faults that are put into the product by hand: each within so long, from whatever seed.

`python -m tests.town.calibration SEED [NAME ...]` plays runs from a seed with one fault after the other, and prints a
line of JSON each. A fault counts as found where its promise breaks in a run in which it holds without it.
"""

import argparse
import json
import re
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

from tests.town.menu import drawn
from tests.town.play import play
from tests.town.with_fault import FAULTS, TREE, tree_with

WITHIN_S: Final = 120
"""Of processor time, for each fault and seed."""
OF_LATER_DAYS: Final = (16,)
"""Which promises one day alone can't break."""
_HEAD: Final = re.compile(r"Promise (\d+): (.+)")


class ByHand(NamedTuple):
    """A fault of `faults/`: which promise it breaks, and what is wrong, as the head of its patch says."""

    name: str
    promise: int
    says: str


def faults() -> list[ByHand]:
    """Return all of them. Raises ValueError where a patch does not say in its first line what it breaks."""
    found = []
    for path in sorted(FAULTS.glob("*.patch")):
        head = _HEAD.match(path.read_text(encoding="utf-8"))
        if head is None:
            raise ValueError(f"{path.name}: the first line has to be such as `Promise 13: the newest is called first.`")
        found.append(ByHand(path.stem, int(head[1]), head[2]))
    return found


def find(seed: int, promise: int, most: int) -> dict[str, Any] | None:
    """Play runs from a seed until one breaks a promise; return which, and how; None where so many break none."""
    for run in range(seed, seed + most):
        plan = drawn(run, days=None if promise in OF_LATER_DAYS else 1)
        broken = [one for one in play(plan, until=promise).ledger.broken if one.promise == promise]
        if broken:
            return {"run": run, "cpu_s": round(time.process_time()), "said": f"{broken[0].said}; {broken[0].was}"}
    return None


def tried(fault: ByHand, seed: int) -> dict[str, Any]:
    """Look for a fault from a seed, in a copy of the tree that has it, and in each run found without it too."""
    line: dict[str, Any] = {"fault": fault.name, "promise": fault.promise, "seed": seed, "found": False}
    begins, left_s = seed, WITHIN_S
    with tree_with(fault.name) as tree:
        while (found := _elsewhere(tree, begins, fault.promise, 1000, left_s).broken) is not None:
            without = _elsewhere(TREE, found["run"], fault.promise, 1, 4 * WITHIN_S)
            if without.is_played and without.broken is None:
                return line | found | {"found": True, "cpu_s": WITHIN_S - left_s + found["cpu_s"]}
            begins, left_s = found["run"] + 1, left_s - found["cpu_s"]  # that run breaks it by itself
            if left_s <= 0:
                break
    return line


class Search(NamedTuple):
    """What `find` said in a process. `is_played`: it said something; its time may be over, or it may have failed."""

    is_played: bool
    broken: dict[str, Any] | None


def _elsewhere(tree: Path, seed: int, promise: int, most: int, within_s: int) -> Search:
    words = ["--find", str(promise), "--most", str(most), str(seed)]
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-P", "-m", "tests.town.calibration", *words],
        env={"PYTHONPATH": str(tree), "PYTHONHASHSEED": "1"},
        cwd=tree,
        stdout=subprocess.PIPE,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (within_s, within_s)),
        check=False,
    )
    is_played = done.returncode == 0
    return Search(is_played, json.loads(done.stdout) if is_played else None)


def campaign(seed: int, names: list[str]) -> Iterator[dict[str, Any]]:
    """Try all faults, or those named, from a seed."""
    for fault in faults():
        if not names or fault.name in names:
            yield tried(fault, seed)


def main() -> int:
    """Read the command's words, and do it; exit 1 where a fault was not found."""
    words = argparse.ArgumentParser(prog="python -m tests.town.calibration")
    words.add_argument("seed", type=int)
    words.add_argument("name", nargs="*")
    words.add_argument("--find", type=int, metavar="PROMISE", help=argparse.SUPPRESS)
    words.add_argument("--most", type=int, default=1, help=argparse.SUPPRESS)
    said = words.parse_args()
    if said.find is not None:
        print(json.dumps(find(said.seed, said.find, said.most), ensure_ascii=False))
        return 0
    missed = 0
    for line in campaign(said.seed, said.name):
        print(json.dumps(line, ensure_ascii=False), flush=True)
        missed += not line["found"]
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())

"""`make town`: centre-days from one seed, or a kept plan; `--with NAME` puts in a fault of `tests/town/faults/`."""

import argparse
import os
import subprocess
import sys
from functools import partial
from pathlib import Path

from tests.town.campaign import plans, read, run
from tests.town.shrink import shrunk_to
from tests.town.twice import digest_elsewhere
from tests.town.with_fault import FAULTS, tree_with


def main() -> int:
    """Read the command's words, and do it."""
    words = argparse.ArgumentParser(prog="make town")
    words.add_argument("--days", type=int, default=20)
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--plan", type=Path)
    words.add_argument("--with", dest="fault")
    words.add_argument("--shrink", type=Path, help="make the first failing run smaller, and keep its plan here")
    words.add_argument("--promise", type=int, help="which promise a smaller run has to break")
    words.add_argument("--twice", action="store_true", help="make every fiftieth run again in a fresh process")
    said = words.parse_args()
    if said.fault:
        return _with_fault(said.fault, [word for word in sys.argv[1:] if word not in ("--with", said.fault)])
    chosen = iter([read(said.plan)]) if said.plan else plans(said.seed, said.days)
    if said.shrink:
        return shrunk_to(said.shrink, chosen, said.promise)
    return run(chosen, partial(digest_elsewhere, hashes="1") if said.twice else None)


def _with_fault(name: str, words: list[str]) -> int:
    """Play in a copy of the tree that has this fault."""
    patch = FAULTS / f"{name}.patch"
    if not patch.exists():
        known = ", ".join(sorted(one.stem for one in FAULTS.glob("*.patch")))
        print(f"there is no fault {name}: expected one of {known}", file=sys.stderr)
        return 2
    with tree_with(name) as tree:
        environment = os.environ | {"PYTHONPATH": str(tree)}
        command = [sys.executable, "-P", "-m", "tests.town", *words]  # -P: not from here, where files are looked for
        return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())

"""`make fleet [SEED=N]`: four weeks of fifty kiosks in ten centres, and the page of what an operator had to do."""

import argparse
import json
import sys
from functools import partial
from pathlib import Path

from tools.fleet.plan import SEASON, Size
from tools.fleet.run import played

PAGE = Path("build/fleet/operator.md")


def main() -> int:
    """Play, write the page, print the figures; return 1 where the books differ."""
    options = argparse.ArgumentParser(prog="python -m tools.fleet", description=__doc__)
    options.add_argument("--seed", type=int, default=26)
    options.add_argument("--days", type=int, default=SEASON.days)
    options.add_argument("--centres", type=int, default=SEASON.centres, help="how many")
    options.add_argument("--kiosks", type=int, default=SEASON.kiosks, help="in each centre")
    options.add_argument("--citizens", type=int, default=SEASON.citizens, help="at a kiosk on a day, about")
    options.add_argument("--page", type=Path, default=PAGE)
    chosen = options.parse_args()
    size = Size(chosen.days, chosen.centres, chosen.kiosks, chosen.citizens, SEASON.every)
    says = partial(print, file=sys.stderr, flush=True)
    with played(size, chosen.seed, says) as fleet:
        fleet.write_page(chosen.page)
        print(json.dumps(fleet.figures, indent=2))
        print(*fleet.faults or [f"the books are equal; what an operator had to do: {chosen.page}"], sep="\n")
        return 1 if fleet.faults else 0


if __name__ == "__main__":
    sys.exit(main())

"""`python -m tools.week`: play a long time at one centre, hold it to every check, and print what was in it."""

import argparse
import json

from tools.week.long import play_and_check


def main() -> None:
    """Read the options, play, print a JSON object."""
    options = argparse.ArgumentParser(prog="python -m tools.week", description=__doc__)
    options.add_argument("--days", type=int, default=28)
    options.add_argument("--citizens", type=int, default=2, help="an hour and kiosk; twice as many in the rush")
    options.add_argument("--seed", type=int, default=26)
    chosen = options.parse_args()
    print(json.dumps(play_and_check(chosen.days, chosen.citizens, chosen.seed), indent=2))


main()

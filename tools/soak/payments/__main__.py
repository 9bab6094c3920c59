"""Payments while central, wallet and biller are killed and the network lies: money ends, none twice, none lost.

`python -m tools.soak.payments --payments 100000 --kills 500 --seed N`: so many kills of each of the three. With
`--towns N` they are shared out among N towns beside each other, each with a central, wallet and biller of its own.
Central is a process of its own over SQLite. Wallet and biller are servers in threads of the campaign: a kill of theirs
breaks off every connection, half of the time in the middle of an answer; what was asked and not done by then is never
done, and after up to three seconds they serve again with the books that they had, as a lost process does whose books
are durable. What a process loses whose books are not durable is not tried. Some pay at a bank: central hears of it by
the file of its evenings alone. The clock of central, payers and citizens is moved together, so that a day and a
bill's life pass in minutes. At the end only the books of wallet, bank and biller are believed.
"""

import argparse
import asyncio
import subprocess
import sys
import tempfile
from pathlib import Path

from central.server import serving
from tools.soak.payments.campaign import campaign
from tools.soak.payments.town import MovedClock, config_of


def main() -> None:
    """Run the campaign, or be its central."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--payments", type=int, default=100_000)
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--towns", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--central", type=Path)
    parser.add_argument("--port", type=int, default=0)
    given = parser.parse_args()
    if given.central is not None:
        MovedClock(given.central)
        config = config_of(given.central, given.port)
        asyncio.run(serving.serve(config, "127.0.0.1", given.port, lambda _: None))
        return
    if given.towns > 1:
        sys.exit(beside_each_other(given.towns, given.payments, given.kills, given.seed))
    with tempfile.TemporaryDirectory() as folder:
        print(asyncio.run(campaign(given.payments, given.kills, given.seed, Path(folder))), flush=True)


def beside_each_other(towns: int, payments: int, kills: int, seed: int) -> int:
    """Share the payments and kills out among towns of their own; return how many of them were broken."""
    shares = ["--payments", str(-(-payments // towns)), "--kills", str(-(-kills // towns))]
    words = [sys.executable, "-m", "tools.soak.payments", *shares]
    played = [subprocess.Popen([*words, "--seed", str(seed * towns + town)]) for town in range(towns)]
    return sum(town.wait() != 0 for town in played)


if __name__ == "__main__":
    main()

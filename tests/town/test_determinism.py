"""One seed, one town: whatever machine, process, and order in which a set of words happens to be walked."""

import os
import subprocess
import sys

SCRIPT = """
import sys
from tests.town.menu import drawn
from tests.town.play import play
print(play(drawn(int(sys.argv[1]), days=1)).digest)
"""


def _digest(seed: int, hashes: str) -> str:
    environment = os.environ | {"PYTHONHASHSEED": hashes}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(seed)], env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_the_same_seed_is_the_same_town_in_two_fresh_processes() -> None:
    first, second = _digest(5, "1"), _digest(5, "2")
    assert first == second
    assert len(first) == 64

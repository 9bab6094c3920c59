"""A run made again in a fresh process: one seed is one town, whatever machine, process and order of a set of words.

`python -m tests.town.twice PLAN` plays a kept plan and prints what tells two runs apart.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.town.campaign import read, write
from tests.town.menu import Plan
from tests.town.play import play


def digest_elsewhere(plan: Plan, hashes: str) -> str:
    """Play a plan in a process of its own, in which words are hashed so (PYTHONHASHSEED); return its digest.

    Raises subprocess.CalledProcessError where it can't be played.
    """
    with tempfile.TemporaryDirectory(prefix="town-twice-") as folder:
        path = Path(folder) / "plan.json"
        write(path, plan)
        command = [sys.executable, "-W", "ignore", "-m", "tests.town.twice", str(path)]
        environment = os.environ | {"PYTHONHASHSEED": hashes}
        done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout.strip()


if __name__ == "__main__":
    print(play(read(Path(sys.argv[1]))).digest)

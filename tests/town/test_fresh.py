"""Fresh seeds among the proofs: what they find is printed, and fails nothing until no fault is known any more."""

import json
import os
import random
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
DAYS: Final = os.environ.get("TOWN_DAYS", "40")
WITHIN_S: Final = 240
"""Of wall time: as many days as a machine plays in it."""


@pytest.mark.proof
@pytest.mark.timeout(WITHIN_S + 120)
def test_fresh_seeds_reach_what_a_day_is_made_of(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    seed = str(random.SystemRandom().randrange(1_000_000))
    said, pace = tmp_path / "said", tmp_path / "pace"
    command = [sys.executable, "-W", "ignore", "-m", "tests.town", "--days", DAYS, "--seed", seed]
    with said.open("wb") as out, pace.open("wb") as errors:
        playing = subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=errors)
        try:
            playing.wait(WITHIN_S)
        except subprocess.TimeoutExpired:
            playing.kill()
            playing.wait()
    runs = [json.loads(line) for line in said.read_text(encoding="utf-8").splitlines() if line.endswith("}")]
    played = [run for run in runs if "reached" in run]
    with capsys.disabled():
        print(f"\nmake town SEED={seed} DAYS={DAYS}: {len(played)} played; {pace.read_text(errors='replace')[-300:]}")
        for run in played:
            for one in run["broken"]:
                print(json.dumps({"seed": run["seed"], "promise": one["promise"], "said": one["said"]}))
    reached = {state for run in played for state, times in run["reached"].items() if times}
    assert {"came", "done", "at-rest"} <= reached

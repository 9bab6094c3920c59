"""Fresh seeds among the proofs: what they find is printed, and fails nothing until no fault is known any more."""

import json
import os
import random

import pytest

from tests.town.campaign import plans
from tests.town.play import play

DAYS = int(os.environ.get("TOWN_DAYS", "40"))


@pytest.mark.proof
@pytest.mark.timeout(0)
def test_fresh_seeds_reach_what_a_day_is_made_of(capsys: pytest.CaptureFixture[str]) -> None:
    seed = random.SystemRandom().randrange(1_000_000)
    reached: set[str] = set()
    with capsys.disabled():
        print(f"\nmake town SEED={seed} DAYS={DAYS}")
        for plan in plans(seed, DAYS):
            played = play(plan)
            reached |= {state for state, times in played.ledger.reached.items() if times}
            for one in played.ledger.broken:
                print(json.dumps({"seed": plan.seed, "promise": one.promise, "who": one.who, "said": one.said}))
    assert {"next", "came", "done", "at-rest", "promoted"} <= reached

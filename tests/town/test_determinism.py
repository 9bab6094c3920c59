"""One seed, one town: whatever machine, process, and order in which a set of words happens to be walked."""

from pathlib import Path
from typing import Final

import pytest

from tests.town.campaign import read
from tests.town.menu import Plan, drawn
from tests.town.play import play
from tests.town.twice import digest_elsewhere

#: A day of a town is seconds on a quiet core, and minutes on a busy one.
pytestmark = pytest.mark.timeout(600)

PLANS: Final = Path(__file__).parent / "plans"


@pytest.mark.parametrize("plan", [drawn(5, days=1), read(PLANS / "damaged-leader.json")], ids=["seed", "damaged"])
def test_the_same_plan_is_the_same_town_in_two_fresh_processes(plan: Plan) -> None:
    first, second = digest_elsewhere(plan, "1"), digest_elsewhere(plan, "2")
    assert first == second
    assert len(first) == 64


def test_the_same_plan_is_the_same_town_again_in_one_process() -> None:
    """What is made once for all towns of a process draws nothing: the first would differ from all others."""
    plan = read(PLANS / "damaged-leader-comes-back.json")
    first, second = (play(plan, by_s=2200.0) for _ in range(2))
    assert first.digest == second.digest

"""A short soak in which every process is killed; `python -m tools.soak.kills --seconds 600` is the long one."""

from pathlib import Path

import pytest

from tools.soak.kills import VICTIMS, soak

SECONDS = 5.0


@pytest.mark.timeout(300)
def test_central_has_what_citizens_saw_whichever_process_was_killed(tmp_path: Path) -> None:
    reckoning = soak(tmp_path, seed=7, seconds=SECONDS, fewest=1)
    assert reckoning.faults == []
    assert min(reckoning.kills[victim] for victim in VICTIMS) >= 1
    assert reckoning.numbers_seen > 0
    assert reckoning.tickets_at_central == reckoning.numbers_seen + reckoning.unseen_tickets

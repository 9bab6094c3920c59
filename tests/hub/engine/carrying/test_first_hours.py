"""A morning on which 12 in 100 are of the day before: they are called soon, and newcomers wait no longer than else."""

from pathlib import Path

import pytest

from tests.hub.first_hours import OPENING_S, play


@pytest.mark.parametrize(
    ("visitors", "counters", "seed"),
    [
        (130, 2, 2),
        pytest.param(220, 4, 4, marks=pytest.mark.proof),
        pytest.param(440, 7, 1, marks=pytest.mark.proof),
        pytest.param(440, 7, 2, marks=pytest.mark.proof),
    ],
)
def test_who_shows_his_paper_by_opening_is_called_within_ninety_minutes_and_newcomers_wait_no_longer(
    visitors: int, counters: int, seed: int, tmp_path: Path
) -> None:
    other = play(tmp_path / "other", visitors, counters, seed, with_papers=False)
    assert max(other.carried_called_s) > OPENING_S, "with ordinary numbers some of them wait longer"
    morning = play(tmp_path / "hub", visitors, counters, seed, with_papers=True)
    assert max(morning.carried_called_s) <= OPENING_S
    assert morning.newcomers_median_s <= 1.5 * other.newcomers_median_s

"""A tenth of the campaign on messages; `make long sends` is the whole of it."""

from pathlib import Path

import pytest

from tools.soak.sends import campaign


@pytest.mark.proof
@pytest.mark.timeout(900)
def test_no_near_is_doubled_no_ready_order_lost_and_nothing_late_under_kills_and_lies(tmp_path: Path) -> None:
    found = campaign(1000, 7, tmp_path)
    assert found["kills"] >= 5
    assert found["near_taken"] > 100
    assert 0 < found["off_taken"] < 333  # others died first

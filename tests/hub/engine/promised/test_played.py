"""What claims cost those who have none, played through the real hub: a proof; at full length by `make long claims`."""

import os

import pytest

from tests.hub.engine.promised.played import compared, holds


@pytest.mark.proof
@pytest.mark.timeout(0)
def test_appointments_and_numbers_from_afar_cost_nobody_his_turn() -> None:
    found = compared(int(os.environ.get("CLAIM_DAYS", "6")))
    assert holds(found), found

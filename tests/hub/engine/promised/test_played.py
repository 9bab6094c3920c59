"""What claims cost those who have none, played through the real hub."""

from typing import Final

import pytest

from tests.hub.engine.promised.played import compared, holds

DAYS: Final = 6


@pytest.mark.proof
@pytest.mark.timeout(0)
def test_appointments_and_numbers_from_afar_cost_nobody_his_turn() -> None:
    found = compared(DAYS)
    assert holds(found), found

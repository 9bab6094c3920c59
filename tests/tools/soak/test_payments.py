"""A thousandth of the campaign on payments; `make long payments` is the whole of it."""

from pathlib import Path

import pytest

from central.base import clock
from tools.soak.payments.campaign import campaign


@pytest.mark.proof
@pytest.mark.timeout(900)
async def test_money_ends_through_lies_and_kills(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", clock.now)  # the campaign moves it, and it is put back
    found = await campaign(120, 6, 7, tmp_path)
    assert [found[f"{name}_kills"] >= 6 for name in ("central", "wallet", "biller")] == [True] * 3
    assert found["marked"] > 60
    assert found["refund_due"] > 0
    assert found["at_bank"] > 5

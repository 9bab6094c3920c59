"""An attempt in the very second of the one before is told from none."""

import asyncio
from types import SimpleNamespace
from typing import Any, cast

import pytest

from kiosk.maintenance.central import delivery


async def test_central_is_asked_in_a_second_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    second = [1000]
    state = SimpleNamespace(last_at=1000)

    def try_now(_store: object) -> None:
        state.last_at = second[0]  # the forwarder is quick

    async def waiting(_gone_s: int) -> None:
        second[0] += 1
        await asyncio.sleep(0)

    monkeypatch.setattr(delivery, "time", SimpleNamespace(time=lambda: float(second[0])))
    monkeypatch.setattr(delivery, "read_delivery", lambda _store: SimpleNamespace(last_at=state.last_at))
    monkeypatch.setattr(delivery, "request_try_now", try_now)
    found = await delivery.try_central(cast("Any", None), waiting)
    assert found is not None
    assert found.last_at == 1001

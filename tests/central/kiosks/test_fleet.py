from datetime import timedelta

import pytest

from central.base import clock
from central.kiosks import fleet
from tests.central.conftest import Stage


async def test_an_operator_sees_what_each_kiosk_last_said_of_itself(stage: Stage) -> None:
    first, second = await stage.enrolled(), await stage.enrolled()
    await stage.deliver(second, health={"paper": "Out", "version": "0.1.0"})
    said = [fleet.described(row._mapping) for row in await stage.all(fleet.listing)]
    assert [(one["kiosk"], one["digit"]) for one in said] == [(first.kiosk, 1), (second.kiosk, 2)]
    assert [one["health"] for one in said] == [None, {"paper": "Out", "version": "0.1.0"}]
    assert [one["reported_at"] is None for one in said] == [True, False]


async def test_a_kiosk_that_has_gone_quiet_is_counted_until_it_reports(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def quiet() -> int:
        conditions = (await stage.client.get("/readyz")).json()["conditions"]
        return int(conditions["kiosks_quiet"])

    sender = await stage.enrolled()
    assert await quiet() == 1  # enrolled, and nothing since
    await stage.deliver(sender, health={"paper": "Full"})
    assert await quiet() == 0
    later = clock.now() + fleet.QUIET_AFTER + timedelta(minutes=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert await quiet() == 1
    assert "central_kiosks_quiet 1.0" in (await stage.client.get("/metrics")).text
    await stage.deliver(sender, health={"paper": "Full"})
    assert await quiet() == 0

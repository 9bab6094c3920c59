"""Central signs no time that cannot be: a wrong clock of one machine would reach every kiosk."""

from datetime import UTC, datetime, timedelta

import pytest

from central import clock
from tests.central.conftest import Stage

NOW = datetime.now(UTC)


@pytest.mark.parametrize(
    ("says", "signs"),
    [
        (NOW, True),
        (NOW - timedelta(hours=20), True),
        (NOW - timedelta(days=3), False),
        (datetime(2099, 1, 1, tzinfo=UTC), False),
        (datetime(1970, 1, 1, tzinfo=UTC), False),
    ],
)
async def test_a_time_far_from_the_database_s_or_the_build_s_is_not_signed(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, says: datetime, signs: bool
) -> None:
    sender = await stage.enrolled()
    await stage.publish("business-day", {"date": clock.business_date(NOW).isoformat()})
    monkeypatch.setattr(clock, "now", lambda: says)
    headers = sender.signature("GET", "/v1/time?nonce=a")
    response = await stage.client.get("/v1/time?nonce=a", headers=headers)
    assert response.status_code == (200 if signs else 409)
    if not signs:
        assert response.json()["type"] == "/problems/clock-refused"
        assert "Signature" not in response.headers

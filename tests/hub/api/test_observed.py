"""Each answer of the hub is counted, and one that failed is logged: how it was asked, never what was sent."""

from structlog.testing import capture_logs

from tests.hub.api.conftest import CLERK_PIN, Stage


async def test_each_answer_is_counted_and_one_that_failed_is_logged_without_what_was_sent(stage: Stage) -> None:
    with capture_logs() as logged:
        await stage.session(1)
        await stage.client.get("/voice/none/1.wav?secret=77")
    seen = [(one["method"], one["route"], one["status"]) for one in logged if one["event"] == "request"]
    assert seen == [("GET", "/voice/{mark}/{name}", 404)]
    assert all(one["ms"] >= 0 for one in logged if one["event"] == "request")
    assert CLERK_PIN not in str(logged)
    assert "secret" not in str(logged)
    page = (await stage.client.get("/metrics")).text
    for status in (201, 404):
        assert f'hub_requests_total{{status="{status}"}} 1.0' in page

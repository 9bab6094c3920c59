"""How the hub takes connections."""

from common.web import runner
from offline_store.queue.listener import TELL_EVERY_S


async def test_a_kiosks_connection_outlives_the_time_between_its_posts() -> None:
    async def app(scope: object, receive: object, send: object) -> None:
        del scope, receive, send

    assert runner.settings(app, graceful_stop_s=1).timeout_keep_alive >= 3 * TELL_EVERY_S

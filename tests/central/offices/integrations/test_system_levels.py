"""What a system should know of how far things have come, and the one row that says what it was told."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Row, select

from central.base.tables.messages import SYSTEM, told
from central.feed import epoch
from central.insight import written
from central.offices.integrations import systems
from central.offices.integrations.webhooks import WebhookDispatcher
from central.server.api.metrics import conditions
from tests.central.conftest import Stage
from tests.central.offices.integrations.test_calls import READY
from tests.central.offices.integrations.test_webhooks import Heard

pytestmark = pytest.mark.usefixtures("no_dispatcher")
NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)


class Clock:
    """A clock that a test moves."""

    now = NOW


async def rows(stage: Stage) -> list[Row[Any]]:
    return list(await stage.all(select(told).where(told.c.subject == SYSTEM)))


async def begin(stage: Stage, *answers: int) -> tuple[Heard, WebhookDispatcher, Clock]:
    async with stage.engine.begin() as connection:
        await systems.give(connection, "app", "order-states", "https://app.example/")
    await stage.publish("order-state", READY)
    heard, clock = Heard(*answers), Clock()
    return heard, WebhookDispatcher(stage.engine, stage.ring, heard, lambda: clock.now), clock


async def test_one_row_says_what_a_system_was_told_and_is_no_message_to_a_citizen(stage: Stage) -> None:
    heard, dispatcher, _ = await begin(stage)
    for state in ("collected", "ready", "collected"):
        await dispatcher.act()
        await stage.publish("order-state", READY | {"state": state})
    await dispatcher.act()
    (row,) = await rows(stage)
    assert (len(heard.heard), row.kind, row.about, row.state) == (4, "order_states.changed", "app", "handed")
    async with stage.engine.begin() as connection:
        assert await written.waiting(connection, None) == (0, None)
        assert (
            await written.by_day(connection, NOW.date() - timedelta(days=9), NOW.date() + timedelta(days=9), None) == {}
        )
        assert (await conditions(connection))["messages_waiting"] == 0
        await systems.withdraw(connection, "app")
    assert await rows(stage) == []


async def test_news_while_it_was_not_heard_shortens_no_pause_and_a_new_process_keeps_it(stage: Stage) -> None:
    heard, dispatcher, clock = await begin(stage, 500, 500, 500)
    for after_s in (0, 11, 32):
        clock.now = NOW + timedelta(seconds=after_s)
        await dispatcher.act()
    assert len(heard.heard) == 3
    await stage.publish("order-state", READY | {"state": "collected"})
    clock.now = NOW + timedelta(seconds=60)
    again = WebhookDispatcher(stage.engine, stage.ring, heard, lambda: clock.now)
    await again.act()
    assert len(heard.heard) == 3
    clock.now = NOW + timedelta(seconds=73)
    await again.act()
    ids = [headers["webhook-id"] for _, _, headers in heard.heard]
    assert ids[0] == ids[1] == ids[2] != ids[3], "it is another word"


async def test_a_process_that_fell_while_it_said_it_is_followed_by_one_that_says_it_again(stage: Stage) -> None:
    heard, dispatcher, clock = await begin(stage)

    def falls(*_: object) -> int:
        raise KeyboardInterrupt

    dispatcher._post = falls
    with pytest.raises(KeyboardInterrupt):
        await dispatcher.act()
    again = WebhookDispatcher(stage.engine, stage.ring, heard, lambda: clock.now)
    await again.act()
    clock.now += timedelta(minutes=2)
    await again.act()
    assert len(heard.heard) == 1


async def test_what_the_lost_time_held_is_said_again_though_no_number_changed(stage: Stage) -> None:
    heard, dispatcher, _ = await begin(stage)
    await dispatcher.act()
    async with stage.engine.begin() as connection:
        await epoch.begin(connection, epoch.ITEM_LACKED)
    for _ in range(2):
        await dispatcher.act()
    assert len(heard.heard) == 2

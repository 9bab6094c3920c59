"""Systems hear that there is something new: until they have taken it, signed with what only they and central know."""

import asyncio
import hashlib
import http.client
import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from sqlalchemy import select
from standardwebhooks import Webhook, WebhookVerificationError

from central.base.tables import others as tables
from central.feed import epoch as feed_epoch
from central.offices.integrations import systems
from central.offices.integrations.webhooks import WebhookDispatcher, post_once, signed
from tests.central.conftest import Stage
from tests.central.offices.integrations.test_calls import READY, a_visit, settle

pytestmark = pytest.mark.usefixtures("no_dispatcher")
NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)


class Heard:
    """A system's end: keeps what it hears and answers as it is told."""

    def __init__(self, *answers: int | Exception) -> None:
        self.answers = list(answers)
        self.heard: list[tuple[str, bytes, dict[str, str]]] = []

    def __call__(self, url: str, body: bytes, headers: dict[str, str]) -> int:
        self.heard.append((url, body, headers))
        answer = self.answers.pop(0) if self.answers else 204
        if isinstance(answer, Exception):
            raise answer
        return answer


async def test_who_waits_for_states_hears_once_of_what_is_new(stage: Stage) -> None:
    async with stage.engine.begin() as connection:
        token = await systems.give(connection, "app", "order-states", "https://app.example/news?x=1")
        secret = await systems.give_secret(connection, stage.ring.vault(), "app")
    assert secret is not None
    heard = Heard()
    dispatcher = WebhookDispatcher(stage.engine, stage.ring, heard)
    await dispatcher.act()
    assert heard.heard == []
    await stage.publish("order-state", READY)
    await dispatcher.act()
    await dispatcher.act()
    ((url, body, headers),) = heard.heard
    assert url == "https://app.example/news?x=1"
    said = Webhook(secret).verify(body, headers)
    assert (said["type"], said["data"], datetime.fromisoformat(said["timestamp"]).tzinfo) == (
        "order_states.changed", {}, UTC
    )  # fmt: skip
    for other in (b"another key", hashlib.sha256(token.encode()).hexdigest().encode()):
        with pytest.raises(WebhookVerificationError):
            Webhook(other).verify(body, headers)


async def test_a_system_that_has_only_its_token_is_told_under_it_until_it_is_given_a_secret(stage: Stage) -> None:
    async with stage.engine.begin() as connection:
        token = await systems.give(connection, "app", "order-states", "https://app.example/")
    await stage.publish("order-state", READY)
    heard, now = Heard(500), [NOW]
    dispatcher = WebhookDispatcher(stage.engine, stage.ring, heard, lambda: now[0])
    await dispatcher.act()
    now[0] += timedelta(seconds=3600)
    async with stage.engine.begin() as connection:
        secret = await systems.give_secret(connection, stage.ring.vault(), "app")
        assert await systems.give_secret(connection, stage.ring.vault(), "nobody") is None
    assert secret is not None
    await dispatcher.act()
    former = hashlib.sha256(token.encode()).hexdigest().encode()
    (_, body, headers), (_, again, retried) = heard.heard
    assert Webhook(former).verify(body, headers) == Webhook(secret).verify(again, retried)
    assert body == again, "it is the same word"
    assert headers["webhook-id"] == retried["webhook-id"]
    (row,) = await stage.all(select(tables.systems))
    assert secret not in row.webhook_secret, "it lies sealed"


async def test_a_word_has_one_id_however_often_and_by_whomever_it_is_said_and_the_next_another(stage: Stage) -> None:
    async with stage.engine.begin() as connection:
        await systems.give(connection, "app", "order-states", "https://app.example/")
    await stage.publish("order-state", READY)
    heard, now = Heard(500, 503), [NOW]
    first, other = (WebhookDispatcher(stage.engine, stage.ring, heard, lambda: now[0]) for _ in range(2))
    for one in (first, other, other, first, first):
        await one.act()  # within a pause neither says it
        now[0] += timedelta(seconds=6)
    now[0] += timedelta(seconds=1000)
    await first.act()
    ids = [headers["webhook-id"] for _, _, headers in heard.heard]
    assert len(ids) == 3
    assert len(set(ids)) == 1
    await stage.publish("order-state", READY | {"state": "collected"})
    await first.act()
    async with stage.engine.begin() as connection:
        await feed_epoch.begin(connection, feed_epoch.BY_COMMAND)
    await first.act()
    async with stage.engine.begin() as connection:
        await feed_epoch.begin(connection, feed_epoch.BY_COMMAND)
    await first.act()
    assert len({headers["webhook-id"] for _, _, headers in heard.heard}) == 4, "set back, it is said as something new"


async def test_who_waits_for_visits_hears_when_they_can_be_read(stage: Stage) -> None:
    async with stage.engine.begin() as connection:
        await systems.give(connection, "warehouse", "visits", "https://warehouse.example/")
    heard, kiosk = Heard(), await stage.enrolled()
    await a_visit(stage, kiosk, "C1001")
    await settle(stage)
    await WebhookDispatcher(stage.engine, stage.ring, heard).act()
    assert [json.loads(body)["type"] for _, body, _ in heard.heard] == ["visits.changed"]


async def test_after_a_restore_each_hears_again_also_where_nothing_is_there(stage: Stage) -> None:
    async with stage.engine.begin() as connection:
        await systems.give(connection, "app", "order-states", "https://app.example/")
        await systems.give(connection, "bookings", "claims", "https://bookings.example/")
    await stage.publish("order-state", READY)
    heard = Heard()
    await WebhookDispatcher(stage.engine, stage.ring, heard).act()
    assert len(heard.heard) == 1
    async with stage.engine.begin() as connection:
        await feed_epoch.begin(connection, feed_epoch.BY_COMMAND)
    for _ in range(2):
        await WebhookDispatcher(stage.engine, stage.ring, heard).act()
    told = sorted(json.loads(body)["type"] for _, body, _ in heard.heard[1:])
    assert told == ["claims.changed", "order_states.changed"]


@pytest.mark.parametrize("answer", [500, 302, TimeoutError(), http.client.BadStatusLine("")])
async def test_a_word_that_is_not_taken_is_said_again_after_a_pause(stage: Stage, answer: int | Exception) -> None:
    async with stage.engine.begin() as connection:
        await systems.give(connection, "app", "order-states", "https://app.example/")
    await stage.publish("order-state", READY)
    heard, now = Heard(answer), [NOW]
    dispatcher = WebhookDispatcher(stage.engine, stage.ring, heard, lambda: now[0])
    await dispatcher.act()
    await dispatcher.act()
    assert len(heard.heard) == 1
    now[0] += timedelta(seconds=11)
    await dispatcher.act()
    now[0] += timedelta(seconds=1000)
    await dispatcher.act()
    assert len(heard.heard) == 2


async def test_one_that_takes_nothing_for_weeks_keeps_no_other_from_hearing(stage: Stage) -> None:
    async with stage.engine.begin() as connection:
        await systems.give(connection, "gone", "order-states", "https://gone.example/")
        await systems.give(connection, "there", "order-states", "https://there.example/")
    await stage.publish("order-state", READY)
    heard, now = Heard(500), [NOW]
    dispatcher = WebhookDispatcher(stage.engine, stage.ring, heard, lambda: now[0])
    for _ in range(672):  # a week, at its longest pause
        heard.answers = [500]
        await dispatcher.act()
        now[0] += timedelta(minutes=15)
    assert [url for url, _, _ in heard.heard].count("https://there.example/") == 1


async def test_who_is_given_a_new_token_is_told_whatever_became_of_the_former(stage: Stage) -> None:
    async with stage.engine.begin() as connection:
        await systems.give(connection, "app", "order-states", "https://former.example/")
    await stage.publish("order-state", READY)
    heard = Heard(500)
    dispatcher = WebhookDispatcher(stage.engine, stage.ring, heard, lambda: NOW)
    await dispatcher.act()
    async with stage.engine.begin() as connection:
        await systems.give(connection, "app", "order-states", "https://new.example/")
    await dispatcher.act()
    assert [url for url, _, _ in heard.heard] == ["https://former.example/", "https://new.example/"]


async def test_a_word_that_the_former_address_took_late_is_none_for_the_new_one(stage: Stage) -> None:
    async with stage.engine.begin() as connection:
        await systems.give(connection, "app", "order-states", "https://former.example/")
    await stage.publish("order-state", READY)
    loop, urls = asyncio.get_running_loop(), list[str]()

    async def replace() -> None:
        async with stage.engine.begin() as connection:
            await systems.give(connection, "app", "order-states", "https://new.example/")

    def post(url: str, _body: bytes, _headers: dict[str, str]) -> int:
        urls.append(url)
        if len(urls) == 1:
            asyncio.run_coroutine_threadsafe(replace(), loop).result(10)
        return 204

    dispatcher = WebhookDispatcher(stage.engine, stage.ring, post)
    for _ in range(3):
        await dispatcher.act()
    assert urls == ["https://former.example/", "https://new.example/"]


async def test_a_word_that_was_on_its_way_when_central_was_set_back_is_not_the_one_of_that(stage: Stage) -> None:
    async with stage.engine.begin() as connection:
        await systems.give(connection, "app", "order-states", "https://app.example/")
    await stage.publish("order-state", READY)
    loop, urls = asyncio.get_running_loop(), list[str]()

    async def set_back() -> None:
        async with stage.engine.begin() as connection:
            await feed_epoch.begin(connection, feed_epoch.CURSOR_LACKED)

    def post(url: str, _body: bytes, _headers: dict[str, str]) -> int:
        urls.append(url)
        if len(urls) == 1:
            asyncio.run_coroutine_threadsafe(set_back(), loop).result(10)
        return 204

    dispatcher = WebhookDispatcher(stage.engine, stage.ring, post)
    for _ in range(3):
        await dispatcher.act()
    assert len(urls) == 2


@pytest.fixture
def listener() -> Iterator[tuple[str, list[dict[str, str]]]]:
    got: list[dict[str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            got.append({"path": self.path, "body": body, **{k.lower(): v for k, v in self.headers.items()}})
            self.send_response(302)
            self.send_header("Location", "http://127.0.0.1:1/")
            self.end_headers()

        def log_message(self, *args: object) -> None:
            """Say nothing on stderr."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/news?a=b", got
    server.shutdown()
    server.server_close()


def test_a_real_post_goes_to_its_address_alone(listener: tuple[str, list[dict[str, str]]]) -> None:
    url, got = listener
    assert post_once(url, b'{"type":"visits.changed"}', signed("msg_1", b"", b"key")) == 302
    (one,) = got
    assert (one["path"], one["body"], one["content-type"]) == (
        "/news?a=b",
        '{"type":"visits.changed"}',
        "application/json",
    )

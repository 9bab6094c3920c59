"""What the app's makers are told, what an answer of theirs means, and what they read page by page."""

import http.client
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select, update
from standardwebhooks import Webhook

from central.base import clock
from central.base.tables.messages import told as messages
from central.keys.at_rest import NotOurText
from central.messages import app
from central.messages.app import DueMessage
from central.messages.texts import Said
from common.messages.port import ChannelUnavailable, Sent
from common.messages.posting import NotReached
from tests.central.messages.conftest import Post, put

ROW: Any = SimpleNamespace(
    id="m1", kind="order-ready", dies_at="2026-12-04T09:00:00.000000Z", subject="order", about="0" * 32,
    said='{"ends":"210"}', made_at="2026-11-27T09:00:00.000000Z",
)  # fmt: skip
KEY = "ab" * 32
NO_VAULT: Any = None  # what is told under a token opens nothing
WORDS = {"ar": "طلبك …210 جاهز للاستلام.", "en": "Your order …210 is ready to collect."}


def listener(url: str | None, key: str = KEY) -> Any:
    return SimpleNamespace(name="app", webhook=url, token_sha256=key, webhook_secret=None)


@pytest.mark.parametrize(
    ("answers", "outcome"),
    [
        ([], "handed"),
        ([200], "handed"),
        ([299], "handed"),
        ([300], "unknown"),
        ([199], "unknown"),
        ([500, 204], "handed"),
        ([204, NotReached()], "handed"),
        ([NotReached(), OSError()], "unknown"),
        ([http.client.BadStatusLine("x"), NotReached()], "unknown"),
        ([NotReached()], None),
        ([NotReached(), NotReached()], None),
    ],
)
def test_one_system_that_took_it_is_enough_and_one_that_may_have_is_not_unheard(
    answers: list[int | Exception], outcome: Any
) -> None:
    left, asked = list(answers), []

    def post(url: str, body: bytes, headers: dict[str, str]) -> int:
        asked.append(url)
        answer = left.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    told = [listener(None), *(listener(f"https://app.example/{number}") for number in range(len(answers)))]
    if outcome is None:
        with pytest.raises(ChannelUnavailable, match=r"^app$"):
            app.tell(ROW, told, NO_VAULT, post)
    else:
        assert app.tell(ROW, told, NO_VAULT, post) == Sent(outcome)
    assert asked == [one.webhook for one in told[1:]]


def test_a_system_is_told_whom_a_message_is_for_without_its_words_and_under_its_own_key() -> None:
    heard: list[tuple[str, bytes, dict[str, str]]] = []
    listeners = [listener("https://one.example/"), listener("https://two.example/", "cd" * 32)]

    def post(url: str, body: bytes, headers: dict[str, str]) -> int:
        heard.append((url, body, headers))
        return 204

    app.tell(ROW, listeners, NO_VAULT, post)
    assert [url for url, _, _ in heard] == ["https://one.example/", "https://two.example/"]
    for one, (_, body, headers) in zip(listeners, heard, strict=True):
        assert Webhook(one.token_sha256.encode()).verify(body, headers) == {
            "type": "message.due", "timestamp": ROW.made_at,
            "data": {"id": "m1", "kind": "order-ready", "dies_at": ROW.dies_at, "order": "0" * 32},
        }  # fmt: skip
        assert headers["webhook-id"] == "msg_m1", "the same however often it is told"


def test_a_secret_that_does_not_open_keeps_no_other_system_from_its_word(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[str] = []

    def key_of(_vault: object, row: Any) -> bytes:
        if row.webhook == "https://one.example/":
            raise NotOurText
        return b"key"

    def post(url: str, body: bytes, headers: dict[str, str]) -> int:
        heard.append(url)
        return 204

    monkeypatch.setattr(app, "signing_key", key_of)
    both = [listener("https://one.example/"), listener("https://two.example/")]
    assert app.tell(ROW, both, NO_VAULT, post) == Sent("handed")
    assert heard == ["https://two.example/"]
    with pytest.raises(ChannelUnavailable):
        app.tell(ROW, both[:1], NO_VAULT, post)


def test_where_words_are_asked_for_they_are_there_in_each_language() -> None:
    assert app.due_message(ROW, with_texts=True) == DueMessage(
        id="m1", kind="order-ready", dies_at=ROW.dies_at, order="0" * 32,
        texts=WORDS,
    )  # fmt: skip


async def in_place(post: Post, *orders: str) -> list[str]:
    """Put a message on each order in, give it its place, and return their ids."""
    made = []
    async with post.engine.begin() as connection:
        for order in orders:
            made.append(await put(connection, "order-ready", "order", order, Said(ends="210")))
            await app.give_place(connection, made[-1])
    return made


@pytest.fixture
def all_so(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Everything is so still, but what a test names."""
    over: set[str] = set()

    async def is_so(_connection: object, _kinds: object, row: Any, _now: object) -> bool:
        return row.about not in over

    monkeypatch.setattr(app, "is_so", is_so)
    return over.add


async def read(post: Post, cursor: str = "") -> tuple[list[str], str, bool]:
    async with post.engine.begin() as connection:
        page = await app.read(connection, cursor)
    assert not [one for one in page.messages if one.texts != WORDS]
    return [str(one.order) for one in page.messages], page.cursor, page.more


async def test_pages_follow_each_other_and_the_last_says_that_it_is(
    post: Post, all_so: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "PAGE", 2)
    nothing, start, more = await read(post)
    assert (nothing, start.rpartition(".")[2], more) == ([], "0", False)
    await in_place(post, "a", "b", "c", "d")
    first, second, more = await read(post, start)
    assert (first, second.rpartition(".")[2], more) == (["a", "b"], "2", True)
    rest, end, more = await read(post, second)
    assert (rest, end.rpartition(".")[2], more) == (["c", "d"], "4", False)
    assert await read(post, end) == ([], end, False)
    assert (await read(post, "of-before.9"))[0] == ["a", "b"]


async def test_only_what_lives_is_so_and_is_the_apps_is_read_and_then_counts_as_handed(
    post: Post, all_so: Callable[[str], None]
) -> None:
    ids = await in_place(post, *"abcdefg")
    changes: dict[int, dict[str, object]] = {
        1: {"state": "dropped"}, 2: {"state": "failed"}, 3: {"channel": "http"},
        4: {"dies_at": clock.as_text(post.now)}, 6: {"state": "unknown"},
    }  # fmt: skip
    async with post.engine.begin() as connection:
        for number, values in changes.items():
            await connection.execute(update(messages).where(messages.c.id == ids[number]).values(values))
    all_so("f")
    post.pass_by(seconds=1)
    async with post.engine.begin() as connection:
        await connection.execute(
            update(messages).where(messages.c.id == ids[4]).values(dies_at=clock.as_text(post.now))
        )
    assert (await read(post))[0] == ["a", "g"]
    async with post.engine.begin() as connection:
        query = select(messages.c.state, messages.c.handed_at).order_by(messages.c.number)
        rows = [tuple(row) for row in await connection.execute(query)]
    now = clock.as_text(post.now)
    states = ["handed", "dropped", "failed", "waiting", "waiting", "waiting", "unknown"]
    assert rows == [(state, now if state == "handed" else None) for state in states]
    post.pass_by(seconds=timedelta(minutes=1).total_seconds())
    assert (await read(post))[0] == ["a", "g"], "what was read may be read again"


async def test_a_place_is_given_once(post: Post) -> None:
    first, second = await in_place(post, "a", "b")
    async with post.engine.begin() as connection:
        await app.give_place(connection, first)
        rows = await connection.execute(select(messages.c.id, messages.c.number, messages.c.channel))
        assert {tuple(row) for row in rows} == {(first, 1, "app"), (second, 2, "app")}

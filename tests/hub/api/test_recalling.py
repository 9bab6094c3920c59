"""A hub that lost its log calls nobody before central has said who was called, and asks again as soon as it can."""

import asyncio
import itertools
import threading
from collections.abc import Callable, Sequence
from typing import Self

import httpx2
import msgspec
import pytest
from sqlalchemy import insert, select, update
from structlog.testing import capture_logs

from common.machine.errors import StoreUnavailable
from common.machine.records import record
from common.protocol.feed_message import HubRecord, Hubs
from common.protocol.queue.call import QueuedTicket
from common.protocol.queue.recall import QueueRecall, RecalledTicket
from hub.api.server.recalling import Recalling
from hub.api.server.server import Serving
from hub.delivery import handing_on
from hub.delivery import recall as recalling
from hub.engine.act import FOLLOWING, LEADING, Hub
from hub.engine.opening import TERM_FILE, known_term
from hub.engine.presses.pressing import NotYet
from hub.log import tables
from hub.settings import CentralSection, HubConfig, HubSection
from hub.takeover.following import Follower
from hub.takeover.replica import UNFINISHED
from offline_store.delivery.connection.delivery_error import DeliveryDeferred
from offline_store.disk import tables as store_tables
from tests.hub.api.conftest import CLERK_PIN, HUB_KEY, MANAGER_PIN, Stage, public
from tests.hub.hall import CENTRE, HUB_ID, Hall, said


class FakeCentral:
    """Central as a hub asks it: silent until it knows something."""

    def __init__(self) -> None:
        self.asked = 0
        self.knows: QueueRecall | None = None
        self.patience: httpx2.Timeout | None = None
        self.answers = threading.Event()
        self.answers.set()

    def reached(self, _url: str, *, patience: httpx2.Timeout, **_more: object) -> Self:
        self.patience = patience
        return self

    def recall(self, lives: Sequence[str] = ()) -> QueueRecall:
        self.asked += 1
        self.answers.wait(30)
        if self.knows is None:
            raise DeliveryDeferred("no-route", "central cannot be reached")
        return msgspec.structs.replace(self.knows, held=dict.fromkeys(lives, 0))

    def close(self) -> None:
        pass


@pytest.fixture
def central(monkeypatch: pytest.MonkeyPatch) -> FakeCentral:
    fake = FakeCentral()
    monkeypatch.setattr(recalling, "HttpUplink", fake.reached)
    monkeypatch.setattr(recalling, "own_key", lambda _: None)
    return fake


def called(ticket: QueuedTicket, kiosk: str = "kiosk-1") -> RecalledTicket:
    """What central knows of a ticket that a counter has called."""
    return RecalledTicket(
        id=ticket.id, kiosk=kiosk, number=ticket.number, service=ticket.service, business_day=ticket.business_day,
        issued_at=ticket.wall_time, state="called", counter=1, called_at=ticket.wall_time,
    )  # fmt: skip


def lose_log(hall: Hall) -> None:
    """Let the hub be one that has begun without its log."""
    with hall.hub.store.write() as connection:
        connection.execute(update(tables.state).values(recall_due=1))


async def until(what: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not what():  # noqa: ASYNC110 (another task writes it down)
            await asyncio.sleep(0.02)


def test_nobody_is_called_while_it_may_be_that_he_was_called(hall: Hall) -> None:
    hall.press(1, "open")
    hall.kiosks[0].give("A")
    lose_log(hall)
    with pytest.raises(NotYet, match="central has not said"):
        hall.called(1)
    with hall.act() as act:
        act.recalled()
    assert hall.called(1) == "A1001"


async def test_a_manager_may_say_that_the_hall_cannot_wait_for_central(stage: Stage, central: FakeCentral) -> None:
    hall = stage.hall
    hall.kiosks[0].give("A")
    lose_log(hall)
    wish = {"pin": CLERK_PIN}
    assert (await stage.client.post("/v1/promotion", json=wish)).status_code == 403
    assert (await stage.client.post("/v1/promotion", json={"pin": MANAGER_PIN})).json()["term"] == 2
    again = await stage.client.post("/v1/promotion", json={"pin": MANAGER_PIN})
    assert (again.status_code, again.json()["type"]) == (409, "/problems/leads-already")
    session = await stage.session(1)
    await stage.press(1, session, {"press": "open"})
    said = await stage.press(1, session, {"press": "next"})
    assert said.json()["counter"]["ticket"]["number"] == "A1001"
    assert central.knows is None


async def test_central_is_asked_again_as_soon_as_the_feed_moves(stage: Stage, central: FakeCentral) -> None:
    hall = stage.hall
    session = await stage.session(1)
    await stage.press(1, session, {"press": "open"})
    first, second = hall.kiosks[0].give("A"), hall.kiosks[0].give("A")
    lose_log(hall)
    refused = await stage.press(1, session, {"press": "next"})
    assert (refused.status_code, refused.json()["type"]) == (503, "/problems/not-yet")
    central.knows = QueueRecall([called(first)])
    cursors = (f"{n}.abcd" for n in itertools.count(9))

    def is_recalled_once_the_feed_moves() -> bool:  # again and again: a busy machine's first tick may come only now
        with hall.hub.store.write() as connection:  # the forwarder has heard central
            connection.execute(insert(store_tables.feed).prefix_with("OR REPLACE").values(one=1, cursor=next(cursors)))
        return not _is_recall_due(hall.hub)

    await until(is_recalled_once_the_feed_moves)
    assert central.asked == 1
    said = await stage.press(1, session, {"press": "next"})
    assert said.json()["counter"]["ticket"]["number"] == second.number, "the first was called before the log was lost"


async def test_where_others_are_silent_central_says_who_led_later(beginning: Serving, central: FakeCentral) -> None:
    hub = beginning.hub
    await Recalling(beginning).ask_first()
    with hub.read() as look:
        assert look.role == LEADING
        assert look.alone_since is not None, "it led last, and says what it does not know"
    assert central.patience is not None
    assert (central.patience.connect or 99) + (central.patience.read or 99) < 15, "a hall waits for this answer"
    central.knows = QueueRecall([], 3, "hub-0002", 90)
    await Recalling(beginning).ask_first()
    with hub.read() as look:
        assert (look.role, look.seen_term, look.alone_since) == (FOLLOWING, 3, None)


async def test_where_central_knows_of_no_later_one_the_hub_that_led_last_leads(
    beginning: Serving, central: FakeCentral
) -> None:
    central.knows = QueueRecall([], 1, HUB_ID, 0)
    await Recalling(beginning).ask_first()
    with beginning.hub.read() as look:
        assert (look.role, look.term, look.alone_since) == (LEADING, 1, None)


async def test_where_central_has_heard_of_a_longer_log_a_new_life_begins_above_it(
    beginning: Serving, central: FakeCentral
) -> None:
    central.knows = QueueRecall([], 1, HUB_ID, 10_000)
    await Recalling(beginning).ask_first()
    with beginning.hub.read() as look:
        assert (look.role, look.term, look.is_recall_due) == (LEADING, 1, False)
        assert look.seq > 10_000


async def test_what_was_pulled_is_handed_on_as_soon_as_central_says_what_it_lacks(
    beginning: Serving, central: FakeCentral, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of more lives than a question names the others are asked for at once."""
    monkeypatch.setattr(handing_on, "MAX_LIVES", 1)
    with beginning.hub.any_act() as act:
        for _ in range(2):
            act.begin_life("started", asks=False)
        act.connection.execute(update(tables.state).values(hand_on_from=1))
    asking = Recalling(beginning)
    await asking.ask()
    assert (central.asked, _hands_on(beginning.hub)) == (1, True), "central cannot be reached"
    central.knows = QueueRecall([])
    await asking.ask()
    assert (central.asked, _hands_on(beginning.hub)) == (3, False)


def _hands_on(hub: Hub) -> bool:
    with hub.read() as look:
        return look.connection.scalar(select(tables.state.c.hand_on_from)) is not None


@pytest.fixture
def beginning(hall: Hall) -> Serving:
    """A hub that begins, in a centre with another one that is away."""
    records = [HubRecord(hub, "http://127.0.0.1:1", public(HUB_KEY)) for hub in (HUB_ID, "hub-0002")]
    said(hall.hub, Hubs(CENTRE, records), 2)
    config = HubConfig(hub=HubSection(centre=CENTRE), central=CentralSection(url="http://127.0.0.1:1"))
    return Serving(hall.hub, config, HUB_KEY)


def _is_recall_due(hub: Hub) -> bool:
    with hub.read() as look:
        return look.is_recall_due


async def test_a_hub_with_a_part_of_its_log_asks_on_until_the_standby_or_central_has_said_the_rest(
    beginning: Serving, central: FakeCentral
) -> None:
    hub = beginning.hub
    hub.asks_first = True
    with hub.store.write() as connection:
        connection.execute(update(tables.state).values(recall_due=UNFINISHED))
    asking = Recalling(beginning)
    await asking.ask_first()
    assert hub.asks_first, "neither was heard"
    central.answers.clear()
    async with asyncio.timeout(5):
        await asking.ask_first()  # central is slow now: the second goes on, and asks no third time meanwhile
        await asking.ask_first()
    await until(lambda: central.asked == 2)
    assert hub.asks_first
    central.knows = QueueRecall([], 1, HUB_ID, 0)
    central.answers.set()
    await until(lambda: not _is_recall_due(hub))
    await asking.ask_first()
    assert not beginning.hub.asks_first
    with hub.read() as look:
        assert (look.role, look.is_recall_due) == (LEADING, False)


async def test_a_wish_to_ask_while_central_is_being_asked_is_kept_until_it_has_failed(
    beginning: Serving, central: FakeCentral
) -> None:
    """The line came back in the middle of a call that still fails: nobody waits a minute for the next one."""
    with beginning.hub.store.write() as connection:
        connection.execute(update(tables.state).values(recall_due=1))
    asking = Recalling(beginning)
    central.answers.clear()
    asking.ask()
    await until(lambda: central.asked == 1)
    for _ in range(3):
        asking.ask()
    central.answers.set()
    await until(lambda: central.asked == 2)
    central.knows = QueueRecall([])
    asking.ask()
    await until(lambda: not _is_recall_due(beginning.hub))
    assert central.asked <= 3, "three wishes at once are one"


async def test_a_disk_that_takes_no_new_file_for_a_while_does_not_end_what_the_hub_does_by_itself(
    stage: Stage, central: FakeCentral
) -> None:
    hub = stage.hall.hub
    term = hub.store.data_dir / TERM_FILE
    for kept in (term, record.copy_of(term)):
        kept.unlink()
    in_the_way = hub.store.data_dir / "term.json.new"  # the database still has room in its own files
    in_the_way.mkdir()
    lose_log(stage.hall)
    central.knows = QueueRecall([], 1, HUB_ID, 900)  # its log was longer: it goes on above it
    hub.asks_first = True
    await until(lambda: central.asked > 0)
    in_the_way.rmdir()
    await until(lambda: not hub.asks_first)
    with hub.read() as look:
        assert (look.role, look.seq > 900) == (LEADING, True)
    assert known_term(hub.store.data_dir) == 1


async def test_a_hub_that_could_not_begin_does_so_before_it_asks_and_a_disk_that_fails_is_told_of(
    beginning: Serving, central: FakeCentral, monkeypatch: pytest.MonkeyPatch
) -> None:
    beginning.hub.has_begun = False
    central.knows = QueueRecall([], 1, HUB_ID, 0)
    await Recalling(beginning).ask_first()
    assert beginning.hub.has_begun

    def fail(_serving: Serving) -> None:
        raise StoreUnavailable("x" * 201)

    monkeypatch.setattr("hub.api.server.recalling.is_due", fail)
    asking = Recalling(beginning)
    with capture_logs() as logged:
        asking.ask()
        assert asking._under_way is not None
        await asking._under_way
    assert logged == [{"event": "queue-not-recalled", "log_level": "warning", "code": "store", "detail": "x" * 200}]


async def test_a_central_whose_name_nobody_resolves_keeps_the_hall_waiting_for_a_moment_only(
    beginning: Serving, central: FakeCentral, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.api.server.recalling.ASK_WITHIN_S", 0.05)
    hub = beginning.hub
    hub.asks_first = True
    with hub.store.write() as connection:
        connection.execute(update(tables.state).values(recall_due=1))
    central.answers.clear()  # the call is under way, and stays so
    central.knows = QueueRecall([], 1, HUB_ID, 0)
    async with asyncio.timeout(10):
        await Recalling(beginning).ask_first()
    assert not hub.asks_first, "presses are taken"
    assert _is_recall_due(hub), "and nobody is called"
    central.answers.set()
    await until(lambda: not _is_recall_due(hub))
    assert central.asked == 1, "it went on asking while it served"


async def test_central_is_asked_while_the_other_hubs_are(
    beginning: Serving, central: FakeCentral, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_asked: list[bool] = []

    def look_around(_follower: Follower) -> bool:
        for _ in range(1000):
            if central.asked:
                break
            threading.Event().wait(0.01)
        is_asked.append(central.asked == 1)
        return False

    monkeypatch.setattr(Follower, "look_around", look_around)
    central.knows = QueueRecall([], 3, "hub-0002", 90)
    await Recalling(beginning).ask_first()
    assert is_asked == [True]
    with beginning.hub.read() as look:
        assert (look.role, look.seen_term) == (FOLLOWING, 3)

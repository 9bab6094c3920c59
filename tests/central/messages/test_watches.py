"""Who asked by the app is told that his turn is near, once, and that his service works again; one touch stops it."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.tables.messages import told as messages
from central.levels.reconciling import reconcile
from central.messages import app
from central.messages.kinds import KINDS
from central.messages.sending import Sender
from central.offices.integrations import systems
from common.protocol.envelope import Item, TicketBody
from common.protocol.queue.call import WaitingList, WaitingTicket
from common.protocol.queue.service_now import CentreNow, ServiceNow
from tests.central.conftest import URL, Stage
from tests.central.insight.public.test_ticket_page import DAY, NOON, TOKEN
from tests.central.messages.conftest import Operator
from tests.kit.sender import Sender as Machine

SAME_ORIGIN = {"Origin": URL}


async def look(connection: AsyncConnection, now: datetime) -> None:
    """Put in what is to be said, which then can't go out."""
    for kind in KINDS:
        await reconcile(connection, kind, now)


class Waiting:
    """Somebody who waits with a ticket, the app that he asked, and his centre's hub."""

    def __init__(self, stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
        self.stage, self.now = stage, NOON
        monkeypatch.setattr(clock, "now", lambda: self.now)

    async def begin(self) -> None:
        self.kiosk, self.hub = await self.stage.enrolled(), await self.stage.enrolled_hub()
        self.ticket: Item = self.kiosk.item(TicketBody("A1014", "judicial-record", DAY, token=TOKEN), "ticket")
        await self.stage.deliver(self.kiosk, self.ticket)
        async with self.stage.engine.begin() as connection:
            token = await systems.give(connection, "app", "order-states")
        self.headers = {"Authorization": f"Bearer {token}"}

    async def ask(self, token: str = TOKEN) -> Any:
        return await self.stage.client.post("/v1/watches", json={"token": token}, headers=self.headers)

    async def hub_says(self, before: int, state: Any = "working", *, hub: Machine | None = None) -> None:
        since = clock.as_text(self.now) if state == "interrupted" else None
        now = CentreNow(
            state="open", services=[ServiceNow(service="judicial-record", state=state, since=since)], groups={}
        )
        one = WaitingTicket(self.ticket.id, before)
        said = WaitingList(clock.as_text(self.now), DAY, 1, {"A": before}, [one], now=now)
        await self.stage.deliver(hub or self.hub, waiting=said)

    async def told(self) -> list[str]:
        await Sender(self.stage.engine, self.stage.ring, Operator(), now=lambda: self.now).act()
        return [row.kind for row in await self.stage.all(select(messages.c.kind).where(messages.c.state == "handed"))]


@pytest.fixture
async def waiting(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Waiting:
    made = Waiting(stage, monkeypatch)
    await made.begin()
    return made


@pytest.fixture(autouse=True)
def no_task(monkeypatch: pytest.MonkeyPatch) -> None:
    """Messages are sent by the test alone."""

    async def run(_: Sender) -> None:
        """End at once."""

    monkeypatch.setattr(Sender, "run", run)


async def test_five_before_him_he_is_told_once_and_the_app_reads_it(waiting: Waiting) -> None:
    watch = (await waiting.ask()).json()["watch"]
    await waiting.hub_says(6)
    assert await waiting.told() == []
    for before in (5, 4, 6, 5):
        await waiting.hub_says(before)
        assert await waiting.told() == ["near"]
    answer = await waiting.stage.client.get("/v1/messages", headers=waiting.headers)
    (message,) = answer.json()["messages"]
    assert (message["kind"], message["watch"]) == ("near", watch)
    assert message["texts"]["en"] == "Your turn is near: number …014. Stay near the screen."
    after = {"after": answer.json()["cursor"]}
    again = await waiting.stage.client.get("/v1/messages", params=after, headers=waiting.headers)
    assert (again.json()["messages"], again.json()["more"]) == ([], False)
    assert (await waiting.ask()).status_code == 409  # he was told


async def test_nobody_is_sent_for_by_an_old_list(waiting: Waiting) -> None:
    await waiting.ask()
    await waiting.hub_says(3)
    waiting.now = NOON.replace(minute=2)
    assert await waiting.told() == []
    await waiting.hub_says(3)
    assert await waiting.told() == ["near"]


async def test_after_an_interruption_he_hears_that_it_works_again_and_not_that_he_is_near_meanwhile(
    waiting: Waiting,
) -> None:
    await waiting.ask()
    await waiting.hub_says(3, "interrupted")
    assert await waiting.told() == []
    await waiting.hub_says(8)
    assert await waiting.told() == ["works-again"]
    await waiting.hub_says(8)
    assert await waiting.told() == ["works-again"]


async def test_nobody_is_told_that_it_works_again_once_it_stands_still_again(waiting: Waiting) -> None:
    await waiting.ask()
    for state, told in (("interrupted", []), ("working", []), ("interrupted", []), ("working", ["works-again"])):
        await waiting.hub_says(8, state)
        if state == "working" and not told:  # the app can't be reached
            async with waiting.stage.engine.begin() as connection:
                await look(connection, waiting.now)
        else:
            assert await waiting.told() == told
        waiting.now += timedelta(minutes=2)


@pytest.mark.parametrize("reads", [False, True])
async def test_nobody_is_called_near_while_it_stands_still_and_he_is_once_it_works_again(
    waiting: Waiting, reads: bool
) -> None:
    await waiting.ask()
    await waiting.hub_says(3)
    async with waiting.stage.engine.begin() as connection:  # put in, and the app can't be reached
        await look(connection, waiting.now)
        await app.give_place(connection, str(await connection.scalar(select(messages.c.id))))
    await waiting.hub_says(3, "interrupted")
    if reads:
        answer = await waiting.stage.client.get("/v1/messages", headers=waiting.headers)
        assert answer.json()["messages"] == []
    assert await waiting.told() == []
    waiting.now += timedelta(minutes=2)
    await waiting.hub_says(3)
    assert sorted(await waiting.told()) == ["near", "works-again"]
    await waiting.hub_says(2)
    assert sorted(await waiting.told()) == ["near", "works-again"]


async def test_who_hears_that_it_works_again_is_called_near_though_that_was_taken_back_before(waiting: Waiting) -> None:
    await waiting.ask()
    for state, before in (("working", 5), ("interrupted", 5), ("working", 6)):
        await waiting.hub_says(before, state)
        async with waiting.stage.engine.begin() as connection:
            await look(connection, waiting.now)
        if state == "interrupted":
            assert await waiting.told() == []
    assert await waiting.told() == ["works-again"]
    await waiting.hub_says(4)
    assert sorted(await waiting.told()) == ["near", "works-again"]


async def test_one_touch_on_the_page_stops_it_and_nothing_is_there_to_touch_unless_somebody_asked(
    waiting: Waiting,
) -> None:
    page = f"/t/{TOKEN}?lang=en"
    stopping = waiting.stage.client.post(page, json={"stop": True}, headers=SAME_ORIGIN)
    assert (await stopping).status_code == 409
    assert "Do not tell me" not in (await waiting.stage.client.get(page)).text
    await waiting.ask()
    assert "Do not tell me" in (await waiting.stage.client.get(page)).text
    assert (await waiting.stage.client.post(page, json={"stop": True})).status_code == 403  # from no other page
    assert (await waiting.stage.client.post(page, json={"stop": True}, headers=SAME_ORIGIN)).status_code == 204
    assert "Do not tell me" not in (await waiting.stage.client.get(page)).text
    await waiting.hub_says(3)
    assert await waiting.told() == []
    assert (await waiting.ask()).status_code == 409


async def test_who_touches_stop_after_his_turn_came_near_hears_nothing_that_waits_still(waiting: Waiting) -> None:
    await waiting.ask()
    await waiting.hub_says(3)
    async with waiting.stage.engine.begin() as connection:
        await look(connection, waiting.now)
    assert [row.state for row in await waiting.stage.all(select(messages))] == ["waiting"]
    page = f"/t/{TOKEN}?lang=en"
    stopped = await waiting.stage.client.post(page, json={"stop": True}, headers=SAME_ORIGIN)
    assert stopped.status_code == 204
    assert await waiting.told() == []


async def test_the_app_reads_nothing_that_has_ended_or_went_to_a_number(waiting: Waiting) -> None:
    await waiting.ask()
    await waiting.hub_says(3)
    assert await waiting.told() == ["near"]
    for values in ({"state": "dropped"}, {"state": "failed"}, {"state": "handed", "channel": "http"}):
        async with waiting.stage.engine.begin() as connection:
            await connection.execute(update(messages).values(values))
        answer = await waiting.stage.client.get("/v1/messages", headers=waiting.headers)
        assert answer.json()["messages"] == []


async def test_only_a_ticket_that_waits_is_watched_and_only_by_the_app(waiting: Waiting) -> None:
    assert (await waiting.ask("f" * 32)).status_code == 404
    assert (await waiting.ask("../../x")).status_code == 404
    first, again = await waiting.ask(), await waiting.ask()
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    async with waiting.stage.engine.begin() as connection:
        visits = await systems.give(connection, "warehouse", "visits")
    waiting.headers = {"Authorization": f"Bearer {visits}"}
    assert (await waiting.ask()).status_code == 403


async def test_he_is_told_also_where_the_kiosk_that_gave_his_number_stands_elsewhere_by_then(waiting: Waiting) -> None:
    await waiting.ask()
    await waiting.stage.try_enrol(waiting.kiosk, await waiting.stage.code("homs-new"))
    await waiting.hub_says(5)
    assert await waiting.told() == ["near"]

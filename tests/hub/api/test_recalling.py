"""A hub that lost its log calls nobody before central has said who was called, and asks again as soon as it can."""

import asyncio
from collections.abc import Callable

import pytest
from sqlalchemy import insert, update

from common.protocol.queue_call import QueuedTicket
from common.protocol.queue_recall import QueueRecall, RecalledTicket
from hub.delivery import recall as recalling
from hub.engine.presses.pressing import NotYet
from hub.log import tables
from offline_store.delivery.delivery_error import DeliveryDeferred
from offline_store.disk import tables as store_tables
from tests.hub.api.conftest import Stage
from tests.hub.hall import Hall


class FakeCentral:
    """Central as a hub asks it: silent until it knows something."""

    def __init__(self) -> None:
        self.asked = 0
        self.knows: QueueRecall | None = None

    def recall(self) -> QueueRecall:
        self.asked += 1
        if self.knows is None:
            raise DeliveryDeferred("no-route", "central cannot be reached")
        return self.knows

    def close(self) -> None:
        pass


@pytest.fixture
def central(monkeypatch: pytest.MonkeyPatch) -> FakeCentral:
    fake = FakeCentral()
    monkeypatch.setattr(recalling, "HttpUplink", lambda *_args, **_more: fake)
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


async def test_central_is_asked_again_as_soon_as_the_feed_moves(stage: Stage, central: FakeCentral) -> None:
    hall = stage.hall
    session = await stage.session(1)
    await stage.press(1, session, {"press": "open"})
    first, second = hall.kiosks[0].give("A"), hall.kiosks[0].give("A")
    lose_log(hall)
    refused = await stage.press(1, session, {"press": "next"})
    assert (refused.status_code, refused.json()["type"]) == (503, "/problems/not-yet")
    central.knows = QueueRecall([called(first)])
    with hall.hub.store.write() as connection:  # the forwarder has heard central
        connection.execute(insert(store_tables.feed).prefix_with("OR REPLACE").values(one=1, cursor="9.abcd"))
    await until(lambda: not _is_recall_due(hall))
    assert central.asked == 1
    said = await stage.press(1, session, {"press": "next"})
    assert said.json()["counter"]["ticket"]["number"] == second.number, "the first was called before the log was lost"


def _is_recall_due(hall: Hall) -> bool:
    with hall.hub.read() as look:
        return look.is_recall_due

"""A visit that has ended, and its ticket's page, at a moment that is moved by hand."""

from datetime import UTC, datetime

import httpx2
import pytest

from central.base import clock
from common.protocol.envelope import Item, QueueBody, TicketBody
from tests.central.conftest import Stage
from tests.kit.sender import Sender

DAY = "2026-11-25"
TOKEN = "0123456789abcdef" * 2
ENDED = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


class Hand:
    """The clock, moved by hand."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = ENDED
        monkeypatch.setattr(clock, "now", lambda: self.now)


@pytest.fixture
def hand(monkeypatch: pytest.MonkeyPatch) -> Hand:
    return Hand(monkeypatch)


async def given(stage: Stage, *ends: str) -> tuple[Sender, Sender, Item]:
    """Return a kiosk and a hub, and a ticket whose visit went so."""
    kiosk, hub = await stage.enrolled(), await stage.enrolled_hub()
    ticket = kiosk.item(TicketBody("A1014", "judicial-record", DAY, token=TOKEN), "ticket")
    await stage.deliver(kiosk, ticket)
    for name in ends:
        first, last = ("2026-11-29", "2026-12-01") if name == "carried" else (None, None)
        told = QueueBody(name, kiosk.kiosk, ticket.id, "A1014", counter=3, first_day=first, last_day=last)
        await stage.deliver(hub, hub.item(told, "queue", wall_time=clock.as_text(ENDED)))
    await stage.all_read()
    return kiosk, hub, ticket


async def look(stage: Stage) -> httpx2.Response:
    return await stage.client.get(f"/t/{TOKEN}?lang=en")

"""A hub that asks others, which say what a test has written down."""

import pytest
from sqlalchemy import delete

from common.protocol.feed_message import Hubs
from hub.log import tables
from hub.messages.told import as_own
from hub.takeover import following
from hub.takeover.following import Follower
from hub.takeover.replica import LogPage
from tests.hub.api.conftest import HUB_KEY
from tests.hub.hall import CENTRE, Hall, said
from tests.hub.takeover.asked import OWN, B, C, Peer


@pytest.fixture
def follower(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> Follower:
    monkeypatch.setattr(following, "Peer", Peer)
    Peer.says, Peer.pulled, Peer.made = {}, [], []
    said(hall.hub, Hubs(CENTRE, [OWN, B, C]), 5)
    with hall.hub.store.write() as connection:
        connection.execute(delete(tables.events))  # it begins without a log
    return Follower(hall.hub, HUB_KEY, as_own)


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int, str | None]]:
    """After which seq a page was taken, how many events it had, and whether this hub's own log was filled up."""
    found: list[tuple[int, int, str | None]] = []

    def take(_hub: object, one: LogPage, after: int, _stamp: object, *, recovers: str | None) -> int:
        found.append((after, len(one.events), recovers))
        return len(one.events)

    monkeypatch.setattr(following, "take_page", take)
    monkeypatch.setattr(following, "yield_to", lambda *_: None)
    return found

"""Two hubs of a centre, one of which follows, that hear each other without a network."""

from pathlib import Path
from typing import cast

from common.protocol.feed_message import ClerkRecord, HubRecord
from hub.engine.act import FOLLOWING, LEADING
from hub.log.authors import newest_led
from hub.log.event import Event, read_events
from hub.messages.told import as_own
from hub.takeover.following import Follower
from hub.takeover.peers import Peer, PeerSilent, Statement
from hub.takeover.replica import LogPage, log_page
from tests.hub.api.conftest import HUB_KEY
from tests.hub.hall import Hall, open_hall
from tests.hub.standby import open_standby

MANAGER = ClerkRecord("manager-1", "هدى", "manager", "99", "")
OTHER = "hub-0002"


class Near:
    """Another hub, asked without a network."""

    def __init__(self, hall: Hall) -> None:
        self.hall, self.is_away = hall, False
        self.record = HubRecord(hall.hub.store.identity.kiosk, "http://127.0.0.1:1", "")

    def statement(self) -> Statement:
        if self.is_away:
            raise PeerSilent("it does not answer")
        with self.hall.hub.read() as look:
            return Statement(look.hub_id, look.term, look.role == LEADING, "", look.seq, newest_led(look.connection))

    def pull(self, after: int) -> LogPage:
        with self.hall.hub.read() as look:
            return log_page(look, after)


class Two:
    """Two hubs with what each sees of the other."""

    def __init__(self, folder: Path) -> None:
        self.first = open_hall(folder / "1")
        self.second = open_standby(folder / OTHER, self.first.clock, {})
        for hall in (self.first, self.second):
            hall.set_up({1: ["A"], 2: ["A"]})
        self.first.works()
        self.by_first, self.by_second = self.sees(self.first, self.second), self.sees(self.second, self.first)

    def sees(self, own: Hall, other: Hall) -> Follower:
        follower, near = Follower(own.hub, HUB_KEY, as_own), Near(other)
        follower._peers = {near.record.id: cast("Peer", near)}
        follower._others = lambda: follower._peers  # type: ignore[method-assign]
        return follower

    def follow(self, hall: Hall, role: str = FOLLOWING) -> None:
        with hall.hub.store.write() as connection:
            connection.exec_driver_sql("UPDATE hub_state SET role = ?", (role,))


def events(hall: Hall) -> list[Event]:
    with hall.hub.read() as look:
        return list(read_events(look.connection))

"""Other hubs that say what a test has written down, for a hub that asks them."""

from collections.abc import Callable
from typing import Any, ClassVar, cast

from common.protocol.feed_message import HubRecord
from hub.takeover.following import Follower
from hub.takeover.peers import PeerSilent, Statement
from hub.takeover.replica import LogPage
from tests.hub.api.conftest import HUB_KEY
from tests.hub.hall import HUB_ID

OWN = HubRecord(HUB_ID, "http://own", "k")
B, C = HubRecord("hub-b", "http://b", "k"), HubRecord("hub-c", "http://c", "k")


class Peer:
    """Another hub that says what a test has written down; None: nothing."""

    says: ClassVar[dict[str, Statement | None]] = {}
    pages: ClassVar[Callable[[int], LogPage]]
    pulled: ClassVar[list[int]] = []
    made: ClassVar[list[tuple[str, str]]] = []

    def __init__(self, record: HubRecord, own: str, key: object) -> None:
        assert (own, key) == (HUB_ID, HUB_KEY)
        self.record = record
        self.made.append(("made", record.address))

    def statement(self) -> Statement:
        found = self.says.get(self.record.id)
        if found is None:
            raise PeerSilent(f"{self.record.id} is away")
        return found

    def pull(self, after: int) -> LogPage:
        self.pulled.append(after)
        return Peer.pages(after)

    def close(self) -> None:
        self.made.append(("closed", self.record.address))


def states(hub: str, term: int, *, leading: bool, seq: int = 5) -> Statement:
    return Statement(hub, term, leading, "", seq)


def page(*seqs: int, head: int = 0, before: str | None = None) -> LogPage:
    class Of:
        """An event of which only its place counts here."""

        def __init__(self, seq: int) -> None:
            self.seq = seq

    return LogPage("hub-b", 1, True, 0, head, before, cast("Any", [Of(seq) for seq in seqs]))


def leads(follower: Follower) -> None:
    Peer.says["hub-b"] = states("hub-b", 1, leading=True)
    follower.look_around()


def recovers(follower: Follower) -> int:
    """Let a hub look around, and take what it lacks; return how many events came."""
    follower.look_around()
    return follower.recover()

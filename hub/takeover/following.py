"""Which hub leads, asked of all: a follower pulls the leader's log each second, a leader bows to a greater term."""

from collections.abc import Callable, Mapping
from typing import Final

import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, select

from common.protocol.feed_message import HubRecord
from hub.engine.act import LEADING, Hub
from hub.log import tables
from hub.takeover.peers import Peer, PeerSilent, Statement
from hub.takeover.promotion import lead, outranks, yield_to
from hub.takeover.replica import UNFINISHED, LogPage, Promoted, digest_at, take_page

MAX_PAGES: Final = 200

type InOwnMarks = Callable[[LogPage, Connection, Ed25519PrivateKey, HubRecord], LogPage]

log = structlog.get_logger()


class Follower:
    """This hub's eyes on the others of its centre. Not for several threads."""

    def __init__(self, hub: Hub, key: Ed25519PrivateKey, in_own_marks: InOwnMarks) -> None:
        """Begin with nobody asked. `in_own_marks` names in this hub's way who was told an alarm."""
        self._in_own_marks = in_own_marks
        self._hub = hub
        self._key = key
        self._peers: dict[str, Peer] = {}
        self._silent: set[str] = set()
        self.leader: Statement | None = None

    def close(self) -> None:
        """Drop every connection."""
        for peer in self._peers.values():
            peer.close()

    def look_around(self) -> bool:
        """Ask all other hubs who leads, and yield to one that goes before this one; return whether all were heard.

        Raises StoreUnavailable.
        """
        asked = [self._ask(peer) for peer in self._others().values()]
        heard = [said for said in asked if said is not None]
        self.leader = max((said for said in heard if said.leading), key=lambda one: (one.term, one.hub), default=None)
        with self._hub.read() as look:
            is_leading, term, own, seen_term = look.role == LEADING, look.term, look.hub_id, look.seen_term
        if self.leader is not None:
            is_news = self.leader.term > max(term, seen_term)
            if is_news or (is_leading and outranks(self.leader.term, self.leader.hub, term, own)):
                yield_to(self._hub, self.leader.hub, self.leader.term)
        return len(heard) == len(asked)

    def pull(self, *, recovers: bool = False) -> int:
        """Pull the leader's log up to its end; return how many events came. Raises StoreUnavailable.

        `recovers`: this hub leads itself, and takes its own log back.
        """
        peer = self._peers.get(self.leader.hub) if self.leader is not None else None
        if peer is None:
            return 0
        came = 0
        try:
            after, page = self._where_both_agree(peer)
            for _ in range(MAX_PAGES):
                with self._hub.read() as look:
                    own = self._in_own_marks(page, look.connection, self._key, peer.record)
                came += take_page(self._hub, own, after, self._hub.clock.now(), recovers=recovers)
                if not page.events:
                    break
                after = page.events[-1].seq
                if after >= page.head:
                    break
                page = peer.pull(after)
        except PeerSilent as error:
            self._note_silent(peer.record.id, str(error))
            self.leader = None
        except Promoted:  # a manager was quicker than the page, which must not take that back
            self.leader = None
        return came

    def recover(self) -> int:
        """Take from a standby what this hub's log lacks at its end, and lead on under a new term; how many events came.

        Only for a hub that leads and takes no press meanwhile. Nothing is taken in the place of a press made here.
        Raises StoreUnavailable.
        """
        with self._hub.read() as look:
            is_leading, term = look.role == LEADING, look.term
        is_unfinished = self.is_unfinished()
        asked = [self._ask(peer) for peer in self._others().values()] if is_leading else []
        said = [found for found in asked if found is not None and found.seq and not found.leading]
        if not said:
            return 0
        source = max(said, key=lambda one: (one.term, one.seq))
        if not (self._has_more(self._peers[source.hub]) or is_unfinished):
            return 0
        self.leader = source
        came = self.pull(recovers=True)
        is_whole = self.leader is not None  # else it fell silent: what is lacked may be who was called
        if is_whole and (came or is_unfinished):
            log.warning("restored", source=source.hub, events=came)
            lead(self._hub, "restored", None, at_least=term)
        return came

    def is_unfinished(self) -> bool:
        """Whether this hub has taken a part of its log back and lacks the rest. Raises StoreUnavailable."""
        with self._hub.read() as look:
            return bool(look.connection.scalar(select(tables.state.c.recall_due)) == UNFINISHED)

    def _has_more(self, peer: Peer) -> bool:
        """Whether another log goes on where both agree, and this one has no press from there on."""
        try:
            after, page = self._where_both_agree(peer)
        except PeerSilent as error:
            self._note_silent(peer.record.id, str(error))
            return False
        beyond = tables.events.c.seq > after, tables.events.c.press.is_not(None)
        with self._hub.read() as look:
            has_presses = look.connection.scalar(select(tables.events.c.seq).where(*beyond).limit(1)) is not None
        return bool(page.events) and not has_presses

    def _where_both_agree(self, peer: Peer) -> tuple[int, LogPage]:
        """Find the last seq at which both logs hold the same event, stepping back ever further from this one's end."""
        with self._hub.read() as look:
            after = look.seq
        step = 1
        while True:
            page = peer.pull(after)
            with self._hub.read() as look:
                if after == 0 or digest_at(look.connection, after) == page.before:
                    return after, page
            after, step = max(0, after - step), step * 2

    def _others(self) -> Mapping[str, Peer]:
        with self._hub.read() as look:
            records = {one.id: one for one in look.centre.hubs.values() if one.id != look.hub_id and not one.revoked}
            own = look.hub_id
        for name in [name for name, peer in self._peers.items() if records.get(name) != peer.record]:
            self._peers.pop(name).close()
        for name, record in records.items():
            if name not in self._peers:
                self._peers[name] = Peer(record, own, self._key)
        return self._peers

    def _ask(self, peer: Peer) -> Statement | None:
        try:
            said = peer.statement()
        except PeerSilent as error:
            self._note_silent(peer.record.id, str(error))
            return None
        if peer.record.id in self._silent:
            self._silent.discard(peer.record.id)
            log.info("hub-answers-again", hub=peer.record.id)
        return said

    def _note_silent(self, name: str, why: str) -> None:
        if name not in self._silent:
            self._silent.add(name)
            log.warning("hub-silent", hub=name, reason=why)

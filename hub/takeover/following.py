"""Which hub leads, asked of all: a follower pulls the leader's log each second, a leader bows to a greater term."""

from collections.abc import Mapping
from typing import Final

import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select

from hub.engine.act import LEADING, Hub
from hub.log import tables
from hub.takeover.peers import Peer, PeerSilent, Statement
from hub.takeover.promotion import lead, outranks, step_down
from hub.takeover.replica import LogPage, take_page, term_at

MAX_PAGES: Final = 200

log = structlog.get_logger()


class Follower:
    """This hub's eyes on the others of its centre. Not for several threads."""

    def __init__(self, hub: Hub, key: Ed25519PrivateKey) -> None:
        """Begin with nobody asked."""
        self._hub = hub
        self._key = key
        self._peers: dict[str, Peer] = {}
        self._silent: set[str] = set()
        self.leader: Statement | None = None

    def close(self) -> None:
        """Drop every connection."""
        for peer in self._peers.values():
            peer.close()

    def look_around(self) -> None:
        """Ask all other hubs who leads; step down before one that goes before this one. Raises StoreUnavailable."""
        found: Statement | None = None
        for peer in self._others().values():
            said = self._ask(peer)
            if said is not None and said.leading:
                is_greater = found is None or outranks(said.term, said.hub, found.term, found.hub)
                found = said if is_greater else found
        self.leader = found
        if found is None:
            return
        with self._hub.read() as look:
            is_leading, term, own = look.role == LEADING, look.term, look.hub_id
        if is_leading and outranks(found.term, found.hub, term, own):
            with self._hub.act() as act:
                step_down(act, found.hub, found.term)
            log.warning("stepped-down", before=found.hub, term=found.term)

    def pull(self) -> int:
        """Pull the leader's log up to its end; return how many events came. Raises StoreUnavailable."""
        peer = self._peers.get(self.leader.hub) if self.leader is not None else None
        if peer is None:
            return 0
        came = 0
        try:
            after, page = self._where_both_agree(peer)
            for _ in range(MAX_PAGES):
                came += take_page(self._hub, page, after, self._hub.clock.now())
                if not page.events:
                    break
                after = page.events[-1].seq
                if after >= page.head:
                    break
                page = peer.pull(after)
        except PeerSilent as error:
            self._note_silent(peer.record.id, str(error))
            self.leader = None
        return came

    def recover(self) -> int:
        """Take back from a standby what a lost database had, and lead on under a new term; return how many events came.

        Only for a hub that leads, began without a log and has taken no press since. Raises StoreUnavailable.
        """
        with self._hub.read() as look:
            has_presses = look.connection.scalar(select(tables.presses.c.key).limit(1)) is not None
            if not look.is_recall_due or look.role != LEADING or has_presses:
                return 0
            term = look.term
        said = [found for peer in self._others().values() if (found := self._ask(peer)) is not None and found.seq]
        if not said:
            return 0
        self.leader = max(said, key=lambda one: (one.term, one.seq))
        came = self.pull()
        if came:
            log.warning("restored", source=said[0].hub, events=came)
            lead(self._hub, "restored", None, at_least=term)
        return came

    def _where_both_agree(self, peer: Peer) -> tuple[int, LogPage]:
        """Find the last seq at which both logs hold the same event, stepping back ever further from this one's end."""
        with self._hub.read() as look:
            after = look.seq
        step = 1
        while True:
            page = peer.pull(after)
            with self._hub.read() as look:
                if after == 0 or term_at(look.connection, after) == page.before:
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

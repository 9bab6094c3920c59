"""Which hub leads, asked of all: a follower pulls the leader's log each second, a leader bows to a greater term."""

from collections.abc import Callable, Mapping
from typing import Final

import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, select

from common.protocol.feed_message import HubRecord
from hub.engine.act import FOLLOWING, LEADING, Hub, Look
from hub.log import tables
from hub.takeover.asking import Asking
from hub.takeover.peers import Peer, PeerSilent, Statement
from hub.takeover.promotion import lead_on, outranks, yield_to
from hub.takeover.replica import UNFINISHED, LogPage, Promoted, holds, take_page

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
        self._asking = Asking()
        self.leader: Statement | None = None
        self.heard: list[Statement] = []

    def close(self) -> None:
        """Drop every connection."""
        self._asking.close()
        for peer in self._peers.values():
            peer.close()

    def look_around(self) -> bool:
        """Ask all other hubs who leads, and yield to one that goes before this one; return whether all were heard.

        Raises StoreUnavailable.
        """
        others = self._others()
        self.heard = heard = self._ask(others)
        self.leader = max((said for said in heard if said.leading), key=lambda one: (one.term, one.hub), default=None)
        with self._hub.read() as look:
            is_leading, term, own, seen_term = look.role == LEADING, look.term, look.hub_id, look.seen_term
        # Who was let lead last leads, also where it has not begun yet, or is silent and another tells of it.
        ranks = [(one.term, one.hub) for one in heard if one.leading]
        ranks += [(one.led.term, one.led.hub) for one in heard if one.led is not None and one.led.hub != own]
        if ranks:
            newest, hub = max(ranks)
            if newest > max(term, seen_term) or (is_leading and outranks(newest, hub, term, own)):
                yield_to(self._hub, hub, newest)
        return len(heard) == len(others)

    def pull(self, *, recovers: str | None = None) -> int:
        """Pull the leader's log up to its end; return how many events came. Raises StoreUnavailable.

        `recovers`: this hub takes its own log back, in the role that it has.
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
        """Take from a standby what this hub's log lacks, and lead on in a new life; return how many events came.

        Only for a hub that takes no press meanwhile, after `look_around`. One that leads lacks the end of its log at
        most, and nothing is taken in the place of a press made here; one that has lost all of it leads again where all
        others were heard, and none of them knows of another that was let lead. Raises StoreUnavailable.
        """
        with self._hub.read() as look:
            is_leading, before, is_lost = look.role == LEADING, look.seq, _has_lost_its_log(look)
            own, term = look.hub_id, look.term
        if not is_leading and not (is_lost and self._is_confirmed(own, term)):
            return 0
        is_unfinished = self.is_unfinished()
        said = [one for one in self.heard if one.seq and not one.leading and not one.knows_of_another(own, term)]
        source = max(said, key=lambda one: (one.term, one.seq), default=None)
        is_filled = source is not None and (self._has_more(self._peers[source.hub]) or is_unfinished)
        if is_leading and not is_filled:
            return 0
        came = 0
        if is_filled:
            self.leader = source
            came = self.pull(recovers=LEADING if is_leading else FOLLOWING)
            if self.leader is None:  # it fell silent: what is lacked may be who was called
                return came
            log.warning("restored", source=self.leader.hub, events=came)
        if came or is_unfinished or is_lost:
            lead_on(self._hub, above=before, lacks=not is_filled)
        return came

    def _is_confirmed(self, own: str, term: int) -> bool:
        """Whether all other hubs were heard, and none of them leads or knows of one that was let lead since."""
        if len(self.heard) < len(self._others()) or any(one.leading for one in self.heard):
            return False
        with self._hub.read() as look:
            is_listed = bool(look.centre.hubs)  # else nobody has said who the others are
        return is_listed and not any(one.knows_of_another(own, term) for one in self.heard)

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
                if after == 0 or holds(look.connection, after, page):
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

    def _ask(self, others: Mapping[str, Peer]) -> list[Statement]:
        heard = []
        for name, said in zip(others, self._asking.ask_all(others.values()), strict=True):
            if isinstance(said, PeerSilent):
                self._note_silent(name, str(said))
                continue
            heard.append(said)
            if name in self._silent:
                self._silent.discard(name)
                log.info("hub-answers-again", hub=name)
        return heard

    def _note_silent(self, name: str, why: str) -> None:
        if name not in self._silent:
            self._silent.add(name)
            log.warning("hub-silent", hub=name, reason=why)


def _has_lost_its_log(look: Look) -> bool:
    """Whether a hub that led once has lost all of its log, and nobody has given it back since."""
    is_unfinished = look.connection.scalar(select(tables.state.c.recall_due)) == UNFINISHED
    return look.role == FOLLOWING and (is_unfinished or (look.seq == 0 and look.log_lost > 0))

"""Asking all other hubs of the centre side by side: one that is silent, or that nobody resolves, holds none up."""

from collections.abc import Collection
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Final

from hub.takeover.peers import Peer, PeerSilent, Statement

WITHIN_S: Final = 1.5
"""For all together, names included: a hall waits for so long while its hub begins."""
AT_ONCE: Final = 8


class Asking:
    """Asks in threads, and gives up waiting on time; a thread that looks up a name ends by itself."""

    def __init__(self) -> None:
        """Begin with nobody asked."""
        self._threads = ThreadPoolExecutor(AT_ONCE, "peer")
        self._under_way: dict[Peer, Future[Statement]] = {}

    def ask_all(self, peers: Collection[Peer], within_s: float = WITHIN_S) -> list[Statement | PeerSilent]:
        """Return what each says of itself, or why it says nothing. One that is still being asked is asked only once."""
        self._under_way = {peer: call for peer, call in self._under_way.items() if not call.done()}
        for peer in peers:
            if peer not in self._under_way:
                self._under_way[peer] = self._threads.submit(peer.statement)
        wait([self._under_way[peer] for peer in peers], timeout=within_s)
        return [self._said(peer, within_s) for peer in peers]

    def close(self) -> None:
        """Ask nobody any more."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _said(self, peer: Peer, within_s: float) -> Statement | PeerSilent:
        call = self._under_way[peer]
        if not call.done():
            return PeerSilent(f"hub {peer.record.id} at {peer.record.address}: no answer within {within_s:g} s")
        try:
            return call.result()
        except PeerSilent as silent:
            return silent

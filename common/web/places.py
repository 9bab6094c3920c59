"""Places for connections: one is always found for who has something to say, however many say nothing.

A process has so many descriptors. When all places are taken, the oldest connection that says nothing gives its own to
the newcomer, then the oldest that waits for nothing; and a share is kept for addresses whose callers were found to be
somebody. A connection is counted from the moment it is taken, before any TLS.
"""

import asyncio
import contextlib
import resource
import select
import socket
import time
from collections import Counter
from collections.abc import Callable
from enum import Enum, auto
from itertools import islice
from typing import Any, Final, Protocol, override

from common.web.addresses import is_loopback, origin_of

MOST_OF_ONE: Final = 64
"""Connections of one address: a PC with every page open has a dozen. A proxy on this machine may hold all there are."""
KNOWN_FOR_S: Final = 12 * 3600.0
MOST_KNOWN: Final = 1000
_KEPT_SHARE: Final = 4
"""Of so many places one is kept for those who are known."""
_MOST_AT_ONCE: Final = 256
_FOR_OTHERS: Final = 64
"""Descriptors for the database, files and logs."""
_ROUNDS: Final = 4
"""Turns of the loop from taking a connection to having closed it; in each of them asyncio takes a whole backlog."""
_LOOKED_AT: Final = 32
"""Silent connections that are asked for unread bytes at a newcomer: a crowd cannot make the question dear."""


def backlog() -> int:
    """Return how many connections may wait to be taken: asyncio takes as many at one go, before any can be closed."""
    return min(_MOST_AT_ONCE, _descriptors() // (2 * _ROUNDS))


def most_connections() -> int:
    """Return how many connections this process may hold, of the descriptors that it may open."""
    return max(16, _descriptors() - _ROUNDS * backlog() - _FOR_OTHERS)


def _descriptors() -> int:
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]


def has_unread(descriptor: int) -> bool:
    """Return whether the other end of a connection has said something that this process had no time to read yet.

    False as well where it has closed its end.
    """
    poll = select.poll()
    poll.register(descriptor, select.POLLIN | select.POLLRDHUP)
    seen = dict(poll.poll(0)).get(descriptor, 0)
    return bool(seen & select.POLLIN) and not seen & (select.POLLRDHUP | select.POLLHUP | select.POLLNVAL)


class _Phase(Enum):
    SILENT = auto()
    """It has not said a whole head yet."""
    IDLE = auto()
    """It was answered, and has asked nothing since."""
    BUSY = auto()


class Socket(Protocol):
    """What a place needs of a connection's socket."""

    def fileno(self) -> int:
        """Return the descriptor, -1 once it is closed."""

    def shutdown(self, how: int, /) -> None:
        """End it at both ends."""


class Place:
    """What one connection holds."""

    __slots__ = ("_timer", "address", "head_within_s", "number", "origin", "phase", "socket")

    def __init__(self, held: Socket, address: str) -> None:
        """Begin with nothing heard."""
        self.socket = held
        self.number = held.fileno()
        self.address = address
        self.origin = origin_of(address)
        self.phase = _Phase.SILENT
        self.head_within_s: float | None = None
        self._timer: asyncio.TimerHandle | None = None

    def bound(self, head_within_s: float) -> None:
        """Let the connection end unless it has said a whole head in so many seconds. Needs the running loop."""
        self.head_within_s = head_within_s
        self._timer = asyncio.get_running_loop().call_later(head_within_s, self._end_if_silent)

    def has_spoken(self) -> None:
        """Note a whole head: it is answered."""
        self.phase = _Phase.BUSY
        self.let_be()

    def is_answered(self) -> None:
        """Note that nothing is under way any more."""
        self.phase = _Phase.IDLE

    def let_be(self) -> None:
        """Bound it no longer: it has spoken, or is gone."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def end(self) -> None:
        """End the connection: its transport hears of it in the loop's next turn, and closes."""
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)

    def _end_if_silent(self) -> None:
        if self.phase is _Phase.SILENT:
            self.end()


class Places:
    """Who holds this process' connections. Lives in its event loop."""

    def __init__(self) -> None:
        """Begin with nobody here."""
        self._held: dict[int, Place] = {}  # by descriptor, the oldest first
        self._of: Counter[str] = Counter()
        self._known: dict[str, float] = {}

    def know(self, address: str) -> None:
        """Note that a caller from an address was found to be somebody: a session, a named board, a machine's key."""
        origin = origin_of(address)
        self._known.pop(origin, None)
        self._known[origin] = time.monotonic()
        if len(self._known) > MOST_KNOWN:
            del self._known[next(iter(self._known))]

    def take(self, held: Socket, address: str) -> Place | None:
        """Return a place for a new connection, None where nobody gives one up for it."""
        place = Place(held, address)
        if (gone := self._held.get(place.number)) is not None:
            self.leave(gone)  # it was closed before its TLS had begun, and nobody said so
        if not self._has_room(place):
            self._forget_closed()
        if not self._has_room(place) and not self._make_room(place):
            return None
        self._held[place.number] = place
        self._of[place.origin] += 1
        return place

    def of(self, held: Socket) -> Place | None:
        """Return the place of a connection that was taken; None where there is none."""
        place = self._held.get(held.fileno())
        return place if place is not None and place.socket.fileno() == held.fileno() else None

    def leave(self, place: Place) -> None:
        """Give a place back; a second time changes nothing."""
        place.let_be()
        if self._held.get(place.number) is place:
            del self._held[place.number]
            self._of[place.origin] -= 1
            self._of += Counter()

    def _has_room(self, place: Place) -> bool:
        most = most_connections()
        kept = 0 if self._is_known(place) else most // _KEPT_SHARE
        return not self._is_one_too_many(place) and len(self._held) < most - kept

    def _make_room(self, newcomer: Place) -> bool:
        """End the connection that can be missed most; return whether there was one."""
        if self._is_one_too_many(newcomer):
            found = self._quietest(lambda one: one.origin == newcomer.origin)
        else:
            found = (
                self._quietest(self._is_stranger)
                or self._oldest(_Phase.IDLE, self._is_stranger)
                or self._quietest(lambda _: True)
            )
        if found is None:
            return False
        found.end()
        self.leave(found)
        return True

    def _quietest(self, suits: Callable[[Place], bool]) -> Place | None:
        """Return the oldest that has said no whole head.

        On a busy machine one that has unread bytes waits to be read, not to speak; only so many are looked at for that.
        """
        silent = (one for one in self._held.values() if one.phase is _Phase.SILENT and suits(one))
        oldest = list(islice(silent, _LOOKED_AT))
        return next((one for one in oldest if not has_unread(one.number)), oldest[0] if oldest else None)

    def _oldest(self, phase: _Phase, suits: Callable[[Place], bool]) -> Place | None:
        return next((one for one in self._held.values() if one.phase is phase and suits(one)), None)

    def _is_one_too_many(self, newcomer: Place) -> bool:
        return not is_loopback(newcomer.address) and self._of[newcomer.origin] >= MOST_OF_ONE

    def _is_stranger(self, place: Place) -> bool:
        return not self._is_known(place)

    def _is_known(self, place: Place) -> bool:
        since = self._known.get(place.origin)
        return is_loopback(place.address) or (since is not None and time.monotonic() - since < KNOWN_FOR_S)

    def _forget_closed(self) -> None:
        for place in [one for one in self._held.values() if one.socket.fileno() != one.number]:
            self.leave(place)


PLACES: Final = Places()
"""Descriptors are the process' own, however many servers it runs."""


class Listener(socket.socket):
    """A listening socket that takes no connection for which there is no place."""

    head_within_s: float | None = None
    """How long a connection may take to say a whole head, its TLS included; None: as long as the protocol lets it."""

    @override
    def accept(self) -> tuple[socket.socket, Any]:
        """Take the next connection that has a place. Raises BlockingIOError where none waits."""
        for _ in range(_MOST_AT_ONCE):
            taken, address = super().accept()
            place = PLACES.take(taken, str(address[0]))
            if place is not None:
                if self.head_within_s is not None:
                    place.bound(self.head_within_s)
                return taken, address
            taken.close()
        raise BlockingIOError  # others have waited long enough meanwhile

"""What a connection may take: a time for its headers, a silence in its body, and its share of the descriptors.

uvicorn waits for headers for ever, and when descriptors ran out asyncio wrote a traceback for each of 2,048 attempts a
second to accept: 3 MB/s of log, and every kiosk shut out by anybody who opens connections and says nothing.
"""

import asyncio
import errno
import resource
from collections.abc import Callable
from typing import Any, Final, override

import h11
import structlog
from uvicorn.protocols.http.h11_impl import H11Protocol

HEADERS_WITHIN_S: Final = 30.0
"""A kilobyte at 9,600 bit/s with losses takes some seconds."""
SILENCE_S: Final = 60.0
"""A body may take as long as its line needs, but not be silent for longer."""
_MOST_AT_ONCE: Final = 256
_FOR_OTHERS: Final = 64
"""Descriptors for the database, files and logs."""
_SAID_EVERY_S: Final = 10.0
_EXHAUSTED: Final = frozenset((errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM))

_log = structlog.get_logger(__name__)


def backlog() -> int:
    """Return how many connections may wait to be taken: asyncio takes as many at one go, before any can be closed."""
    return min(_MOST_AT_ONCE, _descriptors() // 4)


def most_connections() -> int:
    """Return how many connections this process may hold, of the descriptors that it may open."""
    return max(16, _descriptors() - backlog() - _FOR_OTHERS)


def _descriptors() -> int:
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]


class BoundedProtocol(H11Protocol):
    """HTTP/1.1 for callers who may be slow, or up to no good."""

    _timer: asyncio.TimerHandle | None = None
    _waits_for_headers = False

    @override
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if len(self.connections) > most_connections():
            transport.abort()
        else:
            self._watch()

    @override
    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if not self.transport.is_closing():
            self._watch()

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_watching()
        super().connection_lost(exc)

    def _watch(self) -> None:
        """Let the time for headers run on, or the silence in a body begin anew; none while central answers."""
        waited_for_headers, self._waits_for_headers = self._waits_for_headers, self.conn.their_state is h11.IDLE
        if self._waits_for_headers and waited_for_headers and self._timer is not None:
            return
        self._stop_watching()
        if self._waits_for_headers or self.conn.their_state is h11.SEND_BODY:
            allowed_s = HEADERS_WITHIN_S if self._waits_for_headers else SILENCE_S
            self._timer = self.loop.call_later(allowed_s, self.transport.abort)

    def _stop_watching(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def say_exhaustion_once() -> None:
    """Have the running loop log that descriptors ran out as one line now and then; all else as ever."""
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(_ExhaustionLog(loop.time))


class _ExhaustionLog:
    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._said_at = -_SAID_EVERY_S

    def __call__(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        if not isinstance(error, OSError) or error.errno not in _EXHAUSTED:
            loop.default_exception_handler(context)
        elif self._clock() - self._said_at >= _SAID_EVERY_S:
            self._said_at = self._clock()
            _log.error("no-connection-taken", error=error.strerror, do="raise LimitNOFILE, or look who connects")

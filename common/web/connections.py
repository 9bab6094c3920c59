"""What a connection may take: a time for its headers, a silence in its body, and a place (`common.web.places`).

uvicorn waits for headers for ever, and when descriptors ran out asyncio wrote a traceback for each of 2,048 attempts a
second to accept: 3 MB/s of log, and every kiosk shut out by anybody who opens connections and says nothing.
"""

import asyncio
import contextlib
import errno
import socket
from collections.abc import Callable
from enum import Enum, auto
from typing import Any, Final, override

import structlog
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from common.web.places import PLACES, Place

HEADERS_WITHIN_S: Final = 30.0
"""A kilobyte at 9,600 bit/s with losses takes some seconds."""
SILENCE_S: Final = 60.0
"""A body may take as long as its line needs, but not be silent for longer."""
UNHEARD_S = 30.0
"""How long the other end may acknowledge nothing of what it was sent: a machine without power says no goodbye, and the
kernel would send again for a quarter of an hour."""
MOST_FIELD_BYTES: Final = 64 * 1024
"""Of all header fields of a request, and of any part of it that has no end yet: the parser itself knows no bound."""
_SAID_EVERY_S: Final = 10.0
_EXHAUSTED: Final = frozenset((errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM))

_log = structlog.get_logger(__name__)


class _Awaits(Enum):
    """What a connection's other end has to say next."""

    HEAD = auto()
    BODY = auto()
    NOTHING = auto()  # the server answers


class BoundedProtocol(HttpToolsProtocol):
    """HTTP/1.1 for callers who may be slow, or up to no good."""

    _timer: asyncio.TimerHandle | None = None
    _awaits = _Awaits.HEAD
    _awaited_head = False
    _field_bytes = 0
    _unread_bytes = 0
    _place: Place | None = None

    @override
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        _let_end_unheard(transport)
        held = transport.get_extra_info("socket")
        address = self.client[0] if self.client else ""
        self._place = PLACES.of(held) or PLACES.take(held, address)
        if self._place is None:
            transport.abort()
        else:
            self._watch()

    @override
    def data_received(self, data: bytes) -> None:
        self._unread_bytes += len(data)
        super().data_received(data)
        if self._unread_bytes > MOST_FIELD_BYTES and not self.transport.is_closing():
            self.send_400_response("Too much without an end.")
        if not self.transport.is_closing():
            self._watch()

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_watching()
        if self._place is not None:
            PLACES.leave(self._place)
        super().connection_lost(exc)

    @override
    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._awaits, self._field_bytes = _Awaits.HEAD, 0

    @override
    def on_header(self, name: bytes, value: bytes) -> None:
        self._unread_bytes = 0
        self._field_bytes += len(name) + len(value)
        if self._field_bytes > MOST_FIELD_BYTES:  # in the head, or behind a body in parts
            raise ValueError("too many fields")
        super().on_header(name, value)

    @override
    def on_headers_complete(self) -> None:
        if self._place is not None:
            self._place.has_spoken()
        super().on_headers_complete()
        self._awaits, self._unread_bytes = _Awaits.BODY, 0

    @override
    def on_body(self, body: bytes) -> None:
        self._unread_bytes = 0
        super().on_body(body)

    @override
    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._awaits, self._unread_bytes = _Awaits.NOTHING, 0

    @override
    def on_response_complete(self) -> None:
        if self._place is not None and not self.pipeline:
            self._place.is_answered()
        super().on_response_complete()

    def _watch(self) -> None:
        """Let the time for headers run on, or the silence in a body begin again; none while the server answers."""
        awaited_head, self._awaited_head = self._awaited_head, self._awaits is _Awaits.HEAD
        if self._awaited_head and awaited_head and self._timer is not None:
            return
        self._stop_watching()
        if self._awaits is not _Awaits.NOTHING:
            own_s = None if self._place is None else self._place.head_within_s
            allowed_s = (own_s or HEADERS_WITHIN_S) if self._awaited_head else SILENCE_S
            self._timer = self.loop.call_later(allowed_s, self.transport.abort)

    def _stop_watching(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def _let_end_unheard(transport: asyncio.Transport) -> None:
    """Have the kernel end a connection whose other end is gone. Who lost its connection by now is gone already."""
    with contextlib.suppress(OSError):
        own = transport.get_extra_info("socket")
        own.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, round(UNHEARD_S * 1000))


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
        if _would_listen_on_what_is_closed(context):
            return
        if not isinstance(error, OSError) or error.errno not in _EXHAUSTED:
            loop.default_exception_handler(context)
        elif self._clock() - self._said_at >= _SAID_EVERY_S:
            self._said_at = self._clock()
            _log.error("no-connection-taken", error=error.strerror, do="raise LimitNOFILE, or look who connects")


def _would_listen_on_what_is_closed(context: dict[str, Any]) -> bool:
    """Whether asyncio, which listens again a second after descriptors ran out, finds that the server has ended by then.

    It asks for that once for each place of the backlog, and would write a traceback for each.
    """
    return isinstance(context.get("exception"), ValueError) and "_start_serving" in context["message"]

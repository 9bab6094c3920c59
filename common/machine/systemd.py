"""What systemd is told of this process: that it is ready, alive or stopping (sd_notify(3)), and its lines' priorities.

The window beats from the Kivy clock, so that a stalled screen is restarted although its process lives. Without
systemd (no NOTIFY_SOCKET) nothing is sent.
"""

import logging
import os
import socket
from collections.abc import Callable, Mapping, MutableMapping
from typing import Any, Final, TextIO

from common.machine.stamp import Clock, Stamp

_LEVELS: Final = {"debug": 10, "info": 20, "warning": 30, "error": 40, "exception": 40, "critical": 50}


class Watchdog:
    """The notification socket of this service, and how often systemd wants to hear from it."""

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        """Read NOTIFY_SOCKET and WATCHDOG_USEC; both are absent outside systemd."""
        address = environment.get("NOTIFY_SOCKET", "")
        self._address = "\0" + address[1:] if address.startswith("@") else address
        microseconds = environment.get("WATCHDOG_USEC", "")
        period_s = int(microseconds) / 1_000_000 if microseconds.isdecimal() else 0.0
        #: Seconds between beats: a third of the limit, so that one late frame kills nothing. None: nobody watches.
        self.interval_s: float | None = period_s / 3 if period_s > 0 and self._address else None

    def ready(self) -> bool:
        """Say that the first touchable frame is drawn."""
        return self._send("READY=1")

    def beat(self) -> bool:
        """Say that the loop turns."""
        return self._send("WATCHDOG=1")

    def stopping(self) -> bool:
        """Say that the process ends by its own will."""
        return self._send("STOPPING=1")

    def status(self, text: str) -> bool:
        """Return the line that `systemctl status` shows."""
        return self._send("STATUS=" + text.replace("\n", " ")[:200])

    def _send(self, message: str) -> bool:
        """Send one datagram; False where nobody listens. A full or dead socket is systemd's affair, never a crash."""
        if not self._address:
            return False
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as channel:
            try:
                channel.sendto(message.encode(), self._address)
            except OSError:
                return False
        return True


class BeatingClock:
    """A clock that tells systemd, each time it is asked or waited on, that the process which does so lives.

    The forwarder asks it at every batch and waits on it between rounds: one that hangs in a call, or turns no more, is
    silent.
    """

    def __init__(self, clock: Clock, watchdog: Watchdog) -> None:
        self._clock = clock
        self._watchdog = watchdog
        self._beaten_at = float("-inf")

    def now(self) -> Stamp:
        """Return what time it is."""
        self._beat()
        return self._clock.now()

    def boottime(self) -> float:
        """Return seconds since boot."""
        return self._clock.boottime()

    def sleep(self, seconds: float) -> None:
        """Wait that long."""
        self._beat()
        self._clock.sleep(seconds)

    def _beat(self) -> None:
        interval_s, now = self._watchdog.interval_s, self._clock.boottime()
        if interval_s is not None and now - self._beaten_at >= interval_s:
            self._beaten_at = now
            self._watchdog.beat()


def is_journal(stream: TextIO | None) -> bool:
    """Return whether this stream goes to journald (`$JOURNAL_STREAM`, systemd.exec(5)); one that was closed is None."""
    if stream is None:
        return False
    try:
        there = os.fstat(stream.fileno())
    except (OSError, ValueError):
        return False
    return os.environ.get("JOURNAL_STREAM") == f"{there.st_dev}:{there.st_ino}"


def with_priority(level: int, line: str) -> str:
    """Return the line with the syslog priority of a level."""
    urgent = 2 if level >= logging.CRITICAL else 3
    priority = urgent if level >= logging.ERROR else 4 if level >= logging.WARNING else 6
    return f"<{priority}>{line}"


class ForJournal(logging.Formatter):
    """Writes what another formatter makes of a record, with its priority."""

    def __init__(self, inner: logging.Formatter) -> None:
        super().__init__()
        self._inner = inner

    def format(self, record: logging.LogRecord) -> str:
        """Return the line with its syslog priority."""
        return with_priority(record.levelno, self._inner.format(record))


type Render = Callable[[Any, str, MutableMapping[str, Any]], str | bytes]


def renderer(render: Render, stream: TextIO) -> Render:
    """Return structlog's last processor for a stream: with priorities where journald reads it."""
    if not is_journal(stream):
        return render

    def rendered(logger: Any, method: str, line: MutableMapping[str, Any]) -> str:
        level = _LEVELS.get(str(line.get("level")), logging.INFO)
        return with_priority(level, str(render(logger, method, line)))

    return rendered


def configure_libraries(stream: TextIO) -> None:
    """Have libraries heard from warnings on, as plain lines: their own logs may hold statements and paths."""
    plain: logging.Formatter = logging.Formatter("%(levelname)s %(name)s %(message)s")
    handler = logging.StreamHandler(stream)
    handler.setFormatter(ForJournal(plain) if is_journal(stream) else plain)
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
